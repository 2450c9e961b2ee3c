// Links to a clip for people without an account: made and ended by who checks, opened by whoever
// holds the secret. It comes in a header of its own, so that no address, log or preview holds it.
#include "base/messages.h"
#include "base/text.h"
#include "clips/clip_links.h"
#include "signals/signals.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/clip_sound.h"
#include "web/api/gates.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/signal_view.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::string_view scheme = "Link ";  // Authorization: Link SECRET
constexpr std::int64_t hours_max = 8'760;     // the setting narrows it
constexpr std::int64_t link_body_max = 4096;

struct LinkView {
    Id<ClipLink> id;
    std::string note, made_by_name;
    Instant made_at, expires_at;
    bool holds = false;
    std::optional<Instant> ended_at, opened_at;
    std::int64_t opened_count = 0;
    std::optional<std::int64_t> version;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("note", note, {}, "for whom and what");
        f.text("made_by_name", made_by_name);
        f.instant("made_at", made_at);
        f.instant("expires_at", expires_at);
        f.flag("holds", holds, "may still be opened");
        f.instant("ended_at", ended_at, "by hand");
        f.integer("opened_count", opened_count);
        f.instant("opened_at", opened_at, "the last time");
        f.integer("version", version, {}, "number of the cut it plays; null: not for the reader");
    }
};
struct LinkList {
    std::vector<LinkView> items;
    std::int64_t hours_max = 0;
    void fields(FieldSink& f) {
        f.list("items", items, 100, "the newest first");
        f.integer("hours_max", hours_max, {}, "how long a new one may hold; 0: none can be made");
    }
};
struct LinkRequest {
    std::int64_t hours = 24;
    std::string note;
    std::optional<std::int64_t> version;
    void fields(FieldSink& f) {
        f.integer("hours", hours, {1, hours_max});
        f.text("note", note, {.bytes_max = 400}, "for whom and what");
        f.integer("version", version, {1, 1'000'000}, "of the cut; absent: the newest");
    }
};
struct LinkMade {
    LinkView link;
    std::string token, path;
    void fields(FieldSink& f) {
        f.object("link", link);
        f.text("token", token, {}, "given once; only its hash is kept");
        f.text("path", path, {}, "of the page that plays it; the secret stands behind #");
    }
};
struct HeardGap {
    Duration begin, length;
    std::string text;
    void fields(FieldSink& f) {
        f.length_ms("begin_ms", begin, {}, "from the clip's start");
        f.length_ms("length_ms", length);
        f.text("text", text);
    }
};
struct HeardTrack {
    std::int64_t channel = 0;
    std::string role;
    void fields(FieldSink& f) {
        f.integer("channel", channel);
        f.text("role", role, {}, "mix, left, right, client or employee");
    }
};
struct HeardClip {
    std::string company_name, point_name, label, zone;
    std::optional<std::string> question_text;
    Instant at, expires_at;
    Duration press, length, missing;
    std::vector<HeardTrack> tracks;
    std::vector<HeardGap> gaps;
    void fields(FieldSink& f) {
        f.text("company_name", company_name);
        f.text("point_name", point_name);
        f.text("label", label, {}, "of the button");
        f.text("question_text", question_text);
        f.instant("at", at, "when the button went down");
        f.text("zone", zone);
        f.instant("expires_at", expires_at);
        f.length_ms("press_ms", press, {}, "from the clip's start to the press");
        f.length_ms("length_ms", length);
        f.length_ms("missing_ms", missing);
        f.list("tracks", tracks, 16);
        f.list("gaps", gaps, 10'000);
    }
};

LinkView link_view(Call& call, Tx& tx, const ClipLink& link) {
    LinkView view;
    view.id = link.id;
    view.note = link.note;
    const auto maker =
        call.rooms.people.find_account(Scope::console(link.company_id), tx, link.made_by);
    if (maker) view.made_by_name = call.rooms.people.person_name(tx, maker->person_id);
    view.made_at = link.made_at;
    view.expires_at = link.expires_at;
    view.holds = link.holds(tx.now()) && call.rooms.link_hours_max > 0;
    view.ended_at = link.ended_at;
    view.opened_at = link.opened_at;
    view.opened_count = link.opened_count;
    if (const auto version = call.rooms.clips.version(call.scope, tx, link.version_id))
        view.version = version->number;
    return view;
}

LinkList list_links(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        LinkList list;
        const Clip clip = get_clip(call, tx);
        for (const ClipLink& link : links_of_clip(call.scope, tx, clip))
            list.items.push_back(link_view(call, tx, link));
        list.hours_max = call.rooms.link_hours_max;
        return list;
    });
}

LinkMade make_link(Call& call, LinkRequest& in) {
    const std::int64_t at_most = call.rooms.link_hours_max;
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Clip clip = get_clip(call, tx);
        if (at_most == 0) throw Error(Fault::conflict, "link.off");
        if (in.hours > at_most)
            throw Error(Fault::invalid, "link.long", {{"hours_max", std::to_string(at_most)}})
                .at("hours");
        if (!call.actor.signed_in) throw Error(Fault::conflict, "link.account");
        const ClipVersion cut = wanted_cut(call, tx, clip, in.version);
        if (cut.tracks.empty()) throw Error(Fault::conflict, "link.no_sound");
        const MadeClipLink made = make_clip_link(tx, clip, cut, call.account_id(), trim(in.note),
                                                 Duration::hours(in.hours));
        journal(call, tx, "link.made", "clip", clip.id.value, clip.unit.value,
                "{\"link\":\"" + word(made.link.id) + "\",\"hours\":" + std::to_string(in.hours) +
                    ",\"version\":" + std::to_string(cut.number) + "}");
        return LinkMade{link_view(call, tx, made.link), made.token, "/listen#" + made.token};
    });
}

