#pragma once
// A media file: bytes that can be read at an offset, whatever keeps them (a file, S3, memory).
// Thread: read() may be called from several threads at once.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/files.h"

namespace otklik {

class MediaFile {
public:
    virtual ~MediaFile() = default;
    virtual std::int64_t size() const = 0;
    /// Up to bytes.size() bytes at `offset`; fewer only at the end of the file. Throws
    /// Error{internal}.
    virtual std::size_t read(std::int64_t offset, std::span<char> bytes) const = 0;
};

/// A file of this machine. size() asks the system each time, so a growing file shows its growth.
class DiskMediaFile : public MediaFile {
public:
    explicit DiskMediaFile(Fd fd) : fd_(std::move(fd)) {}
    /// Throws Error{not_found}.
    explicit DiskMediaFile(const std::string& path);
    std::int64_t size() const override;
    std::size_t read(std::int64_t offset, std::span<char> bytes) const override;

private:
    Fd fd_;
};

/// Bytes in memory: the open minute of a session, tests.
class MemoryMediaFile : public MediaFile {
public:
    explicit MemoryMediaFile(std::string bytes) : bytes_(std::move(bytes)) {}
    std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
    std::size_t read(std::int64_t offset, std::span<char> bytes) const override;

private:
    std::string bytes_;
};

}  // namespace otklik
