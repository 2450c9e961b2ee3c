#include "forms/form_body.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "base/error.h"

namespace otklik {
namespace {

constexpr std::size_t sections_max = 50;
constexpr std::size_t items_max = 300;
constexpr std::size_t answers_max = 20;
constexpr std::int64_t weight_max = 1000;
constexpr std::int64_t points_max = 1000;
constexpr std::int64_t den_max = 10'000;

[[noreturn]] void refuse(std::string_view code, const std::string& path, ErrorParams more = {}) {
    more.insert(more.begin(), {"field", path});
    throw Error(Fault::invalid, code, std::move(more)).at(path);
}

void check_key(std::string_view key, const std::string& path, std::set<std::string>& seen) {
    const bool plain =
        !key.empty() && key.size() <= 40 && std::all_of(key.begin(), key.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    if (!plain) refuse("form.key", path);
    if (!seen.emplace(key).second) refuse("form.key_twice", path, {{"key", std::string(key)}});
}

void check_value(const FormAnswer& answer, Scoring scoring, const std::string& path) {
    if (scoring == Scoring::percentage) {
        if (!answer.value_num || !answer.value_den) refuse("form.value_missing", path);
        if (*answer.value_den < 1 || *answer.value_den > den_max || *answer.value_num < 0 ||
            *answer.value_num > *answer.value_den)
            refuse("form.value", path);
        return;
    }
    if (!answer.points) refuse("form.points_missing", path);
    const std::int64_t least = scoring == Scoring::points ? 0 : -points_max;
    if (*answer.points < least || *answer.points > points_max)
        refuse("form.points", path,
               {{"min", std::to_string(least)}, {"max", std::to_string(points_max)}});
}

/// Every item must have a full mark that can be reached, or 100 % could not be.
bool has_full_mark(const FormItem& item, Scoring scoring) {
    return std::any_of(item.answers.begin(), item.answers.end(), [&](const FormAnswer& a) {
        if (scoring == Scoring::percentage) return *a.value_num == *a.value_den;
        return scoring == Scoring::points ? *a.points > 0 : *a.points >= 0;
    });
}

void check_item(FormItem& item, const FormBody& body, const std::string& path) {
    if (!item.critical) item.critical = Critical::none;
    if (!item.keep_score) item.keep_score = false;
    if (!item.na_allowed) item.na_allowed = true;
    if (item.answers.empty() && body.scoring == Scoring::percentage)
        item.answers = {{"yes", "", 1, 1, {}}, {"partly", "", 1, 2, {}}, {"no", "", 0, 1, {}}};
    if (item.weight < 1 || item.weight > weight_max)
        refuse("form.weight", path + ".weight", {{"max", std::to_string(weight_max)}});
    if (body.scoring != Scoring::percentage && item.weight != 1)
        refuse("form.weight_in_points", path + ".weight");
    if (item.answers.size() < 2) refuse("form.answers_few", path + ".answers");
    std::set<std::string> keys;
    for (std::size_t i = 0; i < item.answers.size(); ++i) {
        const std::string at = path + ".answers[" + std::to_string(i) + "]";
        check_key(item.answers[i].key, at + ".key", keys);
        if (item.answers[i].key == na_answer) refuse("form.key_reserved", at + ".key");
        check_value(item.answers[i], body.scoring, at);
    }
    if (!has_full_mark(item, body.scoring)) refuse("form.no_full_mark", path + ".answers");
}

/// All values of the form over one denominator must leave room for exact sums in int64.
void check_fineness(const FormBody& body, const std::string& path) {
    constexpr std::int64_t room = std::int64_t(1) << 40;
    std::int64_t common = 1;
    for (const FormSection& section : body.sections)
        for (const FormItem& item : section.items)
            for (const FormAnswer& answer : item.answers) {
                common = std::lcm(common, answer.value_den.value_or(1));
                if (common > room) refuse("form.too_fine", path);
            }
}

}  // namespace

void FormAnswer::fields(FieldSink& f) {
    f.text("key", key, {.bytes_max = 40, .may_be_empty = false});
    f.text("label", label, {.bytes_max = 400});
    f.integer("value_num", value_num, {},
              "percentage: the answer's value is value_num / value_den");
    f.integer("value_den", value_den);
    f.integer("points", points, {}, "points and zero_norm");
}

void FormItem::fields(FieldSink& f) {
    f.text("key", key, {.bytes_max = 40, .may_be_empty = false});
    f.text("text", text, {.bytes_max = 2000, .may_be_empty = false});
    f.text("hint", hint, {.bytes_max = 4000});
    f.integer("weight", weight);
    f.choice("critical", critical, "what a failed answer decides over");
    f.flag("keep_score", keep_score, "a failed check keeps its score");
    f.flag("na_allowed", na_allowed);
    f.list("answers", answers, answers_max);
}

void FormSection::fields(FieldSink& f) {
    f.text("key", key, {.bytes_max = 40, .may_be_empty = false});
    f.text("title", title, {.bytes_max = 400});
    f.list("items", items, items_max);
}

void FormBody::fields(FieldSink& f) {
    f.choice("scoring", scoring);
    f.choice("na", na,
             "remove: an item that does not apply leaves the score; full: it counts as passed");
    f.list("sections", sections, sections_max);
}

const FormAnswer* FormItem::find_answer(std::string_view answer_key) const {
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [&](const FormAnswer& a) { return a.key == answer_key; });
    return found == answers.end() ? nullptr : &*found;
}

const FormItem* FormBody::find_item(std::string_view item_key) const {
    for (const FormSection& section : sections)
        for (const FormItem& item : section.items)
            if (item.key == item_key) return &item;
    return nullptr;
}

std::size_t FormBody::items_count() const {
    return std::accumulate(sections.begin(), sections.end(), std::size_t(0),
                           [](std::size_t n, const FormSection& s) { return n + s.items.size(); });
}

void check_body(FormBody& body, std::string_view path) {
    const std::string root = path.empty() ? "" : std::string(path) + ".";
    if (body.sections.empty()) refuse("form.empty", root + "sections");
    if (body.items_count() > items_max)
        refuse("form.items_many", root + "sections", {{"max", std::to_string(items_max)}});
    std::set<std::string> section_keys;
    std::set<std::string> item_keys;
    for (std::size_t s = 0; s < body.sections.size(); ++s) {
        FormSection& section = body.sections[s];
        const std::string at = root + "sections[" + std::to_string(s) + "]";
        check_key(section.key, at + ".key", section_keys);
        if (section.items.empty()) refuse("form.empty", at + ".items");
        for (std::size_t i = 0; i < section.items.size(); ++i) {
            const std::string item_at = at + ".items[" + std::to_string(i) + "]";
            check_key(section.items[i].key, item_at + ".key", item_keys);
            check_item(section.items[i], body, item_at);
        }
    }
    check_fineness(body, root + "sections");
}

FormBody parse_body(std::string_view json) {
    auto body = from_json<FormBody>(json);
    check_body(body, "");
    return body;
}

void check_answer(const FormBody& body, std::string_view item, std::string_view answer) {
    const FormItem* found = body.find_item(item);
    if (!found) throw Error(Fault::invalid, "answer.unknown_item", {{"item", std::string(item)}});
    if (answer == na_answer ? found->may_be_na() : found->find_answer(answer) != nullptr) return;
    throw Error(Fault::invalid, answer == na_answer ? "answer.na_refused" : "answer.unknown",
                {{"item", std::string(item)}, {"answer", std::string(answer)}});
}

}  // namespace otklik
