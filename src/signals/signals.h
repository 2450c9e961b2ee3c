#pragma once
// Signals: presses as devices send them, kept before they are acknowledged, never lost and never
// doubled. Identity of a press = (device, press id given by the device). Content = key and
// pressed_at; receipt time, age and count of deliveries are delivery data. The button map has
// versions: a press keeps the meaning of its moment. Owns: device, button_map, button, signal,
// signal_undo, press_refusal, device_pairing, signal_score, signal_coding. Facts: signal.pressed,
// signal.undone, signal.changed. Thread: any; presses of all threads share one insert
// (PressIntake).
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "signals/press.h"
#include "sites/sites.h"

namespace otklik {

class Clock;

struct Device {
    Id<Device> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Point> point_id;
    std::string name;
    std::int64_t version = 1;
    std::optional<Instant> revoked_at;
    std::optional<Instant> seen_at;
};
inline constexpr std::size_t key_length_max = 32;  // of a device's key, bytes
enum class SignalKind { answer, idea, complaint, praise };
template <>
inline constexpr std::pair<SignalKind, std::string_view> enum_words<SignalKind>[4] = {
    {SignalKind::answer, "answer"},
    {SignalKind::idea, "idea"},
    {SignalKind::complaint, "complaint"},
    {SignalKind::praise, "praise"}};
struct Button {
    Id<Button> id;
    std::string key;    // what the device sends: "1"; "1:long", "1:double" for gestures
    std::string label;  // "Жалоба"
    SignalKind signal_kind = SignalKind::answer;
    Id<Question> question_id;
    Duration window_before = Duration::seconds(60);
    Duration window_after = Duration::seconds(60);
    bool merge = false;
    std::vector<std::string> prompts = {};  // what to ask on after it
    std::string code = {};                  // KeyboardEvent.code of a pad that types
    bool score_pad = false;                 // the panel asks for the customer's 0..10 after it
};
struct ButtonMap {
    std::int64_t id = 0;
    Id<Device> device_id;
    std::int64_t number = 1;
    Instant valid_from;
    std::vector<Button> buttons;
    /// Nothing: the key had no meaning.
    const Button* find(std::string_view key) const;
};
/// Of maps of one device, the one that held at the moment: the newest valid_from that is not later.
const ButtonMap* map_at(std::span<const ButtonMap> maps, Instant at);
enum class SignalState { fresh, later, done };
template <>
inline constexpr std::pair<SignalState, std::string_view> enum_words<SignalState>[3] = {
    {SignalState::fresh, "new"}, {SignalState::later, "later"}, {SignalState::done, "done"}};
struct Signal {
    Id<Signal> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Point> point_id;
    Id<Device> device_id;
    std::string press_id;
    std::string key;
    Instant pressed_at;  // resolved instant
    Duration uncertainty;
    Instant received_at;
    std::int64_t deliveries = 1;
    Id<Button> button_id;  // 0: the key had no meaning then
    std::optional<SignalKind> signal_kind;
    Id<Question> question_id;
    Id<Person> person_id;  // on duty
    std::int64_t local_day = 0;
    std::int64_t local_hour = 0;
    bool undone = false;
    SignalState state = SignalState::fresh;
    std::int64_t version = 1;
    std::optional<Instant> undone_at;
    std::optional<Instant> device_at;            // by the device's own clock
    bool heard = false;                          // said unasked
    std::optional<std::int64_t> customer_score;  // the customer's own 0..10
    std::string what;                            // what exactly was said; empty: not processed
    bool test = false;  // pressed to try the point; undone from its first moment, or marked so
};
/// How many presses stand in each state; undone ones are counted apart and in no other sum.
struct SignalCounts {
    std::int64_t fresh = 0;
    std::int64_t later = 0;
    std::int64_t done = 0;
    std::int64_t undone = 0;
};
/// What a list or a count asks for; absent: all.
struct SignalFilter {
    std::optional<Id<Point>> point_id;
    std::optional<SignalKind> signal_kind;
    std::optional<std::string> key;
    std::optional<SignalState> state;
    std::optional<std::int64_t> day_from;  // local days, both ends included
    std::optional<std::int64_t> day_to;
    bool undone = false;  // withdrawn ones too
    bool fits(const Signal& signal) const;
};
template <>
inline constexpr std::string_view id_prefix<Device> = "device";
template <>
inline constexpr std::string_view id_prefix<Button> = "button";

class Signals {
public:
    Signals(Sites& sites, const Clock& clock) : sites_(sites), clock_(clock) {}
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    // Devices. The token is given once; only its hash is stored.
    struct NewDevice {
        Id<Device> id;
        std::string token;
    };
    NewDevice make_device(Tx& tx, const Point& point, std::string_view name);
    std::string renew_token(const Scope& scope, Tx& tx, Id<Device> id);
    void change_device(const Scope& scope, Tx& tx, const Device& device);
    void revoke_device(const Scope& scope, Tx& tx, Id<Device> id);
    std::optional<Device> find_device(const Scope& scope, Tx& tx, Id<Device> id) const;
    std::vector<Device> devices(const Scope& scope, Tx& tx) const;
    /// By bearer token; nothing when unknown or revoked. May be answered from memory (≤ 5 s old).
    std::optional<Device> device_of_token(Store& store, std::string_view token) const;

