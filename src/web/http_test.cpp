#include "web/http.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/hash.h"
#include "web/http_testkit.h"

namespace otklik::test {
namespace {

std::string status_of(const std::string& answer) {
    return answer.size() > 12 && answer.starts_with("HTTP/1.1 ") ? answer.substr(9, 3) : "none";
}
std::string get(std::string_view target, std::string_view more = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) +
           "Connection: close\r\n\r\n";
}
std::string body_of(const std::string& answer) {
    const auto at = answer.find("\r\n\r\n");
    return at == std::string::npos ? "" : answer.substr(at + 4);
}

}  // namespace

TEST(Http, answers_and_keeps_the_connection) {
    TestServer s;
    RawClient client(s.server->port());
    for (int i = 0; i < 3; ++i) {
        client.send("GET /a%20b?x=1 HTTP/1.1\r\nHost: x\r\n\r\n");
        const std::string answer = client.until("[]");
        EXPECT_EQ(body_of(answer), "GET /a b 127.0.0.1 []");
        EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
        EXPECT_NE(answer.find("\r\nContent-Length: 21\r\n"), std::string::npos) << answer;
    }
    client.send(get("/last"));
    EXPECT_NE(client.to_end().find("Connection: close"), std::string::npos);
    EXPECT_EQ(s.server->counters().requests, 4);
}

TEST(Http, pipelined_requests_are_answered_in_order) {
    TestServer s;
    const std::string two =
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nde\r\n1;ext=1\r\nf\r\n0\r\nTrailer: 1\r\n\r\n";
    const std::string answer = s.ask(two + get("/c"));
    const auto a = answer.find("POST /a 127.0.0.1 [abc]"),
               b = answer.find("POST /b 127.0.0.1 [def]");
    const auto c = answer.find("GET /c 127.0.0.1 []");
    EXPECT_TRUE(a < b && b < c && c != std::string::npos) << answer;
}

TEST(Http, a_request_may_come_byte_by_byte) {
    TestServer s;
    RawClient client(s.server->port());
    const std::string request =
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n";
    for (const char c : request) ASSERT_TRUE(client.send({&c, 1}));
    EXPECT_EQ(body_of(client.to_end()), "POST /a 127.0.0.1 [def]");
}

