#include "recording/import.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "recording/recording_testkit.h"
#include "recording/sound.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

const Instant start = *parse_instant("2026-11-18T08:00:00Z");

class Import : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
    }
    /// Code of what the import throws; the files and rows must be as before.
    std::string refused(const std::string& bytes, const std::string& name,
                        std::optional<Instant> at) {
        const std::size_t files = world->file_count(), rows = world->sessions().size();
        std::string code = "nothing";
        try {
            world->import(bytes, name, at);
        } catch (const Error& e) {
            code = e.code();
        }
        EXPECT_EQ(world->file_count(), files) << code;
        EXPECT_EQ(world->sessions().size(), rows) << code;
        return code;
    }
    std::vector<Track> tracks(Id<RecordingSession> id) {
        return store().read([&](Tx& tx) { return world->recording.tracks(tx, id); });
    }
    /// PCM at 16 kHz of a stretch of the stored Opus.
    std::vector<std::int16_t> heard(Id<RecordingSession> id, std::int64_t channel,
                                    SampleRange range) {
        const TrackSound sound = store().read([&](Tx& tx) {
            const auto all = world->recording.tracks(tx, id);
            return TrackSound(tx, world->recording, world->blobs,
                              all.at(static_cast<std::size_t>(channel)).id, range);
        });
        return sound.pcm(range, 16'000);
    }
    /// Where the burst at `second` begins in the stored Opus, ms off the truth.
    double burst_error_ms(Id<RecordingSession> id, int second, std::int64_t channel = 0) {
        const std::int64_t from = (second * 1000 - 300) * samples_per_second / 1000;
        const auto pcm = heard(id, channel, {from, from + samples_per_second / 2});
        for (std::size_t i = 0; i < pcm.size(); ++i)
            if (std::abs(pcm[i]) > 1'500) return static_cast<double>(i) / 16.0 - 300;
        return 1e9;
    }
    std::unique_ptr<RecordingWorld> world;
};
OTKLIK_BOTH_DATABASES(Import);

TEST_P(Import, a_wav_becomes_a_session_with_everything) {
    const std::string wav = wav_file(bursts(4, 16'000), 16'000);
    const ImportResult result = world->import(wav, "REC.wav", start);
    EXPECT_FALSE(result.already_there);
    EXPECT_TRUE(result.warnings.empty());
    store().read([&](Tx& tx) {
        const auto s = world->recording.find_session(Scope::system(), tx, result.session_id);
        ASSERT_TRUE(s);
        EXPECT_EQ(s->at.begin, start);
        EXPECT_EQ(s->at.end, start + Duration::seconds(4));
        EXPECT_EQ(s->length_samples, 4 * samples_per_second);
        EXPECT_EQ(s->point_id, world->point.id);
        const auto original = world->recording.original(tx, *s);
        ASSERT_TRUE(original);
        EXPECT_EQ(original->name, "REC.wav");
        EXPECT_EQ(original->sha256, sha256(wav));
        EXPECT_EQ(original->start_source, "stated");
        const auto file = world->blobs.find(tx, original->media_file_id);
        ASSERT_TRUE(file);
        EXPECT_EQ(read_file(world->blobs.path_of(*file), 1 << 20), wav) << "bit-exact";
        const auto map = world->recording.clock_map(tx, s->id);
        EXPECT_EQ(map.number, 1);
        EXPECT_EQ(map.at(samples_per_second), start + Duration::seconds(1));
    });
    const auto all = tracks(result.session_id);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].role, "mix");
    EXPECT_FALSE(all[0].silent);
    EXPECT_NEAR(burst_error_ms(result.session_id, 2), 0, 3);
    const auto peaks = store().read(
        [&](Tx& tx) { return world->blobs.open(*world->blobs.find(tx, all[0].peaks_file_id)); });
    const DrawnWave wave = draw_wave(*peaks, {0, 4 * samples_per_second}, 40);
    ASSERT_EQ(wave.max.size(), 40U);
    EXPECT_LT(wave.max[5], 4);    // 0.5 s: noise
    EXPECT_GT(wave.max[20], 30);  // 2.0 s: a burst
}

