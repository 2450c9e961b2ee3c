// How long sound is kept and what is kept longer: terms by point, the disk, holds.
#include "recording/retention.h"

#include "base/text.h"
#include "clips/clip_expiry.h"
#include "clips/clips.h"
#include "recording/holds.h"
#include "store/blobs.h"
#include "store/disk.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct TermsView {
    Id<Point> point_id;
    std::string point_name, zone;
    std::optional<std::int64_t> recording_days, clip_days, original_days;
    std::optional<Instant> oldest_at;
    std::int64_t kept = 0, due = 0, due_in_week = 0, clips_due = 0;
    void fields(FieldSink& f) {
        f.id("point_id", point_id);
        f.text("point_name", point_name);
        f.text("zone", zone);
        f.integer("recording_days", recording_days, {}, "null: the point never had a basis card");
        f.integer("clip_days", clip_days);
        f.integer("original_days", original_days, {}, "imported files, since they came");
        f.instant("oldest_at", oldest_at, "end of the oldest recording that is kept");
        f.integer("kept", kept, {}, "recordings");
        f.integer("due", due, {}, "… whose term is over; those that a hold keeps are among them");
        f.integer("due_in_week", due_in_week, {}, "… whose term will be over within seven days");
        f.integer("clips_due", clips_due, {}, "cuts whose term is over");
    }
};
struct RetentionView {
    std::optional<Instant> begins_at;
    std::int64_t free_bytes = 0, total_bytes = 0;
    DiskState disk = DiskState::ample;
    std::vector<TermsView> points;
    void fields(FieldSink& f) {
        f.instant("begins_at", begins_at, "nothing is erased before; null: not decided yet");
        f.integer("free_bytes", free_bytes, {}, "of the disk of the data folder");
        f.integer("total_bytes", total_bytes);
        f.choice("disk", disk, "scarce: no files are taken in, presses and live sound are");
        f.list("points", points, 100'000);
    }
};
struct HoldView {
    Id<Hold> id;
    Id<Point> point_id;
    std::string point_name, zone, reason, subject_kind, subject, made_by_name;
    Instant begin_at, end_at, made_at;
    std::optional<Instant> released_at, kept_until;
    std::optional<std::string> released_by_name, release_reason;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("point_id", point_id);
        f.text("point_name", point_name);
        f.text("zone", zone);
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at);
        f.text("reason", reason);
        f.text("subject_kind", subject_kind, {}, "what it was asked on: clip, recording or point");
        f.text("subject", subject, {}, "its id");
        f.text("made_by_name", made_by_name, {}, "empty: at the console");
        f.instant("made_at", made_at);
        f.instant("released_at", released_at, "null: it holds");
        f.text("released_by_name", released_by_name);
        f.text("release_reason", release_reason);
        f.instant("kept_until", kept_until, "released: the sound stays so long");
    }
};
struct HoldList {
    std::vector<HoldView> items;
    void fields(FieldSink& f) { f.list("items", items, holds_shown_max, "the newest first"); }
};
struct HoldRequest {
    std::optional<Id<Clip>> clip_id;
    std::optional<Id<RecordingSession>> recording_id;
    std::optional<Id<Point>> point_id;
    std::optional<Instant> begin_at, end_at;
    std::string reason;
    void fields(FieldSink& f) {
        f.id("clip_id", clip_id, "one of these three");
        f.id("recording_id", recording_id);
        f.id("point_id", point_id, "with begin_at and end_at");
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at);
        f.text("reason", reason, {.bytes_max = 1000, .may_be_empty = false},
               "why it must be kept: a claim, a dispute, a court");
    }
};
struct ReleaseRequest {
    std::string reason;
    void fields(FieldSink& f) {
        f.text("reason", reason, {.bytes_max = 1000, .may_be_empty = false});
    }
};

RetentionView show_retention(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        RetentionView view;
        view.begins_at = call.rooms.retention.find_begins(tx, call.company_id());
        const DiskRoom room = disk_room(call.rooms.blobs.folder());
        view.free_bytes = room.free_bytes;
        view.total_bytes = room.total_bytes;
        view.disk = room.state();
        for (const Point& point : call.rooms.sites.points(call.scope, tx)) {
            const PointTerms terms = call.rooms.retention.terms(tx, point);
            if (point.archived_at && terms.kept == 0) continue;
            TermsView line{.point_id = point.id, .point_name = point.name, .zone = point.zone};
            if (terms.days) {
                line.recording_days = terms.days->recordings;
                line.clip_days = terms.days->clips;
                line.original_days = terms.days->originals;
            }
            line.oldest_at = terms.oldest_end_at;
            line.kept = terms.kept;
            line.due = terms.due;
            line.due_in_week = terms.due_in_week;
            line.clips_due = call.rooms.expiry.count_due(tx, point);
            view.points.push_back(std::move(line));
        }
        return view;
    });
}

std::string name_of(Call& call, Tx& tx, std::int64_t company, Id<Account> id) {
    if (!id) return {};
    const auto account = call.rooms.people.find_account(Scope::console(company), tx, id);
    return account ? call.rooms.people.person_name(tx, account->person_id) : std::string();
}

