#pragma once
// What blobs and fsck share. Private to the room. Thread: any.
#include <string>

#include "store/blobs.h"
#include "store/store.h"

namespace otklik {

StoredFile read_stored_file(const Row& row);
std::string hash_file(const std::string& path);  // SHA-256, 32 raw bytes

}  // namespace otklik
