// When a file began, as far as its name or its own tag say.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/calendar.h"
#include "base/files.h"
#include "base/text.h"
#include "recording/import.h"

namespace otklik {
namespace {

/// Letters are digits of a part, '?' is one separator or none between two parts that are told apart
/// anyway. Longer ones first; what two patterns of one length read differently is not believed.
constexpr std::string_view patterns[] = {
    "YYYY?MM?DD?hh?mm?ss",  // 2026-11-20 08-30-00, 2026-11-20T08:30:00
    "YYYYMMDD?hh?mm?ss",    // 20261120_08-30-00
    "DD?MM?YYYY?hh?mm?ss",  // 20.11.2026 08.30.00
    "YYYY?MM?DD?hhmmss",    // 2026-11-20_083000
    "YYYY?MM?DD?hh?mm",     // 2026-11-20 08-30
    "DD?MM?YYYY?hh?mm",     // 20.11.2026 08-30
    "YYYYMMDD?hhmmss",      // 20261120_083000
    "YYYYMMDDhhmmss",       // REC_20261120083000
    "YYYYMMDD?hhmm",        // 20261120_0830
    "YYMMDD?hhmmss",        // 261120_083000
    "YYYYMMDDhhmm",         // 202611200830
    "YYMMDDhhmmss",         // 261120083000
    "YYMMDD?hhmm",          // 261120-0830
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_separator(char c) {
    return std::string_view("-_. :Tth+,").find(c) != std::string_view::npos;
}

struct Parts {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    bool has_seconds = false;
};

int& part(Parts& p, char letter) {
    switch (letter) {
        case 'Y':
            return p.year;
        case 'M':
            return p.month;
        case 'D':
            return p.day;
        case 'h':
            return p.hour;
        case 'm':
            return p.minute;
        default:
            p.has_seconds = true;
            return p.second;
    }
}

/// The parts when the pattern stands exactly at `text`, with no digit behind it.
std::optional<Parts> read(std::string_view text, std::string_view pattern, std::size_t& length) {
    Parts p;
    std::size_t i = 0;
    for (const char letter : pattern) {
        if (i >= text.size()) return std::nullopt;
        if (letter == '?') {
            if (!is_separator(text[i])) return std::nullopt;
        } else {
            if (!is_digit(text[i])) return std::nullopt;
            int& value = part(p, letter);
            value = value * 10 + (text[i] - '0');
        }
        ++i;
    }
    if (i < text.size() && is_digit(text[i])) return std::nullopt;
    if (pattern.find("YYYY") == std::string_view::npos) p.year += 2000;
    length = i;
    return p;
}

std::optional<Instant> instant_of(const Parts& p, std::string_view zone) {
    using namespace std::chrono;
    const year_month_day date{year{p.year}, month{static_cast<unsigned>(p.month)},
                              day{static_cast<unsigned>(p.day)}};
    if (!date.ok() || p.year < 2005 || p.year > 2099) return std::nullopt;
    if (p.hour > 23 || p.minute > 59 || p.second > 59) return std::nullopt;
    return local_instant({sys_days{date}.time_since_epoch().count(), p.hour, p.minute, p.second},
                         zone);
}

FoundStart found(Instant at, bool has_seconds) {
    return {at, Duration::seconds(has_seconds ? 1 : 60)};
}

std::uint32_t little32(const char* p) {
    const auto* u = reinterpret_cast<const unsigned char*>(p);
    return u[0] | (u[1] << 8) | (u[2] << 16) | (std::uint32_t{u[3]} << 24);
}

}  // namespace

std::optional<FoundStart> found_in_name(std::string_view name, std::string_view zone) {
    name = name.substr(0, 400);
    std::optional<FoundStart> best;
    std::size_t best_length = 0;
    for (std::size_t from = 0; from < name.size(); ++from) {
        if (!is_digit(name[from]) || (from > 0 && is_digit(name[from - 1]))) continue;
        for (const std::string_view pattern : patterns) {
            std::size_t length = 0;
            const auto parts = read(name.substr(from), pattern, length);
            if (!parts) continue;
            const bool utc = from + length < name.size() && name[from + length] == 'Z';
            const auto at = instant_of(*parts, utc ? "UTC" : zone);
            if (!at) continue;
            if (best && length < best_length) continue;
            if (best && length == best_length && best->at != *at) return std::nullopt;
            best = found(*at, parts->has_seconds);
            best_length = length;
        }
    }
    return best;
}

std::optional<Instant> start_from_name(std::string_view name, std::string_view zone) {
    const auto start = found_in_name(name, zone);
    return start ? std::optional(start->at) : std::nullopt;
}

std::optional<FoundStart> found_in_tag_text(std::string_view tag, std::string_view zone) {
    const bool utc = tag.ends_with('Z');
    std::size_t length = 0;
    const auto parts = read(tag, patterns[0], length);
    const auto at = parts ? instant_of(*parts, utc ? "UTC" : zone) : std::nullopt;
    return at ? std::optional(FoundStart{*at, Duration::seconds(60)}) : std::nullopt;
}

std::optional<FoundStart> found_in_tag(int fd, std::string_view zone) {
    constexpr int chunks_max = 64;
    constexpr std::size_t date_at = 320, tag_bytes = 18;  // EBU Tech 3285: 256 + 32 + 32 before it
    std::array<char, 12> head{};
    if (read_at(fd, 0, head) < head.size()) return std::nullopt;
    const std::string_view form(head.data(), 4), type(head.data() + 8, 4);
    if ((form != "RIFF" && form != "RF64") || type != "WAVE") return std::nullopt;
    std::int64_t at = 12;
    for (int i = 0; i < chunks_max; ++i) {
        std::array<char, 8> chunk{};
        if (read_at(fd, at, chunk) < chunk.size()) return std::nullopt;
        const std::int64_t bytes = little32(chunk.data() + 4);
        if (std::string_view(chunk.data(), 4) == "bext") {
            std::array<char, tag_bytes> tag{};
            if (bytes < static_cast<std::int64_t>(date_at + tag_bytes)) return std::nullopt;
            if (read_at(fd, at + 8 + static_cast<std::int64_t>(date_at), tag) < tag.size())
                return std::nullopt;
            std::size_t length = 0;
            const std::string text =
                std::string(tag.data(), 10) + ' ' + std::string(tag.data() + 10, 8);
            const auto parts = read(text, patterns[0], length);
            const auto start = parts ? instant_of(*parts, zone) : std::nullopt;
            return start ? std::optional(found(*start, true)) : std::nullopt;
        }
        at += 8 + bytes + (bytes & 1);
    }
    return std::nullopt;
}

}  // namespace otklik
