// P44, issue 4 (a slow line): answers packed on the way out, and whom they are left alone for.
#include "web/http_pack.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/hash.h"

namespace otklik {
namespace {

Request asking(std::string_view accepts) {
    Request request;
    if (!accepts.empty()) request.headers.push_back({"accept-encoding", std::string(accepts)});
    return request;
}

std::string header_of(const Response& response, std::string_view name) {
    for (const Header& each : response.headers)
        if (each.name == name) return each.value;
    return "";
}

std::string rows(int count) {
    std::string text = "[";
    for (int i = 0; i < count; ++i)
        text += R"({"id":"signal_)" + std::to_string(i) + R"(","words":"Ждал долго, но приняли"},)";
    text.back() = ']';
    return text;
}

std::string unpacked(std::string_view packed, std::size_t bytes) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string plain(bytes + 1, '\0');
    std::string input(packed);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    EXPECT_EQ(stream.avail_in, 0U);  // nothing behind the end
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

TEST(HttpPack, a_coding_is_taken_when_it_is_named_and_not_refused) {
    const struct {
        std::string_view accepts;
        bool gzip, br;
    } cases[] = {
        {"", false, false},
        {"gzip, deflate, br, zstd", true, true},
        {"GZIP", true, false},
        {" br ; q=0.5 ,gzip;q=1", true, true},
        {"gzip;q=0, br;q=0.001", false, true},
        {"gzip;Q=0.000", false, false},
        {"x-gzip, gzipped, brotli", false, false},
        {"*", false, false},
        {"identity,,;,", false, false},
    };
    for (const auto& [accepts, gzip, br] : cases) {
        EXPECT_EQ(takes_coding(asking(accepts), "gzip"), gzip) << accepts;
        EXPECT_EQ(takes_coding(asking(accepts), "br"), br) << accepts;
    }
}

TEST(HttpPack, a_list_is_packed_and_is_the_same_unpacked) {
    for (const int count : {40, 1'000, 100'000}) {
        const std::string text = rows(count);
        Response response = Response::json(200, text);
        pack_answer(asking("gzip, deflate"), response);
        EXPECT_EQ(header_of(response, "Content-Encoding"), "gzip");
        EXPECT_EQ(header_of(response, "Vary"), "Accept-Encoding");
        EXPECT_LT(response.body.size(), text.size() / 3);
        EXPECT_EQ(unpacked(response.body, text.size()), text);
    }
}

TEST(HttpPack, who_does_not_ask_gets_what_everybody_reads) {
    const std::string text = rows(100);
    Response response = Response::json(200, text);
    pack_answer(asking(""), response);
    EXPECT_EQ(response.body, text);
    EXPECT_EQ(header_of(response, "Content-Encoding"), "");
    EXPECT_EQ(header_of(response, "Vary"), "Accept-Encoding");  // a cache keeps the two apart
}

TEST(HttpPack, what_gains_nothing_goes_as_it_is) {
    const std::string text = rows(100);
    Response small = Response::json(200, "{}");
    Response sound = Response::text(200, text, "audio/ogg");
    Response part = Response::text(206, text, "text/csv; charset=utf-8");
    part.set("Content-Range", "bytes 0-9/10");
    Response coded = Response::text(200, text, "text/css");
    coded.set("Content-Encoding", "br");
    Response noise = Response::text(200, random_bytes(5'000), "text/plain");
    for (Response* each : {&small, &sound, &part, &coded, &noise}) {
        const std::string before = each->body;
        const std::string coding = header_of(*each, "Content-Encoding");
        pack_answer(asking("gzip, br"), *each);
        EXPECT_EQ(each->body, before);
        EXPECT_EQ(header_of(*each, "Content-Encoding"), coding);
    }
    Response problem = Response::text(422, text, "application/problem+json");
    pack_answer(asking("gzip"), problem);
    EXPECT_EQ(header_of(problem, "Content-Encoding"), "gzip");
}

}  // namespace
}  // namespace otklik
