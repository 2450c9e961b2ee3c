#include "insight/roll_up.h"

#include <string_view>

#include "insight/insight_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace insight_sql;

namespace {

constexpr std::string_view cursor_name = "figures";
constexpr std::string_view press_facts = "signal.";
constexpr int facts_at_once = 500;
// More facts than this are not looked through by a reader: it counts from rows until the job has.
constexpr int facts_waiting_max = 2'000;
constexpr int days_at_once = 20;  // of the fill; a day of 10 000 presses takes some 20 ms
constexpr std::int64_t before_all_days = -1'000'000;

using Day = std::pair<std::int64_t, std::int64_t>;  // company, local day

std::optional<Day> day_of_press(Tx& tx, std::int64_t signal) {
    const auto row = tx.row(day_of_signal, {{"id", signal}});
    if (!row) return std::nullopt;
    return Day{row->integer(0), row->integer(1)};
}

void count_day(Tx& tx, const Day& day) {
    const Params params{{"company", day.first}, {"day", day.second}};
    tx.run(drop_cells, params);
    tx.run(count_cells, params);
    tx.run(put_figure_day, {{"company", day.first}, {"day", day.second}, {"at", tx.now()}});
}

}  // namespace

std::optional<Instant> FigureRollUp::roll() {
    return store_.write(
        [](Tx& tx) -> std::optional<Instant> {
            const auto facts = facts_after(tx, fact_cursor(tx, cursor_name), facts_at_once);
            std::set<Day> days;
            for (const Fact& fact : facts)
                if (std::string_view(fact.kind).starts_with(press_facts))
                    if (const auto day = day_of_press(tx, fact.subject)) days.insert(*day);
            for (const Day& day : days) count_day(tx, day);
            if (facts.empty()) return std::nullopt;
            move_fact_cursor(tx, cursor_name, facts.back().id);
            if (static_cast<int>(facts.size()) < facts_at_once) return std::nullopt;
            return tx.now();
        },
        Lane::low);
}

std::optional<Instant> FigureRollUp::fill(std::int64_t company_id) {
    return store_.write(
        [&](Tx& tx) -> std::optional<Instant> {
            std::vector<std::int64_t> open;
            for (auto day = next_day_of_presses(tx, company_id, before_all_days);
                 day && open.size() < days_at_once; day = next_day_of_presses(tx, company_id, *day))
                if (!tx.row(find_figure_day, {{"company", company_id}, {"day", *day}}))
                    open.push_back(*day);
            for (const std::int64_t day : open) count_day(tx, {company_id, day});
            if (open.size() < days_at_once) return std::nullopt;
            return tx.now();
        },
        Lane::low);
}

std::set<std::int64_t> days_rolled(Tx& tx, std::int64_t company_id, std::int64_t from,
                                   std::int64_t to) {
    std::set<std::int64_t> days;
    const auto waiting =
        subjects_seen_after(tx, fact_cursor(tx, cursor_name), press_facts, facts_waiting_max);
    if (!waiting) return days;
    for (const Row& row :
         tx.rows(figure_days, {{"company", company_id}, {"day_from", from}, {"day_to", to}}))
        days.insert(row.integer(0));
    for (const std::int64_t signal : *waiting)
        if (const auto day = day_of_press(tx, signal); day && day->first == company_id)
            days.erase(day->second);
    return days;
}

std::vector<FigureCell> cells_of_days(Tx& tx, std::int64_t company_id, std::int64_t point_id,
                                      std::int64_t from, std::int64_t to) {
    std::vector<FigureCell> cells;
    for (const Row& row : tx.rows(
             figure_cells,
             {{"company", company_id}, {"day_from", from}, {"day_to", to}, {"point", point_id}}))
        cells.push_back({row.integer(0),
                         row.integer(1),
                         row.integer(2),
                         {company_id, row.integer(4), row.integer(3)},
                         row.integer(5),
                         row.integer(6),
                         row.integer(7)});
    return cells;
}

std::optional<std::int64_t> next_day_of_presses(Tx& tx, std::int64_t company_id, std::int64_t day) {
    const auto row = tx.row(next_signal_day, {{"company", company_id}, {"day", day}});
    return row ? row->maybe_integer(0) : std::nullopt;
}

}  // namespace otklik
