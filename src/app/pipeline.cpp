#include "app/pipeline.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/thread.h"
#include "clips/clip_expiry.h"
#include "clips/clips.h"
#include "imports/fragments.h"
#include "insight/roll_up.h"
#include "recording/live.h"
#include "recording/markers.h"
#include "recording/repair.h"
#include "recording/retention.h"
#include "recording/scenes.h"
#include "recording/silence.h"
#include "recording/uploads.h"
#include "signals/signals.h"
#include "speech/speech.h"
#include "store/facts.h"
#include "store/store.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

// Which fact starts which stage. A stage looks at the subject and closes the difference, so a fact
// that comes twice, late or out of order needs no code.
constexpr std::array<PipelineLine, 23> lines = {{
    {"signal.pressed", "clips.want"},   // every press asks for its recording
    {"signal.undone", "clips.follow"},  // a withdrawn press takes its clip out of the counts
    {"clip.wanted", "clips.cut"},
    {"recording.covered", "clips.meet"},  // a recording, or its new clock, may fill clips that wait
    {"recording.covered", "fragments.bind"},      // what another system cut finds its press
    {"recording.covered", "clips.recognise"},     // a press clip may come back as a recording
    {"recording.covered", "recording.silence"},   // a private talk leaves what came later
    {"recording.covered", "recording.markers"},   // marks of its point are looked for in it
    {"marker.played", "recording.markers_near"},  // … also when the mark is told after the file
    {"repair.made", "recording.markers_moved"},   // … and when it goes to another point or time
    {"recording.covered", "recording.scene"},     // another recording may have heard the same
    {"repair.made", "recording.scene_moved"},     // … or its time is known since now
    {"repair.made", "clips.ask_anew"},  // clips of the wrong and of the right place of a recording
    {"recording.gap", "recording.silence_all"},  // … and what was there when it ended
    {"recording.gap", "clips.meet_gap"},         // what is declared lost is waited for no longer
    {"clip.final", "speech.transcribe"},
    {"recording.erased", "speech.forget"},  // words go with the last sound of them
    {"clip.erased", "speech.forget_cut"},
    {"import.wanted", "imports.run"},          // carried out, or taken back
    {"signal.pressed", "figures.roll", true},  // the sums of its day are counted anew
    {"signal.undone", "figures.roll", true},
    {"signal.changed", "figures.roll", true},
    {"clip.changed", "figures.roll", true},  // lets its cursor pass: readers look through the rest
}};

constexpr std::string_view cursor_name = "pipeline";
constexpr int facts_at_once = 500;
constexpr Duration poll_every = Duration::ms(250);  // facts of other processes wake nobody here
// While presses come, each of their commits rings. A round for each of these would take the
// database and the cores from the presses, so rounds begin no closer than this; after a quiet time
// the first one begins at once.
// What a repaired recording holds of a private talk goes for good, so there is a day to undo it.
constexpr Duration repair_silenced_after = Duration::hours(24);
// Terms that are over go in small bites, so that presses and clips come first.
constexpr Duration expire_more_after = Duration::seconds(1);
constexpr Duration company_delay = Duration::seconds(2);  // presses come in crowds
constexpr auto round_every = std::chrono::milliseconds(100);

void add_recording_stages(std::vector<Stage>& stages, Rooms& rooms) {
    // A minute of all tracks: two files and their syncs.
    stages.push_back({"recording.seal", 2, Duration::seconds(120),
                      [&rooms](std::int64_t session) { return rooms.live.seal(session); }});
    // A file of hours is written anew.
    stages.push_back({"recording.silence", 1, Duration::hours(1),
                      [&rooms](std::int64_t session) -> std::optional<Instant> {
                          rooms.silencer.silence(session);
                          rooms.store.write(
                              [&](Tx& tx) { rooms.speech.forget_private(tx, {session}); });
                          return std::nullopt;
                      }});
    stages.push_back({"recording.silence_all", 1, Duration::seconds(60),
                      [&rooms](std::int64_t gap) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              for (const auto session :
                                   sessions_to_silence(tx, rooms.recording, gap))
                                  want_job(tx, "recording.silence", session.value, tx.now());
                          });
                          return std::nullopt;
                      }});
}

