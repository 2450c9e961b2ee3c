#include "web/api/tour.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/auth.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::string_view flag_name = "/demonstration";
constexpr std::size_t flag_bytes_max = 4096;
constexpr std::string_view pass_prefix = "visitor.";
constexpr std::size_t passes_max = 1000;
constexpr Duration pass_length = Duration::hours(4);

constexpr Right visitor_rights[] = {Right::anyone, Right::signed_in, Right::listen,
                                    Right::see_figures, Right::see_recording};

}  // namespace

void Demonstration::fields(FieldSink& f) {
    f.id("company_id", company_id);
    f.id("signal_id", signal_id, "the press that the tour shows");
    f.id("check_id", check_id, "a finished check");
}

void write_demonstration(const std::string& data_folder, const Demonstration& wanted) {
    Demonstration copy = wanted;
    write_file_durably(data_folder + std::string(flag_name), to_json(copy));
}

std::optional<Demonstration> find_demonstration(Rooms& rooms) {
    const std::string path = rooms.blobs.folder() + std::string(flag_name);
    if (!std::filesystem::exists(path)) return std::nullopt;
    const auto company = rooms.store.read([&](Tx& tx) { return rooms.people.company(tx); });
    Demonstration said;
    try {
        said = from_json<Demonstration>(read_file(path, flag_bytes_max));
    } catch (const Error&) {
        return std::nullopt;  // a flag that cannot be read lets nobody in
    }
    if (!company || company->id != said.company_id) return std::nullopt;
    return said;
}

bool visitor_has(Right right) noexcept {
    return std::find(std::begin(visitor_rights), std::end(visitor_rights), right) !=
           std::end(visitor_rights);
}

void require_visitor_may(const Route& route) {
    const bool reads = route.method == "GET" && visitor_has(route.right);
    const bool leaves = route.method == "DELETE" && route.path == "/session";
    const bool signs_in = route.method == "POST" && route.path == "/session";
    if (!reads && !leaves && !signs_in) throw Error(Fault::forbidden, "tour.read_only");
}

bool Visitors::is_pass(std::string_view token) {
    return token.starts_with(pass_prefix);
}

std::string Visitors::let_in() {
    std::string token = std::string(pass_prefix) + base64url(random_bytes(24));
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    std::erase_if(until_, [&](const auto& each) { return each.second <= now; });
    if (until_.size() >= passes_max)
        until_.erase(
            std::min_element(until_.begin(), until_.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; }));
    until_[sha256(token)] = now + pass_length;
    return token;
}

bool Visitors::knows(std::string_view token) const {
    const std::lock_guard lock(mutex_);
    const auto found = until_.find(sha256(token));
    return found != until_.end() && found->second > clock_.now();
}

void Visitors::leave(std::string_view token) {
    const std::lock_guard lock(mutex_);
    until_.erase(sha256(token));
}

Scope visitor_scope(Rooms& rooms) {
    return rooms.store.read([&](Tx& tx) {
        const auto company = rooms.people.company(tx);
        if (!company) return Scope::of(0, Role::employee, 0, 0, {}, {});
        Account visitor;
        visitor.company_id = company->id.value;
        visitor.role = Role::checker;
        visitor.units = {rooms.people.root_unit(tx, company->id.value).value};
        return rooms.people.scope_of(tx, visitor);
    });
}

namespace {

Demonstration show_tour(Call& call) {
    const auto found = find_demonstration(call.rooms);
    if (!found) throw Error(Fault::not_found, "tour.none");
    return *found;
}

Demonstration begin_tour(Call& call) {
    Demonstration found = show_tour(call);
    call.status = 201;
    // Who is signed in walks it with the own rights.
    if (call.actor.who == Actor::Who::nobody)
        call.headers.push_back({"Set-Cookie", session_cookie_header(call.rooms.visitors.let_in(),
                                                                    call.request.secure)});
    return found;
}

constexpr Route tour_table[] = {
    route<&show_tour>("GET", "/tour", Right::anyone,
                      "Where the guided tour stops; only on a demonstration."),
    route<&begin_tour>("POST", "/tour", Right::anyone,
                       "Lets a visitor in, who may only read; only on a demonstration."),
};

}  // namespace

const std::span<const Route> tour_routes = tour_table;

}  // namespace otklik
