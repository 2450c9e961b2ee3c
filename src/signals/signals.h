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
#include "signals/signal.h"
#include "sites/sites.h"

namespace otklik {

class Clock;

/// 2005-01-01: what unset clocks show lies before it.
inline constexpr Instant press_earliest{1'104'537'600'000'000};

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
    /// What nobody has worked through yet (fresh, not withdrawn), oldest first, at most count_max;
    /// of one kind, or of keys that had no meaning.
    std::vector<Signal> oldest_open(const Scope& scope, Tx& tx, std::optional<SignalKind> kind,
                                    int count_max) const;
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
    /// Many presses into one state, each by set_state's rules; what stands against one stops no
    /// other. One that is so already is told so, so asking again is safe.
    struct Change {
        Id<Signal> id;
        std::int64_t version = 0;  // the reader saw; 0: the newest
    };
    struct Changed {
        Id<Signal> id;
        std::string code;  // of the refusal; empty: it is so now
        SignalState was = SignalState::fresh;
        std::int64_t version = 0;
        bool coded = false;  // these words were written over none
    };
    /// With `take_back` the words are taken away again where they are still these.
    std::vector<Changed> set_states(const Scope& scope, Tx& tx, std::span<const Change> changes,
                                    SignalState state, std::string_view what, bool take_back);
    /// The customer's own 0..10 after a press; the first one stays.
    Id<Signal> score_press(Tx& tx, const Device& device, std::string_view press_id,
                           std::int64_t score);

private:
    Changed set_one(const Scope& scope, Tx& tx, const Change& change, SignalState state,
                    std::string_view what, bool take_back);
    std::optional<PageKey> list_open(const Scope& scope, Tx& tx, const SignalFilter& filter,
                                     std::optional<PageKey> after, int count_max,
                                     const std::function<bool(const Signal&)>& take) const;
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
