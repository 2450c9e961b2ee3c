// The server's port as a client of TLS sees it, with OpenSSL's own client.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>

#include <random>

#include "base/clock.h"
#include "base/hash.h"
#include "tls/certificates.h"
#include "tls/tls_end.h"
#include "web/http_testkit.h"

namespace otklik::test {
namespace {

const Instant now = SystemClock().now();

struct House {
    KeyAndChain authority = make_authority("test", {}, now);
    KeyAndChain first = make_server_certificate(authority, {"shop.local", "127.0.0.1"}, now);
};
const House& made_once() {
    static const House house;
    return house;
}

/// The certificate in force, which a test may change.
class Source : public TlsSource {
public:
    std::shared_ptr<const TlsContext> current() const override { return context; }
    std::shared_ptr<const TlsContext> context =
        std::make_shared<const TlsContext>(made_once().first);
};

struct Wish {
    int version_max = TLS1_3_VERSION;
    std::string name = "shop.local";
    std::string protocols;  // as ALPN writes them
};

class TlsClient {
public:
    explicit TlsClient(int port, const Wish& wish = {}) : raw_(port) {
        ::signal(SIGPIPE, SIG_IGN);
        context_ = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_, wish.version_max);
        SSL_CTX_set_cipher_list(context_, "ALL@SECLEVEL=0");
        SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
        BIO* pem = BIO_new_mem_buf(made_once().authority.chain.data(),
                                   static_cast<int>(made_once().authority.chain.size()));
        X509* root = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), root);
        X509_free(root);
        BIO_free(pem);
        ssl_ = SSL_new(context_);
        if (!wish.protocols.empty())
            SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(wish.protocols.data()),
                                static_cast<unsigned>(wish.protocols.size()));
        SSL_set1_host(ssl_, wish.name.c_str());
        SSL_set_fd(ssl_, raw_.fd());
        shaken = SSL_connect(ssl_) == 1;
        verdict = SSL_get_verify_result(ssl_);
        if (!shaken) reason = ERR_reason_error_string(ERR_peek_error());
        ERR_clear_error();
    }
    ~TlsClient() {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
    }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;
    bool send(std::string_view bytes) {
        return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) ==
               static_cast<int>(bytes.size());
    }
    std::string receive() {
        std::string bytes(65536, '\0');
        const int n = SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()));
        said_end = n <= 0 && SSL_get_error(ssl_, n) == SSL_ERROR_ZERO_RETURN;
        bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return bytes;
    }
    std::string until(std::string_view mark) {
        std::string all;
        while (all.find(mark) == std::string::npos) {
            const std::string piece = receive();
            if (piece.empty()) break;
            all += piece;
        }
        return all;
    }
    std::string to_end() {
        std::string all;
        for (std::string piece = receive(); !piece.empty(); piece = receive()) all += piece;
        return all;
    }
    std::string cipher() const { return SSL_get_cipher_name(ssl_); }
    std::string version() const { return SSL_get_version(ssl_); }
    bool shaken = false, said_end = false;
    long verdict = 0;
    std::string reason;

private:
    RawClient raw_;
    SSL_CTX* context_ = nullptr;
    SSL* ssl_ = nullptr;
};

class Tls : public ::testing::Test {
protected:
    std::shared_ptr<Source> source = std::make_shared<Source>();
    std::unique_ptr<TestServer> server = std::make_unique<TestServer>([this](ServerConfig& config) {
        config.tls = source;
        config.head_ms = 1500;
        config.idle_ms = 60'000;
    });
    int port() const { return server->server->port(); }
};

std::string secure_get(const std::string& target,
                       const std::string& more = "Connection: close\r\n") {
    return "GET " + target + " HTTP/1.1\r\nHost: shop.local\r\n" + more + "\r\n";
}

