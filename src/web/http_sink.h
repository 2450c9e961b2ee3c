#pragma once
// A body that goes where its route wants it, piece by piece while it comes in: neither into memory
// nor into a file that is lost when the connection breaks. Thread: the disk pool, one call after
// the other.
#include <cstdint>
#include <string_view>

namespace otklik {

class BodySink {
public:
    virtual ~BodySink() = default;
    virtual std::int64_t bytes_max() const = 0;
    /// What it throws is the answer; then cut() is called too.
    virtual void add(std::string_view bytes) = 0;
    /// The body will not become whole: the connection broke, or a piece was refused.
    virtual void cut() noexcept = 0;
};

}  // namespace otklik
