#pragma once
// Segments: a track's packets in append-only Ogg Opus files, one file per session and hour.
// File n of a track holds packets [180 000 n, 180 000 (n + 1)), each file with its own OpusHead and
// OpusTags; a page is 1 s (50 packets), its granule counts raw samples since the session's start,
// pre-skip 312 in every head. So in every file "granule - pre-skip" is media time. A segment is a
// minute: packets [3000 s, 3000 (s + 1)). Media time of a row: it begins at 0 (first row), at 960 k
// (first packet k after a loss; the encoder was reset and its first 312 samples are warm-up) or
// where the row before ended; it ends at 960 * end packet - 312, the last row of a finished session
// at its exact length. Both packet numbers follow from that: see first_packet(), end_packet().
// Thread: one thread owns a writer; a SegmentSource is const and may be shared.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/time.h"
#include "media/media_file.h"
#include "media/ogg.h"

namespace otklik {

inline constexpr int packets_per_page = 50;
inline constexpr int packets_per_segment = 3'000;
inline constexpr int packets_per_file = 180'000;

/// Where a page stands: 8 bytes in the index.
struct PageEntry {
    std::uint32_t first_packet = 0;  // in the session
    std::uint32_t byte_offset = 0;   // from the segment's byte_begin
    auto operator<=>(const PageEntry&) const = default;
};

/// What the table row of a segment holds.
struct SegmentRow {
    int file_number = 0;            // hour of the session
    std::int64_t first_sample = 0;  // media time
    std::int64_t sample_count = 0;
    std::int64_t byte_begin =
        0;  // of its first page in the file; the heads stand before the first segment
    std::int64_t byte_count = 0;
    std::string sha256;  // of these bytes, 64 hex digits
    std::vector<PageEntry> pages;
};

std::int64_t first_packet(const SegmentRow& row);
std::int64_t end_packet(const SegmentRow& row);
/// The index as it is stored: 8 bytes per page, two little-endian 32-bit numbers.
std::string page_index_bytes(std::span<const PageEntry> pages);
/// Throws Error{internal, "audio.segment_damaged"} when the length is odd or numbers do not grow.
std::vector<PageEntry> parse_page_index(std::string_view bytes);

/// Where to go on in a file after a restart: what scan_segment_tail() found behind the stored rows.
struct SegmentResume {
    int file_number = 0;
    std::int64_t next_packet = 0;  // in the session
    std::int64_t file_bytes = 0;  // end of the last whole page; what follows is torn and is cut off
    std::uint32_t page_sequence = 0;  // of the next page; 0: the file has no heads yet
    std::vector<SegmentRow> sealed;   // whole minutes whose rows were never stored
    SegmentRow open;                  // the minute that was being written; no pages: none
    std::string open_bytes;           // its bytes, for the hash
    bool finished = false;  // the last page says that the session ended; open is its last row
};

class SegmentWriter {
public:
    /// Opens (creates) file `file_number` of the track for appending. The writer owns the
    /// descriptor.
    using OpenFile = std::function<Fd(int file_number)>;
    /// `serial` names the Ogg streams; `input_rate` is information in the heads.
    SegmentWriter(OpenFile open_file, std::uint32_t serial, std::uint32_t input_rate);
    SegmentWriter(OpenFile open_file, std::uint32_t serial, std::uint32_t input_rate,
                  const SegmentResume& resume);

    /// The packet with this number (20 ms). A number above the expected one is a loss: the page and
    /// the segment end and the next row begins after it. A lower number throws Error{conflict,
    /// "audio.packet_order"}. Writes a page when it is full and one more packet came (the last page
    /// must know that it is the last).
    void append(std::int64_t packet_number, ByteView packet);
    /// Ends the session at its exact length in media time; throws Error{invalid} when the packets
    /// do not reach it or reach a whole packet further. Seals the last row.
    void finish(std::int64_t sample_count);
    /// Ends the page and the segment now, with the samples decodable so far: the session broke off.
    void seal();
    /// Writes the packets in hand as a (short) page, then fdatasync: what was appended survives a
    /// crash.
    void flush_durably();

    /// Rows sealed since the last call. Their bytes are written, and synced if the file was changed
    /// since or flush_durably() ran; sync before the rows are stored.
    std::vector<SegmentRow> take_sealed();
    /// The minute being written: what is already in the file. sample_count 0 when nothing is.
    SegmentRow open_row() const;
    std::int64_t next_packet() const { return next_packet_; }

private:
    void write_page(std::int64_t end_sample, bool end);
    void write_bytes(const std::string& bytes);
    void start_file(int file_number);
    void seal_segment(std::int64_t end_sample);

    OpenFile open_file_;
    std::uint32_t serial_;
    std::uint32_t input_rate_;
    Fd fd_;
    int file_number_ = -1;
    std::int64_t file_bytes_ = 0;
    std::uint32_t page_sequence_ = 0;
    std::int64_t next_packet_ = 0;
    bool after_loss_ = false;
    SegmentRow row_;             // the open minute; no pages yet: nothing of it is in the file
    std::string segment_bytes_;  // its pages, for the hash (about 180 kB)
    std::string page_bytes_;     // packets in hand, one after the other
    std::vector<std::size_t> page_sizes_;
    std::size_t page_lacing_ = 0;
    std::vector<SegmentRow> sealed_;
};

/// Reads the pages of a track's file behind `last`, its last stored row (null: none in this file),
/// as far as they are whole and in order. `begin_packet` is the packet expected first when `last`
/// is null. Throws Error{internal, "audio.segment_damaged"} when the last stored page is gone.
SegmentResume scan_segment_tail(const MediaFile& file, int file_number, const SegmentRow* last,
                                std::int64_t begin_packet);

/// Packets read from segments: spans into one buffer.
struct PacketRun {
    std::unique_ptr<char[]> buffer;  // not filled with zeros first: all of it is read over
    std::vector<ByteView> packets;
    std::int64_t bytes_read = 0;
};

struct SegmentRef {
    const MediaFile* file = nullptr;  // must outlive the source
    SegmentRow row;
};

/// The segments of one track of one session, in order; the cutter reads packets from it.
class SegmentSource {
public:
    /// Throws Error{internal, "audio.segment_damaged"} when rows overlap or are out of order.
    explicit SegmentSource(std::vector<SegmentRef> segments);
    /// Half-open packet numbers. Checks the CRC, granule and count of every page it reads.
    /// Throws Error{not_found, "audio.not_covered"} for a hole, Error{internal,
    /// "audio.segment_damaged"} otherwise.
    PacketRun read(std::int64_t first, std::int64_t end) const;
    /// First packet of the unbroken run that holds `packet`; -1 when no row holds it.
    std::int64_t run_begin(std::int64_t packet) const;
    /// Media time covered, runs joined: what is missing between them are gaps.
    std::vector<SampleRange> covered() const;

private:
    std::vector<SegmentRef> segments_;
};

}  // namespace otklik
