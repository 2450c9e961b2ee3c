#include "recording/uploads.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "recording/recording_testkit.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

const Instant heard_at = *parse_instant("2026-11-18T08:00:00Z");
constexpr const char* named = "20261118_130000.wav";  // the zone is UTC+5
constexpr const char* me = "account_1";

class UploadsTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
        open_again();
    }
    /// As a new process would find it.
    void open_again() {
        uploads = std::make_unique<Uploads>(store(), world->blobs, world->importer,
                                            world->recording, clock);
    }
    Upload begin(std::size_t bytes, const std::string& name = named) {
        Uploads::Wish wish;
        wish.recorder_id = world->recorder;
        wish.owner = me;
        wish.name = name;
        wish.bytes = static_cast<std::int64_t>(bytes);
        return uploads->begin(all, wish);
    }
    Upload send(Id<Upload> id, std::int64_t offset, std::string_view bytes) {
        const auto writer = uploads->write(all, me, id, offset, {});
        writer->add(bytes);
        return writer->finish();
    }
    /// Sends all of it and runs the stage.
    Upload bring(const std::string& bytes, const std::string& name = named) {
        const Upload upload = begin(bytes.size(), name);
        if (!bytes.empty()) send(upload.id, 0, bytes);
        uploads->settle(upload.id.value);
        return now(upload.id);
    }
    Upload now(Id<Upload> id) {
        return store().read([&](Tx& tx) { return uploads->get(all, tx, me, id); });
    }
    template <class F>
    static std::string code_of(F&& f) {
        try {
            f();
        } catch (const Error& error) {
            return error.code();
        }
        return "nothing";
    }
    std::string original_of(const Upload& upload) {
        return store().read([&](Tx& tx) {
            const auto s = world->recording.find_session(all, tx, upload.session_id);
            const auto original = world->recording.original(tx, *s);
            const auto file = world->blobs.find(tx, original->media_file_id);
            return read_file(world->blobs.path_of(*file), 1 << 26);
        });
    }
    bool has_file(Id<Upload> id) const { return std::filesystem::exists(uploads->path_of(id)); }

    const Scope all = Scope::system();
    std::unique_ptr<RecordingWorld> world;
    std::unique_ptr<Uploads> uploads;
};
OTKLIK_BOTH_DATABASES(UploadsTest);

