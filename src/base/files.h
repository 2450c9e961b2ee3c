#pragma once
// Files: descriptors that close themselves and writes that are on the disk when they return.
// A failed fsync may have dropped the page (PostgreSQL, 2018): durable() stops the process, it
// never retries. Thread: a descriptor belongs to one thread.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace otklik {

class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(other.release()) {}
    Fd& operator=(Fd&& other) noexcept;
    ~Fd() { reset(); }
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release();
    void reset();

private:
    int fd_ = -1;
};

/// Opens or throws Error{not_found | full | internal}. O_CLOEXEC is always added.
Fd open_file(const std::string& path, int flags, unsigned mode = 0600);
/// Writes all of it, through EINTR and short writes. Throws Error{full} on ENOSPC.
void write_all(int fd, std::string_view bytes);
/// Up to bytes.size() bytes at offset; fewer only at the end of the file.
std::size_t read_at(int fd, std::int64_t offset, std::span<char> bytes);
std::string read_file(const std::string& path, std::size_t bytes_max);
/// fdatasync; the process stops when it fails. `what` names it in the log.
void durable(int fd, std::string_view what);
void durable_folder(const std::string& folder);
/// Temporary name, write, sync, rename, sync of the folder.
void write_file_durably(const std::string& path, std::string_view bytes);
/// rename with a sync of both folders; the source must be synced before.
void rename_durably(const std::string& from, const std::string& to);

}  // namespace otklik
