#include "recording/live.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/error.h"
#include "media/chunk_testkit.h"
#include "recording/pauses.h"
#include "recording/recording_testkit.h"
#include "recording/sound.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using testkit::LiveSource;
using testkit::RecordingWorld;

class LiveOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        begin_us = clock.now().us;
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
        live = std::make_unique<Live>(store(), world->blobs, world->recording, world->sites, clock);
        const auto made = store().write([&](Tx& tx) {
            const auto recorder =
                world->recording.find_recorder(Scope::system(), tx, world->recorder);
            const AgentCode code = make_agent_code(tx, *recorder, "console:test");
            return pair_agent(tx, world->recording, code.code, "test 1").value();
        });
        agent = made.agent;
        token = made.token;
    }
    /// Sends chunks when they are so old as they say.
    LiveReply send(const LiveSource& source, std::vector<Chunk> chunks, std::uint32_t oldest = 0,
                   bool older_held = false) {
        clock.set({std::max(clock.now().us, chunks.back().ended_at_us)});
        return live->take(agent,
                          source.batch_of(std::move(chunks), clock.now().us, oldest, older_held));
    }
    std::vector<ChunkAnswer> answers(const LiveReply& reply) {
        std::vector<ChunkAnswer> all;
        for (const ChunkResult& each : reply.results) all.push_back(each.answer);
        return all;
    }
    RecordingSession session(std::size_t i = 0) { return world->sessions().at(i); }
    void seal(std::size_t i = 0) { live->seal(session(i).id.value); }
    std::vector<Recording::SegmentRef> segments(std::size_t i = 0, std::size_t channel = 0) {
        return store().read([&](Tx& tx) {
            const auto tracks = world->recording.tracks(tx, session(i).id);
            return world->recording.segments(tx, tracks.at(channel).id, 0, 5'000'000);
        });
    }
    std::vector<std::int16_t> heard(SampleRange range, std::size_t i = 0) {
        const TrackSound sound = store().read([&](Tx& tx) {
            const auto tracks = world->recording.tracks(tx, session(i).id);
            return TrackSound(tx, world->recording, world->blobs, tracks.at(0).id, range);
        });
        return sound.pcm(range, 16'000);
    }
    /// Every packet that stands there, by its number.
    std::vector<std::string> packets_there(const LiveSource& source, std::size_t i = 0) {
        const std::int64_t end = static_cast<std::int64_t>(source.packets(0).size());
        std::vector<std::string> all;
        const TrackSound sound = store().read([&](Tx& tx) {
            const auto tracks = world->recording.tracks(tx, session(i).id);
            return TrackSound(tx, world->recording, world->blobs, tracks.at(0).id, {0, end * 960});
        });
        const PacketRun run = sound.source().read(0, end);
        for (const ByteView packet : run.packets) all.emplace_back(packet.begin(), packet.end());
        return all;
    }
    void expect_all_there(const LiveSource& source) {
        const auto there = packets_there(source);
        const auto made = source.packets(0);
        ASSERT_EQ(there.size(), made.size());
        for (std::size_t k = 0; k < made.size(); ++k)
            ASSERT_EQ(there[k], std::string(made[k].bytes.begin(), made[k].bytes.end())) << k;
    }
    std::vector<Gap> gaps() {
        return store().read([&](Tx& tx) {
            return world->recording
                .coverage(Scope::system(), tx, world->point.id, {{0}, {INT64_MAX / 2}})
                .gaps;
        });
    }
    std::unique_ptr<RecordingWorld> world;
    std::unique_ptr<Live> live;
    Agent agent;
    std::string token;
    std::int64_t begin_us = 0;
};
OTKLIK_BOTH_DATABASES(LiveOf);

