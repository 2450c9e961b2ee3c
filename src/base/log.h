#pragma once
// The log: one JSON object a line on stderr: {"at", "level", "event", …fields}. No field can break
// a line. An equal line is written five times in ten seconds, then counted; the next one says how
// many were left out ("repeated"). No contents of recordings, passwords or tokens go here. Thread:
// any.
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace otklik {

enum class LogLevel { debug, info, warning, error };
using LogFields = std::vector<std::pair<std::string_view, std::string>>;

/// `event` is a word like "server.started".
void log_line(LogLevel level, std::string_view event, const LogFields& fields = {});
inline void log_debug(std::string_view event, const LogFields& fields = {}) {
    log_line(LogLevel::debug, event, fields);
}
inline void log_info(std::string_view event, const LogFields& fields = {}) {
    log_line(LogLevel::info, event, fields);
}
inline void log_warning(std::string_view event, const LogFields& fields = {}) {
    log_line(LogLevel::warning, event, fields);
}
inline void log_error(std::string_view event, const LogFields& fields = {}) {
    log_line(LogLevel::error, event, fields);
}
/// What is below is not written. At the start: info.
void set_log_level(LogLevel level) noexcept;
/// Lines go there instead of stderr, with their newline; an empty function gives stderr back. For
/// tests.
void set_log_sink(std::function<void(std::string_view)> sink);

}  // namespace otklik
