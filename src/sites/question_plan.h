#pragma once
// The question plan: which question a shift asks, by point, days of the week and dates. A question
// that customers raise by themselves ("organic") may be planned for every day; another one needs
// days of the week or an end, so that nobody is asked the same for ever. Owns: question_plan.
// Thread: values and pure functions.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace otklik {

struct Point;
struct Question;
struct PlannedQuestion;
template <>
inline constexpr std::string_view id_prefix<PlannedQuestion> = "plan";

inline constexpr std::int64_t every_weekday = 127;  // bit 0 is Monday
/// Of a local day; 0 is Monday.
std::int64_t weekday_of(std::int64_t day);

struct PlannedQuestion {
    Id<PlannedQuestion> id;
    std::int64_t company_id = 0;
    Id<Point> point_id;  // 0: every point
    Id<Question> question_id;
    std::int64_t weekdays = every_weekday;
    std::optional<std::int64_t> day_from, day_to;  // local days, both included
    std::optional<Instant> archived_at;
    bool holds(Id<Point> point, std::int64_t day) const;
};
/// The one that holds at a point on a local day: of a point before of all, dated before undated,
/// newer before older. Nothing: the shift only listens.
const PlannedQuestion* planned_for(std::span<const PlannedQuestion> plan, Id<Point> point,
                                   std::int64_t day);

/// Prompts are stored as lines of one text.
std::vector<std::string> lines_of(std::string_view text);
std::string text_of_lines(const std::vector<std::string>& lines);
/// At most three, none empty or longer than 200 bytes, no line breaks inside.
bool prompts_are_few(const std::vector<std::string>& prompts);

}  // namespace otklik
