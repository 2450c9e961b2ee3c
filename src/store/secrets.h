#pragma once
// Secrets: words that the program must be able to say again (a mail server's password), sealed for
// the database with a key that lies beside it and in no backup. XSalsa20-Poly1305 of libsodium. A
// sealed word opens only for the use it was sealed for. Owns: file keys/secrets.key. Thread: any.
#include <optional>
#include <string>
#include <string_view>

namespace otklik {

class Secrets {
public:
    /// The key is made with the first word that is sealed.
    explicit Secrets(std::string keys_folder) : path_(std::move(keys_folder) + "/secrets.key") {}
    std::string seal(std::string_view use, std::string_view word) const;
    /// Nothing when the key is another one (a restored database without its keys), or the bytes are
    /// not ours: the person types the word anew.
    std::optional<std::string> open(std::string_view use, std::string_view sealed) const;

private:
    std::string path_;
};

}  // namespace otklik
