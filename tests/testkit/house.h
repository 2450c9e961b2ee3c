#pragma once
// The whole house in process: the parts that `otklik serve` builds, behind the same route table, on
// either database, with the clock in the test's hand and nothing running by itself.
// Thread: one; send() is safe for any.
#include <memory>
#include <string>

#include "app/parts.h"
#include "base/clock.h"
#include "store/test_store.h"
#include "testkit/client_inside.h"

namespace otklik::testkit {

/// otklik-decode: OTKLIK_DECODE, else of the same build.
std::string decoder_path();
/// otklik: OTKLIK_BIN, else of the same build.
std::string program_path();

/// A suite of houses on both databases: `House house{database(), begin};` as a member, and
/// OTKLIK_BOTH_DATABASES(Suite). Without a PostgreSQL server its half is skipped.
class HouseTest : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() != database()) GTEST_SKIP() << why_no_test_postgres();
    }
    /// Members are built before SetUp can skip, so where there is no server they stand on SQLite.
    static TestDatabase database() {
        return why_no_test_postgres().empty() ? GetParam() : TestDatabase::sqlite;
    }
};

class House : public Way {
public:
    House(TestDatabase database, Instant now);
    ~House() override;
    ClientResponse send(std::string_view method, const std::string& target,
                        const std::vector<Header>& headers, const std::string& body) override;
    /// Runs all that is due: facts, cuts, seals.
    void settle();
    std::string setup_code() const;
    Rooms& rooms();

    HandClock clock;

private:
    TestStore store_;
    std::unique_ptr<Parts> parts_;
};

}  // namespace otklik::testkit
