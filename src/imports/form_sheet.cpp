// A checklist from a sheet: each row is a question, with its section before it or in a row of its
// own. What comes of it is a draft that a person publishes.
#include <map>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "forms/form_drafts.h"
#include "imports/planner.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::size_t item_bytes_max = 2000, section_bytes_max = 400, hint_bytes_max = 4000;
constexpr std::size_t name_letters_max = 150;
constexpr std::int64_t weight_top = 1000;  // of forms
constexpr std::size_t items_top = 300, sections_top = 50;

class FormPlanner : public Planner {
public:
    explicit FormPlanner(const PlannerParts& parts) : parts_(parts), table_(parts.table) {}
    bool in_one_go() const override { return true; }

    void open(Tx&) override {
        body_ = {};
        seen_.clear();
        section_.clear();
        next_ = 0;
    }

    /// Rows build on each other (a section's name stands above its questions), so they are read in
    /// order.
    RowPlan plan(std::size_t i) override {
        RowPlan plan;
        plan.row = table_.row_number(i);
        const std::string_view text = table_.value(i, "item"), section = table_.value(i, "section");
        if (!section.empty()) section_ = section;
        plan.title = text.empty() ? std::string(section) : std::string(text);
        if (text.empty()) return section_row(i, plan);
        FormItem item;
        item.key = "i" + std::to_string(++next_);
        item.text = text;
        if (!seen_.insert(plain_header(section_) + "|" + plain_header(text)).second)
            plan.faults.push_back(table_.fault("item", "item.twice"));
        bounded("item", text, item_bytes_max, plan);
        bounded("section", section, section_bytes_max, plan);
        bounded("hint", table_.value(i, "hint"), hint_bytes_max, plan);
        if (const auto hint = table_.value(i, "hint"); !hint.empty()) item.hint = hint;
        read_weight(i, item, plan);
        read_words(i, item, plan);
        if (plan.faults.empty()) put(item, plan);
        if (!plan.faults.empty()) plan.action = RowAction::bad;
        return plan;
    }

    RowTrace write(Tx&, std::size_t, RowPlan&) override { return {}; }

    std::int64_t finish(Tx& tx) override {
        if (body_.items_count() == 0) return 0;
        FormDraft draft;
        draft.company_id = parts_.import.company_id;
        draft.unit = parts_.root;
        draft.name = cut_characters(parts_.import.settings.name.value_or(""), name_letters_max);
        if (draft.name.empty()) draft.name = plain_file_name();
        draft.purpose = parts_.import.settings.purpose.value_or(Purpose::standard);
        draft.body = body_;
        draft.created_by = parts_.import.created_by;
        return keep_form_draft(tx, draft).value;
    }

private:
    /// A row with nothing but a section's name begins the section.
    RowPlan section_row(std::size_t i, RowPlan& plan) const {
        const bool more = !table_.value(i, "weight").empty() ||
                          !table_.value(i, "critical").empty() || !table_.value(i, "na").empty();
        plan.action = RowAction::same;
        if (!more && !plan.title.empty()) return plan;
        plan.action = RowAction::bad;
        plan.faults.push_back(table_.fault("item", "item.missing"));
        return plan;
    }
    void bounded(std::string_view field, std::string_view text, std::size_t max,
                 RowPlan& plan) const {
        if (text.size() > max)
            plan.faults.push_back(
                table_.fault(field, "text.long", {{"max", std::to_string(max / 2)}}));
    }
    void read_weight(std::size_t i, FormItem& item, RowPlan& plan) const {
        const auto text = table_.value(i, "weight");
        if (text.empty()) return;
        const auto value =
            decimal_of_text(text.ends_with('%') ? text.substr(0, text.size() - 1) : text);
        if (!value || value->num % value->den != 0 || value->num / value->den < 1 ||
            value->num / value->den > weight_top)
            plan.faults.push_back(
                table_.fault("weight", "weight.bad",
                             {{"text", std::string(text)}, {"max", std::to_string(weight_top)}}));
        else
            item.weight = value->num / value->den;
    }
    void read_words(std::size_t i, FormItem& item, RowPlan& plan) const {
        if (const auto text = table_.value(i, "critical"); !text.empty()) {
            bool known = false;
            for (const auto& [level, word] : enum_words<Critical>)
                if (parts_.words.means("import.critical." + std::string(word), text)) {
                    item.critical = level;
                    known = true;
                }
            if (!known)
                plan.faults.push_back(
                    table_.fault("critical", "critical.unknown", {{"text", std::string(text)}}));
        }
        if (const auto text = table_.value(i, "na"); !text.empty()) {
            if (parts_.words.means("import.yes", text))
                item.na_allowed = true;
            else if (parts_.words.means("import.no", text))
                item.na_allowed = false;
            else
                plan.faults.push_back(
                    table_.fault("na", "yes_no.unknown", {{"text", std::string(text)}}));
        }
    }
    void put(const FormItem& item, RowPlan& plan) {
        if (body_.items_count() >= items_top) {
            plan.faults.push_back(
                table_.fault("item", "items.many", {{"max", std::to_string(items_top)}}));
            return;
        }
        for (FormSection& each : body_.sections)
            if (each.title == section_) {
                each.items.push_back(item);
                return;
            }
        if (body_.sections.size() >= sections_top) {
            plan.faults.push_back(
                table_.fault("section", "sections.many", {{"max", std::to_string(sections_top)}}));
            return;
        }
        body_.sections.push_back(
            {"s" + std::to_string(body_.sections.size() + 1), section_, {item}});
    }
    std::string plain_file_name() const {
        const std::string& file = parts_.import.file_name;
        return std::string(cut_characters(file.substr(0, file.rfind('.')), name_letters_max));
    }

    const PlannerParts parts_;
    const ImportTable& table_;
    FormBody body_;
    std::set<std::string> seen_;
    std::string section_;
    int next_ = 0;
};

}  // namespace

std::unique_ptr<Planner> make_form_planner(const PlannerParts& parts) {
    return std::make_unique<FormPlanner>(parts);
}

}  // namespace otklik