Nothing end_link(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const auto link = find_clip_link(call.scope, tx, call.id<ClipLink>());
        if (!link) throw Error(Fault::not_found, "not_found");
        if (end_clip_link(tx, *link))
            journal(call, tx, "link.ended", "clip", link->clip_id.value, link->unit.value,
                    "{\"link\":\"" + word(link->id) + "\"}");
    });
    return {};
}

/// What a link opens at this moment, and the eyes of its maker, which see no more than that.
struct Opened {
    ClipLink link;
    Scope scope;
    Clip clip;
    ClipVersion cut;
};

std::optional<Opened> open_link(Call& call, Tx& tx, std::string_view token) {
    if (call.rooms.link_hours_max == 0) return std::nullopt;
    const auto link = clip_link_of_token(tx, token);
    if (!link) return std::nullopt;
    const People& people = call.rooms.people;
    const auto maker = people.find_account(Scope::console(link->company_id), tx, link->made_by);
    if (!maker || maker->disabled_at || !role_has(maker->role, Right::check)) return std::nullopt;
    Scope scope = people.scope_of(tx, *maker);
    const auto clip = call.rooms.clips.find(scope, tx, link->clip_id);
    if (!clip || clip->undone) return std::nullopt;  // withdrawn: nobody meant to keep it
    const auto cut = call.rooms.clips.version(scope, tx, link->version_id);
    if (!cut || cut->tracks.empty()) return std::nullopt;
    return Opened{*link, std::move(scope), *clip, *cut};
}

/// Error{not_found, "link.over"} for all that keeps it shut: a stranger learns nothing more.
Opened get_opened(Call& call) {
    const std::string_view given = call.request.header("Authorization");
    const std::string_view token =
        given.starts_with(scheme) ? trim(given.substr(scheme.size())) : std::string_view();
    std::optional<Opened> opened;
    if (!token.empty())
        call.rooms.gates.token(call.request.peer, token, [&] {
            opened = call.rooms.store.read([&](Tx& tx) { return open_link(call, tx, token); });
            return opened.has_value();
        });
    if (!opened) throw Error(Fault::not_found, "link.over");
    return std::move(*opened);
}

void audit_opened(Tx& tx, const Opened& opened) {
    AuditEntry entry;
    entry.company_id = opened.link.company_id;
    entry.unit = opened.link.unit.value;
    entry.actor = word(opened.link.id);
    entry.verb = "link.opened";
    entry.subject = opened.clip.id.value;
    entry.subject_kind = "clip";
    entry.detail = "{\"version\":" + std::to_string(opened.cut.number) + "}";
    audit_listening(tx, entry);
}

HeardClip hear_clip(Call& call) {
    const Opened opened = get_opened(call);
    return call.rooms.store.write([&](Tx& tx) {
        count_opened(tx, opened.link);
        audit_opened(tx, opened);
        Call as_maker(call.request, opened.scope, call.actor, call.rooms);
        const Signal signal = call.rooms.signals.get(opened.scope, tx, opened.clip.signal_id);
        const SignalRow row = SignalRows(as_maker, tx).row(signal, opened.clip);
        HeardClip view;
        if (const auto company = call.rooms.people.company(tx)) view.company_name = company->name;
        view.point_name = row.point_name;
        view.label = row.label;
        view.question_text = row.question_text;
        view.zone = row.zone;
        view.at = row.at;
        view.expires_at = opened.link.expires_at;
        view.press = std::max(signal.pressed_at - opened.cut.at.begin, Duration());
        view.length = duration_of_samples(opened.cut.length_samples);
        view.missing = duration_of_samples(opened.cut.missing_samples);
        for (const ClipTrackRow& track : opened.cut.tracks)
            view.tracks.push_back(
                {track.channel, track_role(as_maker, tx, opened.cut, track.channel)});
        for (const ClipPieceRow& piece : opened.cut.pieces) {
            if (!piece.is_gap || piece.gap_cause == "joint") continue;
            view.gaps.push_back({duration_of_samples(piece.clip_sample),
                                 duration_of_samples(piece.sample_count),
                                 call.rooms.messages.message(enum_word(call.actor.language),
                                                             "clip.gap." + piece.gap_cause)});
        }
        return view;
    });
}

Response hear_audio(Call& call) {
    const auto channel = call.query_integer("channel", 0, 15).value_or(0);
    const Opened opened = get_opened(call);
    const StoredFile* file = nullptr;
    for (const ClipTrackRow& track : opened.cut.tracks)
        if (track.channel == channel) file = &track.file;
    if (!file) throw Error(Fault::not_found, "not_found").at("channel");
    call.rooms.store.write([&](Tx& tx) { audit_opened(tx, opened); });
    Response response = serve_clip_sound(call, call.rooms.blobs.open(*file), hex(file->sha256));
    response.set("Cache-Control", "private, no-store");
    return response;
}

constexpr Route links_table[] = {
    route<&list_links>("GET", "/clips/{id}/links", Right::check,
                       "Links to the clip for people without an account; never their secrets."),
    route<&make_link>("POST", "/clips/{id}/links", Right::check,
                      "A link to one cut for some hours; 409 where links are off.", link_body_max),
    route<&end_link>("DELETE", "/links/{id}", Right::check, "It opens nothing from now on."),
    route<&hear_clip>("GET", "/listen", Right::anyone,
                      "What the link of `Authorization: Link SECRET` plays. Written down."),
    raw_route<&hear_audio>("GET", "/listen/audio", Right::anyone,
                           "Its sound: ?channel=; ?format=mp4 gives the same packets as MP4."),
};

}  // namespace

const std::span<const Route> link_routes = links_table;

}  // namespace otklik