HoldView view_of(Call& call, Tx& tx, const Hold& hold) {
    HoldView view;
    view.id = hold.id;
    view.point_id = hold.point_id;
    if (const auto point = call.rooms.sites.find_point(call.scope, tx, hold.point_id)) {
        view.point_name = point->name;
        view.zone = point->zone;
    }
    view.reason = hold.reason;
    view.subject_kind = hold.subject_kind;
    view.subject = id_word(hold.subject_kind, hold.subject);
    view.made_by_name = name_of(call, tx, hold.company_id, hold.made_by);
    view.begin_at = hold.at.begin;
    view.end_at = hold.at.end;
    view.made_at = hold.made_at;
    view.released_at = hold.released_at;
    view.kept_until = hold.kept_until;
    if (hold.released_at) {
        view.released_by_name = name_of(call, tx, hold.company_id, hold.released_by);
        view.release_reason = hold.release_reason;
    }
    return view;
}

TimeRange window_of(const Clip& clip) {
    return {clip.asked.begin - clip.uncertainty, clip.asked.end + clip.uncertainty};
}

HoldList list_holds(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        std::vector<Hold> found;
        if (const auto id = call.query_id<Clip>("clip")) {
            const auto clip = call.rooms.clips.find(call.scope, tx, *id);
            if (!clip) throw Error(Fault::not_found, "not_found");
            found = holds_meeting(call.scope, tx, clip->point_id, window_of(*clip));
        } else if (const auto recording = call.query_id<RecordingSession>("recording")) {
            const auto session = call.rooms.recording.find_session(call.scope, tx, *recording);
            if (!session) throw Error(Fault::not_found, "not_found");
            found = holds_meeting(call.scope, tx, session->point_id, session->at);
        } else {
            found = holds(call.scope, tx, call.request.query_value("all") == "1");
        }
        HoldList list;
        for (const Hold& hold : found) list.items.push_back(view_of(call, tx, hold));
        return list;
    });
}

/// Where and when, by what the reader names.
std::pair<Point, Hold> wanted_hold(Call& call, Tx& tx, const HoldRequest& in) {
    const int named = int(in.clip_id.has_value()) + int(in.recording_id.has_value()) +
                      int(in.point_id.has_value());
    if (named != 1) throw Error(Fault::invalid, "hold.subject").at("clip_id");
    Hold hold;
    Id<Point> at;
    if (in.clip_id) {
        const auto clip = call.rooms.clips.find(call.scope, tx, *in.clip_id);
        if (!clip) throw Error(Fault::not_found, "not_found").at("clip_id");
        if (clip->erased_at) throw Error(Fault::conflict, "hold.erased").at("clip_id");
        hold.at = window_of(*clip);
        hold.subject_kind = "clip";
        hold.subject = clip->id.value;
        at = clip->point_id;
    } else if (in.recording_id) {
        const auto session = call.rooms.recording.find_session(call.scope, tx, *in.recording_id);
        if (!session) throw Error(Fault::not_found, "not_found").at("recording_id");
        if (session->erased_at) throw Error(Fault::conflict, "hold.erased").at("recording_id");
        hold.at = session->at;
        hold.subject_kind = "recording";
        hold.subject = session->id.value;
        at = session->point_id;
    } else {
        if (!in.begin_at || !in.end_at)
            throw Error(Fault::invalid, "hold.subject").at(in.begin_at ? "end_at" : "begin_at");
        hold.at = {*in.begin_at, *in.end_at};
        hold.subject_kind = "point";
        hold.subject = in.point_id->value;
        at = *in.point_id;
    }
    hold.reason = in.reason;
    return {call.rooms.sites.get_point(call.scope, tx, at), std::move(hold)};
}

HoldView hold_sound(Call& call, HoldRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        auto [point, wish] = wanted_hold(call, tx, in);
        if (call.actor.signed_in) wish.made_by = call.account_id();
        const Hold hold = make_hold(tx, call.rooms.recording, point, wish);
        journal(call, tx, "hold.made", "hold", hold.id.value, hold.unit.value,
                "{\"subject\":\"" + id_word(hold.subject_kind, hold.subject) + "\"}");
        return view_of(call, tx, hold);
    });
}

HoldView changed_hold(Call& call, std::string_view verb,
                      const std::function<bool(Tx&, const Hold&)>& change) {
    return call.rooms.store.write([&](Tx& tx) {
        const auto id = call.id<Hold>();
        const auto hold = find_hold(call.scope, tx, id);
        if (!hold) throw Error(Fault::not_found, "not_found");
        if (change(tx, *hold)) journal(call, tx, verb, "hold", id.value, hold->unit.value);
        return view_of(call, tx, find_hold(call.scope, tx, id).value());
    });
}

HoldView release(Call& call, ReleaseRequest& in) {
    return changed_hold(call, "hold.released", [&](Tx& tx, const Hold& hold) {
        const Id<Account> by = call.actor.signed_in ? call.account_id() : Id<Account>{};
        return release_hold(tx, hold, by, in.reason);
    });
}

HoldView restore(Call& call) {
    return changed_hold(call, "hold.restored", [](Tx& tx, const Hold& hold) {
        restore_hold(tx, hold);
        return hold.released_at.has_value();
    });
}

constexpr Route retention_table[] = {
    route<&show_retention>("GET", "/retention", Right::manage,
                           "How long sound of each point is kept, what goes next, the disk."),
    route<&list_holds>("GET", "/holds", Right::listen,
                       "What is kept longer: ?clip= or ?recording= those that keep it; ?all=1 also "
                       "those that are over."),
    route<&hold_sound>("POST", "/holds", Right::check,
                       "Keeps sound from being erased until it is released."),
    route<&release>("POST", "/holds/{id}/release", Right::manage,
                    "Its sound stays for seven days more, then its term counts again."),
    route<&restore>("POST", "/holds/{id}/restore", Right::manage,
                    "Takes a release back while the sound is still kept; 409 after that."),
};

}  // namespace

const std::span<const Route> retention_routes = retention_table;

}  // namespace otklik
