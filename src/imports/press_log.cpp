// The press log of another system. A press of it is a signal like any other, but it says where it
// came from, and how exactly the log wrote its time: a second, or a minute when no row of the log
// has seconds. A button is known by its name or key at the point, or by a word for what it means.
// A press that came before is known by what the log says of it. What was worked through in the
// other system is worked through here.
#include <algorithm>
#include <map>
#include <set>

#include "base/calendar.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "checks/checks.h"
#include "clips/clips.h"
#include "imports/fragments.h"
#include "imports/imports_sql.h"
#include "imports/places.h"
#include "signals/logged_presses.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr Duration logged_ahead_max = Duration::hours(24);
constexpr std::size_t what_bytes_max = 4'000, file_bytes_max = 400, label_bytes_max = 100;
constexpr std::size_t identity_letters = 40, matches_max = 100;

/// Whether a time is written with seconds.
bool writes_seconds(std::string_view text) {
    return std::count(text.begin(), text.end(), ':') == 2;
}

class PressPlanner : public Planner {
public:
    explicit PressPlanner(const PlannerParts& parts)
        : parts_(parts), table_(parts.table), logged_(parts.uses.signals) {
        std::map<std::string, std::int64_t> seen;
        for (std::size_t i = 0; i < table_.size(); ++i) {
            const std::string_view time = time_text(i);
            const auto seconds = seconds_of_text(time);
            has_seconds_ |= writes_seconds(time) && seconds.value_or(0) % 60 != 0;
            // Two customers may press in the same minute: the second one is another press.
            const auto day = day_of_text(table_.value(i, "day"), table_.format());
            std::string said =
                std::to_string(day.value_or(0)) + '|' + std::to_string(seconds.value_or(-1));
            for (const char* field : {"point", "site"})
                said += '|' + plain_header(table_.value(i, field));
            nth_.push_back(seen[said + '|' + plain_header(button_text(i))]++);
            if (day) {
                day_from_ = std::min(day_from_, *day);
                day_to_ = std::max(day_to_, *day);
            }
        }
    }

    void open(Tx& tx) override {
        now_ = tx.now();
        points_.read(tx, parts_);
        people_.read(tx, parts_);
        devices_.clear();
        known_.clear();
        read_buttons(tx);
        if (const auto account =
                parts_.uses.people.find_account(parts_.scope, tx, parts_.import.account_id))
            language_ = enum_word(account->language);
        // While it runs, each press is looked up for itself.
        if (parts_.preview) read_known(tx);
    }

    RowPlan plan(std::size_t i) override {
        RowPlan plan;
        plan.row = table_.row_number(i);
        press_ = {};
        point_ = points_.find(table_, i, plan.faults);
        note("point", table_.value(i, table_.value(i, "point").empty() ? "site" : "point"),
             point_ ? point_->name : std::string());
        read_button(i, plan);
        read_time(i, plan);
        read_person(i, plan);
        press_.what = table_.value(i, "what");
        bounded("what", what_bytes_max, i, plan);
        bounded("file", file_bytes_max, i, plan);
        if (point_) plan.title = title(i);
        if (!plan.faults.empty()) {
            plan.action = RowAction::bad;
            return plan;
        }
        press_.identity = hex(sha256("log|" + std::to_string(point_->id.value) + "|" +
                                     std::to_string(press_.at.us) + "|" +
                                     plain_header(button_text(i)) + "|" + std::to_string(nth_[i])))
                              .substr(0, identity_letters);
        plan.action = known_.contains({point_->id.value, press_.identity}) ? RowAction::same
                                                                           : RowAction::made;
        return plan;
    }

    RowTrace write(Tx& tx, std::size_t i, RowPlan& plan) override {
        auto device = devices_.find(point_->id.value);
        if (device == devices_.end())
            device = devices_
                         .emplace(point_->id.value,
                                  logged_.make_device_of(
                                      tx, *point_, parts_.words.title(language_, "log.device")))
                         .first;
        try {
            press_.button =
                logged_.make_button(tx, device->second, press_.button.label,
                                    press_.button.signal_kind, like_, parts_.import.created_by);
        } catch (const Error& error) {
            if (error.code() != "buttons.count") throw;
            plan.action = RowAction::bad;
            plan.faults.push_back(table_.fault("button", "press.buttons"));
            return {};
        }
        if (!press_.person_id)
            press_.person_id = parts_.uses.sites.on_duty(tx, point_->id, press_.at);
        press_.import_id = parts_.import.id.value;
        press_.to_inbox = parts_.import.settings.to_inbox.value_or(false);
        const auto signal = logged_.write(tx, *point_, device->second, press_);
        if (!signal) {
            plan.action = RowAction::same;
            return {};
        }
        const std::string file(table_.value(i, "file"));
        const std::string folded = folded_file_name(file);
        tx.run(imports_sql::insert_logged_press, {{"signal", *signal},
                                                  {"company", parts_.import.company_id},
                                                  {"unit", point_->unit},
                                                  {"import", parts_.import.id},
                                                  {"point", point_->id},
                                                  {"pressed", press_.at},
                                                  {"uncertainty", press_.uncertainty},
                                                  {"file", file},
                                                  {"fold", folded},
                                                  {"by", folded.empty() ? "" : "log"}});
        RowTrace trace;
        trace.subject_id = signal->value;
        return trace;
    }

