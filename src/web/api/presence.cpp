#include "web/api/presence.h"

#include <algorithm>

#include "checks/checks.h"
#include "clips/clips.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr Duration silent_max = Duration::seconds(45);  // two words of the desk may be lost
constexpr std::size_t subjects_max = 10'000;            // more desks are not open at once
constexpr std::size_t people_max = 20;                  // at one subject

struct HereRequest {
    std::optional<Id<Clip>> clip_id;
    std::optional<Id<Check>> check_id;
    std::optional<bool> writing, leaving;
    void fields(FieldSink& f) {
        f.id("clip_id", clip_id, "one of both");
        f.id("check_id", check_id);
        f.flag("writing", writing, "not only looks");
        f.flag("leaving", leaving);
    }
};
struct HereView {
    std::string name;
    bool writing = false;
    Instant since;
    void fields(FieldSink& f) {
        f.text("name", name);
        f.flag("writing", writing);
        f.instant("since", since);
    }
};
struct HereList {
    std::vector<HereView> items;
    void fields(FieldSink& f) { f.list("items", items, 100, "others who have it open now"); }
};

/// The subject that the reader may see. Error{not_found}.
std::int64_t subject_of(Call& call, const HereRequest& in) {
    if (in.clip_id.has_value() == in.check_id.has_value())
        throw Error(Fault::invalid, "presence.one_subject").at("clip_id");
    return call.rooms.store.read([&](Tx& tx) {
        if (in.check_id) return call.rooms.checks.get(call.scope, tx, *in.check_id).id.value;
        const bool listens = role_has(call.scope.role(), Right::listen);
        if (!listens || !call.rooms.clips.find(call.scope, tx, *in.clip_id))
            throw Error(Fault::not_found, "not_found");
        return in.clip_id->value;
    });
}

HereList say_here(Call& call, HereRequest& in) {
    const std::int64_t subject = subject_of(call, in);
    const Id<Account> account = call.account_id();
    if (in.leaving.value_or(false)) {
        call.rooms.presence.leave(subject, account);
        return {};
    }
    const std::string name = call.rooms.store.read(
        [&](Tx& tx) { return call.rooms.people.person_name(tx, {call.scope.person_id()}); });
    const Instant now = call.rooms.clock.now();
    HereList list;
    for (Here& each :
         call.rooms.presence.here(subject, {account, name, in.writing.value_or(false), now, now}))
        list.items.push_back({std::move(each.name), each.writing, each.since});
    return list;
}

constexpr Route presence_table[] = {
    route<&say_here>("POST", "/presence", Right::signed_in,
                     "Says that the reader has a record or a check open; gives who else has."),
};

}  // namespace

void Presence::forget_silent(Subjects& subjects, Instant now) {
    for (auto& [id, all] : subjects)
        std::erase_if(all, [&](const Here& each) { return now - each.seen_at > silent_max; });
    std::erase_if(subjects, [](const auto& each) { return each.second.empty(); });
}

std::vector<Here> Presence::here(std::int64_t subject, const Here& me) {
    auto subjects = subjects_.lock();
    forget_silent(*subjects, me.seen_at);
    if (subjects->size() >= subjects_max && !subjects->contains(subject)) return {};
    std::vector<Here>& all = (*subjects)[subject];
    const auto mine = std::find_if(all.begin(), all.end(),
                                   [&](const Here& each) { return each.account == me.account; });
    if (mine != all.end()) {
        mine->writing = me.writing;
        mine->seen_at = me.seen_at;
    } else if (all.size() < people_max) {
        all.push_back(me);
    }
    std::vector<Here> others = all;
    std::erase_if(others, [&](const Here& each) { return each.account == me.account; });
    return others;
}

void Presence::leave(std::int64_t subject, Id<Account> account) {
    auto subjects = subjects_.lock();
    const auto found = subjects->find(subject);
    if (found == subjects->end()) return;
    std::erase_if(found->second, [&](const Here& each) { return each.account == account; });
    if (found->second.empty()) subjects->erase(found);
}

const std::span<const Route> presence_routes = presence_table;

}  // namespace otklik
