#include "base/one_time_code.h"

#include "base/hash.h"

namespace otklik {
namespace {

constexpr std::size_t code_length = 8;
// 32 that do not look alike: five bits of chance each, 40 bits in all.
constexpr std::string_view code_letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
static_assert(code_letters.size() == 32);

}  // namespace

std::string make_one_time_code() {
    std::string code;
    for (const char byte : random_bytes(code_length))
        code += code_letters[static_cast<unsigned char>(byte) % code_letters.size()];
    return code;
}

std::string plain_one_time_code(std::string_view typed) {
    std::string code;
    for (const char c : typed) {
        if (c == ' ' || c == '-') continue;
        code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return code.size() == code_length ? code : std::string();
}

}  // namespace otklik
