#pragma once
// What the shim writes down and the disk model reads: a head, then two texts, then bytes. Both are
// built together for one machine, so the numbers stand as they lie in memory.
#include <cstdint>

namespace otklik::faults {

enum class Op : std::uint32_t {
    make,    // a file appears at `first`; ino
    folder,  // a folder appears at `first`; ino
    write,   // bytes at offset of ino
    cut,     // ino is `offset` bytes long from now on
    sync,    // of the file or folder ino
    rename,  // `first` to `second`
    link,    // `second` is one more name of `first`
    unlink,  // `first`, a file or an empty folder
    said,    // an answer went out to `first`; the bytes begin it. No operation of the disk.
};

struct Head {
    Op op = Op::said;
    std::uint32_t first_bytes = 0, second_bytes = 0, bytes = 0;
    std::uint64_t ino = 0;
    std::int64_t offset = 0;
};

/// Calls that can be made to fail.
enum class CallKind : std::uint32_t { none, open, write, sync, rename, unlink, make_folder, cut };

/// The page that the driver and the shim share. Only the driver writes the order, only the shim
/// the account. Python lays it out anew: tests/faults/shim.py.
struct Control {
    std::uint64_t records = 0;   // in the log
    std::uint32_t kind = 0;      // order: the calls that count, a CallKind
    std::int32_t error = 0;      // order: errno; a negative one is a short write
    std::int64_t nth = 0;        // order: how many of them are still to come, the last fails
    std::uint64_t fired = 0;     // account: how many failed
    std::uint64_t seen[8] = {};  // account: calls by kind
    char what[240] = {};         // account: the call that failed and its path
};

}  // namespace otklik::faults
