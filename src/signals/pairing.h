#pragma once
// Pairing: a one-time code that a panel exchanges for the token of its device. The code has 8
// letters (40 bits), holds for 10 minutes and works once; only its hash is stored. Tries are
// throttled by the caller (People::count_try). Owns: device_pairing. Thread: any; the transaction
// is the lock.
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "signals/signals.h"

namespace otklik {

struct PairingCode {
    std::string code;
    Instant expires_at;
};
/// Voids the code given before. Error{conflict, "device.revoked"}.
PairingCode make_pairing(Tx& tx, const Device& device, std::string_view by);

struct Paired {
    Device device;
    std::string token;
};
/// Nothing when the code is unknown, used, late or its device revoked. The device's token that was
/// in force before is void.
std::optional<Paired> pair_panel(const Signals& signals, Tx& tx, std::string_view typed);

/// When a panel came in by a code of this device last; nothing: none ever did.
std::optional<Instant> paired_at(Tx& tx, Id<Device> device);

/// 256 bits of chance; the word in front lets people and secret scanners recognise it.
std::string make_device_token();

}  // namespace otklik
