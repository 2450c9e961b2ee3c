#include "signals/logged_presses.h"

#include <algorithm>

#include "base/calendar.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "signals/signal_words.h"
#include "signals/signals_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace signals_sql;

namespace {

constexpr std::size_t logged_label_bytes_max = 100;  // as of any button
constexpr int comes_again_max = 1'000;               // imports of one press that were taken back
constexpr Instant logged_map_from{0};                // before any log

}  // namespace

std::string identity_of_press_id(std::string_view press_id) {
    return std::string(press_id.substr(0, press_id.find('-')));
}

std::optional<Device> LoggedPresses::device_of(Tx& tx, Id<Point> point) const {
    const auto row = tx.row(device_of_log, {{"point", point}});
    return row ? signals_.find_device(Scope::system(), tx, row->id<Device>(0)) : std::nullopt;
}

Device LoggedPresses::make_device_of(Tx& tx, const Point& point, std::string_view name) {
    if (const auto known = device_of(tx, point.id)) return *known;
    // Its token is given to nobody, and good for nothing.
    const auto made = signals_.make_device(tx, point, name);
    tx.run(mark_log_device, {{"id", made.id}, {"at", tx.now()}});
    return device_of(tx, point.id).value();
}

Button LoggedPresses::make_button(Tx& tx, const Device& device, std::string_view label,
                                  SignalKind kind, const std::optional<Button>& like,
                                  std::string_view by) {
    const std::string words(cut_bytes(trim(label), logged_label_bytes_max));
    const auto maps = signals_.button_maps(tx, device.id);
    std::vector<Button> buttons;
    if (!maps.empty()) buttons = maps.front().buttons;
    for (const Button& button : buttons)
        if (button.signal_kind == kind && fold(button.label) == fold(words)) return button;
    Button button;
    button.key = std::to_string(buttons.size() + 1);
    button.label = words;
    button.signal_kind = kind;
    if (like) {
        button.window_before = like->window_before;
        button.window_after = like->window_after;
    }
    buttons.push_back(button);
    signals_.make_button_map(tx, device, logged_map_from, buttons, by);
    const auto now = signals_.button_maps(tx, device.id);
    return *now.front().find(button.key);
}

std::vector<LoggedPresses::Stored> LoggedPresses::stored(Tx& tx, Id<Device> device,
                                                         TimeRange range) const {
    std::vector<Stored> all;
    for (const Row& row :
         tx.rows(presses_of_log, {{"device", device}, {"begin", range.begin}, {"end", range.end}}))
        all.push_back({row.text(0), row.flag(1)});
    return all;
}

std::optional<Id<Signal>> LoggedPresses::write(Tx& tx, const Point& point, const Device& device,
                                               const NewPress& press) {
    std::string press_id = press.identity;
    for (int n = 2; n <= comes_again_max; ++n) {
        const auto there = tx.row(logged_press_row, {{"device", device.id}, {"press", press_id}});
        if (!there) break;
        if (!there->flag(1)) return std::nullopt;
        press_id = press.identity + "-" + std::to_string(n);
    }
    const auto local = local_time(point.zone, press.at);
    const auto id = tx.make_id<Signal>();
    const std::vector<Params> rows{{{"id", id},
                                    {"company", point.company_id},
                                    {"unit", point.unit},
                                    {"point", point.id},
                                    {"device", device.id},
                                    {"press", press_id},
                                    {"key", press.button.key},
                                    {"hash", Bytes{sha256("log/1\n" + press.identity)}},
                                    {"pressed", press.at},
                                    {"uncertainty", press.uncertainty},
                                    {"received", tx.now()},
                                    {"age", nullptr},
                                    {"button", press.button.id},
                                    {"kind", enum_word(press.button.signal_kind)},
                                    // What was asked then, no log tells.
                                    {"question", nullptr},
                                    {"person", press.person_id},
                                    {"day", local.day},
                                    {"hour", local.hour},
                                    {"device_at", nullptr},
                                    {"heard", false},
                                    {"undone", false}}};
    if (tx.insert_many(insert_signal, rows).empty()) return std::nullopt;
    const bool open = press.to_inbox && press.what.empty();
    tx.run(mark_imported, {{"id", id},
                           {"import", press.import_id},
                           {"state", enum_word(open ? SignalState::fresh : SignalState::done)},
                           {"at", open ? std::optional<Instant>() : std::optional(tx.now())}});
    if (!press.what.empty()) {
        tx.run(put_coding, {{"signal", id},
                            {"company", point.company_id},
                            {"unit", point.unit},
                            {"what", press.what},
                            {"by", nullptr},
                            {"at", tx.now()}});
        Signal written;
        written.id = id;
        written.unit = point.unit;
        written.pressed_at = press.at;
        write_signal_words(tx, written, press.what);
    }
    make_visible(tx, "signal", id.value, {point.company_id, point.unit.value, 0}, press.at);
    tell(tx, "signal.pressed", point.company_id, point.unit.value, id.value);
    return id;
}

}  // namespace otklik
