#pragma once
// The head of an answer and the frames of its body. Thread: any; the date is made once a second.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace otklik {

struct AnswerHead {
    int status = 200;
    bool close = false;
    bool http_1_0 = false;
    bool stream = false;  // length unknown: chunks, or to the end of the connection for HTTP/1.0
    std::optional<std::int64_t> content_length;
};
/// Status line, Date, framing and `headers`, with the empty line. Control bytes in values become
/// spaces, and fields that frame the message are ours alone.
std::string write_answer_head(const AnswerHead& head, const std::vector<Header>& headers);
std::string as_chunk(std::string_view bytes);
std::string_view reason_phrase(int status) noexcept;
/// IMF-fixdate (RFC 9110, 5.6.7).
std::string http_date(std::int64_t unix_seconds);

}  // namespace otklik
