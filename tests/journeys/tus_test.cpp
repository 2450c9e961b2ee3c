// Files in pieces over the public API, by the letter of tus 1.0: every refusal it names, and what
// becomes of a file. Broken lines and killed servers are tried by web/e2e/uploads.test.mjs.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "rights_house_inside.h"

namespace otklik::testkit {
namespace {

class TusJourney : public Rights {
protected:
    using Heads = std::vector<Header>;
    static Heads tus(Heads more = {}) {
        more.push_back({"Tus-Resumable", "1.0.0"});
        return more;
    }
    static std::string metadata(const std::string& recorder, const std::string& name) {
        return "recorder " + base64(recorder) + ",filename " + base64(name);
    }
    Answer begin(Client& who, std::int64_t bytes, const std::string& name, Heads more = {}) {
        more.push_back({"Upload-Length", std::to_string(bytes)});
        more.push_back({"Upload-Metadata", metadata(shop.recorder_id, name)});
        return who.ask("POST", "/uploads", nullptr, tus(std::move(more)));
    }
    /// The path below /api/v1 of a new one.
    std::string begun(std::int64_t bytes, const std::string& name = "DS.wav") {
        const Answer made = begin(boss, bytes, name);
        EXPECT_EQ(made.status(), 201) << made.http.body;
        return made.header("Location").substr(7);
    }
    Answer patch(Client& who, const std::string& path, std::int64_t offset,
                 const std::string& bytes, Heads more = {}) {
        more.push_back({"Upload-Offset", std::to_string(offset)});
        return who.send("PATCH", path, bytes, "application/offset+octet-stream",
                        tus(std::move(more)));
    }
    std::string offset_of(const std::string& path) {
        return boss.ask("HEAD", path, nullptr, tus()).header("Upload-Offset");
    }
};

TEST_P(TusJourney, a_file_in_pieces_and_what_became_of_it) {
    const Answer can = nobody.ask("OPTIONS", "/uploads");
    EXPECT_EQ(can.status(), 204);
    EXPECT_EQ(can.header("Tus-Version"), "1.0.0");
    EXPECT_EQ(can.header("Tus-Max-Size"), "4294967296");
    EXPECT_NE(can.header("Tus-Extension").find("creation-with-upload"), std::string::npos);

    const std::string wav = wav_of(own_sound(20, 9));
    const std::string path = begun(static_cast<std::int64_t>(wav.size()));
    const Answer half = patch(boss, path, 0, wav.substr(0, 100'000));
    EXPECT_EQ(half.status(), 204) << half.http.body;
    EXPECT_EQ(half.header("Upload-Offset"), "100000");
    EXPECT_NE(half.header("Upload-Expires").find(" GMT"), std::string::npos);
    const Answer head = boss.ask("HEAD", path, nullptr, tus());
    EXPECT_EQ(head.status(), 200);
    EXPECT_EQ(head.header("Upload-Length"), std::to_string(wav.size()));
    EXPECT_EQ(head.header("Cache-Control"), "no-store");
    EXPECT_EQ(head.header("Upload-Metadata"), metadata(shop.recorder_id, "DS.wav"));
    EXPECT_EQ(patch(boss, path, 100'000, wav.substr(100'000)).header("Upload-Offset"),
              std::to_string(wav.size()));
    house.settle();
    const json::value asking = boss.get(path);
    EXPECT_EQ(text(asking, "state"), "asking");
    EXPECT_EQ(text(asking, "reason"), "start.unknown");
    EXPECT_EQ(number(asking, "length_ms"), 20'000);
    // The preview of an answer, before it is given: one press of the house waits for no sound here.
    const std::string at = format_instant(rights_begin - Duration::seconds(60));
    const json::value preview = boss.get(path + "/preview?starts_at=" + at);
    EXPECT_EQ(text(preview, "begin_at"), at);
    EXPECT_EQ(text(preview, "point_id"), shop.point_id);
    EXPECT_EQ(preview.at("overlaps").as_array().size(), 0U);
    EXPECT_EQ(number(preview, "gap_after_ms"), 40'000);
    boss.put(path + "/answer", json::object{{"starts_at", at}, {"start_uncertainty_ms", 5'000}});
    house.settle();
    const json::value done = boss.get(path);
    ASSERT_EQ(text(done, "state"), "done") << json::serialize(done);
    const json::value recording = boss.get("/recordings/" + text(done, "recording_id"));
    EXPECT_EQ(text(recording, "sha256"), hex(sha256(wav)));
    EXPECT_EQ(text(recording, "start_source"), "stated");
    std::vector<std::string> verbs;
    for (const json::value& entry : boss.list("/audit"))
        if (text(entry, "verb").starts_with("upload.")) verbs.push_back(text(entry, "verb"));
    std::sort(verbs.begin(), verbs.end());
    EXPECT_EQ(verbs, (std::vector<std::string>{"upload.answered", "upload.begun"}));
}

TEST_P(TusJourney, every_refusal_has_its_status) {
    const std::string path = begun(10);
    // Our version or none.
    const Answer old = boss.ask("HEAD", path);
    EXPECT_EQ(old.status(), 412);
    EXPECT_EQ(old.header("Tus-Version"), "1.0.0");
    EXPECT_EQ(old.header("Upload-Offset"), "");
    EXPECT_EQ(boss.ask("POST", "/uploads").status(), 412);
    EXPECT_EQ(boss.send("PATCH", path, "abc", "text/plain", tus({{"Upload-Offset", "0"}})).status(),
              415);
    const Answer ahead = patch(boss, path, 3, "abc");
    EXPECT_EQ(ahead.status(), 409);
    EXPECT_EQ(ahead.code(), "upload.offset");
    EXPECT_EQ(ahead.header("Tus-Resumable"), "1.0.0");
    EXPECT_EQ(patch(boss, path, 0, "abc", {{"Upload-Checksum", "crc32 AAAA"}}).status(), 400);
    const std::string hello = "Kq5sNclPz7QV2+lfQIuc6R7oRu0=";  // of "hello world"
    EXPECT_EQ(patch(boss, path, 0, "abc", {{"Upload-Checksum", "sha1 " + hello}}).status(), 460);
    EXPECT_EQ(offset_of(path), "0");
    EXPECT_EQ(patch(boss, path, 0, std::string(11, 'a')).status(), 413);
    const Heads none{{"Content-Type", "application/offset+octet-stream"}, {"Upload-Offset", "0"}};
    EXPECT_EQ(boss.ask("PATCH", path, nullptr, tus(none)).status(), 204) << "no bytes are fine";
    for (const char* bad : {"-1", "1x", "", "99999999999999999999"})
        EXPECT_EQ(boss.ask("POST", "/uploads", nullptr,
                           tus({{"Upload-Length", bad},
                                {"Upload-Metadata", metadata(shop.recorder_id, "a.wav")}}))
                      .status(),
                  400)
            << bad;
    EXPECT_EQ(begin(boss, std::int64_t{5} << 30, "a.wav").status(), 413);
    for (const char* bad :
         {"filename", "filename YQ==", "recorder YQ==,recorder YQ==", "recorder !"})
        EXPECT_EQ(boss.ask("POST", "/uploads", nullptr,
                           tus({{"Upload-Length", "1"}, {"Upload-Metadata", bad}}))
                      .status(),
                  400)
            << bad;
}

TEST_P(TusJourney, only_its_sender_reaches_it) {
    const std::string path = begun(10);
    for (const char* method : {"HEAD", "DELETE"})
        EXPECT_EQ(neighbour.ask(method, path, nullptr, tus()).status(), 404);
    EXPECT_EQ(patch(neighbour, path, 0, "abc").status(), 404);
    EXPECT_EQ(neighbour.ask("GET", path).status(), 404);
    EXPECT_EQ(neighbour.ask("GET", path + "/preview").status(), 404);
    EXPECT_EQ(neighbour.ask("PUT", path + "/answer", json::object{}).status(), 404);
    EXPECT_TRUE(neighbour.get("/uploads").at("items").as_array().empty());
    EXPECT_EQ(begin(neighbour, 10, "a.wav").status(), 404) << "a recorder of another site";
    EXPECT_EQ(begin(checker, 10, "a.wav").status(), 403);
    EXPECT_EQ(offset_of(path), "0");
}

TEST_P(TusJourney, old_proxies_creation_with_bytes_and_the_end) {
    const std::string path = begun(10);
    // Old proxies let only POST through.
    EXPECT_EQ(boss.ask("POST", path, nullptr, tus({{"X-HTTP-Method-Override", "GET"}})).status(),
              405);
    EXPECT_EQ(boss.send("POST", path, "abc", "application/offset+octet-stream",
                        tus({{"X-HTTP-Method-Override", "PATCH"}, {"Upload-Offset", "0"}}))
                  .status(),
              204);
    EXPECT_EQ(offset_of(path), "3");
    EXPECT_EQ(boss.ask("DELETE", path, nullptr, tus()).status(), 204);
    EXPECT_EQ(boss.ask("HEAD", path, nullptr, tus()).status(), 410);
    EXPECT_EQ(patch(boss, path, 3, "d").status(), 410);
    // Creation with bytes; too many unfinished ones.
    const Answer with = boss.send(
        "POST", "/uploads", "abc", "application/offset+octet-stream",
        tus({{"Upload-Length", "5"}, {"Upload-Metadata", metadata(shop.recorder_id, "b.wav")}}));
    EXPECT_EQ(with.status(), 201) << with.http.body;
    EXPECT_EQ(with.header("Upload-Offset"), "3");
    int status = 201;
    for (int i = 0; i < 30 && status == 201; ++i) status = begin(boss, 1, "c.wav").status();
    EXPECT_EQ(status, 429);
}

TEST_P(TusJourney, a_preview_without_a_file_stores_nothing) {
    const std::string path = "/recorders/" + shop.recorder_id + "/preview";
    const std::string at = format_instant(rights_begin + Duration::seconds(10));
    const json::value seen = boss.get(path + "?name=x.wav&length_ms=60000&starts_at=" + at);
    EXPECT_EQ(seen.at("overlaps").as_array().size(), 1U);
    EXPECT_EQ(text(seen, "start_source"), "stated");
    const Answer unknown = boss.ask("GET", path + "?name=x.wav&length_ms=60000");
    EXPECT_EQ(unknown.status(), 400);
    EXPECT_EQ(unknown.code(), "start.unknown");
    EXPECT_EQ(neighbour.ask("GET", path + "?name=x.wav").status(), 404);
    EXPECT_TRUE(boss.get("/uploads").at("items").as_array().empty());
    EXPECT_TRUE(boss.get("/uploads/folder").at("path").is_null());
}

OTKLIK_BOTH_DATABASES(TusJourney);

}  // namespace
}  // namespace otklik::testkit
