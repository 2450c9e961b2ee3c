#pragma once
// OpenSSL's things that free themselves. Private to this folder: no name of OpenSSL above it.
// Thread: values; an object belongs to one thread unless OpenSSL counts its references.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace otklik {

template <auto Free>
struct FreeBy {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using BioPtr = std::unique_ptr<BIO, FreeBy<&BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeBy<&EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, FreeBy<&X509_free>>;
using SslPtr = std::unique_ptr<SSL, FreeBy<&SSL_free>>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, FreeBy<&SSL_CTX_free>>;

/// The words of OpenSSL's oldest waiting error; the others are dropped.
inline std::string openssl_words() {
    char words[256] = "no reason given";
    if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, words, sizeof words);
    ERR_clear_error();
    return words;
}
[[noreturn]] inline void throw_openssl(std::string_view what) {
    throw Error(Fault::internal, "internal").because(std::string(what) + ": " + openssl_words());
}
inline BioPtr memory_bio(std::string_view bytes) {
    BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    if (!bio) throw_openssl("BIO_new_mem_buf");
    return bio;
}
inline std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(length)};
}

}  // namespace otklik
