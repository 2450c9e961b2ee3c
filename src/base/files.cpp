#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace otklik {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = other.release();
    }
    return *this;
}

int Fd::release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
}

void Fd::reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

Fd open_file(const std::string& path, int flags, unsigned mode) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (fd < 0 && errno == ENOENT) throw Error(Fault::not_found, "file.not_found").because(path);
    if (fd < 0) throw_errno("open " + path);
    return Fd(fd);
}

void write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw_errno("write");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

std::size_t read_at(int fd, std::int64_t offset, std::span<char> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::pread(fd, bytes.data() + done, bytes.size() - done,
                                  static_cast<off_t>(offset + static_cast<std::int64_t>(done)));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw_errno("read");
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    return done;
}

std::string read_file(const std::string& path, std::size_t bytes_max) {
    const Fd fd = open_file(path, O_RDONLY);
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) throw_errno("stat " + path);
    if (static_cast<std::size_t>(info.st_size) > bytes_max)
        throw Error(Fault::too_large, "file.too_large");
    std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
    bytes.resize(read_at(fd.get(), 0, bytes));
    return bytes;
}

void durable(int fd, std::string_view what) {
    if (::fdatasync(fd) == 0) return;
    std::fprintf(stderr, "fatal: fdatasync of %.*s failed: %s; the page may be lost, stopping\n",
                 int(what.size()), what.data(), std::strerror(errno));
    std::abort();
}

void durable_folder(const std::string& folder) {
    const Fd fd = open_file(folder, O_RDONLY | O_DIRECTORY);
    if (::fsync(fd.get()) != 0) {
        std::fprintf(stderr, "fatal: fsync of folder %s failed: %s\n", folder.c_str(),
                     std::strerror(errno));
        std::abort();
    }
}

void write_file_durably(const std::string& path, std::string_view bytes) {
    const std::string draft = path + ".tmp";
    {
        const Fd fd = open_file(draft, O_WRONLY | O_CREAT | O_TRUNC);
        write_all(fd.get(), bytes);
        durable(fd.get(), draft);
    }
    rename_durably(draft, path);
}

void rename_durably(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) throw_errno("rename " + from);
    const auto folder_of = [](const std::string& path) {
        const auto folder = std::filesystem::path(path).parent_path().string();
        return folder.empty() ? std::string(".") : folder;
    };
    durable_folder(folder_of(to));
    if (folder_of(from) != folder_of(to)) durable_folder(folder_of(from));
}

}  // namespace otklik
