#pragma once
// What the sources of the demonstration day share: reading JSON answers. Private to the room.
// Thread: any.
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "demo/day.h"

namespace otklik {

struct DemoDay::Answer {
    boost::json::value body;
    /// A copy: the answer itself is gone when a loop over it begins.
    boost::json::array items() const { return body.at("items").as_array(); }
};

/// Empty when there is no such text.
inline std::string text(const boost::json::value& object, std::string_view key) {
    const auto* value = object.as_object().if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace otklik
