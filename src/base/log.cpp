#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>

#include "base/clock.h"
#include "base/json_text.h"

namespace otklik {
namespace {

using Steady = std::chrono::steady_clock;
constexpr int equal_lines_max = 5;
constexpr auto window = std::chrono::seconds(10);
constexpr std::size_t remembered_max = 500;
constexpr std::size_t field_bytes_max = 4000;

struct Seen {
    Steady::time_point began;
    int written = 0;
    int left_out = 0;
};

struct State {
    std::mutex mutex;
    std::map<std::string, Seen, std::less<>> seen;
    std::function<void(std::string_view)> sink;
};

State& state() {
    static State the_state;
    return the_state;
}

std::atomic<LogLevel> lowest{LogLevel::info};

std::string_view level_name(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warning:
            return "warning";
        case LogLevel::error:
            return "error";
    }
    return "error";
}

/// Should the line be written, and how many before it were not?
bool may_write(State& s, const std::string& body, int& left_out) {
    const auto now = Steady::now();
    if (s.seen.size() > remembered_max) s.seen.clear();
    Seen& seen = s.seen[body];
    if (now - seen.began > window) {
        left_out = seen.left_out;
        seen = {now, 0, 0};
    }
    if (seen.written == equal_lines_max) {
        ++seen.left_out;
        return false;
    }
    ++seen.written;
    return true;
}

}  // namespace

void log_line(LogLevel level, std::string_view event, const LogFields& fields) {
    if (level < lowest.load(std::memory_order_relaxed)) return;
    std::string body = R"("level":)";
    append_json_text(body, level_name(level));
    body += R"(,"event":)";
    append_json_text(body, event);
    for (const auto& [name, value] : fields) {
        body += ',';
        append_json_text(body, name);
        body += ':';
        append_json_text(body, std::string_view(value).substr(0, field_bytes_max));
    }
    State& s = state();
    const std::lock_guard lock(s.mutex);
    int left_out = 0;
    if (!may_write(s, body, left_out)) return;
    std::string line = R"({"at":")" + format_instant(SystemClock().now()) + "\"," + body;
    if (left_out > 0) line += R"(,"repeated":)" + std::to_string(left_out);
    line += "}\n";
    if (s.sink) {
        s.sink(line);
    } else {
        // One write a line, so that lines of several processes do not mix. A log that cannot be
        // written is no reason to stop serving.
        [[maybe_unused]] const ssize_t n = ::write(STDERR_FILENO, line.data(), line.size());
    }
}

void set_log_level(LogLevel level) noexcept {
    lowest = level;
}

void set_log_sink(std::function<void(std::string_view)> sink) {
    State& s = state();
    const std::lock_guard lock(s.mutex);
    s.sink = std::move(sink);
    s.seen.clear();
}

}  // namespace otklik
