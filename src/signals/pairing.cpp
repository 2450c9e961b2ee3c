#include "signals/pairing.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/one_time_code.h"
#include "signals/signals.h"
#include "signals/signals_sql.h"
#include "store/store.h"

namespace otklik {

using namespace signals_sql;

namespace {

constexpr Duration code_holds_for = Duration::seconds(600);

Bytes hash_of(std::string_view code) {
    return {sha256("pairing/1\n" + std::string(code))};
}

}  // namespace

PairingCode make_pairing(Tx& tx, const Device& device, std::string_view by) {
    if (device.revoked_at) throw Error(Fault::conflict, "device.revoked");
    // The newest code only: an earlier one may stand on a screen that nobody looks at any more.
    tx.run(void_pairings, {{"device", device.id}, {"at", tx.now()}});
    PairingCode made{make_one_time_code(), tx.now() + code_holds_for};
    tx.run(insert_pairing, {{"id", tx.next_id()},
                            {"company", device.company_id},
                            {"unit", device.unit},
                            {"device", device.id},
                            {"hash", hash_of(made.code)},
                            {"by", by},
                            {"at", tx.now()},
                            {"expires", made.expires_at}});
    return made;
}

std::optional<Instant> paired_at(Tx& tx, Id<Device> device) {
    Params asked;  // GCC 12 warns of a moved Param when the list stands in the call
    asked.emplace_back("device", device);
    const auto row = tx.row(last_pairing, asked);
    return row ? row->maybe_instant(0) : std::nullopt;
}

std::optional<Paired> pair_panel(const Signals& signals, Tx& tx, std::string_view typed) {
    const std::string code = plain_one_time_code(typed);
    if (code.empty()) return std::nullopt;
    if (tx.run(use_pairing, {{"hash", hash_of(code)}, {"at", tx.now()}}) == 0) return std::nullopt;
    const auto row = tx.row(pairing_of_code, {{"hash", hash_of(code)}});
    auto device = row ? signals.find_device(Scope::system(), tx, row->id<Device>(0)) : std::nullopt;
    if (!device || device->revoked_at) return std::nullopt;
    std::string token = make_device_token();
    tx.run(set_token, {{"id", device->id}, {"hash", Bytes{sha256(token)}}});
    return Paired{std::move(*device), std::move(token)};
}

}  // namespace otklik
