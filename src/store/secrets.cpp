#include "store/secrets.h"

#include <fcntl.h>
#include <sodium.h>

#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr std::size_t key_bytes = 32;

std::string key_in(const std::string& path) {
    std::string text = read_file(path, 1'000);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const auto key = parse_hex(text);
    if (!key || key->size() != key_bytes)
        throw Error(Fault::internal, "internal").because("no key in " + path);
    return *key;
}

/// Each use has a key of its own.
std::string key_of(const std::string& key, std::string_view use) {
    return hmac_sha256(key, "otklik secret/1\n" + std::string(use));
}

const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string Secrets::seal(std::string_view use, std::string_view word) const {
    if (!std::filesystem::exists(path_))
        write_file_durably(path_, hex(random_bytes(key_bytes)) + "\n");
    const std::string key = key_of(key_in(path_), use);
    const std::string nonce = random_bytes(crypto_secretbox_NONCEBYTES);
    std::string out(word.size() + crypto_secretbox_MACBYTES, '\0');
    crypto_secretbox_easy(reinterpret_cast<unsigned char*>(out.data()), octets(word), word.size(),
                          octets(nonce), octets(key));
    return nonce + out;
}

std::optional<std::string> Secrets::open(std::string_view use, std::string_view sealed) const {
    constexpr std::size_t head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.size() < head || !std::filesystem::exists(path_)) return std::nullopt;
    const std::string key = key_of(key_in(path_), use);
    const std::string_view box = sealed.substr(crypto_secretbox_NONCEBYTES);
    std::string out(sealed.size() - head, '\0');
    if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(out.data()), octets(box),
                                   box.size(), octets(sealed), octets(key)) != 0)
        return std::nullopt;
    return out;
}

}  // namespace otklik