void add_marker_stages(std::vector<Stage>& stages, Rooms& rooms) {
    // Hours of sound are decoded: one at a time, a thousand times faster than they were recorded.
    stages.push_back(
        {"recording.markers", 1, Duration::hours(1),
         [&rooms](std::int64_t session) -> std::optional<Instant> {
             MarkerSearch(rooms.store, rooms.blobs, rooms.recording, rooms.repairs).look({session});
             return std::nullopt;
         }});
    stages.push_back({"recording.markers_near", 1, Duration::seconds(60),
                      [&rooms](std::int64_t marker) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              for (const auto session : recordings_near(tx, {marker}))
                                  want_job(tx, "recording.markers", session.value, tx.now());
                          });
                          return std::nullopt;
                      }});
    stages.push_back({"recording.markers_moved", 1, Duration::seconds(60),
                      [&rooms](std::int64_t repair) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              const auto made = rooms.repairs.find(tx, {repair});
                              if (made && made->made_by != marker_actor)
                                  want_job(tx, "recording.markers", made->session_id.value,
                                           tx.now());
                          });
                          return std::nullopt;
                      }});
}

void add_scene_stages(std::vector<Stage>& stages, Rooms& rooms) {
    // Two days of sound, decoded and laid over each other.
    stages.push_back(
        {"recording.scene", 1, Duration::hours(1),
         [&rooms](std::int64_t session) -> std::optional<Instant> {
             SceneSearch(rooms.store, rooms.blobs, rooms.recording, rooms.repairs).look({session});
             return std::nullopt;
         }});
    stages.push_back({"recording.scene_moved", 1, Duration::seconds(60),
                      [&rooms](std::int64_t repair) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              if (const auto made = rooms.repairs.find(tx, {repair}))
                                  want_job(tx, "recording.scene", made->session_id.value, tx.now());
                          });
                          return std::nullopt;
                      }});
}

void cut_all(Tx& tx, const std::vector<Id<Clip>>& clips) {
    for (const Id<Clip> clip : clips) want_job(tx, "clips.cut", clip.value, tx.now());
}

void add_clip_stages(std::vector<Stage>& stages, Rooms& rooms) {
    stages.push_back({"clips.want", 1, Duration::seconds(30),
                      [&rooms](std::int64_t signal) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) { rooms.clips.want(tx, {signal}); });
                          return std::nullopt;
                      }});
    stages.push_back({"clips.follow", 1, Duration::seconds(30),
                      [&rooms](std::int64_t signal) -> std::optional<Instant> {
                          rooms.store.write(
                              [&](Tx& tx) { rooms.clips.follow_signal(tx, {signal}); });
                          return std::nullopt;
                      }});
    stages.push_back({"clips.meet", 1, Duration::seconds(60),
                      [&rooms](std::int64_t session) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              cut_all(tx, rooms.clips.clips_to_meet(tx, {session}));
                          });
                          return std::nullopt;
                      }});
    stages.push_back({"clips.ask_anew", 1, Duration::seconds(60),
                      [&rooms](std::int64_t repair) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              cut_all(tx, rooms.clips.ask_anew(tx, {repair}));
                              if (const auto made = rooms.repairs.find(tx, {repair}))
                                  want_job(tx, "recording.silence", made->session_id.value,
                                           tx.now() + repair_silenced_after);
                          });
                          return std::nullopt;
                      }});
    stages.push_back({"clips.meet_gap", 1, Duration::seconds(60),
                      [&rooms](std::int64_t gap) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              rooms.clips.forget_private(tx, gap);
                              cut_all(tx, rooms.clips.clips_to_meet_gap(tx, gap));
                          });
                          return std::nullopt;
                      }});
    // Copying packets costs a millisecond; the disk's sync is what it waits for.
    stages.push_back({"clips.cut", 2, Duration::seconds(120),
                      [&rooms](std::int64_t clip) { return rooms.clips.cut(clip); }});
    stages.push_back({"clips.recognise", 1, Duration::seconds(120),
                      [&rooms](std::int64_t session) -> std::optional<Instant> {
                          rooms.clips.recognise(session);
                          return std::nullopt;
                      }});
}

void add_retention_stages(std::vector<Stage>& stages, Rooms& rooms) {
    stages.push_back({"sound.expire", 1, Duration::seconds(600),
                      [&rooms](std::int64_t company) -> std::optional<Instant> {
                          const Instant begins = rooms.retention.begins(company);
                          if (begins > rooms.clock.now()) return std::nullopt;
                          bool more = rooms.expiry.erase_due(company);
                          more |= rooms.retention.erase_due(company);
                          return more ? std::optional(rooms.clock.now() + expire_more_after)
                                      : std::nullopt;
                      }});
    stages.push_back({"speech.forget", 1, Duration::seconds(120),
                      [&rooms](std::int64_t session) -> std::optional<Instant> {
                          rooms.store.write(
                              [&](Tx& tx) { rooms.speech.forget_erased(tx, {session}); });
                          return std::nullopt;
                      }});
    stages.push_back({"speech.forget_cut", 1, Duration::seconds(120),
                      [&rooms](std::int64_t clip) -> std::optional<Instant> {
                          rooms.store.write([&](Tx& tx) {
                              for (const auto session : rooms.clips.sources_of(tx, {clip}))
                                  rooms.speech.forget_erased(tx, session);
                          });
                          return std::nullopt;
                      }});
}

}  // namespace