TEST_P(LiveOf, a_chunk_is_heard_before_its_minute_is_sealed) {
    LiveSource source(1, 1);
    source.record(5);
    for (std::size_t i = 0; i < 5; ++i) send(source, source.some(i, 1));
    EXPECT_TRUE(session().is_open);
    EXPECT_EQ(session().at.begin.us, begin_us);
    EXPECT_EQ(session().length_samples, 5 * 48'000 - 312);
    const auto refs = segments();
    ASSERT_EQ(refs.size(), 1U);
    EXPECT_TRUE(refs[0].tail);
    const auto pcm = heard({0, 4 * 48'000});
    // The burst at each whole second stands at its place.
    for (int second = 0; second < 4; ++second) {
        const auto at = static_cast<std::size_t>(second * 16'000 + 1'600);
        EXPECT_GT(*std::max_element(pcm.begin() + static_cast<std::ptrdiff_t>(at),
                                    pcm.begin() + static_cast<std::ptrdiff_t>(at + 320)),
                  4'000);
    }
    const auto until = store().read([&](Tx& tx) { return live_until(tx, world->point.id); });
    ASSERT_TRUE(until);
    EXPECT_LT(clock.now() - *until, Duration::ms(20));
}

TEST_P(LiveOf, any_order_and_any_number_of_times_is_once) {
    LiveSource source(1, 2);
    source.record(130);
    source.end();
    std::vector<Chunk> chunks = source.chunks();
    chunks.insert(chunks.end(), source.chunks().begin(), source.chunks().end());
    std::mt19937 chance(3);
    // The first opens the session; all others come as they like, each twice.
    send(source, source.some(0, 1));
    std::shuffle(chunks.begin(), chunks.end(), chance);
    clock.set({source.chunks().back().ended_at_us});
    std::size_t known = 0;
    for (std::size_t i = 0; i < chunks.size(); i += 20) {
        const auto end = std::min(chunks.size(), i + 20);
        const LiveReply reply =
            live->take(agent, source.batch_of({chunks.begin() + static_cast<std::ptrdiff_t>(i),
                                               chunks.begin() + static_cast<std::ptrdiff_t>(end)},
                                              clock.now().us));
        for (const ChunkResult& each : reply.results) {
            EXPECT_NE(each.answer, ChunkAnswer::refused) << each.error_code;
            known += each.answer == ChunkAnswer::known ? 1 : 0;
        }
        seal();
    }
    EXPECT_EQ(known, source.chunks().size() + 1);
    seal();
    EXPECT_FALSE(session().is_open);
    EXPECT_EQ(session().length_samples, source.length_samples());
    expect_all_there(source);
    EXPECT_TRUE(gaps().empty());
    for (const auto& ref : segments()) EXPECT_FALSE(ref.tail);
    EXPECT_EQ(segments().size(), 3U);
    EXPECT_TRUE(fsck_files(store(), world->blobs, 3).empty());
}

TEST_P(LiveOf, another_content_under_a_known_identity_is_refused_and_counted) {
    LiveSource source(1, 1), other(1, 1);
    source.record(62);
    other.record(1);
    other.lose(1);
    other.record(62);
    send(source, source.some(0, 62));
    const LiveReply open = send(source, {other.chunks()[61]});
    EXPECT_EQ(open.results[0].error_code, "chunk.differs");
    seal();
    const LiveReply sealed = send(source, {other.chunks()[2]});
    EXPECT_EQ(sealed.results[0].error_code, "chunk.differs");
    EXPECT_EQ(answers(send(source, source.some(2, 1)))[0], ChunkAnswer::known);
    const auto counted =
        store().read([&](Tx& tx) { return find_agent(tx, world->recorder).value(); });
    EXPECT_EQ(counted.refused_count, 2);
    EXPECT_EQ(counted.refused_code, "chunk.differs");
    expect_all_there(source);
}

TEST_P(LiveOf, a_minute_is_one_row_and_nothing_stays_of_its_seconds) {
    LiveSource source(1, 1);
    source.record(190);
    for (std::size_t i = 0; i < 190; i += 10) {
        send(source, source.some(i, 10));
        seal();
    }
    const auto refs = segments();
    ASSERT_EQ(refs.size(), 4U);
    EXPECT_FALSE(refs[2].tail);
    EXPECT_TRUE(refs[3].tail);
    EXPECT_EQ(refs[0].file, refs[2].file) << "one file an hour";
    expect_all_there(source);
    const auto ranges =
        store().read([&](Tx& tx) { return live->received(tx, world->recorder, 1); });
    ASSERT_EQ(ranges.size(), 1U);
    EXPECT_EQ(ranges[0].end, 190);
    EXPECT_TRUE(fsck_files(store(), world->blobs, 3).empty());
}

TEST_P(LiveOf, what_a_killed_seal_left_behind_its_file_is_written_over) {
    LiveSource source(1, 1);
    source.record(130);
    send(source, source.some(0, 70));
    seal();
    const auto file =
        store().read([&](Tx& tx) { return world->blobs.find(tx, segments().at(0).file).value(); });
    {
        const Fd fd = open_file(world->blobs.path_of(file), O_WRONLY | O_APPEND);
        write_all(fd.get(), "half a page of the run before");
    }
    EXPECT_TRUE(fsck_files(store(), world->blobs, 3).empty());
    send(source, source.some(70, 60));
    seal();
    expect_all_there(source);
    EXPECT_TRUE(fsck_files(store(), world->blobs, 3).empty());
}

TEST_P(LiveOf, what_the_recorder_lost_is_a_gap_with_its_cause) {
    LiveSource source(1, 1);
    source.record(3);
    source.lose(4, 2);
    source.record(3);
    send(source, source.some(0, 3));
    send(source, source.some(4, 1));  // sound behind it first
    EXPECT_TRUE(gaps().empty());
    const Chunk lost = source.chunks()[3];
    EXPECT_EQ(answers(send(source, {lost}))[0], ChunkAnswer::stored);
    EXPECT_EQ(answers(send(source, {lost}))[0], ChunkAnswer::known);
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps()[0].cause, "overflow");
    EXPECT_NEAR(static_cast<double>(gaps()[0].at.length().us), 4e6, 10'000);
    Chunk late = source.chunks()[2];
    late.sequence = 4;
    EXPECT_EQ(send(source, {late}).results[0].error_code, "chunk.was_lost");
}

TEST_P(LiveOf, what_the_recorder_holds_no_more_is_torn) {
    LiveSource source(1, 1);
    source.record(10);
    send(source, source.some(0, 4));
    send(source, source.some(7, 1));
    EXPECT_TRUE(gaps().empty()) << "it may still come";
    send(source, source.some(8, 1), 7);
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps()[0].cause, "torn");
    EXPECT_NEAR(static_cast<double>(gaps()[0].at.length().us), 3e6, 10'000);
}

TEST_P(LiveOf, what_went_since_the_ring_was_full_is_told_so) {
    LiveSource source(1, 1);
    source.record(10);
    send(source, source.some(0, 4));
    ChunkBatch batch = source.batch_of(source.some(7, 3), 0, 7);
    batch.overflowed = true;
    clock.set({std::max(clock.now().us, batch.sent_at_us)});
    live->take(agent, batch);
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps()[0].cause, "overflow");
}

TEST_P(LiveOf, a_new_run_closes_the_one_before_and_the_time_between_is_off) {
    LiveSource first(1, 1), second(2, 1, begin_us + 20'000'000);
    first.record(5);
    second.record(3);
    send(first, first.some(0, 3));
    send(first, first.some(4, 1));
    send(second, second.some(0, 1), 0, true);
    EXPECT_TRUE(session(0).is_open) << "the rest of it is still to come";
    send(second, second.some(1, 1));
    EXPECT_FALSE(session(0).is_open);
    EXPECT_TRUE(session(1).is_open);
    const auto all = gaps();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].cause, "torn");
    EXPECT_EQ(all[1].cause, "off");
    EXPECT_NEAR(static_cast<double>(all[1].at.length().us), 15e6, 10'000);
    seal(0);
    EXPECT_EQ(segments(0).size(), 2U);
    EXPECT_EQ(send(first, first.some(3, 1)).results[0].error_code, "chunk.was_lost");
}

TEST_P(LiveOf, a_private_talk_is_not_kept_and_the_recorder_is_told) {
    LiveSource source(1, 1);
    source.record(10);
    send(source, source.some(0, 2));
    const Instant from{begin_us + 3'500'000}, to{begin_us + 5'500'000};
    store().write([&](Tx& tx) {
        begin_pause(tx, world->point, 1, {"p1", "личный разговор", from, {}});
    });
    EXPECT_EQ(answers(send(source, source.some(2, 3))),
              (std::vector{ChunkAnswer::stored, ChunkAnswer::paused, ChunkAnswer::paused}));
    store().write([&](Tx& tx) { end_pause(tx, world->recording, world->point, 1, "p1", to, {}); });
    EXPECT_EQ(answers(send(source, source.some(5, 5))),
              (std::vector{ChunkAnswer::paused, ChunkAnswer::stored, ChunkAnswer::stored,
                           ChunkAnswer::stored, ChunkAnswer::stored}));
    const auto refs = segments();
    ASSERT_EQ(refs.size(), 2U);
    const Instant kept_until{begin_us + (refs[0].first_sample + refs[0].sample_count) * 125 / 6};
    const Instant kept_from{begin_us + refs[1].first_sample * 125 / 6};
    EXPECT_LE(kept_until, from);
    EXPECT_GT(kept_until, from - Duration::ms(50));
    EXPECT_GE(kept_from, to);
    EXPECT_LT(kept_from, to + Duration::ms(50));
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps()[0].cause, "paused");
    EXPECT_LE(gaps()[0].at.begin, kept_until);
    EXPECT_GE(gaps()[0].at.end, kept_from);
}

TEST_P(LiveOf, a_clock_that_runs_wrong_bends_the_map) {
    LiveSource source(1, 1);
    source.record(200);
    const auto slow = [&](std::size_t i) {  // 1 000 ppm
        return Instant{source.chunks()[i].ended_at_us + static_cast<std::int64_t>(i) * 1'000};
    };
    for (std::size_t i = 0; i < 200; ++i) {
        clock.set(slow(i));
        auto batch = source.batch_of(source.some(i, 1));
        live->take(agent, batch);
        seal();
    }
    const ClockMap map =
        store().read([&](Tx& tx) { return world->recording.clock_map(tx, session().id); });
    EXPECT_GT(map.points.size(), 1U);
    const auto truth = slow(199);
    EXPECT_LT(std::abs((map.at(200 * 48'000) - truth).us), 110'000);
}

TEST_P(LiveOf, a_token_holds_until_it_is_revoked_or_renewed) {
    const auto by_token = [&](const std::string& word) {
        return store().read([&](Tx& tx) { return agent_of_token(tx, word); });
    };
    ASSERT_TRUE(by_token(token));
    EXPECT_FALSE(by_token("otkr_" + std::string(43, 'A')));
    const auto code = store().write([&](Tx& tx) {
        return make_agent_code(
            tx, *world->recording.find_recorder(Scope::system(), tx, world->recorder), "me");
    });
    const auto pair = [&] {
        return store().write(
            [&](Tx& tx) { return pair_agent(tx, world->recording, code.code, ""); });
    };
    const auto renewed = pair();
    ASSERT_TRUE(renewed);
    EXPECT_FALSE(pair()) << "a code works once";
    EXPECT_FALSE(by_token(token));
    EXPECT_TRUE(by_token(renewed->token));
    store().write([&](Tx& tx) { revoke_agent(tx, world->recorder); });
    EXPECT_FALSE(by_token(renewed->token));
}

}  // namespace
}  // namespace otklik
