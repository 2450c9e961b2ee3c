#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <array>
#include <cerrno>

#include "base/error.h"

namespace otklik {
namespace {

void require(bool done, std::string_view what) {
    if (!done) throw Error(Fault::internal, "internal").because(what);
}

}  // namespace

struct Sha256::Inside {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Inside() { EVP_MD_CTX_free(context); }
    void begin() { require(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1, "sha256 init"); }
};

Sha256::Sha256() : inside_(std::make_unique<Inside>()) {
    inside_->begin();
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
    require(EVP_DigestUpdate(inside_->context, bytes.data(), bytes.size()) == 1, "sha256 update");
}

std::string Sha256::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    require(EVP_DigestFinal_ex(inside_->context, digest.data(), &length) == 1, "sha256 final");
    inside_->begin();
    return std::string(reinterpret_cast<const char*>(digest.data()), length);
}

std::string sha256(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data,
                            bytes.size(), digest.data(), &length);
    require(made != nullptr, "hmac");
    return std::string(reinterpret_cast<const char*>(digest.data()), length);
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t done = 0;
    while (done < count) {
        const ssize_t n = ::getrandom(bytes.data() + done, count - done, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw_errno("getrandom");
        done += static_cast<std::size_t>(n);
    }
    return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace otklik
