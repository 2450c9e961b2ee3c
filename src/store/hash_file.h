#pragma once
// SHA-256 of a file, read piece by piece; blobs.cpp has it. Thread: any.
#include <string>

namespace otklik {

/// 32 raw bytes. Throws as open_file.
std::string hash_file(const std::string& path);

}  // namespace otklik
