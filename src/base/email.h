#pragma once
// Mail addresses as far as a form can tell (RFC 5321 without quoted local parts): one @, a domain
// with a dot, no spaces. Only a letter that arrives proves one. Thread: any; pure.
#include <string_view>

namespace otklik {

bool is_email(std::string_view text) noexcept;

}  // namespace otklik