TEST_F(Tls, the_chain_validates_and_another_name_does_not) {
    TlsClient good(port());
    ASSERT_TRUE(good.shaken) << good.reason;
    EXPECT_EQ(good.verdict, X509_V_OK);
    EXPECT_EQ(good.version(), "TLSv1.3");
    good.send(secure_get("/a"));
    const std::string answer = good.to_end();
    EXPECT_NE(answer.find("GET /a 127.0.0.1 [] secure"), std::string::npos) << answer;
    EXPECT_TRUE(good.said_end);
    const TlsClient wrong(port(), {.name = "bank.example"});
    EXPECT_FALSE(wrong.shaken);
    EXPECT_EQ(wrong.verdict, X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST_F(Tls, tls_1_2_has_forward_secrecy_and_older_ones_are_refused) {
    const TlsClient v12(port(), {.version_max = TLS1_2_VERSION});
    ASSERT_TRUE(v12.shaken) << v12.reason;
    EXPECT_TRUE(v12.cipher().starts_with("ECDHE-ECDSA-")) << v12.cipher();
    const TlsClient v11(port(), {.version_max = TLS1_1_VERSION});
    EXPECT_FALSE(v11.shaken);
    EXPECT_NE(v11.reason.find("protocol version"), std::string::npos) << v11.reason;
}

TEST_F(Tls, only_http_1_1_is_agreed_on) {
    const TlsClient both(port(), {.protocols = std::string("\x02h2\x08http/1.1")});
    EXPECT_TRUE(both.shaken) << both.reason;
    const TlsClient only(port(), {.protocols = std::string("\x02h2")});
    EXPECT_FALSE(only.shaken);
}

TEST_F(Tls, requests_follow_each_other_on_one_connection) {
    TlsClient client(port());
    for (int i = 0; i < 3; ++i) {
        client.send(secure_get("/a", ""));
        EXPECT_NE(client.until("secure").find("200 OK"), std::string::npos);
    }
    for (const char c : secure_get("/slow_bytes", "")) ASSERT_TRUE(client.send({&c, 1}));
    EXPECT_NE(client.until("secure").find("/slow_bytes"), std::string::npos);
    client.send(secure_get("/one", "") + secure_get("/two"));
    const std::string two = client.to_end();
    EXPECT_LT(two.find("GET /one"), two.find("GET /two"));
    EXPECT_NE(two.find("GET /two"), std::string::npos);
}

TEST_F(Tls, large_bodies_ranges_and_streams_pass) {
    TlsClient big(port());
    big.send(secure_get("/big"));
    EXPECT_GT(big.to_end().size(), 5'000'000U);

    TlsClient range(port());
    range.send(secure_get("/file", "Range: bytes=2-4\r\nConnection: close\r\n"));
    const std::string part = range.to_end();
    EXPECT_NE(part.find("206 Partial Content"), std::string::npos);
    EXPECT_TRUE(part.ends_with("\r\n\r\n234")) << part;

    TlsClient upload(port());
    const std::string piece(1 << 20, 'u');
    Sha256 sum;
    upload.send("POST /spool HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                std::to_string(48 * piece.size()) + "\r\n\r\n");
    for (int i = 0; i < 48; ++i) {
        ASSERT_TRUE(upload.send(piece));
        sum.add(piece);
    }
    EXPECT_NE(upload.to_end().find(hex(sum.finish())), std::string::npos);
}

TEST_F(Tls, an_event_stream_lives_until_its_listener_goes) {
    auto listener = std::make_unique<TlsClient>(port());
    listener->send(secure_get("/stream", ""));
    EXPECT_NE(listener->until("event: hello").find("text/event-stream"), std::string::npos);
    EXPECT_TRUE(server->dispatcher.stream->push("more", "{}", "2"));
    EXPECT_NE(listener->until("event: more").find("id: 2"), std::string::npos);
    listener.reset();
    for (int i = 0; i < 200 && server->dispatcher.stream->is_open(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_FALSE(server->dispatcher.stream->is_open());
}

TEST_F(Tls, a_plain_request_at_the_port_is_told_apart) {
    const std::string answer = server->ask(secure_get("/trust"));
    EXPECT_NE(answer.find("GET /trust 127.0.0.1 [] mixed"), std::string::npos) << answer;
    EXPECT_EQ(server->ask("\x80garbage\r\n\r\n").substr(0, 12), "HTTP/1.1 400");
}

TEST_F(Tls, a_renewed_certificate_serves_new_connections_and_old_ones_go_on) {
    TlsClient old(port());
    const KeyAndChain next = make_server_certificate(made_once().authority, {"new.local"}, now);
    source->context = std::make_shared<const TlsContext>(next);
    const TlsClient wrong(port());
    EXPECT_EQ(wrong.verdict, X509_V_ERR_HOSTNAME_MISMATCH);
    const TlsClient right(port(), {.name = "new.local"});
    EXPECT_TRUE(right.shaken) << right.reason;
    old.send(secure_get("/still"));
    EXPECT_NE(old.to_end().find("GET /still"), std::string::npos);
}

TEST_F(Tls, half_open_handshakes_end_in_time_and_starve_nobody) {
    const auto began = std::chrono::steady_clock::now();
    const std::string first_bytes("\x16\x03\x01\x02\x00\x01\x00", 7);
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 500; ++i) {
        slow.push_back(std::make_unique<RawClient>(port()));
        if (i % 2 == 0) slow.back()->send(first_bytes);
    }
    TlsClient good(port());
    good.send(secure_get("/beside"));
    EXPECT_NE(good.to_end().find("GET /beside"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1500));
    // One that drips is cut off by the same limit: a byte makes no new time.
    RawClient drip(port());
    drip.send(first_bytes.substr(0, 1));
    int sent = 0;
    for (; sent < 60 && !drip.closed; ++sent) {
        drip.send("\x03");
        drip.receive(50);
    }
    EXPECT_LT(sent, 60);
    for (const auto& each : slow) {
        each->to_end(4000);
        EXPECT_TRUE(each->closed);
    }
}

TEST_F(Tls, hostile_bytes_before_and_after_the_handshake_end_one_connection_only) {
    std::mt19937 chance(7);
    for (int i = 0; i < 150; ++i) {
        RawClient client(port());
        std::string bytes = "\x16\x03";
        for (unsigned n = chance() % 300; n > 0; --n) bytes += static_cast<char>(chance());
        client.send(bytes);
        client.finish_sending();
        client.to_end(3000);
        EXPECT_TRUE(client.closed);
    }
    TlsClient good(port());
    good.send(secure_get("/after"));
    EXPECT_NE(good.to_end().find("GET /after"), std::string::npos);
}

TEST_F(Tls, stopping_lets_a_running_request_end_and_says_goodbye_to_idle_ones) {
    TlsClient idle(port()), busy(port());
    const RawClient half(port());
    busy.send(secure_get("/slow", ""));
    for (int i = 0; i < 200 && server->dispatcher.handled == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const auto began = std::chrono::steady_clock::now();
    server->server->stop(3000);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1400));
    EXPECT_NE(busy.to_end().find("GET /slow"), std::string::npos);
    EXPECT_TRUE(busy.said_end);
    EXPECT_EQ(idle.receive(), "");
    EXPECT_TRUE(idle.said_end);
}

TEST(HttpEntries, hooks_and_plain_ports_are_marked_and_strangers_are_cut_off) {
    TestServer server([](ServerConfig& config) {
        config.plain = {"127.0.0.1", 0};
        config.hook = {"127.0.0.1", 0};
        config.hook_allow = {"127.0.0.1"};
    });
    const auto ask = [](int port) {
        RawClient client(port);
        client.send(secure_get("/x"));
        return client.to_end();
    };
    EXPECT_NE(ask(server.server->plain_port()).find("[] plain"), std::string::npos);
    EXPECT_NE(ask(server.server->hook_port()).find("[] hook"), std::string::npos);
    EXPECT_TRUE(ask(server.server->port()).ends_with("[]"));
    TestServer strict([](ServerConfig& config) {
        config.hook = {"127.0.0.1", 0};
        config.hook_allow = {"10.0.0.0/8"};
    });
    EXPECT_EQ(ask(strict.server->hook_port()), "");
}

}  // namespace
}  // namespace otklik::test
