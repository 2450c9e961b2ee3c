#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "signals/signals.h"
#include "signals/signals_sql.h"
#include "store/store.h"

namespace otklik {

using namespace signals_sql;

namespace {

constexpr std::size_t buttons_max = 32;
constexpr std::size_t label_length_max = 100;
constexpr std::size_t code_length_max = 40;
constexpr Duration window_max = Duration::seconds(600);  // a clip is a moment, not a shift

Button button_of(const Row& row, std::size_t first) {
    Button button;
    button.id = row.id<Button>(first);
    button.key = row.text(first + 1);
    button.label = row.text(first + 2);
    button.signal_kind = parse_enum<SignalKind>(row.text(first + 3)).value_or(SignalKind::answer);
    button.question_id = row.id<Question>(first + 4);
    button.window_before = row.duration(first + 5);
    button.window_after = row.duration(first + 6);
    button.merge = row.flag(first + 7);
    button.prompts = lines_of(row.text(first + 8));
    button.code = row.text(first + 9);
    button.score_pad = row.flag(first + 10);
    return button;
}

[[noreturn]] void refuse(std::string_view code, std::size_t at, std::string_view field) {
    throw Error(Fault::invalid, code)
        .at("buttons[" + std::to_string(at) + "]." + std::string(field));
}

bool is_window(Duration length) {
    return length >= Duration{} && length <= window_max;
}

/// "1:long" and "1:double" are further meanings of a key "1" that must be there.
bool is_gesture_of(std::string_view key, const std::vector<Button>& buttons) {
    const auto colon = key.find(':');
    if (colon == std::string_view::npos) return true;
    const std::string_view base = key.substr(0, colon), gesture = key.substr(colon + 1);
    return (gesture == "long" || gesture == "double") &&
           std::any_of(buttons.begin(), buttons.end(),
                       [&](const Button& each) { return each.key == base; });
}

void require_buttons(const std::vector<Button>& buttons) {
    if (buttons.empty() || buttons.size() > buttons_max)
        throw Error(Fault::invalid, "buttons.count").at("buttons");
    std::set<std::string_view> keys;
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        const Button& button = buttons[i];
        const bool plain = std::all_of(button.key.begin(), button.key.end(),
                                       [](char c) { return c > ' ' && c < 127; });
        if (button.key.empty() || button.key.size() > key_length_max || !plain)
            refuse("buttons.key", i, "key");
        if (!keys.insert(button.key).second) refuse("buttons.key_twice", i, "key");
        if (trim(button.label).empty() || button.label.size() > label_length_max)
            refuse("buttons.label", i, "label");
        if (!is_gesture_of(button.key, buttons)) refuse("buttons.gesture", i, "key");
        if (!prompts_are_few(button.prompts)) refuse("buttons.prompts", i, "prompts");
        if (button.code.size() > code_length_max) refuse("buttons.code", i, "code");
        if (!is_window(button.window_before)) refuse("buttons.window", i, "window_before_ms");
        if (!is_window(button.window_after)) refuse("buttons.window", i, "window_after_ms");
        if (button.window_before + button.window_after == Duration{})
            refuse("buttons.window", i, "window_after_ms");
    }
}

}  // namespace

const Button* ButtonMap::find(std::string_view key) const {
    const auto found = std::find_if(buttons.begin(), buttons.end(),
                                    [&](const Button& each) { return each.key == key; });
    return found == buttons.end() ? nullptr : &*found;
}

const ButtonMap* map_at(std::span<const ButtonMap> maps, Instant at) {
    const ButtonMap* best = nullptr;
    for (const ButtonMap& map : maps) {
        if (map.valid_from > at) continue;
        // Two maps from the same moment: the later one corrects the earlier.
        if (!best || map.valid_from > best->valid_from ||
            (map.valid_from == best->valid_from && map.number > best->number))
            best = &map;
    }
    return best;
}

std::int64_t Signals::make_button_map(Tx& tx, const Device& device, Instant valid_from,
                                      const std::vector<Button>& buttons, std::string_view by) {
    require_buttons(buttons);
    const auto newest = tx.row(newest_map_number, {{"device", device.id}});
    const std::int64_t number = newest ? newest->integer(0) + 1 : 1;
    const std::int64_t id = tx.next_id();
    tx.run(insert_map, {{"id", id},
                        {"company", device.company_id},
                        {"unit", device.unit},
                        {"device", device.id},
                        {"number", number},
                        {"from", valid_from},
                        {"by", by},
                        {"at", tx.now()}});
    for (const Button& button : buttons) {
        if (button.question_id && sites_.question_text(tx, button.question_id).empty())
            throw Error(Fault::not_found, "not_found").at("question_id");
        tx.run(insert_button, {{"id", tx.next_id()},
                               {"company", device.company_id},
                               {"unit", device.unit},
                               {"map", id},
                               {"key", button.key},
                               {"label", trim(button.label)},
                               {"kind", enum_word(button.signal_kind)},
                               {"question", button.question_id},
                               {"before", button.window_before},
                               {"after", button.window_after},
                               {"merge", button.merge},
                               {"prompts", text_of_lines(button.prompts)},
                               {"code", button.code},
                               {"pad", button.score_pad}});
    }
    return id;
}

std::vector<ButtonMap> Signals::button_maps(Tx& tx, Id<Device> device) const {
    std::vector<ButtonMap> maps;
    for (const Row& row : tx.rows(buttons_of_device, {{"device", device}})) {
        if (maps.empty() || maps.back().id != row.integer(0))
            maps.push_back({row.integer(0), device, row.integer(1), row.instant(2), {}});
        maps.back().buttons.push_back(button_of(row, 3));
    }
    return maps;
}

std::optional<Button> Signals::find_button(Tx& tx, Id<Button> id) const {
    if (!id) return std::nullopt;
    const auto row = tx.row(signals_sql::find_button, {{"id", id}});
    if (!row) return std::nullopt;
    return button_of(*row, 0);
}

std::vector<Button> Signals::buttons_in_use(const Scope& scope, Tx& tx) const {
    std::vector<Button> result;
    for (const Row& row : tx.rows(buttons_of_company, {{"company", scope.company_id()}}))
        if (allows(scope, {scope.company_id(), row.integer(11), 0}))
            result.push_back(button_of(row, 0));
    return result;
}

}  // namespace otklik
