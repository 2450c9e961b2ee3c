#pragma once
// Hashes and chance: SHA-256 while bytes come in, random bytes of the system, comparison in
// constant time. Owns: nothing. Thread: a Sha256 belongs to one thread; the functions to any.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace otklik {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void add(std::string_view bytes);
    /// 32 raw bytes; begins anew.
    std::string finish();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
/// HMAC-SHA-256 (RFC 2104), 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// Of getrandom(2): fit for keys and tokens. Throws Error{internal}.
std::string random_bytes(std::size_t count);
/// Takes the same time wherever the texts differ; the length is no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace otklik
