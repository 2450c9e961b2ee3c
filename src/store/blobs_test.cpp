#include "store/blobs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class BlobFiles : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (test_store)
            blobs = std::make_unique<Blobs>(test_store->folder() + "/data", clock, 1 << 20);
    }
    StoredFile make(std::string_view bytes) {
        const auto draft = blobs->draft_path();
        write_file_durably(draft, bytes);
        const auto file = blobs->adopt(draft, 1, "clip");
        store().write([&](Tx& tx) { blobs->keep(tx, file); });
        return file;
    }
    std::vector<std::string> findings(int level) {
        std::vector<std::string> all;
        for (const auto& each : fsck_files(store(), *blobs, level)) all.push_back(each.what);
        return all;
    }
    std::unique_ptr<Blobs> blobs;
};

TEST_P(BlobFiles, a_file_comes_back_as_it_went) {
    const auto file = make("hello");
    const auto found = store().read([&](Tx& tx) { return blobs->find(tx, file.id); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->bytes, 5);
    EXPECT_EQ(found->sha256, sha256("hello"));
    char bytes[8] = {};
    EXPECT_EQ(blobs->open(*found)->read(1, bytes), 4u);
    EXPECT_STREQ(bytes, "ello");
    EXPECT_TRUE(findings(3).empty());
    EXPECT_TRUE(std::filesystem::is_empty(blobs->folder() + "/tmp"));
    EXPECT_THROW(blobs->adopt(blobs->draft_path(), 1, "../clip"), Error);
}

TEST_P(BlobFiles, discarded_it_goes_by_the_garbage_row) {
    const auto file = make("hello");
    store().write([&](Tx& tx) { blobs->discard(tx, file.id, "test"); });
    EXPECT_FALSE(store().read([&](Tx& tx) { return blobs->find(tx, file.id); }));
    EXPECT_TRUE(std::filesystem::exists(blobs->path_of(file)));
    EXPECT_TRUE(findings(3).empty()) << "a garbage row accounts for the file";
    EXPECT_EQ(blobs->sweep(store()), 1);
    EXPECT_FALSE(std::filesystem::exists(blobs->path_of(file)));
    EXPECT_EQ(blobs->sweep(store()), 0);
    EXPECT_TRUE(findings(3).empty());
}

TEST_P(BlobFiles, what_a_killed_run_left_is_swept_and_nothing_else) {
    const auto kept = make("kept");
    const auto before_nothing_is_known = media_files(*blobs);
    const auto draft = blobs->draft_path();
    write_file_durably(draft, "torn");
    const auto torn = blobs->adopt(draft, 1, "clip");
    EXPECT_EQ(sweep_leftovers(store(), *blobs, before_nothing_is_known), 0) << "own work";
    EXPECT_EQ(sweep_leftovers(store(), *blobs, {torn.path}), 0) << "another database's folder";
    EXPECT_TRUE(std::filesystem::exists(blobs->path_of(torn)));
    EXPECT_EQ(sweep_leftovers(store(), *blobs, media_files(*blobs)), 1);
    EXPECT_FALSE(std::filesystem::exists(blobs->path_of(torn)));
    EXPECT_TRUE(std::filesystem::exists(blobs->path_of(kept)));
    EXPECT_TRUE(findings(3).empty());
}

TEST_P(BlobFiles, fsck_finds_each_kind_of_damage_at_its_level) {
    const auto missing = make("one"), longer = make("two"), changed = make("six");
    std::filesystem::remove(blobs->path_of(missing));
    std::ofstream(blobs->path_of(longer), std::ios::app) << "x";
    std::ofstream(blobs->path_of(changed), std::ios::in | std::ios::out) << "S";
    write_file_durably(blobs->folder() + "/media/clip/foreign", "x");
    EXPECT_EQ(findings(1), (std::vector<std::string>{"missing", "foreign"}));
    EXPECT_EQ(findings(2), (std::vector<std::string>{"missing", "size", "foreign"}));
    EXPECT_EQ(findings(3), (std::vector<std::string>{"missing", "size", "changed", "foreign"}));
}

TEST_P(BlobFiles, drafts_of_a_dead_process_go_at_the_start) {
    write_file_durably(blobs->draft_path(), "torn");
    const auto file = make("kept");
    Blobs again(blobs->folder(), clock, 0);
    EXPECT_TRUE(std::filesystem::is_empty(blobs->folder() + "/tmp"));
    EXPECT_TRUE(std::filesystem::exists(again.path_of(file)));
}

TEST_P(BlobFiles, the_reserve_is_given_back_and_made_again) {
    const std::string path = blobs->folder() + "/reserve";
    EXPECT_EQ(std::filesystem::file_size(path), 1u << 20);
    EXPECT_TRUE(blobs->free_reserve());
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_FALSE(blobs->free_reserve());
    EXPECT_TRUE(blobs->restore_reserve());
    EXPECT_EQ(std::filesystem::file_size(path), 1u << 20);
    EXPECT_GT(blobs->free_bytes(), 0);
    Blobs huge(test_store->folder() + "/other", clock, std::int64_t{1} << 60);
    EXPECT_FALSE(huge.restore_reserve());
}

OTKLIK_BOTH_DATABASES(BlobFiles);

}  // namespace
}  // namespace otklik
