#pragma once
// Errors: one exception type for everything that can go wrong while serving somebody.
// A foreign error (SQLite, socket, file) becomes a Fault where it enters, with the name of what
// failed. Thread: values, any thread.
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace otklik {

/// What kind of trouble it is. HTTP status, retry and log level follow from it, each in one table.
enum class Fault {
    invalid,       // 400: the request is wrong; the same request will be wrong again
    unauthorized,  // 401: nobody is signed in, or the token is unknown
    forbidden,     // 403: the role never has this function
    not_found,     // 404: no such thing, or it lies outside the reader's scope
    method,        // 405: the path is there, but knows no such method
    conflict,      // 409: a rule or an earlier row stands against it
    precondition,  // 412: If-Match does not match
    too_large,     // 413: over a stated limit
    busy,          // 429/503: try again later
    full,          // 507: the disk is full
    unavailable,   // 503: a part is away (database, helper)
    internal,      // 500: our fault; details go to the log only
};

/// Named parameters of a message: {"field", "pressed_at"}.
using ErrorParams = std::vector<std::pair<std::string, std::string>>;

class Error : public std::exception {
public:
    /// `code` is a key of the message catalogue, "error.<code>" in i18n/{ru,en}.json.
    Error(Fault fault, std::string_view code, ErrorParams params = {});
    const char* what() const noexcept override { return text_.c_str(); }
    Fault fault() const noexcept { return fault_; }
    const std::string& code() const noexcept { return code_; }
    const ErrorParams& params() const noexcept { return params_; }
    /// Path of the bad field ("answers[2].value"), empty where no field is to blame.
    const std::string& field() const noexcept { return field_; }
    Error& at(std::string_view field);
    /// For our log only, never for the reader.
    const std::string& detail() const noexcept { return detail_; }
    Error& because(std::string_view detail);

private:
    Fault fault_;
    std::string code_;
    ErrorParams params_;
    std::string field_;
    std::string detail_;
    std::string text_;
};

std::string_view fault_name(Fault fault) noexcept;
/// HTTP status by RFC 9110 / RFC 4918.
int http_status(Fault fault) noexcept;

/// errno as a Fault: ENOSPC and EDQUOT are `full`, all else `internal` with strerror in the detail.
[[noreturn]] void throw_errno(std::string_view what_failed);

}  // namespace otklik
