#include <gtest/gtest.h>

#include "base/error.h"
#include "recording/recording_testkit.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

const Instant noon = *parse_instant("2026-11-18T07:00:00Z");  // of the point, UTC+5

class Preview : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
    }
    RecordingPreview preview(const std::string& name, std::optional<Duration> length,
                             std::optional<Instant> modified_at = std::nullopt,
                             const std::string& hash = {}) {
        ImportRequest request;
        request.recorder_id = world->recorder;
        request.name = name;
        request.sha256 = hash;
        return store().read([&](Tx& tx) {
            return world->importer.preview(Scope::system(), tx, request, length, modified_at);
        });
    }
    std::unique_ptr<RecordingWorld> world;
};
OTKLIK_BOTH_DATABASES(Preview);

TEST_P(Preview, tells_place_neighbours_and_overlaps_and_stores_nothing) {
    const std::string wav = wav_file(bursts(4, 8'000), 8'000);
    world->import(wav, "a", noon);                                // 12:00:00 to 12:00:04
    world->import(wav, "b", noon + Duration::seconds(60), true);  // 12:01:00 to 12:01:04
    const std::size_t files = world->file_count();
    const auto between = preview("20261118_120010.wav", Duration::seconds(20));
    EXPECT_EQ(between.place.point.name, "Приёмка");
    EXPECT_EQ(between.place.start_source, "name");
    EXPECT_EQ(between.at->begin, noon + Duration::seconds(10));
    EXPECT_EQ(between.at->end, noon + Duration::seconds(30));
    EXPECT_EQ(between.gap_before, Duration::seconds(6));
    EXPECT_EQ(between.gap_after, Duration::seconds(30));
    EXPECT_TRUE(between.overlaps.empty());
    const auto over = preview("20261118_120002.wav", Duration::seconds(59));
    EXPECT_EQ(over.overlaps.size(), 2U);
    const auto same = preview("20261118_120000.wav", Duration::seconds(4), {}, sha256(wav));
    EXPECT_TRUE(same.already_there);
    EXPECT_EQ(preview("20261118_130000.wav", {}, {}, sha256(wav)).same_content_at, noon);
    EXPECT_EQ(world->file_count(), files);
    EXPECT_EQ(world->sessions().size(), 2U);
}

TEST_P(Preview, a_clock_of_another_zone_and_the_future_are_seen) {
    const Duration hour = Duration::hours(1);
    const Instant end = noon + hour;
    EXPECT_FALSE(preview("20261118_120000.wav", hour, end + Duration::seconds(30)).zone_shift);
    const auto moscow = preview("20261118_120000.wav", hour, end + Duration::hours(2));
    EXPECT_EQ(moscow.zone_shift, Duration::hours(2));
    const auto west = preview("20261118_120000.wav", hour, end - Duration::seconds(5'460));
    EXPECT_EQ(west.zone_shift, Duration::seconds(-5'400));
    // Copied a day later, or closed at no round distance: that says nothing.
    EXPECT_FALSE(preview("20261118_120000.wav", hour, end + Duration::hours(26)).zone_shift);
    EXPECT_FALSE(preview("20261118_120000.wav", hour, end + Duration::seconds(4'500)).zone_shift);
    EXPECT_FALSE(preview("20261118_120000.wav", hour).ahead);
    EXPECT_TRUE(preview("20261118_160000.wav", hour).ahead) << "it is 16:06 there";
    EXPECT_THROW(preview("DS_1.wav", hour), Error);
}

}  // namespace
}  // namespace otklik
