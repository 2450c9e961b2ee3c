// Loaded before libc into `otklik serve` (LD_PRELOAD): writes down, in their order, all operations
// on the files below one folder and the begin of every answer that goes out, and makes the n-th
// call of a kind fail when it is told to. Settings are words of the environment:
//   OTKLIK_SHIM_FOLDER   absolute, on a file system that never gives a number of a file twice
//   OTKLIK_SHIM_LOG      the records go to its end (shim/record.h); absent: nothing is written down
//   OTKLIK_SHIM_CONTROL  a file of the size of Control
// What libc does inside of fopen, and maps, pass unseen: the campaign compares the folder with the
// model of it and fails when something was missed. SQLite's shared memory (-shm) is left out, it
// does not outlive a power cut.
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "faults/shim/record.h"

namespace otklik::faults {
namespace {

template <class F>
F* real(F* /*ours*/, const char* name) {
    return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}
#define REAL(name) static const auto libc = real(&name, #name)

/// The state of the process. Never destroyed: threads call until the very end.
struct Shim {
    std::string folder;
    dev_t device = 0;
    int log = -1;
    Control* control = nullptr;
    std::recursive_mutex mutex;     // the order of the records is the order of the calls
    std::set<std::uint64_t> known;  // numbers of files and folders below the folder
    Control none;                   // where nobody controls

