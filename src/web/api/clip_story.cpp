// How a clip came to be as it is: its press, its window, and every cut with its pieces and reason.
// What is known of the recordings' clocks is asked beside it (/recordings/{id}/clock).
#include "clips/clip_story.h"

#include "base/messages.h"
#include "signals/signals.h"
#include "store/store.h"
#include "web/api/clip_sound.h"
#include "web/api/clip_view.h"
#include "web/api/rooms.h"
#include "web/api/signal_view.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct CutStory {
    VersionView cut;
    CutReason why = CutReason::first;
    std::string why_text;
    void fields(FieldSink& f) {
        f.object("cut", cut);
        f.choice("why", why, "what differs from the cut before it");
        f.text("why_text", why_text, {}, "the same in words");
    }
};
struct ClipStory {
    Id<Clip> id;
    SignalRow signal;
    std::int64_t deliveries = 1;
    Instant asked_begin_at, asked_end_at, give_up_at;
    Duration uncertainty;
    ClipState state = ClipState::waiting_upload;
    std::string reason, reason_text;
    std::optional<Instant> erased_at;
    std::vector<CutStory> cuts;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.object("signal", signal, "its first press");
        f.integer("deliveries", deliveries, {}, "how often the device sent it");
        f.instant("asked_begin_at", asked_begin_at, "the window of its button");
        f.instant("asked_end_at", asked_end_at);
        f.instant("give_up_at", give_up_at, "after it the clip is final with what is missing");
        f.length_ms("uncertainty_ms", uncertainty, {},
                    "the cut is wider than asked by it on both sides");
        f.choice("state", state);
        f.text("reason", reason, {}, "code");
        f.text("reason_text", reason_text, {}, "why, in the reader's language");
        f.instant("erased_at", erased_at, "its term was over: the files of its cuts are gone");
        f.list("cuts", cuts, 10'000, "the first one first");
    }
};

ClipStory tell_clip(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const Clip clip = get_clip(call, tx);
        const Signal signal = call.rooms.signals.get(call.scope, tx, clip.signal_id);
        ClipStory story;
        story.id = clip.id;
        story.signal = SignalRows(call, tx).row(signal, clip);
        story.deliveries = signal.deliveries;
        story.erased_at = clip.erased_at;
        story.asked_begin_at = clip.asked.begin;
        story.asked_end_at = clip.asked.end;
        story.give_up_at = clip.give_up_at;
        story.uncertainty = clip.uncertainty;
        story.state = clip.state;
        story.reason = clip.reason;
        story.reason_text = call.rooms.messages.message(enum_word(call.actor.language),
                                                        "clip.reason." + clip.reason);
        const auto versions = call.rooms.clips.versions(call.scope, tx, clip.id);
        const auto lines = version_lines(call, versions);
        for (std::size_t i = versions.size(); i-- > 0;)
            story.cuts.push_back({version_view(call, tx, clip, versions[i], signal.pressed_at),
                                  lines[i].why, lines[i].why_text});
        return story;
    });
}

constexpr Route story_table[] = {
    route<&tell_clip>("GET", "/clips/{id}/story", Right::listen,
                      "Press, window and every cut with its pieces, maps and reason."),
};

}  // namespace

const std::span<const Route> clip_story_routes = story_table;

}  // namespace otklik
