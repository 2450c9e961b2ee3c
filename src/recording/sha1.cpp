#include "recording/sha1.h"

#include <openssl/evp.h>

#include <array>

#include "base/error.h"

namespace otklik {
namespace {

void require_digest(int done) {
    if (done != 1) throw Error(Fault::internal, "internal").because("sha1");
}

}  // namespace

struct Sha1::Inside {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Inside() = default;
    ~Inside() { EVP_MD_CTX_free(context); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
};

Sha1::Sha1() : inside_(std::make_unique<Inside>()) {
    require_digest(EVP_DigestInit_ex(inside_->context, EVP_sha1(), nullptr));
}
Sha1::~Sha1() = default;

void Sha1::add(std::string_view bytes) {
    require_digest(EVP_DigestUpdate(inside_->context, bytes.data(), bytes.size()));
}

std::string Sha1::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    require_digest(EVP_DigestFinal_ex(inside_->context, digest.data(), &length));
    return std::string(reinterpret_cast<const char*>(digest.data()), length);
}

}  // namespace otklik
