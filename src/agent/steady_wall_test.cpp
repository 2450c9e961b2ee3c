#include "agent/steady_wall.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/boot_clock.h"
#include "base/files.h"

namespace otklik {
namespace {

class SteadyWallOf : public ::testing::Test {
protected:
    void SetUp() override { std::filesystem::create_directories(folder); }
    void TearDown() override { std::filesystem::remove_all(folder); }
    std::string folder = (std::filesystem::temp_directory_path() /
                          ("otklik_steady_wall_" + std::to_string(::getpid())))
                             .string();
};

TEST_F(SteadyWallOf, begins_as_the_wall_clock_and_is_kept_until_the_next_boot) {
    const SteadyWall first(folder);
    EXPECT_LT(std::abs((first.now() - SystemClock().now()).us), 1'000'000);
    const Instant before = first.now();
    const SteadyWall second(folder);
    EXPECT_GE(second.now(), before);
    EXPECT_LT(second.now() - before, Duration::seconds(5));
}

TEST_F(SteadyWallOf, a_wall_clock_that_was_put_right_since_moves_nothing) {
    // Begun in 1970, as without a battery: what is stamped so is sent so, and its age is right.
    write_file_durably(folder + "/boot", boot_name() + " 60000000");
    const Duration age = SteadyWall(folder).now() - Instant{since_boot().us};
    EXPECT_LT(std::abs((age - Duration::seconds(60)).us), 1'000'000);
}

TEST_F(SteadyWallOf, another_boot_begins_by_the_wall_clock) {
    write_file_durably(folder + "/boot", "00000000-0000-0000-0000-000000000000 60000000");
    EXPECT_LT(std::abs((SteadyWall(folder).now() - SystemClock().now()).us), 1'000'000);
}

}  // namespace
}  // namespace otklik
