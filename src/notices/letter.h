#pragma once
// Letter: a plain text message as mail servers take it (RFC 5322, 2045, 2047): UTF-8, base64, lines
// of at most 76 letters. Nothing given can add a header: every value is encoded or checked.
// Thread: values.
#include <string>
#include <string_view>

#include "base/time.h"

namespace otklik {

struct Letter {
    std::string from_address, from_name;
    std::string to_address;
    std::string message_id;  // without the angle brackets: "notice_…@shop.example"
    std::string subject;
    std::string body;  // lines end in \n
    Instant at;
};
/// Error{invalid, "mail.address"} unless both addresses are plain ASCII ones (base/email.h).
std::string letter_text(const Letter& letter);
/// An address that can stand in a letter: is_email, and ASCII alone.
bool is_mail_address(std::string_view text);
/// A header's value: as it is when printable ASCII, else encoded words (RFC 2047) of at most 75
/// letters that never cut a character.
std::string encoded_words(std::string_view text);

}  // namespace otklik