    std::vector<ImportMatch> matches() const override {
        std::vector<ImportMatch> all;
        for (const auto& [key, match] : matches_) all.push_back(match);
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return std::pair(!a.is.empty(), -a.n) < std::pair(!b.is.empty(), -b.n);
        });
        if (all.size() > matches_max) all.resize(matches_max);
        return all;
    }

private:
    std::string_view time_text(std::size_t i) const {
        return table_.value(i, table_.value(i, "time").empty() ? "day" : "time");
    }

    /// Rows of one till and button differ by their times alone; as the log writes them.
    std::string title(std::size_t i) const {
        std::string words(table_.value(i, "day"));
        if (const auto time = table_.value(i, "time"); !time.empty())
            words += ' ' + std::string(time);
        return words + ", " + point_->name + ", " + press_.button.label;
    }
    /// What was pressed, as the log says it; what that means may be told anew each time.
    std::string_view button_text(std::size_t i) const {
        return table_.value(i, table_.value(i, "button").empty() ? "signal_kind" : "button");
    }

    void read_buttons(Tx& tx) {
        buttons_.clear();
        for (const Device& device : parts_.uses.signals.devices(parts_.scope, tx)) {
            const auto maps = parts_.uses.signals.button_maps(tx, device.id);
            auto& all = buttons_[device.point_id.value];
            if (!maps.empty())
                all.insert(all.end(), maps.front().buttons.begin(), maps.front().buttons.end());
        }
        // What a log said before it means again; its keys are of our own making.
        for (const auto& [point, site] : points_.all()) {
            const auto device = logged_.device_of(tx, point.id);
            if (!device) continue;
            const auto maps = parts_.uses.signals.button_maps(tx, device->id);
            if (maps.empty()) continue;
            for (Button button : maps.front().buttons) {
                button.key.clear();
                buttons_[point.id.value].push_back(std::move(button));
            }
        }
    }

    void read_known(Tx& tx) {
        const Duration day = Duration::days(1);
        const TimeRange range{Instant{} + day * (day_from_ - 1), Instant{} + day * (day_to_ + 2)};
        for (const auto& [point, site] : points_.all())
            if (const auto device = logged_.device_of(tx, point.id))
                for (const auto& each : logged_.stored(tx, device->id, range))
                    if (!each.undone)
                        known_.insert({point.id.value, identity_of_press_id(each.press_id)});
    }

    void note(std::string_view field, std::string_view said, const std::string& is) {
        if (said.empty() || !parts_.preview) return;
        ImportMatch& match = matches_[{std::string(field), fold(said)}];
        if (match.n++ == 0) match = {std::string(field), std::string(said), is, 1};
        if (match.is.empty()) match.is = is;
    }

    std::optional<SignalKind> kind_of(std::string_view text) const {
        for (const auto& [kind, word] : enum_words<SignalKind>)
            if (parts_.words.means("import.signal_kind." + std::string(word), text)) return kind;
        return std::nullopt;
    }
    std::string kind_title(SignalKind kind) const {
        return parts_.words.title(language_, "import.signal_kind." + std::string(enum_word(kind)));
    }

    void read_button(std::size_t i, RowPlan& plan) {
        like_.reset();
        const std::string_view button = table_.value(i, "button"),
                               kind = table_.value(i, "signal_kind");
        std::optional<SignalKind> meant;
        if (!kind.empty()) {
            meant = kind_of(kind);
            note("signal_kind", kind, meant ? kind_title(*meant) : std::string());
            if (!meant)
                plan.faults.push_back(
                    table_.fault("signal_kind", "press.kind", {{"text", std::string(kind)}}));
        }
        if (const auto known = point_ ? buttons_.find(point_->id.value) : buttons_.end();
            known != buttons_.end() && !button.empty())
            for (const Button& each : known->second)
                if (!like_ &&
                    (plain_header(each.label) == plain_header(button) || each.key == button))
                    like_ = each;
        std::string label(button);
        if (like_) {
            label = like_->label;
            if (kind.empty()) meant = like_->signal_kind;
        } else if (kind.empty() && !button.empty()) {
            meant = kind_of(button);
            if (!meant) meant = parts_.import.settings.button_kind;
        }
        if (label.empty() && meant) label = kind_title(*meant);
        if (!button.empty())
            note("button", button, meant ? label + " · " + kind_title(*meant) : std::string());
        if (!meant && kind.empty())
            plan.faults.push_back(button.empty() ? table_.fault("button", "press.no_button")
                                                 : table_.fault("button", "press.button",
                                                                {{"name", std::string(button)}}));
        press_.button.label = cut_bytes(label, label_bytes_max);
        press_.button.signal_kind = meant.value_or(SignalKind::answer);
    }

    void read_time(std::size_t i, RowPlan& plan) {
        const std::string_view day_text = table_.value(i, "day"), text = time_text(i);
        const auto day = day_of_text(day_text, table_.format());
        const auto seconds = seconds_of_text(text);
        if (!day) {
            plan.faults.push_back(
                table_.fault("day", "day.bad", {{"text", std::string(day_text)}}));
            return;
        }
        const char* field = table_.value(i, "time").empty() ? "day" : "time";
        if (!seconds) {
            plan.faults.push_back(
                table_.fault(field, "contact.time", {{"text", std::string(text)}}));
            return;
        }
        if (!point_) return;
        press_.at = local_instant({*day, *seconds / 3'600, *seconds / 60 % 60, *seconds % 60},
                                  point_->zone);
        press_.uncertainty = Duration::seconds(has_seconds_ && writes_seconds(text) ? 1 : 60);
        if (press_.at < press_earliest || press_.at > now_ + logged_ahead_max)
            plan.faults.push_back(
                table_.fault("day", "press.time", {{"text", std::string(day_text)}}));
    }

    void read_person(std::size_t i, RowPlan& plan) {
        const std::string said = PeopleNames::said(table_, i);
        if (said.empty()) return;  // whoever was on duty
        const Person* person = people_.find(table_, i, plan.faults);
        note("full_name", said, person ? person->name : std::string());
        if (person) press_.person_id = person->id;
    }

    void bounded(std::string_view field, std::size_t max, std::size_t i, RowPlan& plan) const {
        if (table_.value(i, field).size() > max)
            plan.faults.push_back(
                table_.fault(field, "text.long", {{"max", std::to_string(max / 2)}}));
    }

    const PlannerParts parts_;
    const ImportTable& table_;
    LoggedPresses logged_;
    std::vector<std::int64_t> nth_;                   // of each row among rows that say the same
    bool has_seconds_ = false;                        // some row of the log has
    std::int64_t day_from_ = INT32_MAX, day_to_ = 0;  // of the rows
    Instant now_;
    std::string language_ = "ru";  // of what is named here
    PointNames points_;
    PeopleNames people_;
    std::map<std::int64_t, std::vector<Button>> buttons_;  // of each point's devices
    std::map<std::int64_t, Device> devices_;               // for the log, of each point
    std::set<std::pair<std::int64_t, std::string>> known_;
    std::map<std::pair<std::string, std::string>, ImportMatch> matches_;
    const Point* point_ = nullptr;  // these three of the row planned last
    std::optional<Button> like_;
    LoggedPresses::NewPress press_;
};

}  // namespace

std::unique_ptr<Planner> make_press_planner(const PlannerParts& parts) {
    return std::make_unique<PressPlanner>(parts);
}

/// A press is withdrawn, as by hand: its row stays. Not one that somebody worked on, or that has
/// its fragment.
bool undo_press_row(Tx& tx, const UndoParts& parts, const RowTrace& trace) {
    const auto signal = parts.uses.signals.find(parts.scope, tx, {trace.subject_id});
    if (!signal || signal->undone || signal->version != 1 || signal->customer_score) return false;
    const auto row = tx.row(imports_sql::find_logged_press, {{"signal", signal->id}});
    if (!row || !row->is_null(0)) return false;
    const auto clip = parts.uses.clips.of_signal(parts.scope, tx, signal->id);
    if (clip && !parts.uses.checks.of_clip(parts.scope, tx, clip->id).empty()) return false;
    parts.uses.signals.undo(parts.scope, tx, signal->id, parts.import.created_by);
    tx.run(imports_sql::delete_logged_press, {{"signal", signal->id}});
    return true;
}

}  // namespace otklik
