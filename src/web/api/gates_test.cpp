// Gates with the clock in hand.
#include "web/api/gates.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace otklik {
namespace {

struct GateTest : ::testing::Test {
    HandClock clock{{1'795'000'000'000'000}};
    Gates gates{clock, press_rate_default, press_burst_default};

    /// Seconds to wait, 0 when it passed.
    std::int64_t press(std::int64_t device, std::size_t count) {
        try {
            gates.press(device, count);
            return 0;
        } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::busy);
            EXPECT_EQ(error.code(), "press.rate");
            return std::stoll(error.params().at(0).second);
        }
    }
    std::string ask(const std::string& address, const std::string& token) {
        int looked_up = 0;
        try {
            gates.token(address, token, [&] { return ++looked_up && token == "right"; });
            return "looked up";
        } catch (const Error& error) {
            EXPECT_EQ(looked_up, 0) << "a refused token costs no reading";
            return error.code();
        }
    }
};

TEST_F(GateTest, marks_of_a_panel_come_no_faster_than_shifts_do) {
    for (int i = 0; i < 60; ++i) EXPECT_NO_THROW(gates.mark(1)) << i;
    EXPECT_THROW(gates.mark(1), Error);
    EXPECT_NO_THROW(gates.mark(2)) << "another panel";
    clock.advance(Duration::seconds(29));
    EXPECT_NO_THROW(gates.mark(1));
    EXPECT_THROW(gates.mark(1), Error);
}

TEST_F(GateTest, a_day_without_network_comes_in_as_full_batches) {
    EXPECT_EQ(press(1, 1000), 0) << "a batch larger than the bucket passes";
    const std::int64_t wait = press(1, 1000);
    EXPECT_EQ(wait, 11) << "500 over at 50 a second";
    EXPECT_EQ(press(2, 1), 0) << "another device does not wait";
    clock.advance(Duration::seconds(wait - 1));
    EXPECT_EQ(press(1, 1000), 1);
    clock.advance(Duration::seconds(1));
    EXPECT_EQ(press(1, 1000), 0) << "what was told is kept";
}

TEST_F(GateTest, a_steady_flood_is_held_to_the_rate) {
    std::int64_t passed = 0;
    for (int second = 0; second < 60; ++second) {
        for (int i = 0; i < 200; ++i) passed += press(1, 1) == 0;
        clock.advance(Duration::seconds(1));
    }
    EXPECT_LE(passed, press_burst_default + 60 * press_rate_default);
    EXPECT_GE(passed, press_burst_default + 58 * press_rate_default);
}

TEST_F(GateTest, a_hook_that_asks_again_is_the_same_press) {
    const std::string first = gates.hook_identity(1, "1", 37);
    clock.advance(Duration::seconds(9 * 60));
    EXPECT_EQ(gates.hook_identity(1, "1", 37), first) << "over the edge of ten minutes too";
    EXPECT_NE(gates.hook_identity(1, "1", 38), first);
    EXPECT_NE(gates.hook_identity(1, "2", 37), first);
    clock.advance(Duration::seconds(2 * 60));
    EXPECT_NE(gates.hook_identity(1, "1", 37), first) << "a counter that began anew";
    Gates after_restart(clock, press_rate_default, press_burst_default);
    EXPECT_EQ(after_restart.hook_identity(1, "1", 37), gates.hook_identity(1, "1", 37));
}

TEST_F(GateTest, without_a_counter_only_a_bounce_is_the_same_press) {
    const std::string first = gates.hook_identity(1, "1", {});
    clock.advance(Duration::ms(299));
    EXPECT_EQ(gates.hook_identity(1, "1", {}), first);
    EXPECT_NE(gates.hook_identity(2, "1", {}), "");
    clock.advance(Duration::ms(1));
    EXPECT_NE(gates.hook_identity(1, "1", {}), first);
}

TEST_F(GateTest, a_hook_passes_ten_a_second) {
    int passed = 0;
    for (int second = 0; second < 10; ++second) {
        for (int i = 0; i < 50; ++i) {
            try {
                gates.hook(1);
                ++passed;
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), "press.rate");
            }
        }
        clock.advance(Duration::seconds(1));
    }
    EXPECT_GE(passed, 100);
    EXPECT_LE(passed, 125);
}

TEST_F(GateTest, no_rate_is_no_limit) {
    Gates open(clock, 0, 1);
    for (int i = 0; i < 10'000; ++i) EXPECT_NO_THROW(open.press(1, 1000));
}

TEST_F(GateTest, unknown_tokens_are_slowed_by_address) {
    EXPECT_EQ(ask("a", "right"), "looked up");
    for (int i = 0; i < token_failures_at_once; ++i)
        EXPECT_EQ(ask("a", "wrong" + std::to_string(i)), "looked up") << i;
    EXPECT_EQ(ask("a", "wrong again"), "token.throttled");
    EXPECT_EQ(ask("a", "right"), "looked up") << "a neighbour's error does not stop a till";
    EXPECT_EQ(ask("b", "wrong"), "looked up") << "another address";
    clock.advance(Duration::seconds(10));
    EXPECT_EQ(ask("a", "wrong"), "looked up");
    EXPECT_EQ(ask("a", "wrong"), "token.throttled");
}

}  // namespace
}  // namespace otklik
