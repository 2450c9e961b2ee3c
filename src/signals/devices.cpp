#include <mutex>

#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "signals/pairing.h"
#include "signals/signals.h"
#include "signals/signals_sql.h"
#include "store/store.h"

namespace otklik {

using namespace signals_sql;

namespace {

constexpr Duration token_known_for = Duration::seconds(5);
constexpr std::size_t tokens_max = 10'000;
constexpr std::size_t token_length_max = 200;
constexpr std::size_t name_length_max = 200;

Device device_of(const Row& row) {
    Device device;
    device.id = row.id<Device>(0);
    device.company_id = row.integer(1);
    device.unit = row.id<Unit>(2);
    device.point_id = row.id<Point>(3);
    device.name = row.text(4);
    device.version = row.integer(5);
    device.revoked_at = row.maybe_instant(6);
    device.seen_at = row.maybe_instant(7);
    return device;
}

Place place_of(const Device& device) {
    return {device.company_id, device.unit.value, 0};
}

std::string require_name(std::string_view name) {
    const std::string_view plain = trim(name);
    if (plain.empty()) throw Error(Fault::invalid, "name.empty").at("name");
    if (plain.size() > name_length_max) throw Error(Fault::invalid, "name.long").at("name");
    return std::string(plain);
}

}  // namespace

std::string make_device_token() {
    return "otk_" + base64url(random_bytes(32));
}

Signals::NewDevice Signals::make_device(Tx& tx, const Point& point, std::string_view name) {
    const std::string plain = require_name(name);
    NewDevice made{tx.make_id<Device>(), make_device_token()};
    tx.run(insert_device, {{"id", made.id},
                           {"company", point.company_id},
                           {"unit", point.unit},
                           {"point", point.id},
                           {"name", plain},
                           {"fold", fold(plain)},
                           {"hash", Bytes{sha256(made.token)}},
                           {"at", tx.now()}});
    return made;
}

std::string Signals::renew_token(const Scope& scope, Tx& tx, Id<Device> id) {
    if (!find_device(scope, tx, id)) throw Error(Fault::not_found, "not_found");
    std::string token = make_device_token();
    tx.run(set_token, {{"id", id}, {"hash", Bytes{sha256(token)}}});
    return token;
}

void Signals::change_device(const Scope& scope, Tx& tx, const Device& device) {
    if (!find_device(scope, tx, device.id)) throw Error(Fault::not_found, "not_found");
    const Point point = sites_.get_point(scope, tx, device.point_id);
    const std::string plain = require_name(device.name);
    // Presses that came before keep the point where they were made: it stands on the press itself.
    const auto changed = tx.run(update_device, {{"id", device.id},
                                                {"name", plain},
                                                {"fold", fold(plain)},
                                                {"point", point.id},
                                                {"unit", point.unit},
                                                {"version", device.version}});
    if (changed == 0) throw Error(Fault::precondition, "row.changed");
}

void Signals::revoke_device(const Scope& scope, Tx& tx, Id<Device> id) {
    if (!find_device(scope, tx, id)) throw Error(Fault::not_found, "not_found");
    tx.run(set_revoked, {{"id", id}, {"at", tx.now()}});
}

std::optional<Device> Signals::find_device(const Scope& scope, Tx& tx, Id<Device> id) const {
    const auto row = tx.row(signals_sql::find_device, {{"id", id}});
    if (!row) return std::nullopt;
    Device device = device_of(*row);
    if (!allows(scope, place_of(device))) return std::nullopt;
    return device;
}

std::vector<Device> Signals::devices(const Scope& scope, Tx& tx) const {
    std::vector<Device> result;
    for (const Row& row : tx.rows(devices_of_company, {{"company", scope.company_id()}})) {
        Device device = device_of(row);
        if (allows(scope, place_of(device))) result.push_back(std::move(device));
    }
    return result;
}

std::optional<Device> Signals::device_of_token(Store& store, std::string_view token) const {
    if (token.empty() || token.size() > token_length_max) return std::nullopt;
    const std::string hash = sha256(token);
    const Instant now = clock_.now();
    {
        const std::shared_lock lock(tokens_mutex_);
        const auto known = tokens_.find(hash);
        if (known != tokens_.end() && now < known->second.until) return known->second.device;
    }
    auto device = store.read([&](Tx& tx) -> std::optional<Device> {
        const auto row = tx.row(device_by_token, {{"hash", Bytes{hash}}});
        if (!row) return std::nullopt;
        return device_of(*row);
    });
    // Unknown tokens are not remembered, so a flood of them cannot fill the memory.
    const std::unique_lock lock(tokens_mutex_);
    if (!device) {
        tokens_.erase(hash);
        return std::nullopt;
    }
    if (tokens_.size() >= tokens_max) tokens_.clear();
    tokens_.insert_or_assign(hash, KnownToken{*device, now + token_known_for});
    return device;
}

}  // namespace otklik
