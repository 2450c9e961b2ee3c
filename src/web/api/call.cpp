#include <charconv>

#include "base/calendar.h"
#include "web/api/route.h"

namespace otklik {

std::int64_t Call::id_of(std::string_view prefix, std::string_view name) const {
    const auto found = request.params.find(name);
    const auto id =
        found == request.params.end() ? std::nullopt : parse_id_word(prefix, found->second);
    if (!id) throw Error(Fault::not_found, "not_found");
    return *id;
}

void Call::refuse_choice(std::string_view name, std::string words) {
    throw Error(Fault::invalid, "field.choice",
                {{"field", std::string(name)}, {"words", std::move(words)}})
        .at(name);
}

std::optional<std::int64_t> Call::query_id_of(std::string_view prefix,
                                              std::string_view name) const {
    const auto text = request.query_value(name);
    if (!text || text->empty()) return std::nullopt;
    const auto id = parse_id_word(prefix, *text);
    if (!id) throw Error(Fault::invalid, "field.id", {{"field", std::string(name)}}).at(name);
    return id;
}

std::optional<Instant> Call::query_instant(std::string_view name) const {
    const auto text = request.query_value(name);
    if (!text || text->empty()) return std::nullopt;
    const auto at = parse_instant(*text);
    if (!at) throw Error(Fault::invalid, "field.instant", {{"field", std::string(name)}}).at(name);
    return at;
}

std::optional<std::int64_t> Call::query_day(std::string_view name) const {
    const auto text = request.query_value(name);
    if (!text || text->empty()) return std::nullopt;
    const auto day = parse_day(*text);
    if (!day) throw Error(Fault::invalid, "field.day", {{"field", std::string(name)}}).at(name);
    return day;
}

std::optional<std::int64_t> Call::query_integer(std::string_view name, std::int64_t min,
                                                std::int64_t max) const {
    const auto text = request.query_value(name);
    if (!text || text->empty()) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < min || value > max)
        throw Error(Fault::invalid, "field.range",
                    {{"field", std::string(name)},
                     {"min", std::to_string(min)},
                     {"max", std::to_string(max)}})
            .at(name);
    return value;
}

std::optional<PageKey> Call::query_page() const {
    const auto text = request.query_value("after");
    if (!text || text->empty()) return std::nullopt;
    const auto key = parse_page_word(*text);
    if (!key) throw Error(Fault::invalid, "field.page", {{"field", "after"}}).at("after");
    return key;
}

void Call::require_version(std::int64_t version) const {
    const std::string wanted = "\"" + std::to_string(version) + "\"";
    const std::string_view given = request.header("If-Match");
    if (given.empty()) throw Error(Fault::precondition, "version.missing");
    if (given != wanted) throw Error(Fault::precondition, "row.changed");
}

void Call::set_version(std::int64_t version) {
    headers.push_back({"ETag", "\"" + std::to_string(version) + "\""});
}

Id<Account> Call::account_id() const {
    return actor.signed_in ? actor.signed_in->account.id : Id<Account>{};
}

std::int64_t Call::company_id() const {
    return scope.company_id();
}

}  // namespace otklik
