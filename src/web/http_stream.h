#pragma once
// Events on their way to one listener: rooms push from any thread, the session takes on the network
// thread. Thread: any.
#include <functional>
#include <mutex>
#include <string>

#include "web/http.h"

namespace otklik {

class EventStreamQueue : public EventStream {
public:
    /// `wake` is called under our lock after a push and once at the close; it only posts.
    explicit EventStreamQueue(std::function<void()> wake) : wake_(std::move(wake)) {}
    bool push(std::string_view event, std::string_view data, std::string_view id) override;
    void close() override;
    bool is_open() const override;
    /// All waiting events as bytes of text/event-stream.
    std::string take();

private:
    void close_locked();

    mutable std::mutex mutex_;
    std::function<void()> wake_;
    std::string waiting_;
    int count_ = 0;
    bool open_ = true;
};

}  // namespace otklik
