#pragma once
// The tail of a track: packets that came in chunks become pages and rows of segments, in memory.
// While the minute is open it is read from there; sealed, the same bytes go behind the file of the
// hour. A pure function, so that sealing again after a crash writes the same bytes. Thread: values.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "media/segment.h"

namespace otklik {

struct TailPacket {
    std::int64_t number = 0;  // in the session, rising
    ByteView bytes;
};
struct Tail {
    std::string bytes;             // pages, without the heads of the file
    std::vector<SegmentRow> rows;  // byte_begin counts from the first of these bytes
};
/// What stands before them in the file.
struct TailPlace {
    std::int64_t next_packet = 0;     // the one expected; a higher first number is a loss
    std::uint32_t serial = 1;         // channel + 1
    std::uint32_t page_sequence = 2;  // the heads have 0 and 1
    /// Media time at which the session ends, when the last packet is its last.
    std::int64_t end_sample = -1;
};
/// All packets lie in one file of an hour.
Tail make_tail(std::span<const TailPacket> packets, const TailPlace& place);
/// The two heads that begin a file.
std::string segment_file_heads(std::uint32_t serial, std::uint32_t input_rate);

}  // namespace otklik
