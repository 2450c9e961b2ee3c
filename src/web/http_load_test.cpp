// Slow, many, torn and late: the server under clients that do not behave.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "web/http_testkit.h"

namespace otklik::test {
namespace {

using Clock = std::chrono::steady_clock;
std::int64_t ms_since(Clock::time_point began) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
}
constexpr std::string_view get_a = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

bool wait_until(const std::function<bool()>& done) {
    for (int i = 0; i < 500 && !done(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return done();
}

}  // namespace

TEST(HttpLoad, a_dripping_head_ends_at_its_time) {
    TestServer s([](ServerConfig& c) { c.head_ms = 600; });
    RawClient slow(s.server->port());
    const auto began = Clock::now();
    std::string answer;
    slow.send("GET / HT");
    for (int i = 0; i < 100 && answer.empty() && !slow.closed; ++i) {
        slow.send("x");  // every byte in time, the whole never
        answer = slow.receive(50);
    }
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408")) << answer;
    EXPECT_LT(ms_since(began), 2500);
    RawClient silent(s.server->port());
    EXPECT_EQ(silent.to_end(3000), "");
    EXPECT_TRUE(silent.closed);
}

TEST(HttpLoad, a_dripping_body_is_cut) {
    TestServer s([](ServerConfig& c) { c.head_ms = 600; });
    RawClient slow(s.server->port());
    slow.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n");
    const auto began = Clock::now();
    std::string answer;
    for (int i = 0; i < 100 && answer.empty() && !slow.closed; ++i) {
        slow.send("x");
        answer = slow.receive(50);
    }
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
    EXPECT_LT(ms_since(began), 2500);
    EXPECT_EQ(s.dispatcher.handled, 0);
}

TEST(HttpLoad, a_reader_that_stops_reading_is_dropped) {
    TestServer s([](ServerConfig& c) { c.stall_ms = 600; });
    RawClient slow(s.server->port());
    for (int i = 0; i < 20; ++i) slow.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(wait_until([&] { return s.server->counters().connections == 1; }));
    EXPECT_TRUE(wait_until([&] { return s.server->counters().connections == 0; }));
}

TEST(HttpLoad, idle_connections_end_quietly) {
    TestServer s([](ServerConfig& c) { c.idle_ms = 600; });
    RawClient client(s.server->port());
    client.send(get_a);
    client.until("[]");
    EXPECT_EQ(client.to_end(3000), "");
    EXPECT_TRUE(client.closed);
}

TEST(HttpLoad, a_full_queue_says_busy) {
    TestServer s([](ServerConfig& c) {
        c.workers = 1;
        c.queue_max = 2;
    });
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::make_unique<RawClient>(s.server->port()));
        clients.back()->send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        // The first is on the worker before the queue fills: one runs, two wait, five are told.
        ASSERT_TRUE(i > 0 || wait_until([&] { return s.dispatcher.handled == 1; }));
    }
    int served = 0, busy = 0;
    for (auto& client : clients) {
        const std::string answer = client->to_end();
        served += answer.starts_with("HTTP/1.1 200");
        busy += answer.starts_with("HTTP/1.1 503") &&
                answer.find("Retry-After: 1\r\n") != std::string::npos;
    }
    EXPECT_EQ(served + busy, 8);
    EXPECT_GE(served, 3);
    EXPECT_GE(busy, 1);
}

TEST(HttpLoad, stopping_lets_running_requests_finish) {
    TestServer s;
    RawClient idle(s.server->port()), running(s.server->port());
    idle.send(get_a);
    idle.until("[]");
    running.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(wait_until([&] { return s.dispatcher.handled == 2; }));
    const auto began = Clock::now();
    s.server->stop(5000);
    EXPECT_LT(ms_since(began), 2000);
    const std::string answer = running.to_end();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(idle.to_end(), "");
    EXPECT_THROW(RawClient(s.server->port()), Error) << "nobody listens any more";
}

TEST(HttpLoad, stopping_under_load_loses_no_answer_it_began) {
    TestServer s;
    std::atomic<int> whole{0}, torn{0};
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i)
        clients.emplace_back([&] {
            try {
                RawClient client(s.server->port());
                for (;;) {
                    if (!client.send(get_a)) return;
                    const std::string answer = client.until("[]", 1, 5000);
                    if (answer.empty()) return;
                    answer.find("[]") != std::string::npos ? ++whole : ++torn;
                }
            } catch (const Error&) {
            }
        });
    ASSERT_TRUE(wait_until([&] { return whole > 200; }));
    s.server->stop(5000);
    clients.clear();
    EXPECT_EQ(torn, 0);
    EXPECT_EQ(s.server->counters().connections, 0);
}

