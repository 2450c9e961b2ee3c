#pragma once
// Messages: the words of the screens and errors, i18n/{ru,en}.json, ICU patterns under flat keys.
// Thread: any; constant after construction.
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace otklik {

class Messages {
public:
    /// The catalogues inside the program. A broken one is Error{internal}.
    Messages();
    /// Language to JSON text: {"key": "pattern", …}.
    explicit Messages(const std::map<std::string, std::string, std::less<>>& catalogues);
    bool has(std::string_view language, std::string_view key) const;
    /// The pattern with its {names} filled in. No such language: Russian; no such key: the key
    /// itself. A parameter that the pattern counts with ({n, plural, …}, {n, number}) must be a
    /// whole number.
    std::string message(std::string_view language, std::string_view key,
                        const ErrorParams& params = {}) const;

private:
    using Catalogue = std::map<std::string, std::string, std::less<>>;
    void add(std::string_view language, std::string_view json);
    const std::string* find(std::string_view language, std::string_view key) const;
    std::map<std::string, Catalogue, std::less<>> catalogues_;
};

}  // namespace otklik
