#pragma once
// JSON text by hand: what the field writer and the log share.
// Thread: any.
#include <string>
#include <string_view>

namespace otklik {

/// Appends `text` in quotes, escaped. Bytes that are not UTF-8 become U+FFFD, so the result is JSON
/// whatever came in.
void append_json_text(std::string& out, std::string_view text);
/// The shortest form that reads back equal; null when it is not finite, since JSON has no word for
/// it.
void append_json_number(std::string& out, double value);

}  // namespace otklik