TEST(HttpLoad, a_client_that_never_leaves_cannot_hold_the_stop) {
    TestServer s;
    RawClient upload(s.server->port());
    upload.send("PUT /spool HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc");
    ASSERT_TRUE(wait_until([&] { return s.drafts() == 1; }));
    const auto began = Clock::now();
    s.server->stop(100);
    EXPECT_LT(ms_since(began), 2000);
    EXPECT_EQ(s.drafts(), 0U);
}

TEST(HttpLoad, events_flow_with_heartbeats) {
    TestServer s([](ServerConfig& c) { c.heartbeat_ms = 200; });
    RawClient client(s.server->port());
    client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string hello = client.until("data: {}\n\n\r\n");
    EXPECT_NE(hello.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_NE(hello.find("\r\n1d\r\nid: 1\nevent: hello\ndata: {}\n\n\r\n"), std::string::npos)
        << hello;
    EXPECT_NE(client.until(": still here").find(": still here\n\n"), std::string::npos);
    ASSERT_TRUE(s.dispatcher.stream->push("two", "a\nb\rc", "x\ny"));
    EXPECT_NE(client.until("c\n\n").find("id: x y\nevent: two\ndata: a\ndata: b c\n\n"),
              std::string::npos);
    EXPECT_EQ(s.server->counters().streams, 1);
    s.dispatcher.stream->close();
    EXPECT_TRUE(client.to_end().ends_with("0\r\n\r\n"));
    EXPECT_FALSE(s.dispatcher.stream->push("late", "", ""));
}

TEST(HttpLoad, a_listener_that_leaves_is_noticed) {
    TestServer s;
    {
        RawClient client(s.server->port());
        client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
        client.until("data: {}");
    }
    EXPECT_TRUE(wait_until([&] { return !s.dispatcher.stream->is_open(); }));
    EXPECT_TRUE(wait_until([&] { return s.server->counters().connections == 0; }));
}

TEST(HttpLoad, a_listener_that_is_too_slow_is_told_to_resync) {
    TestServer s;
    RawClient client(s.server->port());
    client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    client.until("data: {}");
    const std::string data(60'000, 'd');
    bool open = true;
    for (int i = 0; i < 2000 && open; ++i) open = s.dispatcher.stream->push("e", data, "");
    EXPECT_FALSE(open);
    EXPECT_NE(client.to_end().find("event: resync\n"), std::string::npos);
}

TEST(HttpLoad, a_stream_may_outlive_the_server) {
    std::shared_ptr<EventStream> stream;
    {
        TestServer s;
        RawClient client(s.server->port());
        client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
        client.until("data: {}");
        stream = s.dispatcher.stream;
    }
    EXPECT_FALSE(stream->push("late", "", ""));
    stream->close();
}

TEST(HttpLoad, running_out_of_descriptors_passes) {
    TestServer s;
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    std::vector<RawClient> clients;
    clients.reserve(200);
    for (int i = 0; i < 30; ++i) clients.emplace_back(s.server->port());
    ASSERT_TRUE(wait_until([&] { return s.server->counters().connections == 30; }));
    RawClient& waiting = clients.front();
    std::vector<Fd> late;
    // Sockets made before the limit connect after it.
    for (int i = 0; i < 3; ++i) late.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    rlimit small = before;
    small.rlim_cur = 20;  // below what is open: every accept fails
    ::setrlimit(RLIMIT_NOFILE, &small);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(s.server->port()));
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    for (const Fd& fd : late)
        ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
    const bool failed = wait_until([&] { return s.server->counters().refused > 0; });
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_TRUE(failed) << "the planted shortage was not felt";
    EXPECT_TRUE(wait_until([&] { return s.server->counters().connections == 33; }));
    waiting.send(get_a);
    EXPECT_NE(waiting.until("[]").find("200 OK"), std::string::npos);
}

TEST(HttpLoad, one_address_has_a_limit) {
    TestServer s([](ServerConfig& c) { c.connections_per_address_max = 2; });
    RawClient a(s.server->port()), b(s.server->port());
    ASSERT_TRUE(wait_until([&] { return s.server->counters().connections == 2; }));
    RawClient c(s.server->port());
    EXPECT_EQ(c.to_end(), "");
    EXPECT_TRUE(c.closed);
    a.send(get_a);
    EXPECT_NE(a.until("[]").find("200 OK"), std::string::npos);
}

TEST(HttpLoad, a_taken_port_is_said_so) {
    TestServer s;
    ServerConfig config;
    config.port = s.server->port();
    Server second(config, s.dispatcher);
    try {
        second.start();
        FAIL() << "two servers on one port";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "port.taken");
    }
}

}  // namespace otklik::test
