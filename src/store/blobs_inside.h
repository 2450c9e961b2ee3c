#pragma once
// What blobs and fsck share. Private to the room. Thread: any.
#include <string>

#include "store/blobs.h"
#include "store/hash_file.h"
#include "store/store.h"

namespace otklik {

StoredFile read_stored_file(const Row& row);

}  // namespace otklik