// What two parsers may read in two ways is refused (RFC 9112); the connection ends with it.
TEST(Http, ambiguous_messages_are_refused) {
    TestServer s;
    const std::string host = "Host: x\r\n";
    const auto post = [&](const std::string& fields, const std::string& body = "abc") {
        return "POST / HTTP/1.1\r\n" + host + fields + "\r\n" + body;
    };
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const std::pair<std::string, std::string> cases[] = {
        {post("Content-Length: 3\r\n" + chunked), "400"},
        {post(chunked + "Content-Length: 3\r\n"), "400"},
        {post("Content-Length: 3\r\nContent-Length: 3\r\n"), "400"},
        {post("Content-Length: 3, 3\r\n"), "400"},
        {post("Content-Length: +3\r\n"), "400"},
        {post("Content-Length: -3\r\n"), "400"},
        {post("Content-Length: 0x3\r\n"), "400"},
        {post("Content-Length: \r\n"), "400"},
        {post("Content-Length: 3 3\r\n"), "400"},
        {post("Content-Length: 99999999999999999999\r\n"), "400"},
        {post("Content-Length : 3\r\n"), "400"},
        {post(" Content-Length: 3\r\n"), "400"},
        {post("X: a\r\n folded\r\nContent-Length: 3\r\n"), "400"},
        {post("X: a\nY: b\r\nContent-Length: 3\r\n"), "400"},
        {post("X: a\rb\r\nContent-Length: 3\r\n"), "400"},
        {post(std::string("X: a\0b\r\n", 8)), "400"},
        {post("X: a\x01\r\n"), "400"},
        {post("X\x80: a\r\n"), "400"},
        {post(": a\r\n"), "400"},
        {post("no colon\r\n"), "400"},
        {post("Transfer-Encoding: gzip, chunked\r\n"), "501"},
        {post("Transfer-Encoding: identity\r\n"), "501"},
        {post("Transfer-Encoding: \x0b"
              "chunked\r\n"),
         "400"},
        {post("Transfer-Encoding: xchunked\r\n"), "501"},
        {post(chunked + chunked), "400"},
        {post(chunked, "x\r\nabc\r\n0\r\n\r\n"), "400"},
        {post(chunked, "-3\r\nabc\r\n0\r\n\r\n"), "400"},
        {post(chunked, "3\nabc\n0\n\n"), "400"},
        {post(chunked, "3\r\nabcd\r\n0\r\n\r\n"), "400"},
        {post(chunked, "ffffffffffffffffff\r\nabc"), "400"},
        {post("Host: y\r\n"), "400"},
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: \r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", "400"},
        {"GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
        {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
        {"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", "400"},
        {"GET /\r\nHost: x\r\n\r\n", "400"},
        {"GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n", "400"},
        {"G\"T / HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
        {"GET / http/1.1\r\nHost: x\r\n\r\n", "400"},
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505"},
        {"GET / HTTP/1.2\r\nHost: x\r\n\r\n", "505"},
        {"GET / HTTP/1.1\nHost: x\n\n", "400"},
        {"\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
        {"\x16\x03\x01\x02", "400"},
        {"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "400"},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {post("Expect: 200-ok\r\nContent-Length: 3\r\n"), "417"},
        {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(9000, 'a') + "\r\n\r\n", "431"},
    };
    for (const auto& [bytes, status] : cases)
        EXPECT_EQ(status_of(s.ask(bytes)), status) << bytes.substr(0, 200);
    EXPECT_EQ(s.dispatcher.handled, 0) << "a refused message reached a handler";
    std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 100; ++i) many += "X: 1\r\n";
    EXPECT_EQ(status_of(s.ask(many + "\r\n")), "431");
}

TEST(Http, odd_but_plain_messages_are_taken) {
    TestServer s;
    const std::string close = "Connection: close\r\n\r\n";
    for (const std::string& bytes : std::vector<std::string>{
             "\r\nGET / HTTP/1.1\r\nHost: x\r\n" + close,
             "GET http://X/ HTTP/1.1\r\nHost: x\r\n" + close,
             "GET / HTTP/1.1\r\nhOST:\tx:80 \t\r\n" + close,
             "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n" + close,
             "GET / HTTP/1.1\r\nHost: x\r\nX-Empty:\r\n" + close,
             "GET / HTTP/1.1\r\nHost: x\r\nX: \xD0\xB6\r\n" + close,
             "GET / HTTP/1.0\r\n\r\n",
             "OPTIONS * HTTP/1.1\r\nHost: x\r\n" + close,
             "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + close,
             "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\nConnection: "
             "close\r\n\r\n0\r\n\r\n",
         })
        EXPECT_EQ(status_of(s.ask(bytes)), "200") << bytes;
}

TEST(Http, paths_cannot_leave_their_tree) {
    TestServer s;
    for (const char* target :
         {"/../etc/passwd", "/a/../b", "/a/..", "/%2e%2e/x", "/%2E./x", "/..%2fx",
          "/a%2fb",         "/a%5cb",  "/a//b", "//a",       "/.",      "/a%00b",
          "/a%0ab",         "/a%",     "/a%4",  "/a%zz",     "/%ff",    "/%c0%ae%c0%ae/",
          "/a#b",           "a",       "/a\\b", "/x?y=%zz",  "/x?y=%00"})
        EXPECT_EQ(status_of(s.ask(get(target))), "400") << target;
    EXPECT_EQ(body_of(s.ask(get("/a/%D0%B6/"))), "GET /a/\xD0\xB6/ 127.0.0.1 []");
    EXPECT_EQ(status_of(s.ask(get("/..a/b..?q=../x"))), "200");
    EXPECT_EQ(s.dispatcher.handled, 2);
}

TEST(Http, a_body_over_its_limit_is_refused_before_it_is_read) {
    TestServer s;
    RawClient client(s.server->port());
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(status_of(client.to_end()), "413");
    const std::string chunk = "3e9\r\n" + std::string(1001, 'a') + "\r\n0\r\n\r\n";
    EXPECT_EQ(status_of(s.ask("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                              chunk)),
              "413");
    const std::string just =
        "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n";
    EXPECT_EQ(status_of(s.ask(just + std::string(1000, 'a'))), "200");
    // Refused by the route: answered though the client keeps sending, then closed.
    const std::string none = "POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n";
    EXPECT_EQ(status_of(s.ask(none + std::string(300'000, 'a'))), "404");
    EXPECT_EQ(s.dispatcher.handled, 1);
}

TEST(Http, expect_is_answered_before_the_body) {
    TestServer s;
    RawClient client(s.server->port());
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ok");
    EXPECT_NE(client.until("[ok]").find("HTTP/1.1 200"), std::string::npos);
    RawClient other(s.server->port());
    other.send(
        "POST /none HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(status_of(other.to_end()), "404");
}

TEST(Http, a_spooled_body_is_hashed_and_removed) {
    TestServer s;
    const std::string body(700'001, 'q');
    const std::string head = "PUT /spool HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    const std::string wanted = "700001 " + hex(sha256(body));
    EXPECT_EQ(body_of(s.ask(head + "Content-Length: 700001\r\n\r\n" + body)), wanted);
    EXPECT_EQ(body_of(s.ask(head + "Transfer-Encoding: chunked\r\n\r\naae61\r\n" + body +
                            "\r\n0\r\n\r\n")),
              wanted);
    {
        RawClient torn(s.server->port());
        torn.send(head + "Content-Length: 700001\r\n\r\n" + body.substr(0, 300'000));
        torn.finish_sending();
        EXPECT_EQ(torn.to_end(), "") << "a torn body has no answer";
    }
    EXPECT_EQ(s.dispatcher.handled, 2);
    for (int i = 0; i < 100 && s.drafts() > 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(s.drafts(), 0U);
}

TEST(Http, a_full_disk_refuses_the_upload) {
    TestServer s([](ServerConfig& c) { c.body_spool_min_free = std::int64_t{1} << 60; });
    EXPECT_EQ(status_of(s.ask("PUT /spool HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde")),
              "507");
}

TEST(Http, head_has_the_length_and_no_body) {
    TestServer s;
    const std::string answer = s.ask("HEAD /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answer.find("Content-Length: 5000000\r\n"), std::string::npos);
    EXPECT_EQ(body_of(answer), "");
    EXPECT_EQ(body_of(s.ask(get("/big"))).size(), 5'000'000U);
}

TEST(Http, a_header_value_cannot_split_the_answer) {
    TestServer s;
    EXPECT_EQ(s.ask(get("/split")).find("\r\nX-Evil"), std::string::npos);
}

TEST(Http, ranges_of_a_file) {
    TestServer s;
    const std::tuple<std::string, std::string, std::string> cases[] = {
        {"", "200", "0123456789"},
        {"Range: bytes=0-0\r\n", "206", "0"},
        {"Range: bytes=2-4\r\n", "206", "234"},
        {"Range: bytes=7-\r\n", "206", "789"},
        {"Range: bytes=-3\r\n", "206", "789"},
        {"Range: bytes=-30\r\n", "206", "0123456789"},
        {"Range: bytes=5-500\r\n", "206", "56789"},
        {"Range: bytes=10-\r\n", "416", ""},
        {"Range: bytes=-0\r\n", "416", ""},
        {"Range: bytes=4-2\r\n", "200", "0123456789"},
        {"Range: bytes=1-2,4-5\r\n", "200", "0123456789"},
        {"Range: lines=1-2\r\n", "200", "0123456789"},
        {"Range: bytes=a-b\r\n", "200", "0123456789"},
        {"Range: bytes=99999999999999999999-\r\n", "200", "0123456789"},
        {"Range: bytes=1-2\r\nIf-Range: \"v1\"\r\n", "206", "12"},
        {"Range: bytes=1-2\r\nIf-Range: \"v0\"\r\n", "200", "0123456789"},
        {"Range: bytes=1-2\r\nIf-Range: W/\"v1\"\r\n", "200", "0123456789"},
        {"Range: bytes=1-2\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "200", "0123456789"},
        {"If-None-Match: \"v1\"\r\n", "304", ""},
        {"If-None-Match: \"a,b\", W/\"v1\"\r\n", "304", ""},
        {"If-None-Match: *\r\n", "304", ""},
        {"If-None-Match: \"v2\"\r\n", "200", "0123456789"},
        {"If-Match: \"v2\"\r\n", "412", ""},
        {"If-Match: \"v2\", \"v1\"\r\n", "200", "0123456789"},
    };
    for (const auto& [fields, status, body] : cases) {
        const std::string answer = s.ask(get("/file", fields));
        EXPECT_EQ(status_of(answer), status) << fields;
        EXPECT_EQ(body_of(answer), body) << fields;
    }
    EXPECT_NE(s.ask(get("/file", "Range: bytes=2-4\r\n")).find("Content-Range: bytes 2-4/10\r\n"),
              std::string::npos);
    EXPECT_NE(s.ask(get("/file", "Range: bytes=10-\r\n")).find("Content-Range: bytes */10\r\n"),
              std::string::npos);
}

TEST(Http, the_local_socket_knows_its_user) {
    TestServer s;
    const ClientResponse r = request_local(s.folder + "/s", "POST", "/a", {{"X-A", "b"}}, "body");
    EXPECT_EQ(r.status, 200);
    EXPECT_TRUE(r.body.starts_with("POST /a console:")) << r.body;
    EXPECT_TRUE(r.body.ends_with(" [body]")) << r.body;
    EXPECT_EQ(request_local(s.folder + "/s", "GET", "/big", {}, "").body.size(), 5'000'000U);
    EXPECT_EQ(request_local(s.folder + "/s", "GET", "/none", {}, "").status, 404);
    const std::string path = s.folder + "/upload.bin";
    std::ofstream(path) << std::string(600'000, 'z');
    std::int64_t sent = 0;
    const auto up =
        send_file_local(s.folder + "/s", "/spool", {}, path, [&](std::int64_t n) { sent = n; });
    EXPECT_EQ(up.body, "600000 " + hex(sha256(std::string(600'000, 'z'))));
    EXPECT_EQ(sent, 600'000);
    EXPECT_THROW(request_local(s.folder + "/nobody", "GET", "/", {}, ""), Error);
}

TEST(Http, cookies_and_queries) {
    Request r;
    r.headers = {{"Cookie", "a=1; session=\"x=y\"; b="}, {"cookie", "c=3"}};
    EXPECT_EQ(r.cookie("session"), "x=y");
    EXPECT_EQ(r.cookie("b"), "");
    EXPECT_EQ(r.cookie("c"), "3");
    EXPECT_FALSE(r.cookie("ession"));
    r.query = {{"q", "1"}, {"q", "2"}};
    EXPECT_EQ(r.query_value("q"), "1");
}

}  // namespace otklik::test