TEST_P(UploadsTest, a_file_in_pieces_becomes_a_recording_with_its_bytes) {
    const std::string wav = wav_file(bursts(3, 16'000), 16'000);
    const Upload upload = begin(wav.size());
    EXPECT_EQ(send(upload.id, 0, wav.substr(0, 1000)).bytes_done, 1000);
    // The connection breaks in the middle of the second request, then the program is killed.
    {
        const auto writer = uploads->write(all, me, upload.id, 1000, {});
        writer->add(std::string_view(wav).substr(1000, 500));
        writer->cut();
    }
    open_again();
    EXPECT_EQ(uploads->halt(all, me, upload.id).bytes_done, 1500);
    const Upload whole = send(upload.id, 1500, std::string_view(wav).substr(1500));
    EXPECT_EQ(whole.state, UploadState::whole);
    EXPECT_TRUE(uploads->settle(upload.id.value)) << "remembered for a while";
    const Upload done = now(upload.id);
    ASSERT_EQ(done.state, UploadState::done) << done.reason;
    EXPECT_EQ(original_of(done), wav);
    EXPECT_EQ(world->sessions().at(0).at.begin, heard_at);
    EXPECT_FALSE(has_file(upload.id));
    EXPECT_EQ(done.length, Duration::seconds(3));
    uploads->settle(upload.id.value);
    EXPECT_EQ(world->sessions().size(), 1U);
}

TEST_P(UploadsTest, bytes_that_were_not_acknowledged_are_sent_again) {
    const std::string wav = wav_file(bursts(2, 16'000), 16'000);
    const Upload upload = begin(wav.size());
    {
        const auto writer = uploads->write(all, me, upload.id, 0, {});
        writer->add(std::string(700, 'x'));  // killed before any word of it
    }
    open_again();
    EXPECT_EQ(uploads->halt(all, me, upload.id).bytes_done, 0);
    send(upload.id, 0, wav);
    uploads->settle(upload.id.value);
    EXPECT_EQ(original_of(now(upload.id)), wav);
}

TEST_P(UploadsTest, a_wrong_offset_writes_nothing_and_tells_the_right_one) {
    const Upload upload = begin(100);
    send(upload.id, 0, "0123456789");
    EXPECT_EQ(code_of([&] { send(upload.id, 5, "abc"); }), "upload.offset");
    EXPECT_EQ(code_of([&] { send(upload.id, 11, "abc"); }), "upload.offset");
    EXPECT_EQ(now(upload.id).bytes_done, 10);
    EXPECT_EQ(read_file(uploads->path_of(upload.id), 100), "0123456789");
    EXPECT_EQ(code_of([&] { send(upload.id, 10, std::string(91, 'a')); }), "upload.beyond_length");
    EXPECT_EQ(now(upload.id).bytes_done, 10);
}

TEST_P(UploadsTest, a_newer_request_takes_over_from_one_that_hangs) {
    const Upload upload = begin(20);
    const auto hanging = uploads->write(all, me, upload.id, 0, {});
    hanging->add("01234");
    EXPECT_EQ(uploads->halt(all, me, upload.id).bytes_done, 5) << "what it had is kept";
    const auto fresh = uploads->write(all, me, upload.id, 5, {});
    EXPECT_EQ(code_of([&] { hanging->add("late"); }), "upload.taken");
    EXPECT_EQ(code_of([&] { hanging->finish(); }), "upload.taken");
    hanging->cut();
    fresh->add("56789");
    EXPECT_EQ(fresh->finish().bytes_done, 10);
    EXPECT_EQ(read_file(uploads->path_of(upload.id), 100), "0123456789");
}

TEST_P(UploadsTest, a_wrong_checksum_keeps_nothing_of_its_piece) {
    const Upload upload = begin(22);
    const std::string hello_world = *parse_hex("2aae6c35c94fcfb415dbe95f408b9ce91ee846ed");
    const UploadChecksum sha1{ChecksumKind::sha1, hello_world};
    auto writer = uploads->write(all, me, upload.id, 0, sha1);
    writer->add("hello ");
    writer->add("world");
    EXPECT_EQ(writer->finish().bytes_done, 11);
    writer = uploads->write(all, me, upload.id, 11, sha1);
    writer->add("hello_world");
    EXPECT_EQ(code_of([&] { writer->finish(); }), "upload.checksum");
    writer.reset();
    EXPECT_EQ(uploads->halt(all, me, upload.id).bytes_done, 11);
    // Cut in the middle it cannot be checked, so it does not count either.
    writer = uploads->write(all, me, upload.id, 11, {ChecksumKind::sha256, sha256("x")});
    writer->add("x");
    writer->cut();
    writer.reset();
    EXPECT_EQ(uploads->halt(all, me, upload.id).bytes_done, 11);
}

TEST_P(UploadsTest, another_persons_upload_is_not_there) {
    const Upload upload = begin(10);
    for (const auto& try_it : std::vector<std::function<void()>>{
             [&] { uploads->halt(all, "account_2", upload.id); },
             [&] { uploads->write(all, "account_2", upload.id, 0, {}); },
             [&] { uploads->end(all, "account_2", upload.id); },
             [&] { uploads->answer(all, "account_2", upload.id, {}); },
             [&] { uploads->halt(all, me, {upload.id.value + 1}); }})
        EXPECT_EQ(code_of(try_it), "not_found");
    EXPECT_EQ(now(upload.id).state, UploadState::open);
    store().read([&](Tx& tx) {
        const Scope here = Scope::console(world->company);
        EXPECT_EQ(uploads->list(here, tx, me, 10).size(), 1U);
        EXPECT_EQ(uploads->list(here, tx, "account_2", 10).size(), 0U);
    });
}

TEST_P(UploadsTest, one_given_up_or_too_old_is_gone_with_its_bytes) {
    const Upload ended = begin(10), old = begin(10);
    send(old.id, 0, "abc");
    uploads->end(all, me, ended.id);
    uploads->settle(ended.id.value);
    EXPECT_FALSE(has_file(ended.id));
    EXPECT_EQ(code_of([&] { uploads->halt(all, me, ended.id); }), "upload.gone");
    const auto look_again = uploads->settle(old.id.value);
    ASSERT_TRUE(look_again);
    EXPECT_EQ(*look_again, now(old.id).expires_at);
    clock.set(*look_again);
    EXPECT_EQ(code_of([&] { send(old.id, 3, "d"); }), "upload.gone");
    uploads->settle(old.id.value);
    uploads->settle(old.id.value);
    EXPECT_FALSE(has_file(old.id));
    EXPECT_EQ(now(old.id).reason, "upload.expired");
    clock.advance(Duration::hours(31 * 24));
    EXPECT_FALSE(uploads->settle(old.id.value));
    EXPECT_EQ(code_of([&] { now(old.id); }), "not_found");
}

TEST_P(UploadsTest, too_many_and_too_large_are_refused_before_a_byte_comes) {
    EXPECT_EQ(code_of([&] { begin((std::size_t{4} << 30) + 1); }), "upload.too_large");
    for (int i = 0; i < uploads_open_max; ++i) begin(10);
    EXPECT_EQ(code_of([&] { begin(10); }), "upload.too_many");
    EXPECT_EQ(world->file_count(), std::size_t{uploads_open_max});
}

TEST_P(UploadsTest, an_unknown_start_is_asked_and_the_answer_imports_it) {
    const std::string wav = wav_file(bursts(2, 8'000), 8'000);
    const Upload asking = bring(wav, "DS_30001.wav");
    EXPECT_EQ(asking.state, UploadState::asking);
    EXPECT_EQ(asking.reason, "start.unknown");
    EXPECT_TRUE(has_file(asking.id));
    EXPECT_EQ(world->sessions().size(), 0U);
    uploads->answer(all, me, asking.id,
                    {.starts_at = heard_at, .uncertainty = Duration::seconds(5)});
    uploads->settle(asking.id.value);
    EXPECT_EQ(now(asking.id).state, UploadState::done);
    EXPECT_EQ(world->sessions().at(0).uncertainty, Duration::seconds(5));
    EXPECT_EQ(code_of([&] { uploads->answer(all, me, asking.id, {}); }), "upload.not_asking");
}

TEST_P(UploadsTest, the_same_file_twice_is_one_recording_and_names_it) {
    const std::string wav = wav_file(bursts(2, 8'000), 8'000);
    const Upload first = bring(wav);
    const Upload second = bring(wav);
    EXPECT_TRUE(second.already_there);
    EXPECT_EQ(second.session_id, first.session_id);
    // Another start typed by a person: asked, with the earlier one named.
    const Upload typed = bring(wav, "DS.wav");
    uploads->answer(all, me, typed.id,
                    {.starts_at = heard_at + Duration::hours(1), .uncertainty = {}});
    uploads->settle(typed.id.value);
    const Upload asking = now(typed.id);
    EXPECT_EQ(asking.reason, "recording.same_content_other_start");
    EXPECT_EQ(asking.reason_params.at(1).second, word(first.session_id));
    uploads->answer(all, me, typed.id, {.starts_at = {}, .uncertainty = {}, .sure = true});
    uploads->settle(typed.id.value);
    EXPECT_EQ(now(typed.id).state, UploadState::done);
    EXPECT_EQ(world->sessions().size(), 2U);
}

TEST_P(UploadsTest, a_recording_of_tomorrow_is_asked) {
    const Upload asking = bring(wav_file(bursts(2, 8'000), 8'000), "20261118_200000.wav");
    EXPECT_EQ(asking.reason, "start.ahead");
    uploads->answer(all, me, asking.id, {.starts_at = {}, .uncertainty = {}, .sure = true});
    uploads->settle(asking.id.value);
    EXPECT_EQ(now(asking.id).state, UploadState::done);
}

TEST_P(UploadsTest, what_is_no_sound_is_refused_with_its_reason) {
    const Upload picture = bring("\x89PNG\r\n\x1a\n and more", "photo.wav");
    EXPECT_EQ(picture.state, UploadState::refused);
    EXPECT_EQ(picture.reason, "audio.not_audio");
    EXPECT_EQ(picture.reason_params.at(0).second, "PNG");
    EXPECT_FALSE(has_file(picture.id));
    EXPECT_EQ(bring("", "nothing.wav").reason, "audio.empty");
    EXPECT_EQ(world->sessions().size(), 0U);
    uploads->end(all, me, picture.id);
    EXPECT_EQ(code_of([&] { now(picture.id); }), "not_found") << "forgotten";
}

TEST_P(UploadsTest, killed_between_recording_and_outcome_it_is_one_recording) {
    const std::string wav = wav_file(bursts(2, 8'000), 8'000);
    const Upload upload = begin(wav.size());
    send(upload.id, 0, wav);
    world->import(wav, named, std::nullopt);  // all that the stage had done when it was killed
    open_again();
    uploads->settle(upload.id.value);
    EXPECT_EQ(now(upload.id).state, UploadState::done);
    EXPECT_TRUE(now(upload.id).already_there);
    EXPECT_EQ(world->sessions().size(), 1U);
}

TEST_P(UploadsTest, files_that_no_row_knows_are_swept) {
    const Upload open = begin(10);
    write_file_durably(uploads->path_of({77}), "left behind");
    write_file_durably(test_store->folder() + "/data/uploads/strange", "x");
    EXPECT_EQ(uploads->sweep(), 2);
    EXPECT_TRUE(has_file(open.id));
}

}  // namespace
}  // namespace otklik
