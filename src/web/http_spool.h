#pragma once
// A request body on its way into a file. Thread: one at a time (the disk pool, one job after the
// other).
#include <cstdint>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/hash.h"
#include "web/http.h"

namespace otklik {

class SpoolFile {
public:
    /// Throws Error{full} when the file system has less than `free_min` bytes beyond
    /// `bytes_expected`.
    SpoolFile(const std::string& folder, std::int64_t bytes_expected, std::int64_t free_min);
    ~SpoolFile();  // removes the file unless it was handed on
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;
    void add(std::string_view bytes);
    /// Hands the file on; the request's end removes it.
    SpooledBody finish();

private:
    std::string path_;
    Fd fd_;
    Sha256 hash_;
    std::int64_t bytes_ = 0;
    std::int64_t free_min_;
    std::string folder_;
};

}  // namespace otklik
