// Scores of an earlier system: stored apart and marked imported, never a check of ours. A row that
// was imported before is known by person, day, form and score.
#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/fields.h"
#include "base/hash.h"
#include "base/text.h"
#include "imports/imports_sql.h"
#include "imports/places.h"
#include "imports/planner.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::size_t form_bytes_max = 400, comment_bytes_max = 4000;
constexpr std::int64_t scale_default = 100;
constexpr std::int64_t day_length_us = 86'400'000'000;
__extension__ using Wide = __int128;

class PastScorePlanner : public Planner {
public:
    explicit PastScorePlanner(const PlannerParts& parts) : parts_(parts), table_(parts.table) {
        for (std::size_t i = 0; i < table_.size() && parts_.preview; ++i)
            if (const auto day = day_of_text(table_.value(i, "day"), table_.format())) {
                day_from_ = std::min(day_from_, *day);
                day_to_ = std::max(day_to_, *day);
            }
    }

    void open(Tx& tx) override {
        known_.clear();
        people_.read(tx, parts_);
        // While it runs, the unique key itself tells.
        if (!parts_.preview) return;
        for (const Row& row :
             tx.rows(imports_sql::past_score_keys, {{"company", parts_.import.company_id},
                                                    {"day_from", day_from_},
                                                    {"day_to", day_to_}}))
            known_.insert(row.blob(0));
    }

    RowPlan plan(std::size_t i) override {
        RowPlan plan;
        plan.row = table_.row_number(i);
        score_ = {};
        score_.company_id = parts_.import.company_id;
        score_.import_id = parts_.import.id;
        read_person(i, plan);
        read_day(i, plan);
        score_.form_name = table_.value(i, "form");
        if (score_.form_name.empty()) plan.faults.push_back(table_.fault("form", "form.missing"));
        bounded("form", score_.form_name, form_bytes_max, plan);
        score_.comment = table_.value(i, "comment");
        bounded("comment", score_.comment, comment_bytes_max, plan);
        read_score(i, plan);
        if (!plan.faults.empty()) {
            plan.action = RowAction::bad;
            return plan;
        }
        key_ = sha256(std::to_string(score_.person_id.value) + "|" + std::to_string(score_.day) +
                      "|" + fold(score_.form_name) + "|" + std::to_string(score_.score_num) + "/" +
                      std::to_string(score_.score_den));
        const auto first = first_row_.emplace(key_, plan.row).first->second;
        plan.action = known_.contains(key_) ? RowAction::same : RowAction::made;
        if (first != plan.row) {
            plan.action = RowAction::bad;
            plan.faults.push_back(table_.fault("", "row.twice", {{"row", std::to_string(first)}}));
        }
        return plan;
    }

    RowTrace write(Tx& tx, std::size_t, RowPlan& plan) override {
        RowTrace trace;
        trace.subject_id = tx.next_id();
        const auto written =
            tx.run(imports_sql::insert_past_score, {{"id", trace.subject_id},
                                                    {"company", score_.company_id},
                                                    {"unit", score_.unit},
                                                    {"import", score_.import_id},
                                                    {"person", score_.person_id},
                                                    {"day", score_.day},
                                                    {"at", score_.day * day_length_us},
                                                    {"form", score_.form_name},
                                                    {"num", score_.score_num},
                                                    {"den", score_.score_den},
                                                    {"comment", score_.comment},
                                                    {"key", Bytes{key_}}});
        if (written == 0) plan.action = RowAction::same;
        return trace;
    }

private:
    void bounded(std::string_view field, std::string_view text, std::size_t max,
                 RowPlan& plan) const {
        if (text.size() > max)
            plan.faults.push_back(
                table_.fault(field, "text.long", {{"max", std::to_string(max / 2)}}));
    }
    void read_person(std::size_t i, RowPlan& plan) {
        plan.title = PeopleNames::said(table_, i);
        const Person* found = people_.find(table_, i, plan.faults);
        if (!found) return;
        score_.person_id = found->id;
        score_.unit = found->unit;
    }
    void read_day(std::size_t i, RowPlan& plan) {
        const auto text = table_.value(i, "day");
        if (const auto day = day_of_text(text, table_.format()))
            score_.day = *day;
        else
            plan.faults.push_back(table_.fault("day", "day.bad", {{"text", std::string(text)}}));
    }
    /// "85%", "8,5/10", or a number on the scale of the column `score_max` or of the settings.
    void read_score(std::size_t i, RowPlan& plan) {
        const std::string_view text = table_.value(i, "score");
        std::string_view top = text;
        Decimal most{parts_.import.settings.scale_max.value_or(scale_default), 1};
        std::optional<Decimal> whole = most;
        if (text.ends_with('%')) {
            top = text.substr(0, text.size() - 1);
            whole = Decimal{100, 1};
        } else if (const auto slash = text.find('/'); slash != std::string_view::npos) {
            top = text.substr(0, slash);
            whole = decimal_of_text(text.substr(slash + 1));
        } else if (const auto max = table_.value(i, "score_max"); !max.empty()) {
            whole = decimal_of_text(max);
        }
        const auto got = decimal_of_text(top);
        if (!got || !whole || whole->num <= 0) {
            plan.faults.push_back(
                table_.fault("score", "score.bad", {{"text", std::string(text)}}));
            return;
        }
        // got/whole as one fraction; both are bounded by decimal_of_text, so nothing overflows
        // before it is put into lowest terms.
        const Wide num = static_cast<Wide>(got->num) * whole->den;
        const Wide den = static_cast<Wide>(got->den) * whole->num;
        if (num < 0 || num > den) {
            plan.faults.push_back(table_.fault(
                "score", "score.range", {{"text", std::string(text)}, {"max", shown(*whole)}}));
            return;
        }
        Wide a = num, b = den;
        while (b != 0) {
            const Wide rest = a % b;
            a = b;
            b = rest;
        }
        score_.score_num = static_cast<std::int64_t>(num / a);
        score_.score_den = static_cast<std::int64_t>(den / a);
    }
    static std::string shown(const Decimal& value) {
        return value.num % value.den == 0 ? std::to_string(value.num / value.den)
                                          : std::to_string(static_cast<double>(value.num) /
                                                           static_cast<double>(value.den));
    }

    const PlannerParts parts_;
    const ImportTable& table_;
    std::int64_t day_from_ = INT32_MAX, day_to_ = 0;  // of the rows
    PeopleNames people_;
    std::set<std::string> known_;
    std::map<std::string, std::int64_t> first_row_;
    PastScore score_;  // of the row planned last
    std::string key_;
};

}  // namespace

std::unique_ptr<Planner> make_past_score_planner(const PlannerParts& parts) {
    return std::make_unique<PastScorePlanner>(parts);
}

bool undo_past_score_row(Tx& tx, const RowTrace& trace) {
    return tx.run(imports_sql::delete_past_score, {{"id", trace.subject_id}}) > 0;
}

}  // namespace otklik
