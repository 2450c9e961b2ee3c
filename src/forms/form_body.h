#pragma once
// The body of a form: sections, items, answers with exact values. It is user data: opaque JSON in
// the store, read here only. Limits stand in check_body. Thread: values.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "forms/ratio.h"

namespace otklik {

enum class Purpose { standard, signal };  // staff compliance; what a customer's press is about
template <>
inline constexpr std::pair<Purpose, std::string_view> enum_words<Purpose>[2] = {
    {Purpose::standard, "standard"}, {Purpose::signal, "signal"}};
enum class Scoring { percentage, points, zero_norm };
template <>
inline constexpr std::pair<Scoring, std::string_view> enum_words<Scoring>[3] = {
    {Scoring::percentage, "percentage"},
    {Scoring::points, "points"},
    {Scoring::zero_norm, "zero_norm"}};
enum class NaPolicy {
    remove,
    full
};  // an item that does not apply leaves the score, or counts as passed
template <>
inline constexpr std::pair<NaPolicy, std::string_view> enum_words<NaPolicy>[2] = {
    {NaPolicy::remove, "remove"}, {NaPolicy::full, "full"}};
enum class Critical { none, note, section, check };
template <>
inline constexpr std::pair<Critical, std::string_view> enum_words<Critical>[4] = {
    {Critical::none, "none"},
    {Critical::note, "note"},
    {Critical::section, "section"},
    {Critical::check, "check"}};

struct FormAnswer {
    std::string key;                        // never "na", which every item with na_allowed has
    std::string label;                      // empty: the desk's own word for the key
    std::optional<std::int64_t> value_num;  // percentage: value_num / value_den in [0, 1]
    std::optional<std::int64_t> value_den;
    std::optional<std::int64_t> points;  // points: >= 0; zero_norm: with its sign
    void fields(FieldSink& f);
};
struct FormItem {
    std::string key;  // unique in the form
    std::string text;
    std::optional<std::string> hint;
    std::int64_t weight = 1;           // percentage only; 1 in the other modes
    std::optional<Critical> critical;  // none
    std::optional<bool>
        keep_score;  // a failed Critical::check keeps the score; false: it becomes 0
    std::optional<bool> na_allowed;   // true
    std::vector<FormAnswer> answers;  // empty in JSON: yes 1, partly 1/2, no 0 (percentage only)
    void fields(FieldSink& f);

    const FormAnswer* find_answer(std::string_view answer_key) const;
    Critical critical_level() const { return critical.value_or(Critical::none); }
    bool may_be_na() const { return na_allowed.value_or(true); }
};
struct FormSection {
    std::string key;
    std::string title;
    std::vector<FormItem> items;
    void fields(FieldSink& f);
};
struct FormBody {
    Scoring scoring = Scoring::percentage;
    NaPolicy na = NaPolicy::remove;
    std::vector<FormSection> sections;
    void fields(FieldSink& f);

    const FormItem* find_item(std::string_view item_key) const;
    std::size_t items_count() const;
};

inline constexpr std::string_view na_answer = "na";

/// Fills in what JSON may leave out and checks the whole: Error{invalid, "form.…"} with the path of
/// the field, which begins with `path` ("body").
void check_body(FormBody& body, std::string_view path);
/// A stored or given body; both functions of it above.
FormBody parse_body(std::string_view json);

/// item → answer key; an item that is not there is not answered yet.
using Answers = std::map<std::string, std::string, std::less<>>;
/// Error{invalid, "answer.unknown_item" | "answer.unknown"} unless the item has this answer.
void check_answer(const FormBody& body, std::string_view item, std::string_view answer);

}  // namespace otklik
