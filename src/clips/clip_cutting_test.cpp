// Stage clips.cut over real sound on both databases: which second of the world a clip holds is
// heard in its pitch.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "clips/clips.h"
#include "clips/test_sound.h"
#include "recording/rows.h"
#include "signals/test_world.h"
#include "store/facts.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using test_sound::MadeTrack;

class ClipsOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        noon = {clock.now().us / 60'000'000 * 60'000'000 - 3'600'000'000};
        world = std::make_unique<TestWorld>(store(), clock);
        blobs = std::make_unique<Blobs>(test_store->folder() + "/data", clock, 0);
        recording = std::make_unique<Recording>(world->sites);
        repairs = std::make_unique<Repairs>(*recording, world->sites);
        clips = std::make_unique<Clips>(store(), *blobs, *recording, *repairs, world->signals,
                                        world->sites, clock);
        intake = std::make_unique<PressIntake>(store(), world->signals, world->sites, clock);
        recorder = store().write([&](Tx& tx) {
            Recorder wanted;
            wanted.company_id = world->company;
            wanted.unit = world->point.unit;
            wanted.name = "Box";
            const auto id = recording->make_recorder(tx, wanted);
            recording->place(tx, id, world->point, noon - Duration::hours(24));
            return id;
        });
    }
    void TearDown() override {
        intake.reset();
        clips.reset();
        recording.reset();
        blobs.reset();
        world.reset();
    }
    Instant at(double seconds) const {
        return noon + Duration{static_cast<std::int64_t>(seconds * 1e6)};
    }

    /// A recording of the tones of the world from second `begin`; two tracks: the second is an
    /// octave of time later.
    Id<RecordingSession> record(std::int64_t begin, std::int64_t seconds, int channels = 1) {
        static std::map<std::pair<std::int64_t, std::int64_t>, MadeTrack> made;
        std::vector<NewTrack> tracks;
        for (int channel = 0; channel < channels; ++channel) {
            const std::pair key{begin + channel * 30, seconds};
            if (!made.contains(key)) made[key] = test_sound::make_track(key.first, key.second);
            const MadeTrack& track = made[key];
            NewTrack row;
            row.channel = channel;
            row.role = channels == 1 ? "mix" : channel == 0 ? "left" : "right";
            for (const auto& segment : track.segments)
                row.segments.push_back({{},
                                        segment.byte_begin,
                                        segment.byte_count,
                                        segment.first_packet,
                                        segment.packet_count,
                                        segment.first_sample,
                                        segment.sample_count,
                                        segment.sha256,
                                        segment.page_index});
            const StoredFile file = adopt(track.file, "track");
            for (NewSegment& segment : row.segments) segment.file = file;
            row.peaks = adopt("peaks", "peaks");
            tracks.push_back(std::move(row));
        }
        return store().write([&](Tx& tx) {
            for (const NewTrack& track : tracks) {
                blobs->keep(tx, track.segments.front().file);
                blobs->keep(tx, track.peaks);
            }
            NewSession session;
            session.begin_at = at(static_cast<double>(begin));
            session.length_samples = seconds * samples_per_second;
            session.start_source = "stated";
            session.tracks = tracks;
            return insert_new_session(tx, world->point, recorder, std::nullopt, session);
        });
    }
    StoredFile adopt(const std::string& bytes, std::string_view kind) {
        const std::string draft = blobs->draft_path();
        std::ofstream(draft, std::ios::binary) << bytes;
        return blobs->adopt(draft, world->company, kind);
    }

    Id<Clip> press(double second, const std::string& key = "1") {
        static int number = 0;
        const Press press{"p" + std::to_string(++number), key, at(second), {}, {}};
        const auto signal = intake->take(world->device, {press}).at(0).signal_id;
        return store().write([&](Tx& tx) { return clips->want(tx, signal); });
    }
    void meet(Id<RecordingSession> session) {
        for (const Id<Clip> clip :
             store().read([&](Tx& tx) { return clips->clips_to_meet(tx, session); }))
            clips->cut(clip.value);
    }
    Clip find(Id<Clip> id) {
        return store().read([&](Tx& tx) { return clips->find(Scope::system(), tx, id).value(); });
    }
    ClipVersion cut_of(Id<Clip> id) {
        const Clip clip = find(id);
        return store().read(
            [&](Tx& tx) { return clips->version(Scope::system(), tx, clip.version_id).value(); });
    }
    std::size_t versions(Id<Clip> id) {
        return store().read(
            [&](Tx& tx) { return clips->versions(Scope::system(), tx, id).size(); });
    }
    bool pinned(Instant moment) {
        return store().read([&](Tx& tx) {
            return recording->is_pinned(tx, world->point.id, {moment, moment + Duration{1}});
        });
    }
    std::vector<float> heard(Id<Clip> id, std::size_t channel = 0) {
        return test_sound::decode(
            read_file(blobs->path_of(cut_of(id).tracks.at(channel).file), 10'000'000));
    }
    /// The pitch a second into the clip, at the middle of the world's second.
    void expect_pitch(const std::vector<float>& pcm, std::int64_t clip_second, double pitch) {
        EXPECT_NEAR(test_sound::pitch_at(pcm, clip_second * 48'000 + 12'000), pitch, 3)
            << clip_second;
    }

    Instant noon;
    std::unique_ptr<TestWorld> world;
    std::unique_ptr<Blobs> blobs;
    std::unique_ptr<Recording> recording;
    std::unique_ptr<Repairs> repairs;
    std::unique_ptr<Clips> clips;
    std::unique_ptr<PressIntake> intake;
    Id<Recorder> recorder;
};
OTKLIK_BOTH_DATABASES(ClipsOf);

