// A clip: how it stands, what it is made of, its wave, words, sound and bookmarks.
#include "clips/clips.h"

#include <algorithm>

#include "base/messages.h"
#include "base/text.h"
#include "checks/checks.h"
#include "forms/forms.h"
#include "recording/holds.h"
#include "sites/sites.h"
#include "speech/speech.h"
#include "store/jobs.h"
#include "store/store.h"
#include "web/api/check_view.h"
#include "web/api/clip_sound.h"
#include "web/api/clip_view.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/signal_view.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct CheckLine {
    Id<Check> id;
    CheckState state = CheckState::draft;
    std::string form_name;
    std::optional<double> score;
    std::optional<Outcome> outcome;
    std::optional<std::string> reason_text;
    std::string checker_name;
    bool mine = false;
    std::optional<Instant> done_at;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.choice("state", state);
        f.text("form_name", form_name);
        f.number("score", score, "percent");
        f.choice("outcome", outcome);
        f.text("reason_text", reason_text, {}, "why it could not be assessed");
        f.text("checker_name", checker_name);
        f.flag("mine", mine, "the reader fills it");
        f.instant("done_at", done_at);
    }
};
struct MarkView {
    Id<Signal> signal_id;
    Instant pressed_at;
    bool undone = false;
    void fields(FieldSink& f) {
        f.id("signal_id", signal_id);
        f.instant("pressed_at", pressed_at);
        f.flag("undone", undone);
    }
};
struct RecutRequest {
    Duration before, after;
    void fields(FieldSink& f) {
        f.length_ms("before_ms", before, {},
                    "before the press; up to 120 s, or what its button asks");
        f.length_ms("after_ms", after, {}, "after it; 1 to 180 s, or what its button asks");
    }
};
struct ClipView {
    Id<Clip> id;
    SignalRow signal;
    ClipState state = ClipState::waiting_upload;
    std::string reason, reason_text, todo_text;
    Instant asked_begin_at, asked_end_at, give_up_at;
    Duration uncertainty;
    std::string zone;
    Instant created_at;
    std::optional<Instant> first_playable_at, final_at, erased_at, kept_until;
    bool held = false;
    std::optional<Duration> time_to_card;
    std::optional<VersionView> version;
    std::vector<VersionLine> versions;
    std::vector<MarkView> presses;
    std::vector<FormLine> forms;
    std::optional<Id<Form>> default_form_id;
    std::vector<CheckLine> checks;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.object("signal", signal);
        f.choice("state", state);
        f.text("reason", reason, {}, "code");
        f.text("reason_text", reason_text, {}, "why, in the reader's language");
        f.text("todo_text", todo_text, {}, "what to do about it; empty: nothing");
        f.instant("asked_begin_at", asked_begin_at);
        f.instant("asked_end_at", asked_end_at);
        f.instant("give_up_at", give_up_at, "after it the clip is final with what is missing");
        f.length_ms("uncertainty_ms", uncertainty, {},
                    "the cut is wider than asked by it on both sides");
        f.text("zone", zone);
        f.instant("created_at", created_at);
        f.instant("first_playable_at", first_playable_at);
        f.instant("final_at", final_at);
        f.instant("erased_at", erased_at, "the term of its sound was over: no cut has a file");
        f.instant("kept_until", kept_until, "its term");
        f.flag("held", held, "a hold keeps it for longer");
        f.length_ms("time_to_card_ms", time_to_card, {},
                    "from the press's arrival to the first sound");
        f.object("version", version);
        f.list("versions", versions, 10'000);
        f.list("presses", presses, 10'000, "more than one where its button joins them");
        f.list("forms", forms, 10'000, "forms for presses");
        f.id("default_form_id", default_form_id, "proposed for signals of this kind");
        f.list("checks", checks, 10'000);
    }
};

void add_checks(Call& call, Tx& tx, const Clip& clip, ClipView& view) {
    const bool looks_on = call.actor.who == Actor::Who::visitor;
    const auto& in = call.actor.signed_in;
    if (!looks_on && (!in || !role_has(in->account.role, Right::check))) return;
    if (!looks_on)
        for (const Form& form : call.rooms.forms.list(call.scope, tx, Purpose::signal))
            view.forms.push_back({form.id, form.name, form.purpose});
    if (!looks_on && view.signal.kind)
        for (const FormDefault& each : call.rooms.forms.defaults(call.scope, tx))
            if (each.signal_kind == enum_word(*view.signal.kind))
                view.default_form_id = each.form_id;
    for (const Check& check : call.rooms.checks.of_clip(call.scope, tx, clip.id)) {
        CheckLine line;
        line.id = check.id;
        line.state = check.state;
        const auto form = call.rooms.forms.find(call.scope, tx, check.form_id);
        line.form_name = form ? form->name : "";
        if (check.score)
            line.score = 100.0 * static_cast<double>(check.score->num) /
                         static_cast<double>(check.score->den);
        line.outcome = check.outcome;
        line.reason_text = reason_text(call, check);
        line.checker_name = call.rooms.people.person_name(tx, check.checker_id);
        line.mine = check.checker_id.value == call.scope.person_id();
        line.done_at = check.done_at;
        view.checks.push_back(std::move(line));
    }
}

/// A clip that is still recorded, as far as it is there.
VersionView live_view(Call& call, Tx& tx, const Clip& clip, const Clips::LiveSound& live,
                      Instant pressed_at) {
    VersionView view = version_view(call, tx, clip, live.version, pressed_at);
    for (std::size_t channel = 0; channel < live.ogg.size(); ++channel) {
        ClipTrack track;
        track.channel = static_cast<std::int64_t>(channel);
        track.bytes = static_cast<std::int64_t>(live.ogg[channel].size());
        track.url = "/api/v1/clips/" + word(clip.id) + "/audio?channel=" + std::to_string(channel) +
                    "&live=" + std::to_string(live.version.length_samples);
        track.role = live.ogg.size() == 1 ? "mix" : channel == 0 ? "left" : "right";
        view.tracks.push_back(std::move(track));
    }
    return view;
}

ClipView show_clip(Call& call) {
    const auto live = call.rooms.clips.live_sound(call.scope, call.id<Clip>(), std::nullopt);
    return call.rooms.store.read([&](Tx& tx) {
        const Clip clip = get_clip(call, tx);
        const Signal signal = call.rooms.signals.get(call.scope, tx, clip.signal_id);
        ClipView view;
        view.id = clip.id;
        view.signal = SignalRows(call, tx).row(signal, clip);
        view.state = clip.state;
        view.reason = clip.reason;
        const auto language = enum_word(call.actor.language);
        view.reason_text = call.rooms.messages.message(language, "clip.reason." + clip.reason);
        const std::string todo = "clip.todo." + clip.reason;
        if (call.rooms.messages.has(language, todo))
            view.todo_text = call.rooms.messages.message(language, todo);
        view.asked_begin_at = clip.asked.begin;
        view.asked_end_at = clip.asked.end;
        view.give_up_at = clip.give_up_at;
        view.uncertainty = clip.uncertainty;
        view.zone = view.signal.zone;
        view.created_at = clip.created_at;
        view.first_playable_at = clip.first_playable_at;
        view.final_at = clip.final_at;
        if (clip.version_id) view.erased_at = clip.erased_at;
        if (const auto kept = call.rooms.sites.kept_days(tx, clip.point_id); kept)
            view.kept_until = clip.asked.end + Duration::days(kept->clips);
        view.held =
            is_held(tx, clip.point_id,
                    {clip.asked.begin - clip.uncertainty, clip.asked.end + clip.uncertainty});
        if (clip.first_playable_at)
            view.time_to_card = *clip.first_playable_at - signal.received_at;
        if (clip.version_id)
            if (const auto version = call.rooms.clips.version(call.scope, tx, clip.version_id))
                view.version = version_view(call, tx, clip, *version, signal.pressed_at);
        if (!clip.version_id && live)
            view.version = live_view(call, tx, clip, *live, signal.pressed_at);
        view.versions = version_lines(call, call.rooms.clips.versions(call.scope, tx, clip.id));
        for (const Id<Signal> id : call.rooms.clips.signals_of(tx, clip.id))
            if (const auto each = call.rooms.signals.find(call.scope, tx, id))
                view.presses.push_back({id, each->pressed_at, each->undone});
        add_checks(call, tx, clip, view);
        return view;
    });
}

struct Accepted {
    bool asked = true;
    void fields(FieldSink& f) { f.flag("asked", asked); }
};

Accepted transcribe_clip(Call& call) {
    call.status = 202;
    call.rooms.store.write([&](Tx& tx) {
        const Clip clip = get_clip(call, tx);
        if (!call.rooms.speech.engine_of(tx, clip.company_id))
            throw Error(Fault::conflict, "speech.engine.none");
        want_job(tx, "speech.transcribe", clip.id.value, tx.now());
        journal(call, tx, "clip.transcribe", "clip", clip.id.value, clip.unit.value);
    });
    return {};
}

Accepted recut_clip(Call& call, RecutRequest& in) {
    call.status = 202;
    call.rooms.store.write([&](Tx& tx) {
        const Clip clip = get_clip(call, tx);
        call.rooms.clips.recut(call.scope, tx, clip.id, in.before, in.after);
        journal(call, tx, "clip.recut", "clip", clip.id.value, clip.unit.value,
                "{\"before_ms\":" + std::to_string(in.before.us / 1'000) +
                    ",\"after_ms\":" + std::to_string(in.after.us / 1'000) + "}");
    });
    return {};
}

constexpr Route clips_table[] = {
    route<&show_clip>("GET", "/clips/{id}", Right::listen,
                      "A clip with its pieces and where they come from."),
    route<&clip_peaks>("GET", "/clips/{id}/peaks", Right::listen,
                       "The drawn wave; gaps are 0. ?channel=&buckets="),
    route<&clip_words>("GET", "/clips/{id}/words", Right::listen,
                       "Words with their places in clip and recording."),
    route<&list_clip_bookmarks>("GET", "/clips/{id}/bookmarks", Right::listen,
                                "Bookmarks within the clip."),
    route<&make_clip_bookmark>("POST", "/clips/{id}/bookmarks", Right::listen,
                               "Names a second of the recording."),
    raw_route<&clip_audio>(
        "GET", "/clips/{id}/audio", Right::listen,
        "Ogg Opus of one track, by Range: ?channel=&version=&download=1; ?format=mp4 gives the "
        "same packets as MP4. Listening is audited."),
    route<&recut_clip>("POST", "/clips/{id}/recut", Right::check,
                       "Sets the window anew around the press; the cuts before stay as versions."),
    route<&transcribe_clip>("POST", "/clips/{id}/transcribe", Right::listen,
                            "Asks the speech engine; 409 when none is chosen."),
};

}  // namespace

const std::span<const Route> clip_routes = clips_table;

}  // namespace otklik
