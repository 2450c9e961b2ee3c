#pragma once
// Looks at one image with the program's own code: it opens, it is whole, and it holds all that was
// acknowledged before the cut. Thread: one.
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "faults/power/disk_image.h"

namespace otklik {
class Store;
class Blobs;
}  // namespace otklik

namespace otklik::faults {

/// What a client was told, and how it is found again. Written by tests/faults/power.py, a line
/// each, its words between tabs:
///   row   PEER NUMBER UNTIL NAME STATEMENT VALUE EXPECTED   the statement's one value, of :it
///   file  PEER NUMBER UNTIL NAME PATH BYTES SHA256          the file begins with these bytes
///   none  NAME STATEMENT                                    never has a row
/// It holds from the NUMBER-th answer to PEER on, up to UNTIL records (0: for ever).
struct Acknowledged {
    bool is_file = false;
    std::size_t since = 0, until = 0;
    std::string name, where, value, expected;
};
struct Expectations {
    std::vector<Acknowledged> all;
    std::vector<std::pair<std::string, std::string>> none;  // name, statement
};
/// Throws std::runtime_error when an answer is not among the records.
Expectations read_expectations(const std::string& path, const std::vector<Record>& records);

class Checker {
public:
    Checker(const ImageFolder& image, const Expectations& expectations)
        : image_(image), expectations_(expectations) {}
    /// What is wrong with the image after `count` records; empty: nothing. A database whose tables
    /// are not all there yet is only read, unless it is to be brought up to date: that takes long.
    std::vector<std::string> check(std::size_t count, bool migrates);
    std::size_t held() const { return held_; }  // acknowledged things found again, in all

private:
    void check_store(Store& store, std::size_t count);
    void check_rows(Store& store, std::size_t count);
    void check_files(Store& store, const Blobs& blobs);
    void check_hashes(Store& store, const Blobs& blobs);
    void check_beginnings(std::size_t count);
    void check_journal(Store& store);
    const std::string& hash_of(const std::string& path, std::int64_t bytes);
    bool holds(const Acknowledged& each, std::size_t count) const {
        return each.since <= count && (each.until == 0 || count < each.until);
    }

    const ImageFolder& image_;
    const Expectations& expectations_;
    const SystemClock clock_;
    std::vector<std::string> wrong_;
    std::size_t held_ = 0;
    std::map<std::string, std::string> hashes_;  // of files that were seen before
};

}  // namespace otklik::faults
