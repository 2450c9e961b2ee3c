#include "tls/tls_end.h"

#include <openssl/pem.h>

#include <algorithm>
#include <utility>

#include "tls/openssl_inside.h"

namespace otklik {
namespace {

constexpr char tls_1_2_ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr char groups[] = "X25519:P-256:P-384";
constexpr std::string_view http_1_1 = "http/1.1";
constexpr std::size_t kept_bytes_max = 4 << 10;  // more is given back when it is empty

/// The bytes between OpenSSL and the socket.
struct Wire {
    std::string in, out;
    std::size_t in_at = 0;  // what was read already
};

Wire& wire_of(BIO* bio) {
    return *static_cast<Wire*>(BIO_get_data(bio));
}

int wire_read(BIO* bio, char* to, int length) {
    Wire& wire = wire_of(bio);
    BIO_clear_retry_flags(bio);
    const std::size_t there = wire.in.size() - wire.in_at;
    if (there == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t n = std::min(there, static_cast<std::size_t>(length));
    wire.in.copy(to, n, wire.in_at);
    wire.in_at += n;
    return static_cast<int>(n);
}

int wire_write(BIO* bio, const char* from, int length) {
    BIO_clear_retry_flags(bio);
    wire_of(bio).out.append(from, static_cast<std::size_t>(length));
    return length;
}

long wire_control(BIO*, int what, long, void*) {
    return what == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* wire_method() {
    static const std::unique_ptr<BIO_METHOD, FreeBy<& BIO_meth_free>> method = [] {
        std::unique_ptr<BIO_METHOD, FreeBy<&BIO_meth_free>> made(
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "otklik wire"));
        if (!made) throw_openssl("BIO_meth_new");
        BIO_meth_set_read(made.get(), wire_read);
        BIO_meth_set_write(made.get(), wire_write);
        BIO_meth_set_ctrl(made.get(), wire_control);
        return made;
    }();
    return method.get();
}

/// HTTP/1.1 is all we speak; who offers only other things is told so (RFC 7301, 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned int bytes, void*) {
    for (unsigned int at = 0; at < bytes; at += 1U + offered[at]) {
        if (at + 1U + offered[at] > bytes) break;  // OpenSSL has looked; we read no further anyway
        const std::string_view each(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
        if (each != http_1_1) continue;
        *chosen = offered + at + 1;
        *length = offered[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void use_chain(SSL_CTX* context, std::string_view pem) {
    const BioPtr bio = memory_bio(pem);
    const X509Ptr own(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!own) throw Error(Fault::invalid, "tls.no_certificate").because(openssl_words());
    if (SSL_CTX_use_certificate(context, own.get()) != 1)  // too weak a key, an old signature
        throw Error(Fault::invalid, "tls.refused").because(openssl_words());
    while (X509Ptr next{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
            throw_openssl("SSL_CTX_add1_chain_cert");
    ERR_clear_error();  // the end of the text is an error to OpenSSL
}

}  // namespace

struct TlsContext::Inside {
    SslCtxPtr ssl{SSL_CTX_new(TLS_server_method())};
};

TlsContext::TlsContext(const KeyAndChain& files) : inside_(std::make_unique<Inside>()) {
    SSL_CTX* ssl = inside_->ssl.get();
    if (!ssl || SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(ssl, tls_1_2_ciphers) != 1 ||
        SSL_CTX_set1_groups_list(ssl, groups) != 1)
        throw_openssl("SSL_CTX");
    SSL_CTX_set_options(ssl, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                 SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // A waiting connection holds no buffers; resumption goes by tickets, nothing is kept for it.
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, nullptr);
    use_chain(ssl, files.chain);
    const KeyPtr key(PEM_read_bio_PrivateKey(memory_bio(files.key).get(), nullptr, nullptr,
                                             const_cast<char*>("")));
    if (!key) throw Error(Fault::invalid, "tls.no_key").because(openssl_words());
    if (SSL_CTX_use_PrivateKey(ssl, key.get()) != 1)
        throw Error(Fault::invalid, "tls.wrong_key").because(openssl_words());
}

TlsContext::~TlsContext() = default;

struct TlsEnd::Inside {
    std::shared_ptr<const TlsContext> context;
    Wire wire;
    SslPtr ssl;
    bool failed = false, ended = false;

    TlsStep step_of(int result) {
        switch (SSL_get_error(ssl.get(), result)) {
            case SSL_ERROR_WANT_READ:
                return TlsStep::wants;
            case SSL_ERROR_ZERO_RETURN:
                return TlsStep::ended;
            default:
                failed = true;
                ERR_clear_error();
                return TlsStep::failed;
        }
    }
};

TlsEnd::TlsEnd(std::shared_ptr<const TlsContext> context) : inside_(std::make_unique<Inside>()) {
    inside_->context = std::move(context);
    inside_->ssl.reset(SSL_new(inside_->context->inside_->ssl.get()));
    BIO* bio = BIO_new(wire_method());
    if (!inside_->ssl || !bio) throw_openssl("SSL_new");
    BIO_set_data(bio, &inside_->wire);
    BIO_set_init(bio, 1);
    SSL_set_bio(inside_->ssl.get(), bio, bio);  // it owns the one reference
    SSL_set_accept_state(inside_->ssl.get());
}

TlsEnd::~TlsEnd() = default;

TlsStep TlsEnd::shake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(inside_->ssl.get());
    return result == 1 ? TlsStep::done : inside_->step_of(result);
}

TlsStep TlsEnd::read(std::string& to, std::size_t bytes) {
    if (inside_->failed) return TlsStep::failed;
    const std::size_t before = to.size();
    to.resize(before + bytes);
    std::size_t got = 0;
    TlsStep step = TlsStep::done;
    while (got < bytes && step == TlsStep::done) {
        ERR_clear_error();
        std::size_t n = 0;
        const int result =
            SSL_read_ex(inside_->ssl.get(), to.data() + before + got, bytes - got, &n);
        if (result == 1)
            got += n;
        else
            step = inside_->step_of(result);
    }
    to.resize(before + got);
    Wire& wire = inside_->wire;
    if (wire.in_at == wire.in.size()) {
        wire.in_at = 0;
        wire.in.clear();
        if (wire.in.capacity() > kept_bytes_max) std::string().swap(wire.in);
    }
    return got > 0 ? TlsStep::done : step;
}

bool TlsEnd::write(std::string_view bytes) {
    if (inside_->failed || inside_->ended) return false;
    ERR_clear_error();
    std::size_t written = 0;
    const int result = SSL_write_ex(inside_->ssl.get(), bytes.data(), bytes.size(), &written);
    if (result == 1 && written == bytes.size()) return true;
    inside_->step_of(result);
    inside_->failed = true;
    return false;
}

void TlsEnd::say_end() {
    if (inside_->failed || std::exchange(inside_->ended, true)) return;
    if (!SSL_is_init_finished(inside_->ssl.get())) return;
    SSL_shutdown(inside_->ssl.get());
    ERR_clear_error();
}

bool TlsEnd::holds_unread() const {
    return inside_->wire.in_at < inside_->wire.in.size() ||
           SSL_has_pending(inside_->ssl.get()) == 1;
}

char* TlsEnd::room(std::size_t bytes) {
    Wire& wire = inside_->wire;
    wire.in.erase(0, std::exchange(wire.in_at, 0));
    const std::size_t before = wire.in.size();
    wire.in.resize(before + bytes);
    return wire.in.data() + before;
}

void TlsEnd::received(std::size_t bytes, std::size_t of_room) {
    Wire& wire = inside_->wire;
    wire.in.resize(wire.in.size() - of_room + bytes);
}

void TlsEnd::feed(std::string_view bytes) {
    bytes.copy(room(bytes.size()), bytes.size());
}

std::string TlsEnd::take_out() {
    return std::exchange(inside_->wire.out, {});
}

}  // namespace otklik