    Shim() {
        const char* wanted = std::getenv("OTKLIK_SHIM_FOLDER");
        // Children (the decoder) have nothing of ours in hand but pipes.
        if (!wanted || std::string_view(program_invocation_short_name) != "otklik") return;
        struct stat info {};
        if (::stat(wanted, &info) != 0) return;
        device = info.st_dev;
        known.insert(info.st_ino);
        if (const char* path = std::getenv("OTKLIK_SHIM_LOG"))
            log = openat_now(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        control = &none;
        if (const char* path = std::getenv("OTKLIK_SHIM_CONTROL")) {
            const int fd = openat_now(path, O_RDWR | O_CLOEXEC);
            void* place =
                ::mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            if (fd < 0 || place == MAP_FAILED) std::abort();
            control = static_cast<Control*>(place);
        }
        folder = wanted;
    }
    static int openat_now(const char* path, int flags) {
        using Open = int(int, const char*, int, ...);
        static const auto libc = reinterpret_cast<Open*>(dlsym(RTLD_NEXT, "openat"));
        return libc(AT_FDCWD, path, flags);
    }
};

Shim& shim() {
    static Shim& one = *std::make_unique<Shim>().release();
    return one;
}

using Lock = std::unique_lock<std::recursive_mutex>;

/// The path below the folder; nothing for others. "." is the folder itself.
std::string inside(int folder_fd, const char* path) {
    const Shim& s = shim();
    if (s.folder.empty() || !path) return {};
    std::string whole = path;
    if (path[0] != '/' && folder_fd != AT_FDCWD) {
        char name[PATH_MAX];
        const std::string link = "/proc/self/fd/" + std::to_string(folder_fd);
        const ssize_t count = ::readlink(link.c_str(), name, sizeof name);
        if (count <= 0) return {};
        whole = std::string(name, static_cast<std::size_t>(count)) + "/" + path;
    }
    if (!whole.starts_with(s.folder)) return {};
    std::string rest = whole.substr(s.folder.size());
    if (rest.empty() || rest == "/") return ".";
    if (rest[0] != '/' || rest.ends_with("-shm")) return {};
    for (std::size_t at = 0; (at = rest.find("//")) != std::string::npos;) rest.erase(at, 1);
    while (rest.ends_with('/')) rest.pop_back();
    return rest.substr(1);
}

void put(Head head, std::string_view first = {}, std::string_view second = {},
         std::string_view bytes = {}) {
    Shim& s = shim();
    if (s.log < 0) return;
    head.first_bytes = static_cast<std::uint32_t>(first.size());
    head.second_bytes = static_cast<std::uint32_t>(second.size());
    head.bytes = static_cast<std::uint32_t>(bytes.size());
    std::string record(reinterpret_cast<const char*>(&head), sizeof head);
    ((record += first) += second) += bytes;
    static const auto libc = real(&::write, "write");
    const int before = errno;
    if (libc(s.log, record.data(), record.size()) != static_cast<ssize_t>(record.size()))
        std::abort();  // a campaign without its records proves nothing
    errno = before;
    ++s.control->records;
}

/// True when this call is the one to fail; then errno says how. Under the lock.
bool fails(CallKind kind, std::string_view call, std::string_view path) {
    Control& c = *shim().control;
    ++c.seen[static_cast<std::size_t>(kind)];
    if (c.kind != static_cast<std::uint32_t>(kind) || c.nth <= 0) return false;
    if (--c.nth > 0) return false;
    ++c.fired;
    std::snprintf(c.what, sizeof c.what, "%.*s %.*s", int(call.size()), call.data(),
                  int(path.size()), path.data());
    errno = std::abs(c.error);
    return true;
}

/// The number of a file that is ours; 0 for all others.
std::uint64_t number_of(int fd) {
    Shim& s = shim();
    if (s.folder.empty()) return 0;
    struct stat info {};
    const int before = errno;
    const bool is_file =
        ::fstat(fd, &info) == 0 && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode));
    errno = before;
    return is_file && info.st_dev == s.device && s.known.contains(info.st_ino) ? info.st_ino : 0;
}

std::string name_of(int fd) {
    char name[PATH_MAX];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t count = ::readlink(link.c_str(), name, sizeof name);
    return count > 0 ? std::string(name, static_cast<std::size_t>(count)) : std::string();
}

template <class Call>
int opened(std::string_view name, int folder_fd, const char* path, int flags, Call call) {
    const std::string below = inside(folder_fd, path);
    if (below.empty()) return call();
    Shim& s = shim();
    const Lock lock(s.mutex);
    if (fails(CallKind::open, name, below)) return -1;
    struct stat info {};
    const int before = errno;
    const bool was_there = ::fstatat(folder_fd, path, &info, AT_SYMLINK_NOFOLLOW) == 0;
    errno = before;
    const int fd = call();
    if (fd < 0 || ::fstat(fd, &info) != 0) return fd;
    if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return fd;
    s.known.insert(info.st_ino);
    if (!was_there)
        put({.op = Op::make, .ino = info.st_ino}, below);
    else if ((flags & O_TRUNC) != 0)
        put({.op = Op::cut, .ino = info.st_ino});
    return fd;
}

/// `bytes` may be written shorter; `at` < 0: where the descriptor stands.
template <class Call>
ssize_t written(std::string_view name, int fd, std::string_view bytes, off_t at, Call call) {
    if (shim().folder.empty()) return call(bytes.size());
    const Lock lock(shim().mutex);
    const std::uint64_t ino = number_of(fd);
    if (ino == 0) return call(bytes.size());
    std::size_t size = bytes.size();
    if (size > 0 && fails(CallKind::write, name, name_of(fd))) {
        if (shim().control->error >= 0) return -1;
        size = (size + 1) / 2;
    }
    const ssize_t done = call(size);
    if (done <= 0) return done;
    if (at < 0) at = ::lseek(fd, 0, SEEK_CUR) - done;
    put({.op = Op::write, .ino = ino, .offset = at}, {}, {},
        bytes.substr(0, static_cast<std::size_t>(done)));
    return done;
}

std::string joined(const iovec* parts, int count) {
    std::string all;
    for (int i = 0; i < count; ++i)
        all.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
    return all;
}

template <class Call>
int synced(std::string_view name, int fd, Call call) {
    if (shim().folder.empty()) return call();
    const Lock lock(shim().mutex);
    const std::uint64_t ino = number_of(fd);
    if (ino != 0 && fails(CallKind::sync, name, name_of(fd))) return -1;
    const int result = call();
    if (ino != 0 && result == 0) put({.op = Op::sync, .ino = ino});
    return result;
}

template <class Call>
int sized(std::string_view name, int fd, off_t length, Call call) {
    if (shim().folder.empty()) return call();
    const Lock lock(shim().mutex);
    const std::uint64_t ino = number_of(fd);
    if (ino != 0 && fails(CallKind::cut, name, name_of(fd))) return -1;
    struct stat before {};
    ::fstat(fd, &before);
    const int result = call();
    // An allocation only makes a file longer.
    if (ino != 0 && result == 0 && (name == "ftruncate" || length > before.st_size))
        put({.op = Op::cut, .ino = ino, .offset = length});
    return result;
}

/// Two names, one of them perhaps outside: then it is as if it came from or went to nowhere.
template <class Call>
int renamed(int from_fd, const char* from, int to_fd, const char* to, Call call) {
    const std::string first = inside(from_fd, from), second = inside(to_fd, to);
    if (first.empty() && second.empty()) return call();
    const Lock lock(shim().mutex);
    if (fails(CallKind::rename, "rename", first + " -> " + second)) return -1;
    const int result = call();
    if (result == 0) put({.op = Op::rename}, first, second);
    return result;
}

template <class Call>
int linked(int from_fd, const char* from, int to_fd, const char* to, Call call) {
    const std::string first = inside(from_fd, from), second = inside(to_fd, to);
    if (second.empty()) return call();
    const Lock lock(shim().mutex);
    const int result = call();
    if (result == 0) put({.op = Op::link}, first, second);
    return result;
}

template <class Call>
int unlinked(std::string_view name, int folder_fd, const char* path, Call call) {
    const std::string below = inside(folder_fd, path);
    if (below.empty()) return call();
    const Lock lock(shim().mutex);
    if (fails(CallKind::unlink, name, below)) return -1;
    const int result = call();
    if (result == 0) put({.op = Op::unlink}, below);
    return result;
}

template <class Call>
int folder_made(int folder_fd, const char* path, Call call) {
    const std::string below = inside(folder_fd, path);
    if (below.empty()) return call();
    Shim& s = shim();
    const Lock lock(s.mutex);
    if (fails(CallKind::make_folder, "mkdir", below)) return -1;
    const int result = call();
    struct stat info {};
    if (result == 0 && ::fstatat(folder_fd, path, &info, 0) == 0) {
        s.known.insert(info.st_ino);
        put({.op = Op::folder, .ino = info.st_ino}, below);
    }
    return result;
}

/// Whom a socket speaks to: the port, or the name that a client of the local socket gave itself.
std::string peer_of(int fd) {
    sockaddr_storage place{};
    socklen_t size = sizeof place;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&place), &size) != 0) return {};
    if (place.ss_family == AF_INET)
        return std::to_string(ntohs(reinterpret_cast<const sockaddr_in*>(&place)->sin_port));
    const auto* local = reinterpret_cast<const sockaddr_un*>(&place);
    const auto head = offsetof(sockaddr_un, sun_path);
    if (place.ss_family != AF_UNIX || size <= head + 1) return {};
    return std::string(local->sun_path + 1, size - head - 1);
}

