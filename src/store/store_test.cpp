#include "store/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <set>
#include <thread>

#include "base/error.h"
#include "store/inside.h"
#include "store/sql_text.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr Sql set_value{
    "insert into setting (company_id, name, value, changed_at, changed_by)"
    " values (:company, :name, :value, :at, 'test')"};
constexpr Sql values{"select name, value from setting where company_id = :company order by name"};
constexpr Sql add_number{
    "update setting set changed_at = changed_at + 1 where company_id = :company and name = :name"};
constexpr Sql get_number{
    "select changed_at from setting where company_id = :company and name = :name"};

class StoreBoth : public StoreTest {
protected:
    static void put(Tx& tx, std::string_view name, std::string_view value) {
        tx.run(set_value, {{"company", 1}, {"name", name}, {"value", value}, {"at", 0}});
    }
    std::vector<std::string> names() {
        return store().read([](Tx& tx) {
            std::vector<std::string> all;
            for (const auto& row : tx.rows(values, {{"company", 1}})) all.push_back(row.text(0));
            return all;
        });
    }
    template <class F>
    std::string fault_of(F&& f) {
        try {
            f();
        } catch (const Error& error) {
            return std::string(fault_name(error.fault())) + " " + error.code();
        }
        return "none";
    }
};

TEST_P(StoreBoth, many_rows_of_one_insert_go_together_and_say_which_are_new) {
    constexpr Sql insert{
        "insert into job (id, stage, subject, state, not_before, lease_until, reason_code,"
        " created_at, changed_at) values (:id, 'test', :subject, 'open', :at, :lease, :reason, :at,"
        " :at) on conflict (stage, subject) do nothing returning subject"};
    // 151 rows: statements of 64, 16, 4 and 1; the first ten are there already.
    const auto put_up_to = [&](std::int64_t last) {
        return store().write([&](Tx& tx) {
            std::vector<Params> rows;
            for (std::int64_t i = 1; i <= last; ++i) {
                const bool odd = i % 2 == 1;
                rows.push_back(
                    {{"id", tx.next_id()},
                     {"subject", i},
                     {"at", 5},
                     {"lease", odd ? std::optional(i) : std::nullopt},
                     {"reason", odd ? std::nullopt : std::optional<std::string>("a'б")}});
            }
            std::set<std::int64_t> made;
            for (const Row& row : tx.insert_many(insert, rows)) made.insert(row.integer(0));
            return made;
        });
    };
    EXPECT_EQ(put_up_to(10).size(), 10u);
    const auto made = put_up_to(151);
    EXPECT_EQ(made.size(), 141u);
    EXPECT_FALSE(made.contains(10));
    EXPECT_TRUE(made.contains(11) && made.contains(151));
    EXPECT_TRUE(put_up_to(0).empty());
    store().read([](Tx& tx) {
        const auto rows =
            tx.rows({"select lease_until, reason_code, changed_at from job order by subject"});
        ASSERT_EQ(rows.size(), 151u);
        EXPECT_EQ(rows[150].integer(0), 151);
        EXPECT_TRUE(rows[150].is_null(1));
        EXPECT_TRUE(rows[149].is_null(0));
        EXPECT_EQ(rows[149].text(1), "a'б");
        EXPECT_EQ(rows[149].integer(2), 5);
    });
}

TEST(SqlText, only_an_insert_whose_parameters_are_its_values_can_be_repeated) {
    const auto repeated = [](std::string_view text) {
        return repeat_values(number_params(text, Dialect::postgres), 2).text;
    };
    EXPECT_EQ(repeated("insert into a (b, c) values (:b, abs(:c) + :b) on conflict do nothing"),
              "insert into a (b, c) values ($1, abs($2) + $1), ($3, abs($4) + $3)"
              " on conflict do nothing");
    EXPECT_THROW(repeated("insert into a (b) values (:b) on conflict (b) do update set c = :c"),
                 Error);
    EXPECT_THROW(repeated("insert into a (b) select :b"), Error);
}

