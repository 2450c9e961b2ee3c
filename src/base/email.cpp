#include "base/email.h"

#include "base/text.h"

namespace otklik {

bool is_email(std::string_view text) noexcept {
    constexpr std::size_t whole_max = 254, local_max = 64;  // RFC 5321, 4.5.3.1
    const auto at = text.find('@');
    if (at == 0 || at == std::string_view::npos || at > local_max || text.size() > whole_max)
        return false;
    const std::string_view domain = text.substr(at + 1);
    const auto dot = domain.find('.');
    if (domain.find('@') != std::string_view::npos || dot == 0 || dot == std::string_view::npos ||
        domain.back() == '.' || domain.find("..") != std::string_view::npos)
        return false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F ||
            std::string_view("()<>[],;:\\\"").find(c) != std::string_view::npos)
            return false;
    }
    return is_utf8(text);
}

}  // namespace otklik
