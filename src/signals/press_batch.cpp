#include "signals/press_batch.h"

#include <algorithm>
#include <set>

#include "base/calendar.h"
#include "base/error.h"
#include "kinds/sight_batch.h"
#include "signals/signals_sql.h"
#include "store/fact_batch.h"

namespace otklik {
namespace {

using namespace signals_sql;

constexpr Duration seen_step =
    Duration::seconds(60);  // one write a minute says that a device lives

/// What a press of one device needs to know, read once a batch.
struct DeviceWorld {
    Point point;
    std::vector<ButtonMap> maps;
    std::vector<Duty> duties;
    std::vector<PlannedQuestion> plan;
};

using Identity = std::pair<std::int64_t, std::string_view>;  // device, press id

class Batch {
public:
    Batch(Tx& tx, const Signals& signals, const Sites& sites, std::span<const PressItem> items)
        : tx_(tx), signals_(signals), sites_(sites), items_(items) {}

    std::vector<PressResult> write() {
        read_worlds();
        insert_new();
        std::vector<PressResult> results;
        results.reserve(items_.size());
        for (const PressItem& item : items_) results.push_back(answer(item));
        count_deliveries();
        touch_devices();
        return results;
    }

private:
    /// A press that is in the store now.
    struct Known {
        Id<Signal> id;
        std::string key;
        std::string content;
        bool inserted = false;      // by this batch, and not yet answered
        std::int64_t repeated = 0;  // deliveries of this batch after the first
    };

    static Identity identity(const PressItem& item) {
        return {item.device->id.value, item.press->press_id};
    }

    void read_worlds() {
        std::map<std::int64_t, TimeRange> ranges;
        for (const PressItem& item : items_) {
            if (!item.resolved.error_code.empty()) continue;
            const Instant at = item.resolved.at;
            auto& range =
                ranges.try_emplace(item.device->id.value, TimeRange{at, at}).first->second;
            range.begin = std::min(range.begin, at);
            range.end = std::max(range.end, at);
        }
        for (const PressItem& item : items_) {
            const auto range = ranges.find(item.device->id.value);
            if (range == ranges.end() || worlds_.contains(item.device->id.value)) continue;
            DeviceWorld world;
            world.point = sites_.get_point(Scope::system(), tx_, item.device->point_id);
            world.maps = signals_.button_maps(tx_, item.device->id);
            world.duties = sites_.duties(Scope::system(), tx_, item.device->point_id,
                                         {range->second.begin, range->second.end + Duration{1}});
            world.plan = sites_.question_plan(tx_, world.point.company_id);
            worlds_.emplace(item.device->id.value, std::move(world));
        }
    }

    void insert_new() {
        std::map<Identity, const PressItem*> first;
        for (const PressItem& item : items_)
            if (item.resolved.error_code.empty()) first.try_emplace(identity(item), &item);
        // In the order of their identity, so that two processes never wait for each other in a
        // ring.
        std::vector<Params> rows;
        std::vector<Known> fresh;
        for (const auto& [key, item] : first) {
            fresh.push_back(
                {tx_.make_id<Signal>(), item->press->key, item->resolved.content, true});
            rows.push_back(row_of(*item, fresh.back().id));
        }
        std::set<std::int64_t> inserted;
        for (const Row& row : tx_.insert_many(insert_signal, rows)) inserted.insert(row.integer(0));
        std::vector<Sighting> sightings;
        std::vector<FactSubject> told;
        std::size_t i = 0;
        for (const auto& [key, item] : first) {
            Known known = inserted.contains(fresh[i].id.value) ? fresh[i] : read_known(key);
            if (known.inserted) {
                const Point& point = worlds_.at(item->device->id.value).point;
                sightings.push_back({known.id.value, point.unit.value, item->resolved.at});
                told.push_back({point.company_id, point.unit.value, known.id.value});
                if (!item->press->tested_by.empty()) withdraw(*item, point, known.id);
            }
            known_.emplace(key, std::move(known));
            ++i;
        }
        make_all_visible(tx_, "signal", sightings);
        tell_all(tx_, "signal.pressed", told);
    }

    /// A test press is never counted: it is withdrawn before anybody can read it.
    void withdraw(const PressItem& item, const Point& point, Id<Signal> id) {
        tx_.run(insert_undo, {{"id", tx_.next_id()},
                              {"company", point.company_id},
                              {"unit", point.unit},
                              {"signal", id},
                              {"by", item.press->tested_by},
                              {"at", item.received_at},
                              {"test", true}});
    }

