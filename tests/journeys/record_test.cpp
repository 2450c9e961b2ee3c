// The capture agent against the real house: server away and back, killed at any byte, sent twice.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <random>
#include <utility>

#include "agent/capture.h"
#include "agent/ring.h"
#include "agent/sender.h"
#include "base/error.h"
#include "base/files.h"
#include "testkit/house.h"

namespace otklik::testkit {
namespace {

constexpr Instant agent_begin{1'795'000'000'000'000};
constexpr int agent_rate = 16'000;

class RecordAgent : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        folder = (std::filesystem::temp_directory_path() /
                  ("otklik_agent_" + std::to_string(::getpid())))
                     .string();
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = agent_begin - Duration::hours(1)});
        const std::string code =
            text(boss.post("/recorders/" + shop.recorder_id + "/agent"), "code");
        token = text(nobody.post("/agent/pair", json::object{{"code", code}}), "token");
        start(7);
    }
    void TearDown() override {
        capture.reset();
        sender.reset();
        ring.reset();
        std::filesystem::remove_all(folder);
    }
    /// The agent begins, on the ring that the one before left.
    void start(std::uint64_t incarnation, std::int64_t ring_bytes = 100'000'000) {
        capture.reset();
        sender.reset();
        ring = std::make_unique<Ring>(folder, ring_bytes);
        sender = std::make_unique<Sender>(
            *ring,
            [this](std::string_view method, std::string_view target,
                   const std::vector<Header>& headers, std::string_view body) {
                if (is_away) throw Error(Fault::unavailable, "server.away");
                const auto answer =
                    house.send(method, std::string(target), headers, std::string(body));
                // The server took it, and its answer was lost on the way.
                if (loses_answer) throw Error(Fault::unavailable, "server.away");
                return answer;
            },
            token, house.clock);
        capture = std::make_unique<Capture>(
            CaptureSettings{.rate = agent_rate},
            [next = incarnation]() mutable { return std::exchange(next, next + 100); },
            [this] { return house.clock.now().us; },
            [this](const ChunkBatch& head, const Chunk& chunk) {
                ring->append(head.incarnation, head, chunk);
            });
    }
    /// So many seconds of a tone, in the server's time.
    void record(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            std::vector<std::int16_t> pcm(agent_rate);
            for (std::size_t k = 0; k < pcm.size(); ++k)
                pcm[k] = static_cast<std::int16_t>(
                    6'000 * std::sin(0.17 * static_cast<double>(k + sounded++)));
            house.clock.advance(Duration::seconds(1));
            capture->feed(pcm);
        }
    }
    void send_all() {
        while (sender->step() == Sender::Step::sent) {
        }
        house.settle();
    }
    /// Length of what is there, and the causes of what is not.
    struct Day {
        double seconds = 0;
        std::vector<std::string> gaps;
    };
    Day day() {
        Day seen;
        for (const auto& row : boss.list("/recordings")) {
            const json::value page = boss.get("/recordings/" + text(row, "id"));
            seen.seconds += static_cast<double>(number(page, "length_samples")) / 48'000;
            seen.gaps.clear();
            for (const auto& gap : page.at("gaps").as_array())
                seen.gaps.push_back(text(gap, "cause"));
        }
        return seen;
    }
    std::vector<std::string> ring_files() {
        std::vector<std::string> paths;
        for (const auto& each : std::filesystem::directory_iterator(folder + "/ring"))
            paths.push_back(each.path().string());
        std::sort(paths.begin(), paths.end());
        return paths;
    }

    House house{database(), agent_begin};
    Client boss{house}, nobody{house};
    Shop shop;
    std::string folder, token;
    std::unique_ptr<Ring> ring;
    std::unique_ptr<Sender> sender;
    std::unique_ptr<Capture> capture;
    bool is_away = false, loses_answer = false;
    std::size_t sounded = 0;
};
OTKLIK_BOTH_DATABASES(RecordAgent);

TEST_P(RecordAgent, a_server_that_was_away_misses_nothing) {
    record(5);
    send_all();
    is_away = true;
    record(200);
    EXPECT_EQ(sender->step(), Sender::Step::away);
    EXPECT_GT(ring->bytes(), 200 * 2'000);
    is_away = false;
    loses_answer = true;
    EXPECT_EQ(sender->step(), Sender::Step::away);
    loses_answer = false;
    capture->finish();
    send_all();
    const Day seen = day();
    EXPECT_NEAR(seen.seconds, 205, 0.001);
    EXPECT_TRUE(seen.gaps.empty());
    EXPECT_EQ(sender->refused(), 0);
    EXPECT_EQ(sender->step(), Sender::Step::idle);
}

TEST_P(RecordAgent, killed_at_any_byte_it_goes_on_from_what_was_whole) {
    record(30);
    const std::string path = ring_files().at(0);
    const std::string whole = read_file(path, 64 << 20);
    std::mt19937 chance(11);
    for (int i = 0; i < 20; ++i) {
        const auto cut =
            static_cast<std::int64_t>(whole.size() / 2 + chance() % (whole.size() / 2));
        ring.reset();
        write_file_durably(path, whole.substr(0, static_cast<std::size_t>(cut)) + "torn");
        const Ring again(folder, 100'000'000);
        const auto held = again.oldest(100);
        ASSERT_TRUE(held);
        // Every chunk that was whole before the cut, and none that was not.
        EXPECT_LE(again.bytes(), cut);
        EXPECT_GT(again.bytes(), cut - 4'000);
        for (std::size_t k = 0; k < held->batch.chunks.size(); ++k)
            EXPECT_EQ(held->batch.chunks[k].sequence, k);
    }
    write_file_durably(path, whole);
    start(8);
    record(10);
    capture->finish();
    send_all();
    const Day seen = day();
    EXPECT_NEAR(seen.seconds, 40, 0.02);
    EXPECT_EQ(sender->refused(), 0);
}

TEST_P(RecordAgent, a_run_is_sent_though_the_one_before_was_received_whole) {
    record(5);
    send_all();
    // Started again, it hands over what it finds, all of it known, before it has heard anything.
    start(8);
    send_all();
    record(5);
    send_all();
    EXPECT_NEAR(day().seconds, 10, 0.02);
    // And so at 24 hours, or at another point: the run ends, all is received, the next one begins.
    capture->begin_anew();
    send_all();
    record(5);
    capture->finish();
    send_all();
    EXPECT_NEAR(day().seconds, 15, 0.02);
    EXPECT_FALSE(ring->oldest(1));
}

TEST_P(RecordAgent, a_ring_that_is_full_drops_the_oldest_and_says_so) {
    capture.reset();
    start(9, 1'500'000);
    record(3);
    send_all();
    is_away = true;
    record(700);
    EXPECT_GT(ring->dropped(), 0);
    EXPECT_LE(ring->bytes(), 1'500'000);
    capture->finish();
    // Restarted before the server is back, the agent still knows why.
    start(10, 1'500'000);
    is_away = false;
    send_all();
    const Day seen = day();
    EXPECT_NEAR(seen.seconds, 703, 0.001);
    EXPECT_EQ(seen.gaps, std::vector<std::string>{"overflow"});
}

TEST_P(RecordAgent, a_source_that_stalls_is_a_gap_of_true_length) {
    record(4);
    house.clock.advance(Duration::seconds(6));
    capture->lose(6 * agent_rate, 0);
    record(4);
    capture->finish();
    send_all();
    const Day seen = day();
    EXPECT_NEAR(seen.seconds, 14, 0.001);
    EXPECT_EQ(seen.gaps, std::vector<std::string>{"off"});
}

}  // namespace
}  // namespace otklik::testkit