TEST_P(Import, the_same_file_again_stores_nothing) {
    const std::string wav = wav_file(bursts(2, 8'000), 8'000);
    const auto first = world->import(wav, "a.wav", start);
    const std::size_t files = world->file_count();
    const auto again = world->import(wav, "b.wav", start);
    EXPECT_TRUE(again.already_there);
    EXPECT_EQ(again.session_id, first.session_id);
    EXPECT_EQ(world->file_count(), files);
    EXPECT_EQ(world->sessions().size(), 1U);
}

TEST_P(Import, same_sound_another_start_is_asked_of_a_person_and_believed_from_a_name) {
    const std::string wav = wav_file(bursts(2, 8'000), 8'000);
    world->import(wav, "a.wav", start);
    const Instant later = start + Duration::hours(1);
    EXPECT_EQ(refused(wav, "a.wav", later), "recording.same_content_other_start");
    const std::size_t before = world->file_count();
    const auto confirmed = world->import(wav, "a.wav", later, true);
    EXPECT_FALSE(confirmed.already_there);
    EXPECT_EQ(world->file_count(), before + 2) << "a track and its peaks; the original is shared";
    const auto named = world->import(wav, "20261118_120000.wav", std::nullopt);
    EXPECT_FALSE(named.already_there);
    EXPECT_EQ(world->sessions().size(), 3U);
    store().read([&](Tx& tx) {
        const auto s = world->recording.find_session(Scope::system(), tx, named.session_id);
        EXPECT_EQ(s->at.begin, parse_instant("2026-11-18T07:00:00Z")) << "local time of UTC+5";
        EXPECT_EQ(s->uncertainty, Duration::seconds(1));
        EXPECT_EQ(world->recording.original_sha256(tx, s->id), sha256(wav));
    });
}

TEST_P(Import, stereo_gives_two_tracks_that_do_not_mix) {
    const auto left = bursts(3, 16'000);
    std::vector<std::int16_t> both;
    for (const std::int16_t sample : left) {
        both.push_back(sample);
        both.push_back(0);
    }
    const auto result = world->import(wav_file(both, 16'000, 2), "stereo.wav", start);
    const auto all = tracks(result.session_id);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].role, "left");
    EXPECT_EQ(all[1].role, "right");
    EXPECT_FALSE(all[0].silent);
    EXPECT_TRUE(all[1].silent);
    EXPECT_TRUE(result.warnings.empty()) << "one side is heard";
    EXPECT_NEAR(burst_error_ms(result.session_id, 1), 0, 3);
    for (const std::int16_t sample : heard(result.session_id, 1, {0, 3 * samples_per_second}))
        ASSERT_LT(std::abs(sample), 20);
}

TEST_P(Import, a_file_over_midnight_is_one_session) {
    const Instant evening = *parse_instant("2026-11-17T18:59:58Z");  // 23:59:58 there
    world->import(wav_file(bursts(4, 8'000), 8'000), "night.wav", evening);
    ASSERT_EQ(world->sessions().size(), 1U);
    store().read([&](Tx& tx) {
        for (const auto& [first, last, count] :
             {std::tuple{20'774, 20'774, 1}, std::tuple{20'775, 20'775, 0}}) {  // day of the begin
            std::vector<RecordingSession> found;
            SessionFilter filter;
            filter.begin_in = {{0}, {INT64_MAX / 2}};
            filter.first_day = first;
            filter.last_day = last;
            Scope scope = Scope::of(
                world->company, Role::administrator, 0, 1,
                {world->people.root_unit(tx, world->company).value},
                {world->people.root_unit(tx, world->company).value, world->point.unit.value});
            world->recording.sessions(scope, tx, filter, std::nullopt, 10, found);
            EXPECT_EQ(found.size(), static_cast<std::size_t>(count)) << first;
        }
    });
}

TEST_P(Import, files_that_follow_and_files_with_a_hole_leave_no_gap_row) {
    const auto pcm = [](double s) { return wav_file(bursts(s, 8'000), 8'000); };
    world->import(pcm(10), "1.wav", start);
    world->import(pcm(11), "2.wav", start + Duration::seconds(10));  // follows
    world->import(pcm(12), "4.wav", start + Duration::seconds(60));  // a hole of 39 s
    store().read([&](Tx& tx) {
        const auto c = world->recording.coverage(Scope::system(), tx, world->point.id,
                                                 {start, start + Duration::seconds(30)});
        EXPECT_EQ(c.stretches.size(), 2U);
        EXPECT_TRUE(c.gaps.empty()) << "a later file may still fill the hole";
        EXPECT_EQ(c.next_begin, start + Duration::seconds(60));
        EXPECT_EQ(c.newest_end, start + Duration::seconds(21));
    });
    const auto version = [&] {
        return store().read([&](Tx& tx) {
            return world->recording
                .coverage(Scope::system(), tx, world->point.id,
                          {start, start + Duration::seconds(30)})
                .sources_version;
        });
    };
    const std::string before = version();
    EXPECT_EQ(version(), before);
    world->import(pcm(13), "3.wav", start + Duration::seconds(21));  // out of order
    EXPECT_NE(version(), before);
}

TEST_P(Import, what_must_be_known_before_sound_comes_in) {
    const std::string wav = wav_file(bursts(1, 8'000), 8'000);
    EXPECT_EQ(refused(wav, "DS_30001.wav", std::nullopt), "start.unknown");
    EXPECT_EQ(refused(wav, "a.wav", parse_instant("2004-12-31T23:59:59Z")), "start.impossible");
    EXPECT_EQ(refused(wav, "a.wav", clock.now() + Duration::hours(25)), "start.impossible");
    EXPECT_EQ(refused(wav, "a.wav", parse_instant("2019-12-31T23:59:59Z")), "recorder.not_placed");
    store().write([&](Tx& tx) { world->sites.revoke_basis(tx, world->point); });
    EXPECT_EQ(refused(wav, "a.wav", start), "basis.missing");
    EXPECT_EQ(refused(wav, "DS_30001.wav", std::nullopt), "basis.missing");
    EXPECT_THROW(world->importer.require_ready(Scope::system(), world->recorder, "a.wav", start),
                 Error);
}

TEST_P(Import, silence_is_kept_and_flagged) {
    const auto result =
        world->import(wav_file(std::vector<std::int16_t>(16'000), 8'000), "s.wav", start);
    EXPECT_EQ(result.warnings, std::vector<std::string>{"audio.silent"});
    store().read([&](Tx& tx) {
        const auto s = world->recording.find_session(Scope::system(), tx, result.session_id);
        EXPECT_TRUE(world->recording.original(tx, *s)->silent);
        EXPECT_EQ(s->length_samples, 2 * samples_per_second);
    });
}

TEST_P(Import, a_torn_file_is_kept_as_far_as_it_goes) {
    std::string wav = wav_file(bursts(4, 16'000), 16'000);
    wav.resize(wav.size() - 32'000);  // the last second never came
    const auto result = world->import(wav, "torn.wav", start);
    EXPECT_EQ(result.warnings, std::vector<std::string>{"audio.torn"});
    EXPECT_EQ(world->sessions().at(0).length_samples, 3 * samples_per_second);
}

TEST_P(Import, hostile_files_leave_nothing) {
    if (shared_folder().empty()) GTEST_SKIP() << "no shared data";
    const std::string folder = shared_folder() + "/data/audio/hostile/";
    const auto read = [&](const std::string& name) { return read_file(folder + name, 64 << 20); };
    EXPECT_EQ(refused(read("pisets_notsound.wav"), "a.wav", start), "audio.not_audio");
    EXPECT_EQ(refused(read("pocketsphinx_evil.wav"), "a.wav", start), "audio.bad_container");
    for (const char* empty : {"pisets_incorrect_sampling_freq.wav", "pocketsphinx_null.wav"})
        EXPECT_EQ(refused(read(empty), "a.wav", start), "audio.empty") << empty;
    // Named empty, but its samples jump between -32768 and 0: a sound like any other.
    world->import(read("pyannote-audio_empty.wav"), "a.wav", start);
    EXPECT_EQ(world->sessions().at(0).length_samples, samples_per_second);
}

struct Made {
    const char* what;
    const char* tool;
    const char* command;  // $in is a WAV of 16 kHz, 16 bit, mono
    double error_ms;      // of the burst at 2 s
};

TEST_P(Import, formats_of_recorders_keep_their_time) {
    const std::string folder = test_store->folder();
    const std::string in = folder + "/in.wav";
    {
        const Fd fd = open_file(in, O_WRONLY | O_CREAT);
        write_all(fd.get(), wav_file(bursts(4, 16'000), 16'000));
    }
    // MP3 and Opus carry their encoder's delay in the head; a codec may smear an onset by a frame.
    constexpr Made formats[] = {
        {"alaw.wav", "sox", "sox $in -e a-law $out", 3},
        {"ulaw.wav", "sox", "sox $in -e mu-law $out", 3},
        {"24bit.wav", "sox", "sox $in -b 24 $out", 3},
        {"44100.wav", "sox", "sox $in -r 44100 $out", 3},
        {"a.flac", "flac", "flac -s -o $out $in", 3},
        {"a.mp3", "ffmpeg", "ffmpeg -v error -i $in -b:a 64k $out", 30},
        {"a.opus", "opusenc", "opusenc --quiet $in $out", 8},
        {"a.ogg", "ffmpeg", "ffmpeg -v error -i $in -c:a libvorbis $out", 30},
    };
    Instant at = start;
    for (const Made& format : formats) {
        if (!tool_is_there(format.tool)) {
            std::printf("[  SKIPPED ] %s: no %s\n", format.what, format.tool);
            continue;
        }
        const std::string out = folder + "/" + format.what;
        ASSERT_TRUE(run_tool("in=" + in + " out=" + out + "; " + format.command)) << format.what;
        at = at + Duration::seconds(60);
        const auto result = world->import(read_file(out, 1 << 20), format.what, at);
        EXPECT_TRUE(result.warnings.empty()) << format.what;
        EXPECT_NEAR(burst_error_ms(result.session_id, 2), 0, format.error_ms) << format.what;
        store().read([&](Tx& tx) {
            const auto s = world->recording.find_session(Scope::system(), tx, result.session_id);
            EXPECT_NEAR(static_cast<double>(s->length_samples), 4 * 48'000, 48 * 60) << format.what;
        });
    }
}

TEST_P(Import, real_files_of_other_people_come_in_at_their_length) {
    if (shared_folder().empty()) GTEST_SKIP() << "no shared data";
    const std::string audio = shared_folder() + "/data/audio/";
    const std::tuple<const char*, double, std::size_t> files[] = {
        {"formats/azure_whatstheweatherlike-mulaw.wav", 0, 1},
        {"formats/cold_corpus_24bit.wav", 25.7176, 1},
        {"formats/pisets_test_mpeg.m4a", 0, 2},
        {"en_calls/auto_repairs_49_stereo_L-agent_R-caller.flac", 238, 2},
        {"composite/ru_shift_30min.ogg", 1'800, 1}};
    Instant at = start - Duration::hours(24);
    for (const auto& [name, seconds, channels] : files) {
        at = at + Duration::hours(1);
        const auto result = world->import(read_file(audio + name, 64 << 20), name, at);
        EXPECT_TRUE(result.warnings.empty()) << name;
        EXPECT_EQ(tracks(result.session_id).size(), channels) << name;
        store().read([&](Tx& tx) {
            const auto s = world->recording.find_session(Scope::system(), tx, result.session_id);
            EXPECT_GT(s->length_samples, samples_per_second) << name;
            if (seconds > 0) {
                EXPECT_NEAR(static_cast<double>(s->length_samples) / 48'000, seconds, 1) << name;
            }
        });
    }
}

TEST_P(Import, a_missing_decoder_is_said_and_leaves_nothing) {
    Importer broken(store(), world->blobs, world->recording, world->sites, {"/nonexistent"}, clock);
    const std::size_t files = world->file_count();
    ImportRequest request;
    request.recorder_id = world->recorder;
    request.draft_path = world->blobs.draft_path();
    const std::string wav = wav_file(bursts(1, 8'000), 8'000);
    {
        const Fd fd = open_file(request.draft_path, O_WRONLY | O_CREAT);
        write_all(fd.get(), wav);
    }
    request.sha256 = sha256(wav);
    request.starts_at = start;
    try {
        broken.import(Scope::system(), request);
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), "audio.decoder_missing");
    }
    EXPECT_EQ(world->file_count(), files);
}

}  // namespace
}  // namespace otklik
