#include "decode/input.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "media/decode_wire.h"

namespace otklik::decode {

std::size_t Input::read_at(std::int64_t offset, std::span<std::uint8_t> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::pread(wire::input_fd, bytes.data() + done, bytes.size() - done,
                                    offset + static_cast<std::int64_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

int Input::read_next(std::span<std::uint8_t> bytes) {
    const std::size_t got = read_at(position_, bytes);
    position_ += static_cast<std::int64_t>(got);
    return got == 0 ? -1 : static_cast<int>(got);
}

std::int64_t Input::seek(std::int64_t offset, int whence) {
    const std::int64_t from = whence == SEEK_CUR ? position_ : whence == SEEK_END ? size_ : 0;
    std::int64_t to = 0;
    if (__builtin_add_overflow(from, offset, &to) || to < 0) return -1;
    position_ = to;
    return to;
}

}  // namespace otklik::decode
