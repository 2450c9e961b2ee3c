// The machine of bytes against OpenSSL's client, with bytes that are changed, cut and doubled on
// the way.
#include "tls/tls_end.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <random>

namespace otklik {
namespace {

constexpr Instant made_at{1'795'000'000'000'000};

std::shared_ptr<const TlsContext> context_made_once() {
    static const auto context = [] {
        const KeyAndChain root = make_authority("test", {}, made_at);
        return std::make_shared<const TlsContext>(
            make_server_certificate(root, {"shop.local"}, made_at));
    }();
    return context;
}

/// A client that looks at no certificate: only bytes matter here.
class Client {
public:
    Client() {
        context_ = SSL_CTX_new(TLS_client_method());
        ssl_ = SSL_new(context_);
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_, in_, out_);
        SSL_set_connect_state(ssl_);
    }
    ~Client() {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    void take(const std::string& bytes) {
        BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    }
    std::string give() {
        std::string bytes(BIO_ctrl_pending(out_), '\0');
        if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
        return bytes;
    }
    bool shake() {
        const bool done = SSL_do_handshake(ssl_) == 1;
        ERR_clear_error();
        return done;
    }
    void write(const std::string& text) {
        SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
        ERR_clear_error();
    }
    std::string read() {
        std::string text(100'000, '\0');
        std::size_t all = 0;
        for (int n = 0;
             (n = SSL_read(ssl_, text.data() + all, static_cast<int>(text.size() - all))) > 0;)
            all += static_cast<std::size_t>(n);
        ERR_clear_error();
        return text.substr(0, all);
    }
    SSL* ssl() { return ssl_; }

private:
    SSL_CTX* context_ = nullptr;
    SSL* ssl_ = nullptr;
    BIO* in_ = nullptr;
    BIO* out_ = nullptr;
};

/// Handshake and one exchange; `spoil` may change what goes to the server. What the server read.
template <class Spoil>
std::string talk(const Spoil& spoil) {
    TlsEnd server(context_made_once());
    Client client;
    std::string got;
    TlsStep step = TlsStep::wants;
    for (int turn = 0; turn < 8 && step != TlsStep::failed; ++turn) {
        if (client.shake() && turn > 1) client.write("hello");
        server.feed(spoil(client.give()));
        if (step != TlsStep::done) step = server.shake();
        if (step == TlsStep::done && server.read(got, 4096) == TlsStep::failed)
            step = TlsStep::failed;
        client.take(server.take_out());
    }
    server.say_end();
    server.take_out();
    return got;
}

TEST(TlsEnd, bytes_pass_both_ways_whole_and_byte_by_byte) {
    EXPECT_TRUE(talk([](std::string bytes) { return bytes; }).starts_with("hello"));
    TlsEnd server(context_made_once());
    Client client;
    bool done = false;
    for (int turn = 0; turn < 4; ++turn) {
        client.shake();
        for (const char c : client.give()) {
            server.feed({&c, 1});
            if (!done) done = server.shake() == TlsStep::done;
        }
        client.take(server.take_out());
    }
    ASSERT_TRUE(done);
    const std::string large(90'000, 'x');
    EXPECT_TRUE(server.write(large));
    client.take(server.take_out());
    EXPECT_EQ(client.read(), large);
    client.write(std::string(40'000, 'y'));
    server.feed(client.give());
    std::string got;
    while (server.read(got, 1000) == TlsStep::done) {
    }
    EXPECT_EQ(got, std::string(40'000, 'y'));
    EXPECT_FALSE(server.holds_unread());
    SSL_shutdown(client.ssl());
    server.feed(client.give());
    EXPECT_EQ(server.read(got, 10), TlsStep::ended);
}

TEST(TlsEnd, what_was_changed_on_the_way_is_never_read) {
    std::mt19937 chance(11);
    int spoiled = 0;
    for (int i = 0; i < 500; ++i) {
        const std::string got = talk([&](std::string bytes) {
            if (bytes.empty() || chance() % 3 != 0) return bytes;
            ++spoiled;
            const std::size_t at = chance() % bytes.size();
            switch (chance() % 4) {
                case 0:
                    bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance() % 8));
                    break;
                case 1:
                    bytes.resize(at);
                    break;
                case 2:
                    bytes += bytes.substr(at);
                    break;
                default:
                    bytes.insert(at, std::string(chance() % 40, static_cast<char>(chance())));
            }
            return bytes;
        });
        std::string hellos;
        while (hellos.size() < got.size()) hellos += "hello";
        EXPECT_EQ(got, hellos);
    }
    EXPECT_GT(spoiled, 200);
}

}  // namespace
}  // namespace otklik
