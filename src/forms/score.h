#pragma once
// Scores: pure functions of a form and its answers, exact until shown.
//
//   percentage  Σ(w·s) / Σw over applicable items, s = value of the answer in [0, 1]
//   points      Σp / Σp_max over applicable items, p_max = the item's best answer
//   zero_norm   Σ±p; 0 is the norm
// N/A: `remove` takes the item out of both sums; `full` counts it as passed: s = 1, p = p_max, in
// zero_norm p = 0 (the norm, never a bonus). When every answered item is N/A there is no score
// under either policy. A critical item fails when its answer is worth less than half of full (2·s <
// 1; zero_norm: p < 0). Its level decides: note: it is listed; section: the section counts 0 (its
// weights stay; in zero_norm a sum above 0 becomes 0, so that a failure never raises a score);
// check: outcome failed_critical, and the score becomes 0 (zero_norm: at most 0) unless the item
// keeps it. Both numbers are given: `value` decided, `kept` as computed before the check failed.
// Thread: any.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "forms/form_body.h"

namespace otklik {

enum class Outcome { scored, no_score, failed_critical, cannot_assess };
template <>
inline constexpr std::pair<Outcome, std::string_view> enum_words<Outcome>[4] = {
    {Outcome::scored, "scored"},
    {Outcome::no_score, "no_score"},
    {Outcome::failed_critical, "failed_critical"},
    {Outcome::cannot_assess, "cannot_assess"}};

struct SectionScore {
    std::string key;
    std::optional<Ratio> value;  // nothing: no applicable item is answered
    bool zeroed = false;         // by a failed critical item
};
struct Score {
    Outcome outcome = Outcome::no_score;
    std::optional<Ratio> value;  // of what is answered so far
    std::optional<Ratio> kept;
    std::optional<Ratio> min;  // the least and the greatest that can still be reached
    std::optional<Ratio> max;
    std::vector<SectionScore> sections;
    std::vector<std::string> critical;  // failed critical items, of every level
    std::int64_t answered = 0;
    std::int64_t total = 0;
};
/// `body` is checked (check_body); answers of unknown items are Error{invalid}.
Score score_of(const FormBody& body, const Answers& answers);

/// An answer below the full mark (zero_norm: below 0): it needs evidence. N/A is no fault.
bool is_fault(const FormBody& body, const FormItem& item, std::string_view answer);
/// Percent has a meaning for fractions only, so not in zero_norm.
std::optional<double> percent_of(const FormBody& body, const std::optional<Ratio>& value);

/// `otklik score --form F --answers A`: a form's body and {"answers":[{"item","answer"}]} in, the
/// score out, all JSON. Error{invalid} with the path of what is wrong.
std::string score_command(std::string_view form_json, std::string_view answers_json);

namespace score_detail {  // shared by score.cpp and score_range.cpp
/// What the answer earns and at most could: (p, p_max) or (w·s, w).
struct Mark {
    Ratio earned;
    Ratio full;
    bool failed = false;  // as a critical item
    bool counts = true;   // N/A under `remove` does not
};
Mark mark_of(const FormBody& body, const FormItem& item, std::string_view answer);
/// Sets min and max of the score.
void set_range(const FormBody& body, const Answers& answers, Score& score);
}  // namespace score_detail

}  // namespace otklik
