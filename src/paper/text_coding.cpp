// Bytes of a text file as UTF-8: the encoding is found by content, since no file says it.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "paper/sheet_inside.h"

namespace otklik {
namespace {

constexpr char32_t no_letter = 0;
/// Windows-1251, 0x80 to 0xBF (unicode.org, CP1251.TXT); from 0xC0 on it is U+0410 and following.
constexpr std::array<char32_t, 64> windows_1251 = {
    0x0402,    0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021,  //
    0x20AC,    0x2030, 0x0409, 0x2039, 0x040A, 0x040C, 0x040B, 0x040F,  //
    0x0452,    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,  //
    no_letter, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F,  //
    0x00A0,    0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7,  //
    0x0401,    0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,  //
    0x00B0,    0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7,  //
    0x0451,    0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457};

void append_letter(std::string& out, char32_t letter) {
    if (letter < 0x80) {
        out += static_cast<char>(letter);
    } else if (letter < 0x800) {
        out += static_cast<char>(0xC0 | (letter >> 6));
        out += static_cast<char>(0x80 | (letter & 0x3F));
    } else if (letter < 0x10000) {
        out += static_cast<char>(0xE0 | (letter >> 12));
        out += static_cast<char>(0x80 | ((letter >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (letter & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (letter >> 18));
        out += static_cast<char>(0x80 | ((letter >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((letter >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (letter & 0x3F));
    }
}

std::string from_windows_1251(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        char32_t letter = byte;
        if (byte >= 0xC0)
            letter = 0x0410 + (byte - 0xC0);
        else if (byte >= 0x80)
            letter = windows_1251[byte - 0x80];
        if (letter == no_letter) throw Error(Fault::invalid, "sheet.binary");
        append_letter(out, letter);
    }
    return out;
}

std::string from_utf16(std::string_view bytes, bool big_end) {
    if (bytes.size() % 2 != 0) throw Error(Fault::invalid, "sheet.binary");
    const auto unit = [&](std::size_t i) {
        const auto a = static_cast<unsigned char>(bytes[i]);
        const auto b = static_cast<unsigned char>(bytes[i + 1]);
        return static_cast<char32_t>(big_end ? a << 8 | b : b << 8 | a);
    };
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        char32_t letter = unit(i);
        if (letter >= 0xD800 && letter < 0xDC00 && i + 4 <= bytes.size()) {
            const char32_t low = unit(i + 2);
            if (low < 0xDC00 || low > 0xDFFF) throw Error(Fault::invalid, "sheet.binary");
            letter = 0x10000 + ((letter - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if (letter >= 0xD800 && letter < 0xE000) {
            throw Error(Fault::invalid, "sheet.binary");
        }
        append_letter(out, letter);
    }
    return out;
}

/// Text in UTF-16 without a mark: every second byte is 0 (Latin, digits, separators) or 4
/// (Cyrillic). 0: neither, 1: the low byte first, 2: the high byte first.
int utf16_order(std::string_view bytes) {
    constexpr std::size_t looked_at = 4000;
    const std::size_t n = std::min(bytes.size(), looked_at) / 2 * 2;
    if (n < 4) return 0;
    std::size_t even = 0, odd = 0;
    for (std::size_t i = 0; i < n; i += 2) {
        even += bytes[i] == 0 || bytes[i] == 4;
        odd += bytes[i + 1] == 0 || bytes[i + 1] == 4;
    }
    const std::size_t most = n / 2 * 9 / 10;
    if (bytes.substr(0, n).find('\0') == std::string_view::npos) return 0;
    if (odd >= most && odd > even) return 1;
    return even >= most && even > odd ? 2 : 0;
}

/// Tab, line ends and form feed are all that a table's text has below the space.
void refuse_controls(std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool fine = byte >= 0x20 || c == '\t' || c == '\n' || c == '\r' || c == '\f';
        if (!fine || byte == 0x7F) throw Error(Fault::invalid, "sheet.binary");
    }
}

DecodedText decoded(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.remove_prefix(3);
        if (!is_utf8(bytes)) throw Error(Fault::invalid, "sheet.binary");
        return {std::string(bytes), "UTF-8"};
    }
    if (bytes.starts_with("\xFF\xFE")) return {from_utf16(bytes.substr(2), false), "UTF-16LE"};
    if (bytes.starts_with("\xFE\xFF")) return {from_utf16(bytes.substr(2), true), "UTF-16BE"};
    if (const int order = utf16_order(bytes); order != 0)
        return {from_utf16(bytes, order == 2), order == 2 ? "UTF-16BE" : "UTF-16LE"};
    if (is_utf8(bytes)) return {std::string(bytes), "UTF-8"};
    return {from_windows_1251(bytes), "windows-1251"};
}

}  // namespace

DecodedText decode_text(std::string_view bytes) {
    DecodedText result = decoded(bytes);
    refuse_controls(result.text);
    return result;
}

}  // namespace otklik
