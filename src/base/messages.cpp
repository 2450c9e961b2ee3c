#include "base/messages.h"

#include <unicode/locid.h>
#include <unicode/msgfmt.h>
#include <unicode/unistr.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"
#include "generated/embedded.h"

namespace otklik {
namespace {

icu::UnicodeString units(std::string_view text) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<int>(text.size())));
}

/// Does the pattern do more with the name than print it: "{n, plural, …}"?
bool counts_with(std::string_view pattern, std::string_view name) {
    const std::string open = "{" + std::string(name);
    for (std::size_t at = pattern.find(open); at != std::string_view::npos;
         at = pattern.find(open, at + 1)) {
        const std::string_view rest = trim(pattern.substr(at + open.size()));
        if (rest.starts_with(',')) return true;
    }
    return false;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

std::string format(std::string_view language, const std::string& pattern,
                   const ErrorParams& params) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::MessageFormat format(units(pattern), icu::Locale(std::string(language).c_str()),
                                    status);
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const auto& [name, value] : params) {
        names.push_back(units(name));
        const auto number = counts_with(pattern, name) ? whole_number(value) : std::nullopt;
        // As text, a port or an id stays as it is written; as a number it would get separators.
        values.push_back(number ? icu::Formattable(*number) : icu::Formattable(units(value)));
    }
    icu::UnicodeString out;
    format.format(names.data(), values.data(), static_cast<int>(names.size()), out, status);
    if (U_FAILURE(status)) return pattern;  // better a raw pattern than no words at all
    std::string text;
    return out.toUTF8String(text);
}

}  // namespace

Messages::Messages() {
    for (const EmbeddedFile& file : embedded_messages())
        if (file.name.ends_with(".json"))
            add(file.name.substr(0, file.name.size() - 5), file.bytes);
}

Messages::Messages(const std::map<std::string, std::string, std::less<>>& catalogues) {
    for (const auto& [language, json] : catalogues) add(language, json);
}

void Messages::add(std::string_view language, std::string_view json) {
    boost::json::error_code failed;
    const auto value = boost::json::parse(json, failed);
    const auto* object = failed ? nullptr : value.if_object();
    if (!object)
        throw Error(Fault::internal, "internal").because("catalogue " + std::string(language));
    Catalogue& catalogue = catalogues_[std::string(language)];
    for (const auto& [key, pattern] : *object) {
        const auto* text = pattern.if_string();
        if (!text) throw Error(Fault::internal, "internal").because("message " + std::string(key));
        catalogue.emplace(key, *text);
    }
}

const std::string* Messages::find(std::string_view language, std::string_view key) const {
    auto catalogue = catalogues_.find(language);
    if (catalogue == catalogues_.end()) catalogue = catalogues_.find("ru");
    if (catalogue == catalogues_.end()) return nullptr;
    const auto at = catalogue->second.find(key);
    return at == catalogue->second.end() ? nullptr : &at->second;
}

bool Messages::has(std::string_view language, std::string_view key) const {
    return find(language, key) != nullptr;
}

std::string Messages::message(std::string_view language, std::string_view key,
                              const ErrorParams& params) const {
    const std::string* pattern = find(language, key);
    if (!pattern) return std::string(key);
    if (pattern->find_first_of("{'") == std::string::npos) return *pattern;
    return format(language, *pattern, params);
}

}  // namespace otklik