/// Before it leaves: what is not durable by now was answered too early.
void told(int fd, std::string_view bytes) {
    Shim& s = shim();
    if (s.folder.empty() || s.log < 0 || !bytes.starts_with("HTTP/1.")) return;
    const std::string peer = peer_of(fd);
    if (peer.empty()) return;
    const Lock lock(s.mutex);
    put({.op = Op::said}, peer, {}, bytes.substr(0, 12));
}

mode_t mode_in(int flags, va_list words) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(words, mode_t) : 0;
}

}  // namespace
}  // namespace otklik::faults

using namespace otklik::faults;  // NOLINT: what follows has the names of libc

#define MODE(flags)                            \
    va_list words;                             \
    va_start(words, flags);                    \
    const mode_t mode = mode_in(flags, words); \
    va_end(words)

extern "C" {

#define OPEN(name)                                                                            \
    int name(const char* path, int flags, ...) {                                              \
        REAL(name);                                                                           \
        MODE(flags);                                                                          \
        return opened(#name, AT_FDCWD, path, flags, [&] { return libc(path, flags, mode); }); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                    \
    int name(int folder, const char* path, int flags, ...) {            \
        REAL(name);                                                     \
        MODE(flags);                                                    \
        return opened(#name, folder, path, flags,                       \
                      [&] { return libc(folder, path, flags, mode); }); \
    }
OPENAT(openat)
OPENAT(openat64)

// What the checks of _FORTIFY_SOURCE call for an open without a mode.
int __open_2(const char* path, int flags) {
    return open(path, flags);
}
int __open64_2(const char* path, int flags) {
    return open64(path, flags);
}
int __openat_2(int folder, const char* path, int flags) {
    return openat(folder, path, flags);
}
int __openat64_2(int folder, const char* path, int flags) {
    return openat64(folder, path, flags);
}
int creat(const char* path, mode_t mode) {
    return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char* path, mode_t mode) {
    return open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

ssize_t write(int fd, const void* bytes, size_t count) {
    REAL(write);
    return written("write", fd, {static_cast<const char*>(bytes), count}, -1,
                   [&](size_t size) { return libc(fd, bytes, size); });
}
ssize_t pwrite(int fd, const void* bytes, size_t count, off_t at) {
    REAL(pwrite);
    return written("pwrite", fd, {static_cast<const char*>(bytes), count}, at,
                   [&](size_t size) { return libc(fd, bytes, size, at); });
}
ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    return written("pwrite", fd, {static_cast<const char*>(bytes), count}, at,
                   [&](size_t size) { return libc(fd, bytes, size, at); });
}
ssize_t writev(int fd, const iovec* parts, int count) {
    static const auto libc = real(&::write, "write");
    static const auto whole = real(&::writev, "writev");
    if (shim().folder.empty() || number_of(fd) == 0) return whole(fd, parts, count);
    const std::string all = joined(parts, count);
    return written("writev", fd, all, -1, [&](size_t size) { return libc(fd, all.data(), size); });
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t at) {
    const std::string all = joined(parts, count);
    return pwrite(fd, all.data(), all.size(), at);
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t at) {
    return pwritev(fd, parts, count, at);
}

int fsync(int fd) {
    REAL(fsync);
    return synced("fsync", fd, [&] { return libc(fd); });
}
int fdatasync(int fd) {
    REAL(fdatasync);
    return synced("fdatasync", fd, [&] { return libc(fd); });
}

int ftruncate(int fd, off_t length) noexcept {
    REAL(ftruncate);
    return sized("ftruncate", fd, length, [&] { return libc(fd, length); });
}
int ftruncate64(int fd, off64_t length) noexcept {
    REAL(ftruncate64);
    return sized("ftruncate", fd, length, [&] { return libc(fd, length); });
}
int fallocate(int fd, int mode, off_t at, off_t length) {
    REAL(fallocate);
    return sized("fallocate", fd, at + length, [&] { return libc(fd, mode, at, length); });
}
/// Gives the error itself, not by errno.
int posix_fallocate(int fd, off_t at, off_t length) {
    REAL(posix_fallocate);
    const int result = sized("posix_fallocate", fd, at + length, [&] {
        errno = libc(fd, at, length);
        return errno == 0 ? 0 : -1;
    });
    return result == 0 ? 0 : errno;
}
int posix_fallocate64(int fd, off64_t at, off64_t length) {
    return posix_fallocate(fd, at, length);
}

int rename(const char* from, const char* to) noexcept {
    REAL(rename);
    return renamed(AT_FDCWD, from, AT_FDCWD, to, [&] { return libc(from, to); });
}
int renameat(int from_fd, const char* from, int to_fd, const char* to) noexcept {
    REAL(renameat);
    return renamed(from_fd, from, to_fd, to, [&] { return libc(from_fd, from, to_fd, to); });
}
int renameat2(int from_fd, const char* from, int to_fd, const char* to, unsigned flags) noexcept {
    REAL(renameat2);
    return renamed(from_fd, from, to_fd, to, [&] { return libc(from_fd, from, to_fd, to, flags); });
}
int link(const char* from, const char* to) noexcept {
    REAL(link);
    return linked(AT_FDCWD, from, AT_FDCWD, to, [&] { return libc(from, to); });
}
int linkat(int from_fd, const char* from, int to_fd, const char* to, int flags) noexcept {
    REAL(linkat);
    return linked(from_fd, from, to_fd, to, [&] { return libc(from_fd, from, to_fd, to, flags); });
}
int unlink(const char* path) noexcept {
    REAL(unlink);
    return unlinked("unlink", AT_FDCWD, path, [&] { return libc(path); });
}
int unlinkat(int folder, const char* path, int flags) noexcept {
    REAL(unlinkat);
    return unlinked("unlink", folder, path, [&] { return libc(folder, path, flags); });
}
int rmdir(const char* path) noexcept {
    REAL(rmdir);
    return unlinked("rmdir", AT_FDCWD, path, [&] { return libc(path); });
}
int remove(const char* path) noexcept {
    REAL(remove);
    return unlinked("remove", AT_FDCWD, path, [&] { return libc(path); });
}
int mkdir(const char* path, mode_t mode) noexcept {
    REAL(mkdir);
    return folder_made(AT_FDCWD, path, [&] { return libc(path, mode); });
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept {
    REAL(mkdirat);
    return folder_made(folder, path, [&] { return libc(folder, path, mode); });
}

ssize_t send(int fd, const void* bytes, size_t count, int flags) {
    REAL(send);
    told(fd, {static_cast<const char*>(bytes), count});
    return libc(fd, bytes, count, flags);
}
ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    REAL(sendmsg);
    if (message->msg_iovlen > 0)
        told(fd,
             {static_cast<const char*>(message->msg_iov[0].iov_base), message->msg_iov[0].iov_len});
    return libc(fd, message, flags);
}

}  // extern "C"
