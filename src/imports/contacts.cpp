// Contacts with customers: receipts of a till, a counter at the door, records of a phone line. Each
// contact knows in which instants a press belongs to it: service ends with the receipt, begins
// somewhere in the counted time, or lasts as long as the call. A row of a counter is as many
// contacts as it counts. A row that came before is known by what it says.
#include <algorithm>
#include <map>
#include <set>

#include "base/calendar.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "imports/imports_sql.h"
#include "imports/places.h"
#include "imports/planner.h"
#include "sites/sites.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::int64_t service_default = 15;               // minutes
constexpr Duration pressed_after = Duration::ms(180'000);  // the thanks, and a hand to the button
constexpr Duration counted_default = Duration::hours(1);   // of a counter that says no end
constexpr Duration contact_length_max = Duration::hours(24);
constexpr std::int64_t counted_max = 1'000;  // of one row
constexpr std::size_t number_bytes_max = 100;

struct ContactRow {
    Point point;
    std::string source;  // receipt | counter | call
    Instant at;
    TimeRange window;
    std::int64_t local_day = 0;
    std::int64_t count = 1;
    std::string number;
};

class ContactPlanner : public Planner {
public:
    explicit ContactPlanner(const PlannerParts& parts) : parts_(parts), table_(parts.table) {
        std::map<std::string, std::int64_t> seen;
        for (std::size_t i = 0; i < table_.size(); ++i) {
            // Two customers may pay in the same second: the second one is another contact.
            const auto day = day_of_text(table_.value(i, "day"), table_.format());
            const std::string_view time =
                table_.value(i, table_.value(i, "time").empty() ? "day" : "time");
            std::string said = std::to_string(day.value_or(0)) + '|' +
                               std::to_string(seconds_of_text(time).value_or(-1));
            for (const char* field : {"point", "site", "until", "number"})
                said += '|' + plain_header(table_.value(i, field));
            nth_.push_back(seen[said]++);
            if (day) {
                day_from_ = std::min(day_from_, *day);
                day_to_ = std::max(day_to_, *day);
            }
        }
    }

    void open(Tx& tx) override {
        known_.clear();
        points_.read(tx, parts_);
        // While it runs, the unique key itself tells.
        if (!parts_.preview) return;
        for (const Row& row :
             tx.rows(imports_sql::contact_keys, {{"company", parts_.import.company_id},
                                                 {"day_from", day_from_},
                                                 {"day_to", day_to_}}))
            known_.insert(row.blob(0));
    }

    RowPlan plan(std::size_t i) override {
        RowPlan plan;
        plan.row = table_.row_number(i);
        contact_ = {};
        read_point(i, plan);
        read_count(i, plan);
        read_times(i, plan);
        contact_.number = table_.value(i, "number");
        if (contact_.number.size() > number_bytes_max)
            plan.faults.push_back(table_.fault("number", "text.long", {{"max", "50"}}));
        if (const auto text = table_.value(i, "amount"); !text.empty()) {
            const auto amount = decimal_of_text(text);
            if (!amount || amount->num <= 0)
                plan.faults.push_back(table_.fault("amount",
                                                   amount ? "contact.return" : "number.bad",
                                                   {{"text", std::string(text)}}));
        }
        if (!plan.faults.empty()) {
            plan.action = RowAction::bad;
            return plan;
        }
        keys_.clear();
        for (std::int64_t k = 0; k < contact_.count; ++k)
            keys_.push_back(sha256("contact|" + std::to_string(contact_.point.id.value) + "|" +
                                   contact_.source + "|" + std::to_string(contact_.at.us) + "|" +
                                   std::to_string(contact_.window.end.us) + "|" + contact_.number +
                                   "|" + std::to_string(nth_[i]) + "|" + std::to_string(k)));
        const bool all_known = std::all_of(keys_.begin(), keys_.end(),
                                           [&](const auto& key) { return known_.contains(key); });
        plan.action = all_known ? RowAction::same : RowAction::made;  // a count of 0 is nothing
        return plan;
    }

    RowTrace write(Tx& tx, std::size_t, RowPlan& plan) override {
        RowTrace trace;
        trace.subject_id = tx.next_id();
        std::int64_t written = 0;
        const Id<Person> on_duty = parts_.uses.sites.on_duty(tx, contact_.point.id, contact_.at);
        for (std::size_t k = 0; k < keys_.size(); ++k)
            written += tx.run(imports_sql::insert_contact,
                              {{"id", k == 0 ? trace.subject_id : tx.next_id()},
                               {"company", parts_.import.company_id},
                               {"unit", contact_.point.unit},
                               {"point", contact_.point.id},
                               {"person", on_duty},
                               {"import", parts_.import.id},
                               {"first", trace.subject_id},
                               {"source", contact_.source},
                               {"at", contact_.at},
                               {"begin", contact_.window.begin},
                               {"end", contact_.window.end},
                               {"day", contact_.local_day},
                               {"number", contact_.number},
                               {"key", Bytes{keys_[k]}}});
        if (written == 0) plan.action = RowAction::same;
        return trace;
    }

private:
    void read_point(std::size_t i, RowPlan& plan) {
        const Point* found = points_.find(table_, i, plan.faults);
        if (!found) return;
        contact_.point = *found;
        plan.title = found->name;
    }

    void read_count(std::size_t i, RowPlan& plan) {
        const std::string_view text = table_.value(i, "count");
        contact_.source = table_.has("count")                ? "counter"
                          : table_.value(i, "until").empty() ? "receipt"
                                                             : "call";
        if (!table_.has("count")) return;
        const auto count = decimal_of_text(text);
        const bool whole = count && count->num >= 0 && count->num % count->den == 0;
        if (!whole || count->num / count->den > counted_max)
            plan.faults.push_back(
                table_.fault("count", "contact.count",
                             {{"text", std::string(text)}, {"max", std::to_string(counted_max)}}));
        else
            contact_.count = count->num / count->den;
    }

    void read_times(std::size_t i, RowPlan& plan) {
        const std::string_view day_text = table_.value(i, "day");
        const std::string_view time_text = table_.value(i, "time");
        const auto day = day_of_text(day_text, table_.format());
        const auto seconds = seconds_of_text(time_text.empty() ? day_text : time_text);
        if (!day) {
            plan.faults.push_back(
                table_.fault("day", "day.bad", {{"text", std::string(day_text)}}));
            return;
        }
        if (!seconds) {
            plan.faults.push_back(table_.fault(time_text.empty() ? "day" : "time", "contact.time",
                                               {{"text", std::string(time_text)}}));
            return;
        }
        const std::string& zone = contact_.point.zone;
        if (zone.empty()) return;  // the point was not found
        const auto instant = [&](std::int64_t on, int at) {
            return local_instant({on, at / 3'600, at / 60 % 60, at % 60}, zone);
        };
        contact_.local_day = *day;
        contact_.at = instant(*day, *seconds);
        Instant until = contact_.at;
        if (const std::string_view text = table_.value(i, "until"); !text.empty()) {
            const auto end = seconds_of_text(text);
            const auto end_day = day_of_text(text, table_.format());
            if (!end) {
                plan.faults.push_back(
                    table_.fault("until", "contact.time", {{"text", std::string(text)}}));
                return;
            }
            // A time alone that lies before is of the next day.
            until = instant(end_day.value_or(*day + (*end < *seconds ? 1 : 0)), *end);
            if (until < contact_.at || until - contact_.at > contact_length_max) {
                plan.faults.push_back(
                    table_.fault("until", "contact.long", {{"text", std::string(text)}}));
                return;
            }
        }
        const auto service = Duration::seconds(
            60 * parts_.import.settings.service_minutes.value_or(service_default));
        if (contact_.source == "receipt")
            contact_.window = {contact_.at - service, contact_.at + pressed_after};
        else if (contact_.source == "call")
            contact_.window = {contact_.at, until + pressed_after};
        else
            contact_.window = {
                contact_.at,
                (until == contact_.at ? contact_.at + counted_default : until) + service};
    }

    const PlannerParts parts_;
    const ImportTable& table_;
    std::vector<std::int64_t> nth_;                   // of each row among rows that say the same
    std::int64_t day_from_ = INT32_MAX, day_to_ = 0;  // of the rows
    PointNames points_;
    std::set<std::string> known_;
    ContactRow contact_;  // of the row planned last
    std::vector<std::string> keys_;
};

}  // namespace

std::unique_ptr<Planner> make_contact_planner(const PlannerParts& parts) {
    return std::make_unique<ContactPlanner>(parts);
}

bool undo_contact_row(Tx& tx, const RowTrace& trace) {
    return tx.run(imports_sql::delete_contacts, {{"first", trace.subject_id}}) > 0;
}

}  // namespace otklik