    Params row_of(const PressItem& item, Id<Signal> id) const {
        const DeviceWorld& world = worlds_.at(item.device->id.value);
        const Instant at = item.resolved.at;
        const ButtonMap* map = map_at(world.maps, at);
        // A key without a meaning is kept all the same: somebody pressed, and the map can be looked
        // at later.
        const Button* button = map ? map->find(item.press->key) : nullptr;
        const auto local = local_time(world.point.zone, at);
        Params row{{"id", id},
                   {"company", world.point.company_id},
                   {"unit", world.point.unit},
                   {"point", world.point.id},
                   {"device", item.device->id},
                   {"press", item.press->press_id},
                   {"key", item.press->key},
                   {"hash", Bytes{item.resolved.content}},
                   {"pressed", at},
                   {"uncertainty", item.resolved.uncertainty},
                   {"received", item.received_at},
                   {"age", item.press->age},
                   {"device_at", device_clock(*item.press)},
                   {"heard", item.press->heard},
                   {"undone", !item.press->tested_by.empty()},
                   {"person", on_duty(world, at)},
                   {"day", local.day},
                   {"hour", local.hour}};
        row.emplace_back("button", button ? button->id : Id<Button>{});
        row.emplace_back("question", question_of(world, button, item.press->heard, local.day));
        if (button)
            row.emplace_back("kind", enum_word(button->signal_kind));
        else
            row.emplace_back("kind", nullptr);
        return row;
    }

    /// As Sites::on_duty, over the duties already read.
    static Id<Person> on_duty(const DeviceWorld& world, Instant at) {
        const Duty* best = nullptr;
        for (const Duty& duty : world.duties) {
            if (duty.begin_at > at || (duty.end_at && *duty.end_at <= at)) continue;
            if (!best || duty.begin_at > best->begin_at) best = &duty;
        }
        return best ? best->person_id : Id<Person>{};
    }

    static std::optional<Instant> device_clock(const Press& press) {
        return press.device_at ? press.device_at : press.pressed_at;
    }

    /// A button may be bound to a question; an answer else goes to the question of the shift.
    static Id<Question> question_of(const DeviceWorld& world, const Button* button, bool heard,
                                    std::int64_t day) {
        if (!button || heard) return {};
        if (button->question_id || button->signal_kind != SignalKind::answer)
            return button->question_id;
        const PlannedQuestion* planned = planned_for(world.plan, world.point.id, day);
        return planned ? planned->question_id : Id<Question>{};
    }

    Known read_known(const Identity& key) {
        const auto row = tx_.row(same_press, {{"device", key.first}, {"press", key.second}});
        // The insert met this row, and presses are never removed while their device lives.
        if (!row) throw Error(Fault::busy, "press.moved");
        return {row->id<Signal>(0), row->text(1), row->blob(2), false};
    }

    PressResult answer(const PressItem& item) {
        if (!item.resolved.error_code.empty())
            return {PressAnswer::refused, {}, item.resolved.error_code, item.resolved.field};
        Known& known = known_.at(identity(item));
        if (known.inserted) {
            known.inserted = false;  // the next delivery of this batch is a repeat
            return {PressAnswer::stored, known.id, {}, {}};
        }
        if (known.content == item.resolved.content) {
            ++known.repeated;
            return {PressAnswer::repeated, known.id, {}, {}};
        }
        const std::string field = known.key != item.press->key ? "key" : "pressed_at";
        tx_.run(insert_refusal, {{"id", tx_.next_id()},
                                 {"company", item.device->company_id},
                                 {"unit", item.device->unit},
                                 {"device", item.device->id},
                                 {"signal", known.id},
                                 {"press", item.press->press_id},
                                 {"field", field},
                                 {"at", item.received_at}});
        return {PressAnswer::refused, known.id, "press.differs", field};
    }

    void count_deliveries() {
        std::vector<Params> rows;
        for (const auto& [key, known] : known_)
            if (known.repeated > 0) rows.push_back({{"id", known.id}, {"more", known.repeated}});
        if (!rows.empty()) tx_.run_many(count_again, rows);
    }

    void touch_devices() {
        std::map<std::int64_t, Instant> seen;
        for (const PressItem& item : items_) {
            // What the reader of the token saw may be 5 s old; a wrong guess costs one needless
            // write.
            const auto before = item.device->seen_at;
            if (before && item.received_at - *before < seen_step) continue;
            seen[item.device->id.value] = item.received_at;
        }
        for (const auto& [device, at] : seen)
            tx_.run(touch_device, {{"id", device}, {"at", at}, {"before", at - seen_step}});
    }

    Tx& tx_;
    const Signals& signals_;
    const Sites& sites_;
    std::span<const PressItem> items_;
    std::map<std::int64_t, DeviceWorld> worlds_;
    std::map<Identity, Known> known_;
};

}  // namespace

std::vector<PressResult> write_presses(Tx& tx, const Signals& signals, const Sites& sites,
                                       std::span<const PressItem> items) {
    return Batch(tx, signals, sites, items).write();
}

}  // namespace otklik