TEST_P(StoreBoth, types_come_back_as_they_went) {
    constexpr Sql types{
        "select cast(:i as {int}), cast(:r as {real}), cast(:t as text), cast(:b as {blob}),"
        " cast(:n as {int}), cast(:i as {int}), ':no {int}', \"q\".\"x:y\" from"
        " (select 1 as \"x:y\") as \"q\""};
    std::string all_bytes;
    for (int i = 0; i < 256; ++i) all_bytes += char(i);
    const std::int64_t least = std::numeric_limits<std::int64_t>::min();
    const std::string text = "Привет, 'мир' \\ \U0001F600";
    const auto look = [&](Tx& tx) {
        const auto row = tx.row(types, {{"i", least},
                                        {"r", 0.1},
                                        {"t", text},
                                        {"b", Bytes{all_bytes}},
                                        {"n", std::optional<std::int64_t>()}});
        ASSERT_TRUE(row);
        EXPECT_EQ(row->integer(0), least);
        EXPECT_EQ(row->real(1), 0.1);
        EXPECT_EQ(row->text(2), text);
        EXPECT_EQ(row->blob(3), all_bytes);
        EXPECT_TRUE(row->is_null(4));
        EXPECT_FALSE(row->maybe_integer(4));
        EXPECT_EQ(row->integer(5), least);
        EXPECT_EQ(row->text(6), ":no {int}");
        EXPECT_EQ(row->integer(7), 1);
    };
    store().read(look);
    store().write(look);
    store().write([&](Tx& tx) {  // the same statement, another null
        EXPECT_EQ(
            tx.row(types, {{"i", nullptr}, {"r", nullptr}, {"t", ""}, {"b", Bytes{}}, {"n", 7}})
                ->integer(4),
            7);
    });
}

TEST_P(StoreBoth, sums_are_integers_on_both) {
    store().write([](Tx& tx) { put(tx, "a", "1"), put(tx, "b", "2"); });
    constexpr Sql sums{"select sum(company_id), count(*), sum(company_id) * 1.5 from setting"};
    const auto row = store().read([&](Tx& tx) { return tx.row(sums); });
    EXPECT_EQ(row->integer(0), 2);
    EXPECT_EQ(row->integer(1), 2);
    EXPECT_EQ(row->real(2), 3.0);
}

TEST_P(StoreBoth, bad_text_is_refused) {
    using namespace std::string_view_literals;
    for (const auto bad :
         {"a\0b"sv, "\xC3"sv, "\xED\xA0\x80"sv, "\xF5\x80\x80\x80"sv, "\xC0\x80"sv}) {
        const auto fault = fault_of([&] { store().write([&](Tx& tx) { put(tx, bad, ""); }); });
        EXPECT_TRUE(fault == "invalid text.nul" || fault == "invalid text.encoding") << fault;
    }
    EXPECT_TRUE(names().empty());
}

TEST_P(StoreBoth, a_second_row_of_one_key_is_a_conflict) {
    store().write([](Tx& tx) { put(tx, "a", "1"); });
    EXPECT_EQ(fault_of([&] { store().write([](Tx& tx) { put(tx, "a", "2"); }); }),
              "conflict row.exists");
    // Swallowing the error does not help: the transaction is dead on both databases.
    EXPECT_EQ(fault_of([&] {
                  store().write([](Tx& tx) {
                      put(tx, "b", "1");
                      try {
                          put(tx, "a", "2");
                      } catch (const Error&) {
                      }
                  });
              }),
              "conflict row.exists");
    EXPECT_EQ(names(), (std::vector<std::string>{"a"}));
}

TEST_P(StoreBoth, parameters_must_fit_the_statement) {
    EXPECT_EQ(fault_of([&] { store().read([](Tx& tx) { tx.rows(values, {}); }); }),
              "internal store.failed");
    EXPECT_EQ(fault_of([&] { store().read([](Tx& tx) {
                                 tx.rows(values, {{"compani", 1}});
                             }); }),
              "internal store.failed");
}

TEST_P(StoreBoth, a_read_cannot_write_and_sees_one_snapshot) {
    EXPECT_EQ(fault_of([&] { store().read([](Tx& tx) { put(tx, "a", "1"); }); }),
              "internal store.failed");
    store().read([&](Tx& tx) {
        EXPECT_TRUE(tx.rows(values, {{"company", 1}}).empty());
        store().write([](Tx& inner) { put(inner, "a", "1"); });
        EXPECT_TRUE(tx.rows(values, {{"company", 1}}).empty());
    });
    EXPECT_EQ(names().size(), 1u);
}

TEST_P(StoreBoth, run_many_counts_each) {
    store().write([](Tx& tx) {
        std::vector<Params> rows;
        for (int i = 0; i < 1500; ++i)
            rows.push_back(
                {{"company", 1}, {"name", "n" + std::to_string(i)}, {"value", ""}, {"at", 0}});
        const auto changed = tx.run_many(set_value, rows);
        ASSERT_EQ(changed.size(), 1500u);
        EXPECT_TRUE(std::all_of(changed.begin(), changed.end(), [](auto n) { return n == 1; }));
    });
    EXPECT_EQ(names().size(), 1500u);
    EXPECT_EQ(fault_of([&] {
                  store().write([](Tx& tx) {
                      const std::vector<Params> rows(
                          2, {{"company", 2}, {"name", "same"}, {"value", ""}, {"at", 0}});
                      tx.run_many(set_value, rows);
                  });
              }),
              "conflict row.exists");
    EXPECT_EQ(store().read([](Tx& tx) { return tx.rows(values, {{"company", 2}}).size(); }), 0u);
}