std::span<const PipelineLine> pipeline_lines() {
    return lines;
}

std::vector<Stage> pipeline_stages(Rooms& rooms) {
    std::vector<Stage> stages;
    add_recording_stages(stages, rooms);
    add_marker_stages(stages, rooms);
    add_scene_stages(stages, rooms);
    add_clip_stages(stages, rooms);
    add_retention_stages(stages, rooms);
    // One at a time: two imports of one staff list would find each other's people.
    stages.push_back({"imports.run", 1, Duration::hours(1),
                      [&rooms](std::int64_t import) { return rooms.imports.look(import); }});
    stages.push_back({"fragments.bind", 1, Duration::seconds(60),
                      [&rooms](std::int64_t session) -> std::optional<Instant> {
                          rooms.fragments.bind({session});
                          return std::nullopt;
                      }});
    // Days of sound, one after the other: half of the threads stay free for clips.
    stages.push_back({"recording.upload", 1, Duration::hours(1),
                      [&rooms](std::int64_t upload) { return rooms.uploads.settle(upload); }});
    stages.push_back({"speech.transcribe", 1, Duration::hours(1),
                      [&rooms](std::int64_t clip) { return rooms.speech.transcribe(clip); }});
    stages.push_back({"figures.roll", 1, Duration::seconds(60),
                      [&rooms](std::int64_t) { return FigureRollUp(rooms.store).roll(); }});
    stages.push_back({"figures.fill", 1, Duration::seconds(60), [&rooms](std::int64_t company) {
                          return FigureRollUp(rooms.store).fill(company);
                      }});
    return stages;
}

struct FactDispatcher::Inside {
    Store& store;
    const Clock& clock;
    std::mutex nobody;
    std::condition_variable_any never;  // only the stop ends its wait early
    std::jthread thread;

    void wait_until(std::stop_token stop, std::chrono::steady_clock::time_point at) {
        std::unique_lock lock(nobody);
        never.wait_until(lock, stop, at, [] { return false; });
    }

    int dispatch_batch() {
        return store.write([&](Tx& tx) {
            const auto facts = facts_after(tx, fact_cursor(tx, cursor_name), facts_at_once);
            for (const PipelineLine& line : lines) {
                std::vector<std::int64_t> subjects;
                for (const Fact& fact : facts)
                    if (line.fact == fact.kind)
                        subjects.push_back(line.of_company ? fact.company_id : fact.subject);
                want_jobs(tx, line.stage, subjects,
                          line.of_company ? tx.now() + company_delay : tx.now());
            }
            if (!facts.empty()) move_fact_cursor(tx, cursor_name, facts.back().id);
            return static_cast<int>(facts.size());
        });
    }

    bool has_news() {
        return store.read(
            [&](Tx& tx) { return !facts_after(tx, fact_cursor(tx, cursor_name), 1).empty(); });
    }

    void run(std::stop_token stop) {
        name_thread("pipeline");
        std::uint64_t seen = 0;
        while (!stop.stop_requested()) {
            const auto next_round = std::chrono::steady_clock::now() + round_every;
            try {
                // Read first: an idle server must not write to its disk four times a second.
                if (has_news())
                    while (!stop.stop_requested() && dispatch_batch() == facts_at_once) {
                    }
            } catch (const std::exception& error) {
                log_warning("pipeline.failed", {{"detail", error.what()}});
                // The database is away or the disk is full. The cursor stands where it stood; the
                // next round goes on.
            }
            if (!stop.stop_requested()) seen = wait_for_fact(seen, poll_every);
            wait_until(stop, next_round);
        }
    }
};

FactDispatcher::FactDispatcher(Store& store, const Clock& clock)
    : inside_(std::make_unique<Inside>(store, clock)) {}

FactDispatcher::~FactDispatcher() {
    stop();
}

void FactDispatcher::start() {
    inside_->thread =
        std::jthread([inside = inside_.get()](std::stop_token stop) { inside->run(stop); });
}

void FactDispatcher::stop() {
    inside_->thread.request_stop();
    wake_fact_waiters();
    if (inside_->thread.joinable()) inside_->thread.join();
}

int FactDispatcher::dispatch_due() {
    int total = 0;
    for (;;) {
        const int count = inside_->dispatch_batch();
        total += count;
        if (count < facts_at_once) return total;
    }
}

}  // namespace otklik
