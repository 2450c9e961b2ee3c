// Who the client is when a proxy stands before us, and who may not say so.
#include "web/http_proxy.h"

#include <gtest/gtest.h>

#include "web/http_testkit.h"

namespace otklik::test {
namespace {

Request from(std::string peer, std::vector<Header> headers) {
    Request request;
    request.peer = std::move(peer);
    request.headers = std::move(headers);
    return request;
}

std::string peer_after(const std::vector<std::string>& trusted, std::string peer,
                       std::string hops) {
    Request request = from(std::move(peer), {{"X-Forwarded-For", std::move(hops)}});
    TrustedProxies(trusted).apply(request);
    return request.peer;
}

}  // namespace

TEST(HttpProxy, a_stranger_may_not_say_who_he_is) {
    const TrustedProxies proxies({"10.0.0.2", "172.16.0.0/12", "2001:db8::/33"});
    for (const char* stranger : {"10.0.0.3", "172.32.0.1", "172.15.255.255", "2001:db8:8000::1",
                                 "2001:db7::1", "::1", "console:root", ""}) {
        Request request =
            from(stranger, {{"X-Forwarded-For", "1.2.3.4"}, {"X-Forwarded-Proto", "https"}});
        proxies.apply(request);
        EXPECT_EQ(request.peer, stranger);
        EXPECT_FALSE(request.secure) << stranger;
    }
    for (const char* proxy : {"10.0.0.2", "::ffff:10.0.0.2", "172.16.0.0", "172.31.255.255",
                              "2001:db8:7fff::1", "2001:db8::"}) {
        Request request =
            from(proxy, {{"x-forwarded-for", "1.2.3.4"}, {"x-forwarded-proto", "HTTPS"}});
        proxies.apply(request);
        EXPECT_EQ(request.peer, "1.2.3.4") << proxy;
        EXPECT_TRUE(request.secure) << proxy;
    }
}

TEST(HttpProxy, without_a_list_nobody_is_believed) {
    EXPECT_EQ(peer_after({}, "127.0.0.1", "1.2.3.4"), "127.0.0.1");
    EXPECT_FALSE(TrustedProxies({}).hold("127.0.0.1"));
}

TEST(HttpProxy, the_last_address_that_is_not_ours_counts) {
    const std::vector<std::string> ours = {"10.0.0.0/8", "fd00::/8"};
    EXPECT_EQ(peer_after(ours, "10.0.0.1", "6.6.6.6, 1.2.3.4"), "1.2.3.4") << "6.6.6.6 is forged";
    EXPECT_EQ(peer_after(ours, "10.0.0.1", "6.6.6.6,1.2.3.4 ,\t10.0.0.9, fd00::2"), "1.2.3.4");
    EXPECT_EQ(peer_after(ours, "10.0.0.1", "127.0.0.1, 1.2.3.4"), "1.2.3.4");
    EXPECT_EQ(peer_after(ours, "10.0.0.1", "2001:DB8:0:0::7"), "2001:db8::7");
    EXPECT_EQ(peer_after(ours, "10.0.0.1", "1.2.3.4:5678"), "1.2.3.4");
    EXPECT_EQ(peer_after(ours, "10.0.0.1", "[2001:db8::7]:443"), "2001:db8::7");
    EXPECT_EQ(peer_after(ours, "10.0.0.1", "::ffff:1.2.3.4"), "1.2.3.4");
}

TEST(HttpProxy, nonsense_leaves_the_proxy) {
    for (const char* hops : {"", ",", "unknown", "1.2.3.4, unknown", "1.2.3.4,", "10.0.0.5",
                             "1.2.3", "1.2.3.4.5", "1.2.3.4\x01", "[::1", "999.1.1.1", "0x7f.1"})
        EXPECT_EQ(peer_after({"10.0.0.0/8"}, "10.0.0.1", hops), "10.0.0.1") << hops;
    EXPECT_EQ(peer_after({"10.0.0.0/8"}, "10.0.0.1", std::string(8000, ',')), "10.0.0.1");
}

TEST(HttpProxy, several_fields_are_one_list) {
    Request request = from("10.0.0.1", {{"X-Forwarded-For", "6.6.6.6"},
                                        {"Accept", "a"},
                                        {"X-Forwarded-For", "1.2.3.4"},
                                        {"X-Forwarded-Proto", "https"},
                                        {"X-Forwarded-Proto", "http"}});
    TrustedProxies({"10.0.0.1"}).apply(request);
    EXPECT_EQ(request.peer, "1.2.3.4");
    EXPECT_FALSE(request.secure) << "the word of the nearest proxy is the last one";
}

TEST(HttpProxy, a_wrong_list_is_refused) {
    for (const char* wrong : {"", "proxy.local", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/",
                              "10.0.0.0/8x", "::/129", "10.0.0", "10.0.0.1 "})
        EXPECT_THROW(TrustedProxies({wrong}), Error) << wrong;
    EXPECT_TRUE(TrustedProxies({"0.0.0.0/0"}).hold("9.9.9.9"));
    EXPECT_FALSE(TrustedProxies({"0.0.0.0/0"}).hold("2001:db8::1"));
    EXPECT_TRUE(TrustedProxies({"::/0"}).hold("2001:db8::1"));
}

TEST(HttpProxy, the_server_asks_its_list) {
    constexpr std::string_view ask =
        "GET /a HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n"
        "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";
    TestServer plain;
    EXPECT_NE(plain.ask(ask).find("GET /a 127.0.0.1 []"), std::string::npos);
    TestServer other([](ServerConfig& c) { c.trusted_proxy = {"127.0.0.2"}; });
    EXPECT_NE(other.ask(ask).find("GET /a 127.0.0.1 []"), std::string::npos);
    TestServer behind([](ServerConfig& c) { c.trusted_proxy = {"127.0.0.1"}; });
    EXPECT_NE(behind.ask(ask).find("GET /a 1.2.3.4 [] secure"), std::string::npos);
    const ClientResponse local =
        request_local(behind.folder + "/s", "GET", "/a", {{"X-Forwarded-For", "1.2.3.4"}}, "");
    EXPECT_NE(local.body.find("console:"), std::string::npos) << local.body;
}

TEST(HttpProxy, a_proxy_may_bring_many) {
    TestServer s([](ServerConfig& c) {
        c.connections_per_address_max = 1;
        c.trusted_proxy = {"127.0.0.1"};
    });
    RawClient first(s.server->port());
    EXPECT_NE(s.ask("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").find("200 OK"),
              std::string::npos);
}

}  // namespace otklik::test
