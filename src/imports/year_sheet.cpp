// A production calendar, in one of two shapes: a row per day (date and kind, or hours), or the
// official one, a row per year whose months list the days off ("1,2,3*,9+": * is a shortened day,
// + one transferred). The chosen year alone is taken.
#include <map>

#include "base/calendar.h"
#include "base/error.h"
#include "base/text.h"
#include "imports/planner.h"
#include "sites/work_calendars.h"
#include "store/store.h"

namespace otklik {
namespace {

std::string two_digits(std::int64_t n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}

std::int64_t first_day_of(std::int64_t year, std::int64_t month) {
    return parse_day(std::to_string(year) + "-" + two_digits(month) + "-01").value_or(0);
}

std::int64_t year_of_day(std::int64_t day) {
    const auto year = decimal_of_text(format_day(day).substr(0, 4));
    return year ? year->num : 0;
}

class YearPlanner : public Planner {
public:
    explicit YearPlanner(const PlannerParts& parts)
        : parts_(parts), table_(parts.table), by_months_(parts.table.has("month_1")) {
        year_ = parts.import.settings.year.value_or(0);
        // The first year of the file that is there, when nobody chose one.
        for (std::size_t i = 0; i < table_.size() && year_ == 0; ++i) year_ = year_of_row(i);
    }
    bool in_one_go() const override { return true; }

    void open(Tx& tx) override {
        days_.clear();
        news_ = there_ = false;
        before_.clear();
        const Id<Unit> unit = parts_.import.settings.unit.value_or(parts_.root);
        for (const YearCalendar& each : calendars(parts_.scope, tx))
            if (each.year == year_ && each.unit == unit) {
                before_ = calendar_days(tx, each.id);
                there_ = true;
                break;  // the newest is in force
            }
    }

    RowPlan plan(std::size_t i) override {
        RowPlan plan;
        plan.row = table_.row_number(i);
        if (by_months_)
            plan_year(i, plan);
        else
            plan_day(i, plan);
        if (!plan.faults.empty()) plan.action = RowAction::bad;
        return plan;
    }

    RowTrace write(Tx&, std::size_t, RowPlan&) override { return {}; }

    std::int64_t finish(Tx& tx) override {
        if (!news_) return 0;
        YearCalendar calendar;
        calendar.company_id = parts_.import.company_id;
        calendar.unit = parts_.import.settings.unit.value_or(parts_.root);
        calendar.year = year_;
        calendar.file_name = parts_.import.file_name;
        calendar.created_by = parts_.import.created_by;
        calendar.days = days_;
        return keep_calendar(tx, calendar).value;
    }

private:
    std::int64_t year_of_row(std::size_t i) const {
        if (by_months_) {
            const auto year = decimal_of_text(table_.value(i, "year"));
            return year && year->den == 1 && year->num >= 2000 && year->num < 2100 ? year->num : 0;
        }
        const auto day = day_of_text(table_.value(i, "day"), table_.format());
        return day ? year_of_day(*day) : 0;
    }
    bool differs(std::int64_t day, DayKind kind) const {
        const auto found = before_.find(day);
        return kind != (found != before_.end() ? found->second : WorkCalendar().kind_of(day));
    }

    void plan_day(std::size_t i, RowPlan& plan) {
        const auto text = table_.value(i, "day");
        const auto day = day_of_text(text, table_.format());
        plan.title = day ? format_day(*day) : std::string(text);
        if (!day) {
            plan.faults.push_back(table_.fault("day", "day.bad", {{"text", std::string(text)}}));
            return;
        }
        if (year_of_day(*day) != year_) {
            plan.faults.push_back(
                table_.fault("day", "year.other", {{"year", std::to_string(year_)}}));
            return;
        }
        const auto kind = kind_of_row(i, plan);
        if (!kind) return;
        if (days_.contains(*day)) {
            plan.faults.push_back(table_.fault("day", "day.twice"));
            return;
        }
        days_[*day] = *kind;
        news_ = news_ || !there_ || differs(*day, *kind);
        plan.action = !there_                ? RowAction::made
                      : differs(*day, *kind) ? RowAction::changed
                                             : RowAction::same;
    }