    // Button maps.
    std::int64_t make_button_map(Tx& tx, const Device& device, Instant valid_from,
                                 const std::vector<Button>& buttons, std::string_view by);
    /// Error{invalid, "buttons.…"} with the field: a key twice, a window over 10 min, no buttons.
    std::vector<ButtonMap> button_maps(Tx& tx, Id<Device> device) const;  // newest first
    std::optional<Button> find_button(Tx& tx, Id<Button> id) const;
    std::vector<Button> buttons_in_use(const Scope& scope, Tx& tx) const;

    // Reading.
    std::optional<Signal> find(const Scope& scope, Tx& tx, Id<Signal> id) const;
    Signal get(const Scope& scope, Tx& tx, Id<Signal> id) const;  // Error{not_found}
    /// Newest first, at most count_max; returns the key to go on from.
    std::optional<PageKey> list(const Scope& scope, Tx& tx, const SignalFilter& filter,
                                std::optional<PageKey> after, int count_max,
                                const std::function<bool(const Signal&)>& take) const;
    SignalCounts counts(const Scope& scope, Tx& tx, const SignalFilter& filter) const;
    /// Presses of a point by their resolved instants, oldest first, at most 10 000.
    std::vector<Signal> of_point(const Scope& scope, Tx& tx, Id<Point> point,
                                 TimeRange range) const;
    /// Undo is always possible and stays visible; a second one changes nothing.
    /// `test`: it was pressed to try the point.
    void undo(const Scope& scope, Tx& tx, Id<Signal> id, std::string_view by, bool test = false);
    /// By press identity, for devices.
    Id<Signal> undo_press(Tx& tx, const Device& device, std::string_view press_id);
    /// Error{precondition, "row.changed"} when the version is not the newest.
    /// A signal is done only with the words of what exactly was said: given here or before,
    /// else Error{invalid, "signal.what_missing"}; a withdrawn press needs none.
    void set_state(const Scope& scope, Tx& tx, Id<Signal> id, SignalState state,
                   std::int64_t version, std::string_view what = {});
    /// The customer's own 0..10 after a press; the first one stays.
    Id<Signal> score_press(Tx& tx, const Device& device, std::string_view press_id,
                           std::int64_t score);

private:
    Signal signal_of_press(Tx& tx, const Device& device, std::string_view press_id) const;
    void write_undo(Tx& tx, const Signal& signal, std::string_view by, bool test = false);

    Sites& sites_;
    const Clock& clock_;
    /// Known tokens for at most 5 s, so that a press costs no reading; a revoked device is out by
    /// then.
    struct KnownToken {
        Device device;
        Instant until;
    };
    mutable std::shared_mutex tokens_mutex_;
    mutable std::map<std::string, KnownToken, std::less<>> tokens_;  // by hash
};

extern const std::span<const Kind> signal_kinds;

}  // namespace otklik
