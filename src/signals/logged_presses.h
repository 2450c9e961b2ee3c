#pragma once
// Presses that the log of another system tells of. Of each point they come from a device of their
// own that never sent anything, so that none of them passes for a press of a pad: `import_id` names
// the import, the uncertainty is how finely the log writes its times, and no receipt of a device
// stands behind them. Owns nothing of its own: rows of device, button and signal. Thread: any; the
// transaction is the lock.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signals/signals.h"

namespace otklik {

class LoggedPresses {
public:
    explicit LoggedPresses(Signals& signals) : signals_(signals) {}
    std::optional<Device> device_of(Tx& tx, Id<Point> point) const;
    /// Makes it under this name when it is not there.
    Device make_device_of(Tx& tx, const Point& point, std::string_view name);
    /// The button of this label and kind among those of the device; a new one has the windows of
    /// `like`. Error{conflict, "buttons.count"}: there are as many as a device may have.
    Button make_button(Tx& tx, const Device& device, std::string_view label, SignalKind kind,
                       const std::optional<Button>& like, std::string_view by);

    struct Stored {
        std::string press_id;
        bool undone = false;
    };
    std::vector<Stored> stored(Tx& tx, Id<Device> device, TimeRange range) const;

    struct NewPress {
        std::string identity;  // what the log says of it; visible ASCII, at most 60
        Button button;
        Instant at;
        Duration uncertainty;
        Id<Person> person_id;   // 0: whoever was on duty
        std::string what;       // what exactly was said; empty: not told
        bool to_inbox = false;  // else it is worked through already, elsewhere
        std::int64_t import_id = 0;
    };
    /// Nothing: the press is there. One that was withdrawn may come again, as another one.
    std::optional<Id<Signal>> write(Tx& tx, const Point& point, const Device& device,
                                    const NewPress& press);

private:
    Signals& signals_;
};

/// "3f…" of the first press of this identity, "3f…-2" of the one after it was withdrawn.
std::string identity_of_press_id(std::string_view press_id);

}  // namespace otklik