    std::optional<DayKind> kind_of_row(std::size_t i, RowPlan& plan) const {
        if (const auto text = table_.value(i, "kind"); !text.empty()) {
            for (const auto& [kind, word] : enum_words<DayKind>)
                if (parts_.words.means("import.day_kind." + std::string(word), text)) return kind;
            plan.faults.push_back(
                table_.fault("kind", "day_kind.unknown", {{"text", std::string(text)}}));
            return std::nullopt;
        }
        const auto text = table_.value(i, "hours");
        const auto hours = decimal_of_text(text);
        if (!hours || hours->num < 0 || hours->num > 24 * hours->den) {
            plan.faults.push_back(table_.fault(table_.has("hours") ? "hours" : "kind", "hours.bad",
                                               {{"text", std::string(text)}}));
            return std::nullopt;
        }
        if (hours->num == 0) return DayKind::off;
        // Shortened is an hour less than the usual eight; other shifts have calendars of their own.
        return hours->num < 8 * hours->den ? DayKind::shortened : DayKind::working;
    }

    void plan_year(std::size_t i, RowPlan& plan) {
        const std::int64_t year = year_of_row(i);
        plan.title = table_.value(i, "year");
        if (year == 0) {
            plan.faults.push_back(table_.fault("year", "year.bad", {{"text", plan.title}}));
            return;
        }
        plan.action = RowAction::same;  // other years of the file are left alone
        if (year != year_) return;
        std::map<std::int64_t, DayKind> said;
        for (std::int64_t month = 1; month <= 12; ++month) plan_month(i, year, month, said, plan);
        if (!plan.faults.empty()) return;
        bool any = false;
        for (std::int64_t day = first_day_of(year, 1); year_of_day(day) == year; ++day) {
            const auto found = said.find(day);
            const DayKind kind = found == said.end() ? DayKind::working : found->second;
            any = any || differs(day, kind);
            days_[day] = kind;
        }
        news_ = !there_ || any;
        plan.action = !there_ ? RowAction::made : any ? RowAction::changed : RowAction::same;
    }

    void plan_month(std::size_t i, std::int64_t year, std::int64_t month,
                    std::map<std::int64_t, DayKind>& said, RowPlan& plan) const {
        const std::string field = "month_" + std::to_string(month);
        const std::string_view text = table_.value(i, field);
        const std::int64_t first = first_day_of(year, month);
        const std::int64_t next = month == 12 ? first + 31 : first_day_of(year, month + 1);
        if (text.empty()) plan.faults.push_back(table_.fault(field, "month.empty"));
        for (std::string_view rest = text; !rest.empty();) {
            const auto end = std::min(rest.find_first_of(",; "), rest.size());
            const std::string_view word = trim(rest.substr(0, end));
            rest = end < rest.size() ? rest.substr(end + 1) : std::string_view();
            if (word.empty()) continue;
            const bool shortened = word.ends_with('*'), transferred = word.ends_with('+');
            const auto number =
                decimal_of_text(shortened || transferred ? word.substr(0, word.size() - 1) : word);
            if (!number || number->den != 1 || number->num < 1 || first + number->num > next) {
                plan.faults.push_back(
                    table_.fault(field, "month.day_bad", {{"text", std::string(word)}}));
                continue;
            }
            said[first + number->num - 1] = shortened ? DayKind::shortened : DayKind::off;
        }
    }

    const PlannerParts parts_;
    const ImportTable& table_;
    bool by_months_;
    bool there_ = false;  // a calendar of this unit and year
    bool news_ = false;   // something is not as it was
    std::int64_t year_ = 0;
    std::map<std::int64_t, DayKind> before_, days_;
};

}  // namespace

std::unique_ptr<Planner> make_calendar_planner(const PlannerParts& parts) {
    return std::make_unique<YearPlanner>(parts);
}

}  // namespace otklik
