#include "web/http_stream.h"

#include <utility>

namespace otklik {
namespace {

constexpr int waiting_max = 256;

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    for (const char c : value) out += c == '\n' || c == '\r' || c == '\0' ? ' ' : c;
    out += '\n';
}

std::string event_bytes(std::string_view event, std::string_view data, std::string_view id) {
    std::string out;
    if (!id.empty()) append_field(out, "id", id);
    if (!event.empty()) append_field(out, "event", event);
    for (;;) {  // a line each, as the format has it
        const auto end = data.find('\n');
        append_field(out, "data", data.substr(0, end));
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + 1);
    }
    return out + "\n";
}

}  // namespace

bool EventStreamQueue::push(std::string_view event, std::string_view data, std::string_view id) {
    std::string bytes = event_bytes(event, data, id);
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    if (count_ == waiting_max) {
        // The listener is too slow for hints; told so once, it fetches everything anew.
        waiting_ = event_bytes("resync", "{}", "");
        close_locked();
        return false;
    }
    waiting_ += bytes;
    ++count_;
    wake_();
    return true;
}

void EventStreamQueue::close_locked() {
    if (!open_) return;
    open_ = false;
    wake_();
    wake_ = nullptr;  // after the close nothing may reach the network thread: it may be gone
}

void EventStreamQueue::close() {
    const std::lock_guard lock(mutex_);
    close_locked();
}

bool EventStreamQueue::is_open() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

std::string EventStreamQueue::take() {
    const std::lock_guard lock(mutex_);
    count_ = 0;
    return std::exchange(waiting_, {});
}

}  // namespace otklik
