#pragma once
// The profile of a contact point: where at the site it is, what it is, how many customers come, and
// when it is open. Stored with the point; hours are one word a week in the row. Thread: values.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fields.h"
#include "base/time.h"

namespace otklik {

enum class PointType { unstated, till, reception, sales_floor, manager_desk, room, phone };
template <>
inline constexpr std::pair<PointType, std::string_view> enum_words<PointType>[7] = {
    {PointType::unstated, "unstated"},
    {PointType::till, "till"},
    {PointType::reception, "reception"},
    {PointType::sales_floor, "sales_floor"},
    {PointType::manager_desk, "manager_desk"},
    {PointType::room, "room"},
    {PointType::phone, "phone"}};

/// Customers in an hour of a usual day: low up to 5, medium up to 20, high above.
enum class FlowClass { unstated, low, medium, high };
template <>
inline constexpr std::pair<FlowClass, std::string_view> enum_words<FlowClass>[4] = {
    {FlowClass::unstated, "unstated"},
    {FlowClass::low, "low"},
    {FlowClass::medium, "medium"},
    {FlowClass::high, "high"}};

/// One day of the week, by the clock of the site.
struct OpenHours {
    std::int64_t weekday = 1;   // 1 is Monday
    int opens = 0, closes = 0;  // minutes of the day; closes at most 24:00
};

struct PointProfile {
    std::string area;  // part of the site: "hall", "second floor"
    PointType type = PointType::unstated;
    FlowClass flow = FlowClass::unstated;
    std::vector<OpenHours>
        hours;  // by weekday; a day without a row is closed, none at all: unstated
};

/// Sorts; Error{invalid, "hours.day"} for a day that comes twice or is none, "hours.times" unless
/// it opens before it closes.
void require_hours(std::vector<OpenHours>& hours);
/// As the row keeps it: "1 540-1200;2 540-1200". Empty: unstated.
std::string text_of_hours(const std::vector<OpenHours>& hours);
std::vector<OpenHours> hours_of_text(std::string_view text);
/// "09:05"; 24:00 is a time too. Nothing when it is not one.
std::optional<int> parse_minutes(std::string_view clock);
std::string format_minutes(int minutes);
/// Nothing when the hours are unstated.
std::optional<bool> open_at(const std::vector<OpenHours>& hours, Instant at, std::string_view zone);
/// When it is open on a local day; nothing: closed, or the hours are unstated.
std::optional<TimeRange> open_on(const std::vector<OpenHours>& hours, std::int64_t day,
                                 std::string_view zone);

}  // namespace otklik
