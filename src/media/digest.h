#pragma once
// SHA-256 of bytes in memory, as 64 hex digits. Thread: any.
#include <string>
#include <string_view>

namespace otklik {

/// Throws Error{internal} when OpenSSL has no SHA-256.
std::string sha256_hex(std::string_view bytes);

}  // namespace otklik
