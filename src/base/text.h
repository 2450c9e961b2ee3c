#pragma once
// Text: UTF-8, folding for search and comparison, and the small codings of the web.
// SQL never lowers or compares without case (SQLite does not lower Cyrillic): `fold` fills the
// *_fold columns. Thread: any.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace otklik {

/// Bytes of the first character, 1..4; 0 when `text` is empty or does not begin with well-formed
/// UTF-8 (RFC 3629).
std::size_t utf8_length(std::string_view text) noexcept;
bool is_utf8(std::string_view text) noexcept;
/// Code points of well-formed UTF-8.
std::size_t utf8_count(std::string_view text) noexcept;
/// At most `bytes_max` bytes, never within a character.
std::string_view cut_bytes(std::string_view text, std::size_t bytes_max) noexcept;
/// At most `count_max` code points.
std::string_view cut_characters(std::string_view text, std::size_t count_max) noexcept;
/// Without ASCII white space and U+00A0 at both ends.
std::string_view trim(std::string_view text) noexcept;
/// NFC, lower case, and the Cyrillic letter io as ie: the one form that is compared. Throws
/// Error{invalid, "text.utf8"}.
std::string fold(std::string_view text);
/// ASCII letters only, for names of headers and the like.
std::string lower_ascii(std::string_view text);
bool same_ascii(std::string_view a, std::string_view b) noexcept;

/// Nothing on a broken escape, a NUL, or a result that is not UTF-8. `plus_is_space` is for
/// queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
/// All but unreserved characters (RFC 3986) is escaped.
std::string percent_encode(std::string_view text);
/// RFC 4648 section 5 without padding.
std::string base64url(std::string_view bytes);
std::optional<std::string> parse_base64url(std::string_view text);
std::string base64(std::string_view bytes);
std::string hex(std::string_view bytes);
std::optional<std::string> parse_hex(std::string_view text);

}  // namespace otklik
