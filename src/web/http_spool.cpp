#include "web/http_spool.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr std::int64_t check_every = 64 << 20;  // bytes between two looks at the free space

void require_free(const std::string& folder, std::int64_t bytes) {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) throw_errno("statvfs " + folder);
    const auto free =
        static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
    if (free < bytes) throw Error(Fault::full, "disk.full");
}

}  // namespace

SpoolFile::SpoolFile(const std::string& folder, std::int64_t bytes_expected, std::int64_t free_min)
    : free_min_(free_min), folder_(folder) {
    require_free(folder, bytes_expected + free_min);
    const std::string path = folder + "/body-" + hex(random_bytes(12));
    fd_ = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
    path_ = path;
}

SpoolFile::~SpoolFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

void SpoolFile::add(std::string_view bytes) {
    const std::int64_t before = bytes_;
    bytes_ += static_cast<std::int64_t>(bytes.size());
    if (before / check_every != bytes_ / check_every) require_free(folder_, free_min_);
    write_all(fd_.get(), bytes);
    hash_.add(bytes);
}

SpooledBody SpoolFile::finish() {
    fd_.reset();
    SpooledBody body{path_, bytes_, hash_.finish()};
    path_.clear();
    return body;
}

}  // namespace otklik
