// The threads behind the screens while the database fails them: it stands in the log, and what was
// told meanwhile is done when it is there again.
#include <gtest/gtest.h>

#include <atomic>

#include "app/pipeline.h"
#include "base/log.h"
#include "store/facts.h"
#include "store/jobs.h"
#include "store/store.h"
#include "testkit/house.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};

class Behind : public HouseTest {
protected:
    Store& store() { return house.rooms().store; }
    /// Waits for what the thread does, at most ten seconds.
    template <class F>
    static bool comes_true(F&& f) {
        for (int i = 0; i < 1000; ++i) {
            if (f()) return true;
            wait_for_fact(wait_for_fact(0, {}), Duration::ms(10));
        }
        return false;
    }
    std::int64_t open_jobs(std::string_view stage) {
        for (const JobCount& each : store().read([](Tx& tx) { return job_counts(tx); }))
            if (each.stage == stage) return each.open;
        return 0;
    }

    House house{database(), day_begin};
    Client boss{house}, device{house};
};
OTKLIK_BOTH_DATABASES(Behind);

TEST_P(Behind, the_pipeline_says_that_it_failed_and_goes_on_where_it_stood) {
    const Shop shop = open_shop(boss, {.setup_code = house.setup_code(),
                                       .recorder_since = day_begin - Duration::hours(1),
                                       .buttons = nullptr});
    house.settle();
    device.use_token(shop.device_token);
    EXPECT_EQ(press(device, "p1", "3", day_begin).status(), 201);
    EXPECT_EQ(open_jobs("clips.want"), 0);
    std::atomic<int> failed{0};
    set_log_sink([&](std::string_view line) {
        failed += line.find("\"pipeline.failed\"") != std::string_view::npos;
    });
    store().write([](Tx& tx) { tx.run({"alter table job rename to job_elsewhere"}); });
    FactDispatcher dispatcher(store(), house.clock);
    dispatcher.start();
    EXPECT_TRUE(comes_true([&] { return failed > 0; }));
    store().write([](Tx& tx) { tx.run({"alter table job_elsewhere rename to job"}); });
    EXPECT_TRUE(comes_true([&] { return open_jobs("clips.want") == 1; }));
    dispatcher.stop();
    set_log_sink({});
}

}  // namespace
}  // namespace otklik::testkit
