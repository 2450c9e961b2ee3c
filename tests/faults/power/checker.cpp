#include "faults/power/checker.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/error.h"
#include "base/text.h"
#include "faults/power/words.h"
#include "store/audit.h"
#include "store/blobs.h"
#include "store/hash_file.h"
#include "store/store.h"

namespace otklik::faults {
namespace {

std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    std::istringstream rest(line);
    for (std::string word; std::getline(rest, word, '\t');) words.push_back(word);
    return words;
}

std::string text_of(const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return "null";
}

/// Number of the record of each answer, by whom it was given to.
std::map<std::string, std::vector<std::size_t>> answers_of(const std::vector<Record>& records) {
    std::map<std::string, std::vector<std::size_t>> answers;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (records[i].head.op == Op::said && records[i].bytes.substr(9, 1) != "1")
            answers[std::string(records[i].first)].push_back(i);
    return answers;
}

}  // namespace

Expectations read_expectations(const std::string& path, const std::vector<Record>& records) {
    const auto answers = answers_of(records);
    Expectations expected;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const auto words = words_of(line);
        if (words.at(0) == "none") {
            expected.none.emplace_back(words.at(1), words.at(2));
            continue;
        }
        const auto peer = answers.find(words.at(1));
        const std::size_t number = number_in<std::size_t>(words.at(2));
        if (peer == answers.end() || number >= peer->second.size())
            throw std::runtime_error("no answer in the log for: " + line);
        expected.all.push_back({words.at(0) == "file", peer->second[number],
                                number_in<std::size_t>(words.at(3)), words.at(4), words.at(5),
                                words.at(6), words.at(7)});
    }
    return expected;
}

std::vector<std::string> Checker::check(std::size_t count, bool migrates) {
    wrong_.clear();
    const std::string data = image_.folder() + "/data";
    std::filesystem::create_directories(data);
    StoreConfig config{.url = "sqlite:" + data + "/otklik.db", .readers = 1};
    config.may_migrate = migrates;
    try {
        check_store(*Store::open(config, clock_), count);
    } catch (const Error& error) {
        if (error.code() != "store.old")
            wrong_.push_back("it does not open: " + std::string(error.what()));
        else if (std::any_of(expectations_.all.begin(), expectations_.all.end(),
                             [&](const Acknowledged& each) { return holds(each, count); }))
            wrong_.push_back("lost: all, tables are missing");
    } catch (const std::exception& error) {
        wrong_.push_back(std::string("it does not open: ") + error.what());
    }
    return wrong_;
}

void Checker::check_store(Store& store, std::size_t count) {
    check_rows(store, count);
    const Blobs blobs(image_.folder() + "/data", clock_, 0);
    check_files(store, blobs);
    check_hashes(store, blobs);
    check_beginnings(count);
    check_journal(store);
}

void Checker::check_rows(Store& store, std::size_t count) {
    store.read([&](Tx& tx) {
        const auto whole = tx.rows({"pragma integrity_check(3)"});
        if (whole.at(0).text(0) != "ok") wrong_.push_back("integrity: " + whole[0].text(0));
        for (const auto& [name, statement] : expectations_.none)
            if (!tx.rows({statement}).empty()) wrong_.push_back("there are " + name);
        for (const Acknowledged& each : expectations_.all) {
            if (each.is_file || !holds(each, count)) continue;
            const auto rows = tx.rows({each.where}, {{"it", each.value}});
            const std::string found = rows.empty() ? "nothing" : text_of(rows[0].value(0));
            if (found == each.expected)
                ++held_;
            else
                wrong_.push_back("lost: " + each.name + " is " + found + ", not " + each.expected);
        }
    });
}

/// As a start of the program does it: what no row knows is swept, then all must fit.
void Checker::check_files(Store& store, const Blobs& blobs) {
    const auto before = media_files(blobs);
    sweep_leftovers(store, blobs, before);
    const auto found = fsck_files(store, blobs, 2);
    // A house that knows no file yet takes none for its own, and leaves it.
    const bool knows_any = !store.read([](Tx& tx) { return stored_files(tx, 0, 1); }).empty();
    for (const FsckFinding& each : found)
        if (each.what != "foreign" || knows_any) wrong_.push_back(each.what + ": " + each.path);
}

const std::string& Checker::hash_of(const std::string& path, std::int64_t bytes) {
    const std::string key = path + "\t" + image_.key(path) + "\t" + std::to_string(bytes);
    auto [hash, is_new] = hashes_.try_emplace(key);
    if (is_new) hash->second = hash_file(image_.folder() + "/" + path, bytes);
    return hash->second;
}

void Checker::check_hashes(Store& store, const Blobs& blobs) {
    const auto files = store.read([](Tx& tx) { return stored_files(tx, 0, 10'000); });
    for (const StoredFile& file : files) {
        if (!std::filesystem::exists(blobs.path_of(file))) continue;  // told above
        if (hash_of("data/media/" + file.path, file.bytes) != file.sha256)
            wrong_.push_back("changed: " + file.path);
    }
}

void Checker::check_beginnings(std::size_t count) {
    for (const Acknowledged& each : expectations_.all) {
        if (!each.is_file || !holds(each, count)) continue;
        const auto bytes = number_in<std::int64_t>(each.value);
        std::error_code error;
        const auto size = std::filesystem::file_size(image_.folder() + "/" + each.where, error);
        if (error || static_cast<std::int64_t>(size) < bytes)
            wrong_.push_back("lost: " + each.name + ", " + each.where +
                             (error ? " is gone" : " is short"));
        else if (otklik::hex(hash_of(each.where, bytes)) != each.expected)
            wrong_.push_back("lost: " + each.name + ", " + each.where + " has other bytes");
        else
            ++held_;
    }
}

void Checker::check_journal(Store& store) {
    const AuditVerdict verdict = AuditSealer(store, clock_, image_.folder() + "/keys").verify();
    if (!verdict.reason.empty()) wrong_.push_back("journal: " + verdict.reason);
}

}  // namespace otklik::faults
