#pragma once
// SHA-256 of a file, read piece by piece; blobs.cpp has it. Thread: any.
#include <cstdint>
#include <string>

namespace otklik {

/// Of the file, or of its first bytes; 32 raw bytes. Throws as open_file.
std::string hash_file(const std::string& path, std::int64_t bytes_max = INT64_MAX);

}  // namespace otklik