TEST_P(StoreBoth, each_closure_has_its_own_savepoint) {
    std::atomic<int> good{0}, bad{0}, calls{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                const auto name = std::to_string(t) + "_" + std::to_string(i);
                try {
                    store().write(
                        [&](Tx& tx) {
                            put(tx, name, "");
                            tx.after_commit([&] { ++calls; });
                            if (i % 3 == 1) throw Error(Fault::forbidden, "test.no");
                            if (i % 3 == 2) put(tx, name, "twice");
                        },
                        i % 2 ? Lane::press : Lane::normal);
                    ++good;
                } catch (const Error& error) {
                    EXPECT_TRUE(error.code() == "test.no" || error.code() == "row.exists")
                        << error.what();
                    ++bad;
                }
            }
        });
    }
    threads.clear();
    EXPECT_EQ(good, 16 * 17);
    EXPECT_EQ(bad, 16 * 33);
    EXPECT_EQ(calls, good);
    EXPECT_EQ(names().size(), std::size_t(good));
}

TEST_P(StoreBoth, two_stores_count_together) {
    // The second store is another process on PostgreSQL; closures meet and run again until all are
    // counted.
    if (store().is_sqlite()) GTEST_SKIP() << "SQLite has one process";
    const auto other = Store::open({.url = test_store->url(), .readers = 1}, clock);
    store().write([](Tx& tx) { put(tx, "n", ""); });
    std::atomic<int> runs{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i)
                (t % 2 ? *other : store()).write([&](Tx& tx) {
                    ++runs;
                    const auto n = tx.row(get_number, {{"company", 1}, {"name", "n"}})->integer(0);
                    constexpr Sql set{"update setting set changed_at = :n where company_id = 1"};
                    tx.run(set, {{"n", n + 1}});
                });
        });
    }
    threads.clear();
    EXPECT_EQ(store().read([](Tx& tx) {
        return tx.row(get_number, {{"company", 1}, {"name", "n"}})->integer(0);
    }),
              200);
    EXPECT_GT(runs, 200) << "no closure ran again: the test did not test";
}

TEST_P(StoreBoth, many_threads_count_exactly) {
    store().write([](Tx& tx) { put(tx, "n", ""); });
    std::vector<std::jthread> threads;
    for (int t = 0; t < 32; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i)
                store().write(
                    [](Tx& tx) {
                        tx.run(add_number, {{"company", 1}, {"name", "n"}});
                    },
                    t % 4 == 0   ? Lane::press
                    : t % 4 == 1 ? Lane::low
                                 : Lane::normal);
        });
    threads.clear();
    EXPECT_EQ(store().read([](Tx& tx) {
        return tx.row(get_number, {{"company", 1}, {"name", "n"}})->integer(0);
    }),
              640);
}

TEST_P(StoreBoth, reopened_it_has_everything) {
    store().write([](Tx& tx) { put(tx, "a", "1"); });
    test_store->reopen();
    EXPECT_EQ(names().size(), 1u);
    store().ping();
}

TEST_P(StoreBoth, a_closure_sees_what_its_caller_saw_committed) {
    // Many short transactions keep a group running; each thread writes by one lane and looks by the
    // other.
    std::atomic<int> blind{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 12; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 15; ++i) {
                const auto name = std::to_string(t) + "_" + std::to_string(i);
                store().write([&](Tx& tx) { put(tx, name, ""); }, Lane::press);
                const bool seen = store().write([&](Tx& tx) {
                    return tx.row(get_number, {{"company", 1}, {"name", name}}).has_value();
                });
                blind += !seen;
            }
        });
    threads.clear();
    EXPECT_EQ(blind, 0);
}

TEST_P(StoreBoth, a_lone_writer_does_not_wait) {
    store().write([](Tx& tx) { put(tx, "n", ""); });
    const auto started = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i)
        store().write([](Tx& tx) { tx.run(add_number, {{"company", 1}, {"name", "n"}}); });
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::milliseconds(800));
}

OTKLIK_BOTH_DATABASES(StoreBoth);

}  // namespace
}  // namespace otklik
