#pragma once
// The foreign file: descriptor 3, read by position only.
#include <cstddef>
#include <cstdint>
#include <span>

namespace otklik::decode {

class Input {
public:
    explicit Input(std::int64_t size) : size_(size) {}
    std::int64_t size() const { return size_; }
    /// Fewer bytes than asked only at the end or on an error.
    std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> bytes) const;
    /// For libav: the next bytes, or -1 at the end.
    int read_next(std::span<std::uint8_t> bytes);
    /// Returns the new position, or -1.
    std::int64_t seek(std::int64_t offset, int whence);

private:
    std::int64_t size_;
    std::int64_t position_ = 0;
};

}  // namespace otklik::decode
