// The pool wakes its threads sparingly; these would hang or fail if it forgot one.
#include "web/work_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <memory>
#include <thread>

namespace otklik::test {

TEST(WorkPool, a_burst_of_long_jobs_gets_every_thread) {
    constexpr int threads = 4;
    std::barrier together(threads + 1);  // nobody passes before all four run at once
    WorkPool pool("t", threads, 100);
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < threads; ++i)
            ASSERT_TRUE(pool.push([&] { together.arrive_and_wait(); }));
        together.arrive_and_wait();
    }
}

TEST(WorkPool, a_long_job_holds_nobody) {
    WorkPool pool("t", 2, 100);
    std::promise<void> free;
    std::shared_future<void> freed(free.get_future());
    for (int round = 0; round < 200; ++round) {
        const auto done = std::make_shared<std::promise<void>>();
        if (round == 0) {
            ASSERT_TRUE(pool.push([freed] { freed.wait(); }));
        }
        ASSERT_TRUE(pool.push([done] { done->set_value(); }));
        ASSERT_EQ(done->get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    }
    free.set_value();
}

TEST(WorkPool, jobs_of_many_producers_are_all_done_before_the_end) {
    std::atomic<int> done{0}, refused{0};
    {
        WorkPool pool("t", 3, 50);
        std::vector<std::jthread> producers;
        for (int i = 0; i < 4; ++i)
            producers.emplace_back([&] {
                for (int n = 0; n < 5000; ++n)
                    if (!pool.push([&] { ++done; })) ++refused;
            });
        producers.clear();
        pool.finish();
        EXPECT_FALSE(pool.push([&] { ++done; })) << "closed";
    }
    EXPECT_EQ(done + refused, 20000);
    EXPECT_GT(done, 0);
}

TEST(WorkPool, what_does_not_fit_is_refused) {
    std::promise<void> began, free;
    WorkPool pool("t", 1, 2);
    ASSERT_TRUE(pool.push([&] {
        began.set_value();
        free.get_future().wait();
    }));
    began.get_future().wait();
    EXPECT_TRUE(pool.push([] {}));
    EXPECT_TRUE(pool.push([] {}));
    EXPECT_FALSE(pool.push([] {}));
    free.set_value();
}

}  // namespace otklik::test