TEST_P(ClipsOf, press_first_or_recording_first_gives_the_same_clip) {
    const auto before = press(100);
    clips->cut(before.value);
    EXPECT_EQ(find(before).state, ClipState::waiting_upload);
    EXPECT_EQ(find(before).reason, "waiting.upload");
    meet(record(0, 240));
    const auto after = press(100);
    clips->cut(after.value);
    for (const auto id : {before, after}) {
        const Clip clip = find(id);
        EXPECT_EQ(clip.state, ClipState::final);
        EXPECT_EQ(clip.reason, "whole");
        EXPECT_EQ(clip.final_at, clock.now());
        const ClipVersion cut = cut_of(id);
        EXPECT_EQ(cut.length_samples, 120 * 48'000);
        EXPECT_EQ(cut.missing_samples, 0);
        ASSERT_EQ(cut.pieces.size(), 1u);
        EXPECT_EQ(cut.pieces[0].session_sample, 40 * 48'000);
        EXPECT_TRUE(cut.pieces[0].map_id);
    }
    const auto pcm = heard(before);
    ASSERT_EQ(pcm.size(), 120u * 48'000u);
    EXPECT_EQ(pcm, heard(after));
    for (const std::int64_t second : {0, 1, 59, 60, 118})
        expect_pitch(pcm, second, test_sound::pitch_of(40 + second));
}

TEST_P(ClipsOf, a_window_over_file_borders_and_a_hole_is_silence_of_true_length) {
    record(0, 100);
    record(100, 30);
    record(140, 100);
    const auto id = press(120);  // 60 … 180
    clips->cut(id.value);
    EXPECT_EQ(find(id).state, ClipState::final);
    EXPECT_EQ(find(id).reason, "missing.gap");
    const ClipVersion cut = cut_of(id);
    EXPECT_NEAR(static_cast<double>(cut.missing_samples), 10 * 48'000, 48 * 30);
    EXPECT_EQ(std::count_if(
                  cut.pieces.begin(), cut.pieces.end(),
                  [](const auto& p) { return p.is_gap && p.gap_cause == "between_recordings"; }),
              1);
    const auto pcm = heard(id);
    EXPECT_NEAR(static_cast<double>(pcm.size()), 120 * 48'000, 240);
    for (const std::int64_t second : {0, 38, 41, 68, 81, 118})
        expect_pitch(pcm, second, test_sound::pitch_of(60 + second));
    for (const std::int64_t second : {71, 75, 78}) expect_pitch(pcm, second, 0);
}

TEST_P(ClipsOf, an_edge_is_partial_then_final_with_what_is_missing_then_whole_by_a_late_upload) {
    record(0, 100);
    const auto id = press(20);  // -40 … 80
    const auto look = clips->cut(id.value);
    Clip clip = find(id);
    EXPECT_EQ(clip.state, ClipState::partial);
    EXPECT_EQ(clip.missing_samples, 40 * 48'000);
    EXPECT_TRUE(clip.first_playable_at.has_value());
    EXPECT_EQ(look, clip.give_up_at);
    EXPECT_TRUE(pinned(at(-10)));
    EXPECT_EQ(cut_of(id).pieces.at(0).gap_cause, "before_recording");
    clock.set(*look);
    EXPECT_FALSE(clips->cut(id.value).has_value());
    clip = find(id);
    EXPECT_EQ(clip.state, ClipState::final);
    EXPECT_EQ(clip.reason, "missing.gave_up");
    EXPECT_EQ(clip.missing_samples, 40 * 48'000);
    EXPECT_FALSE(pinned(at(-10)));
    EXPECT_EQ(versions(id), 2u);
    meet(record(-60, 60));
    clip = find(id);
    EXPECT_EQ(clip.reason, "whole");
    EXPECT_EQ(clip.missing_samples, 0);
    EXPECT_EQ(versions(id), 3u);
    expect_pitch(heard(id), 5, test_sound::pitch_of(-35));
}

TEST_P(ClipsOf, nothing_recorded_fails_with_the_reason_and_a_late_upload_heals_it) {
    const auto id = press(100);
    clips->cut(id.value);
    clock.set(find(id).give_up_at);
    clips->cut(id.value);
    EXPECT_EQ(find(id).state, ClipState::failed);
    EXPECT_EQ(find(id).reason, "failed.no_recording");
    EXPECT_FALSE(find(id).version_id);
    meet(record(0, 240));
    EXPECT_EQ(find(id).state, ClipState::final);
    EXPECT_EQ(find(id).reason, "whole");
}

TEST_P(ClipsOf, a_declared_gap_settles_what_is_missing) {
    record(0, 100);
    const auto id = press(20);
    clips->cut(id.value);
    EXPECT_EQ(find(id).state, ClipState::partial);
    const std::int64_t gap = store().write([&](Tx& tx) {
        return recording->declare_gap(tx, world->point, recorder, {at(-100), at(0)}, "off");
    });
    for (const auto clip : store().read([&](Tx& tx) { return clips->clips_to_meet_gap(tx, gap); }))
        clips->cut(clip.value);
    EXPECT_EQ(find(id).state, ClipState::final);
    EXPECT_EQ(find(id).reason, "missing.gap");
    EXPECT_EQ(cut_of(id).pieces.at(0).gap_cause, "off");
}

TEST_P(ClipsOf, cutting_again_gives_nothing_new) {
    record(0, 240);
    const auto id = press(100);
    for (int i = 0; i < 3; ++i) clips->cut(id.value);
    EXPECT_EQ(versions(id), 1u);
    const auto count = [&](std::string_view kind) {
        return store().read([&](Tx& tx) {
            const auto facts = facts_after(tx, 0, 1000);
            return std::count_if(facts.begin(), facts.end(),
                                 [&](const Fact& f) { return f.kind == kind; });
        });
    };
    EXPECT_EQ(count("clip.final"), 1);
    EXPECT_EQ(count("clip.wanted"), 1);
    EXPECT_TRUE(fsck_files(store(), *blobs, 3).empty());
}

TEST_P(ClipsOf, workers_that_race_make_one_version_and_leave_no_file) {
    record(0, 240);
    for (int round = 0; round < 5; ++round) {
        const auto id = press(100 + round);
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i) threads.emplace_back([&] { clips->cut(id.value); });
        }
        EXPECT_EQ(versions(id), 1u);
        EXPECT_EQ(cut_of(id).number, 1);
    }
    EXPECT_TRUE(fsck_files(store(), *blobs, 2).empty());
}

TEST_P(ClipsOf, a_file_without_a_row_after_a_crash_is_named_and_doubles_nothing) {
    record(0, 240);
    const auto id = press(100);
    const StoredFile orphan = adopt("half a clip", "clip");  // killed between the file and its row
    clips->cut(id.value);
    EXPECT_EQ(versions(id), 1u);
    const auto found = fsck_files(store(), *blobs, 1);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].what, "foreign");
    EXPECT_NE(found[0].path.find(std::filesystem::path(orphan.path).filename()), std::string::npos);
}

TEST_P(ClipsOf, a_two_sided_recording_gives_two_tracks_and_mono_feeds_both) {
    record(0, 90, 2);
    record(90, 100);
    const auto id = press(80);  // 20 … 140
    clips->cut(id.value);
    const ClipVersion cut = cut_of(id);
    ASSERT_EQ(cut.tracks.size(), 2u);
    const auto left = heard(id, 0), right = heard(id, 1);
    EXPECT_EQ(left.size(), right.size());
    expect_pitch(left, 10, test_sound::pitch_of(30));
    expect_pitch(right, 10, test_sound::pitch_of(60));
    expect_pitch(left, 100, test_sound::pitch_of(120));
    expect_pitch(right, 100, test_sound::pitch_of(120));
}

TEST_P(ClipsOf, an_undone_press_keeps_its_clip_and_leaves_the_counts) {
    const auto id = press(100);
    clips->cut(id.value);
    const auto signal = find(id).signal_id;
    const auto waiting = [&] {
        return store().read([&](Tx& tx) { return clips->waiting(world->reader(), tx, {}); });
    };
    EXPECT_EQ(waiting(), 1);
    store().write([&](Tx& tx) {
        EXPECT_TRUE(clips->press_meets(tx, world->point.id, {at(150), at(400)}));
        EXPECT_FALSE(clips->press_meets(tx, world->point.id, {at(160), at(400)}));
        world->signals.undo(Scope::system(), tx, signal, "test");
        clips->follow_signal(tx, signal);
    });
    EXPECT_TRUE(find(id).undone);
    EXPECT_EQ(waiting(), 0);
    meet(record(0, 240));
    EXPECT_EQ(find(id).state, ClipState::final);
}

TEST_P(ClipsOf, an_unknown_key_and_a_press_asked_twice_get_one_clip) {
    const auto id = press(100, "77");
    EXPECT_EQ(find(id).asked, (TimeRange{at(40), at(160)}));
    store().write([&](Tx& tx) { EXPECT_EQ(clips->want(tx, find(id).signal_id), id); });
}

TEST_P(ClipsOf, any_order_of_presses_and_files_gives_the_same_pieces) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 chance(seed);
    std::vector<std::pair<std::int64_t, std::int64_t>> files = {
        {0, 70}, {70, 60}, {150, 50}, {200, 90}, {120, 40}};
    const std::vector<double> presses = {30, 65, 100, 150.5, 210};
    std::map<double, std::string> expected;
    for (int round = 0; round < 2; ++round) {
        if (round > 0) {
            TearDown();
            SetUp();
            std::shuffle(files.begin(), files.end(), chance);
        }
        std::vector<std::pair<double, Id<Clip>>> made;
        std::size_t file = 0;
        for (const double second : presses) {
            if (round == 0)
                while (file < files.size()) record(files[file].first, files[file].second), ++file;
            made.emplace_back(second, press(second));
            clips->cut(made.back().second.value);
            if (file < files.size()) meet(record(files[file].first, files[file].second)), ++file;
        }
        while (file < files.size()) meet(record(files[file].first, files[file].second)), ++file;
        for (const auto& [second, id] : made) {
            std::string drawn;
            for (const ClipPieceRow& piece : cut_of(id).pieces)
                drawn += piece.gap_cause + " " + std::to_string(piece.clip_sample) + "+" +
                         std::to_string(piece.sample_count) + " @" +
                         std::to_string((piece.begin_at - noon).us) + "; ";
            if (round == 0)
                expected[second] = drawn;
            else
                EXPECT_EQ(drawn, expected[second]) << second;
        }
    }
}

}  // namespace
}  // namespace otklik
