#include "media/media_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace otklik {

DiskMediaFile::DiskMediaFile(const std::string& path) : fd_(open_file(path, O_RDONLY)) {}

std::int64_t DiskMediaFile::size() const {
    struct stat info {};
    if (::fstat(fd_.get(), &info) != 0) throw_errno("stat of a media file");
    return info.st_size;
}

std::size_t DiskMediaFile::read(std::int64_t offset, std::span<char> bytes) const {
    return read_at(fd_.get(), offset, bytes);
}

std::size_t MemoryMediaFile::read(std::int64_t offset, std::span<char> bytes) const {
    if (offset < 0 || offset >= size()) return 0;
    const std::size_t count =
        std::min(bytes.size(), bytes_.size() - static_cast<std::size_t>(offset));
    std::memcpy(bytes.data(), bytes_.data() + offset, count);
    return count;
}

}  // namespace otklik
