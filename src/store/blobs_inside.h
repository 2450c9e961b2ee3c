#pragma once
// What blobs and fsck share. Private to the room. Thread: any.
#include <string>

#include "store/blobs.h"
#include "store/store.h"

namespace otklik {

StoredFile read_stored_file(const Row& row);
/// SHA-256 of the file, or of its first bytes; 32 raw bytes.
std::string hash_file(const std::string& path, std::int64_t bytes_max = INT64_MAX);

}  // namespace otklik
