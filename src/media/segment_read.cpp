// The reading half of media/segment.h: the tail after a restart, and packets for the cutter.
#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "media/opus_encoder.h"
#include "media/segment.h"

namespace otklik {

namespace {

[[noreturn]] void throw_damaged(const SegmentRow& row, std::string_view what) {
    throw Error(Fault::internal, "audio.segment_damaged",
                {{"file_number", std::to_string(row.file_number)},
                 {"byte_begin", std::to_string(row.byte_begin)}})
        .because(what);
}

std::int64_t packet_count_of(const OggPage& page) {
    return std::count_if(page.lacing.begin(), page.lacing.end(),
                         [](std::uint8_t value) { return value < 255; });
}

/// The granule of a page of ours: after its last packet, or inside it on the last page of a
/// session.
bool granule_fits(const OggPage& page, std::int64_t end_packet) {
    const std::int64_t end = end_packet * opus_packet_samples_48k;
    return page.granule == end ||
           (page.end && page.granule < end && page.granule > end - opus_packet_samples_48k);
}

std::string read_bytes(const MediaFile& file, std::int64_t begin, std::int64_t end) {
    std::string bytes(static_cast<std::size_t>(std::max<std::int64_t>(0, end - begin)), '\0');
    bytes.resize(file.read(begin, bytes));
    return bytes;
}

/// Rows of the pages behind the stored ones, built page by page.
class TailRows {
public:
    TailRows(SegmentResume& resume, std::int64_t begin_packet) : resume_(resume) {
        resume_.next_packet = begin_packet;
    }

    /// False when the page is none of ours at this place.
    bool add(const OggPage& page, ByteView bytes) {
        const std::int64_t count = packet_count_of(page);
        const std::int64_t end =
            (page.granule + opus_packet_samples_48k - 1) / opus_packet_samples_48k;
        const std::int64_t first = end - count;
        if (page.granule < 0 || count == 0 || page.continued || page.lacing.back() == 255 ||
            first < resume_.next_packet || !granule_fits(page, end) ||
            end > std::int64_t{packets_per_file} * (resume_.file_number + 1)) {
            return false;
        }
        const bool loss = first > resume_.next_packet;
        if (loss || first % packets_per_segment == 0) {
            seal(resume_.next_packet * opus_packet_samples_48k - opus_pre_skip);
        }
        if (resume_.open.pages.empty()) {
            const std::int64_t raw = first * opus_packet_samples_48k;
            resume_.open.file_number = resume_.file_number;
            resume_.open.byte_begin = resume_.file_bytes;
            resume_.open.first_sample = loss ? raw : std::max<std::int64_t>(0, raw - opus_pre_skip);
        }
        resume_.open.pages.push_back({static_cast<std::uint32_t>(first),
                                      static_cast<std::uint32_t>(resume_.open_bytes.size())});
        resume_.open_bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        resume_.next_packet = end;
        resume_.open.sample_count = page.granule - opus_pre_skip - resume_.open.first_sample;
        resume_.open.byte_count = static_cast<std::int64_t>(resume_.open_bytes.size());
        resume_.finished = page.end;
        return true;
    }

private:
    void seal(std::int64_t end_sample) {
        if (resume_.open.pages.empty()) return;
        resume_.open.sample_count = end_sample - resume_.open.first_sample;
        resume_.open.sha256 = hex(sha256(resume_.open_bytes));
        resume_.sealed.push_back(std::exchange(resume_.open, {}));
        resume_.open_bytes.clear();
    }

    SegmentResume& resume_;
};

}  // namespace

SegmentResume scan_segment_tail(const MediaFile& file, int file_number, const SegmentRow* last,
                                std::int64_t begin_packet) {
    SegmentResume resume;
    resume.file_number = file_number;
    TailRows rows(resume, last ? end_packet(*last) : begin_packet);
    // The last stored page is read again: it knows the number of the page after it.
    resume.file_bytes = last ? last->byte_begin + last->pages.back().byte_offset : 0;
    int known_pages = last ? 1 : 2;  // the last stored page, or the two heads
    std::string window;
    std::int64_t window_begin = resume.file_bytes;
    OggPage page;
    while (!resume.finished) {
        const auto look = [&] {
            const auto used = static_cast<std::size_t>(resume.file_bytes - window_begin);
            return parse_ogg_page(bytes_of(window).subspan(used), page);
        };
        OggParse result = look();
        if (result == OggParse::need_more) {
            window_begin = resume.file_bytes;
            window = read_bytes(file, window_begin,
                                window_begin + std::int64_t{8} * std::int64_t{ogg_page_bytes_max});
            result = look();
        }
        if (result != OggParse::page) break;
        if (resume.page_sequence != 0 && page.sequence != resume.page_sequence) break;
        if (known_pages > 0) {
            --known_pages;
        } else {
            const auto at = static_cast<std::size_t>(resume.file_bytes - window_begin);
            if (!rows.add(page, bytes_of(window).subspan(at, page.byte_count))) break;
        }
        resume.page_sequence = page.sequence + 1;
        resume.file_bytes += static_cast<std::int64_t>(page.byte_count);
    }
    if (known_pages > 0) {
        if (last) throw_damaged(*last, "the last stored page");
        resume.file_bytes = 0;  // not even the heads are whole: the file starts again
        resume.page_sequence = 0;
    }
    if (!resume.open.pages.empty()) resume.open.sha256 = hex(sha256(resume.open_bytes));
    return resume;
}

SegmentSource::SegmentSource(std::vector<SegmentRef> segments) : segments_(std::move(segments)) {
    std::int64_t end = 0;
    for (const SegmentRef& segment : segments_) {
        const SegmentRow& row = segment.row;
        if (!segment.file || row.pages.empty() || row.sample_count <= 0 || row.byte_count <= 0 ||
            row.first_sample < 0 || row.byte_begin < 0) {
            throw_damaged(row, "an impossible row");
        }
        if (first_packet(row) < end || row.pages.front().first_packet != first_packet(row) ||
            row.pages.back().first_packet >= end_packet(row) ||
            row.pages.back().byte_offset >= row.byte_count) {
            throw_damaged(row, "order of rows or pages");
        }
        end = end_packet(row);
    }
}

std::int64_t SegmentSource::run_begin(std::int64_t packet) const {
    auto found = std::upper_bound(
        segments_.begin(), segments_.end(), packet,
        [](std::int64_t number, const SegmentRef& s) { return number < first_packet(s.row); });
    if (found == segments_.begin()) return -1;
    --found;
    if (packet >= end_packet(found->row)) return -1;
    while (found != segments_.begin() &&
           end_packet(std::prev(found)->row) == first_packet(found->row)) {
        --found;
    }
    return first_packet(found->row);
}

std::vector<SampleRange> SegmentSource::covered() const {
    std::vector<SampleRange> ranges;
    for (const SegmentRef& segment : segments_) {
        const SampleRange range{segment.row.first_sample,
                                segment.row.first_sample + segment.row.sample_count};
        if (!ranges.empty() && ranges.back().end == range.begin) {
            ranges.back().end = range.end;
        } else {
            ranges.push_back(range);
        }
    }
    return ranges;
}

namespace {

/// The pages of one segment that hold [first, end): one stretch of bytes.
struct PageStretch {
    const SegmentRef* segment = nullptr;
    std::size_t first_page = 0;
    std::size_t end_page = 0;
    std::int64_t byte_begin = 0;
    std::int64_t byte_count = 0;
};

PageStretch stretch_of(const SegmentRef& segment, std::int64_t first, std::int64_t end) {
    const auto& pages = segment.row.pages;
    const auto after = [&](std::int64_t packet) {
        return std::partition_point(pages.begin(), pages.end(), [&](const PageEntry& page) {
            return page.first_packet <= packet;
        });
    };
    PageStretch stretch{&segment};
    stretch.first_page = static_cast<std::size_t>(after(first) - pages.begin()) - 1;
    stretch.end_page = static_cast<std::size_t>(after(end - 1) - pages.begin());
    const std::int64_t begin = pages[stretch.first_page].byte_offset;
    const std::int64_t stop = stretch.end_page < pages.size() ? pages[stretch.end_page].byte_offset
                                                              : segment.row.byte_count;
    stretch.byte_begin = segment.row.byte_begin + begin;
    stretch.byte_count = stop - begin;
    return stretch;
}

/// Puts the packets of [first, end) that stand on these pages into the run, each page checked.
void take_packets(const PageStretch& stretch, ByteView bytes, std::int64_t first, std::int64_t end,
                  std::vector<ByteView>& packets) {
    const SegmentRow& row = stretch.segment->row;
    for (std::size_t i = stretch.first_page; i < stretch.end_page; ++i) {
        OggPage page;
        if (parse_ogg_page(bytes, page) != OggParse::page) throw_damaged(row, "CRC of a page");
        bytes = bytes.subspan(page.byte_count);
        std::int64_t number = row.pages[i].first_packet;
        const std::int64_t page_end =
            i + 1 < row.pages.size() ? row.pages[i + 1].first_packet : end_packet(row);
        if (number + packet_count_of(page) != page_end || !granule_fits(page, page_end)) {
            throw_damaged(row, "a page against its index");
        }
        visit_ogg_packets(page, [&](ByteView packet, bool whole) {
            if (!whole || opus_packet_samples(packet) != opus_packet_samples_48k) {
                throw_damaged(row, "a packet that is not 20 ms");
            }
            if (number >= first && number < end) packets.push_back(packet);
            ++number;
        });
    }
    if (!bytes.empty()) throw_damaged(row, "bytes between pages");
}

}  // namespace

PacketRun SegmentSource::read(std::int64_t first, std::int64_t end) const {
    PacketRun run;
    if (first >= end) return run;
    std::vector<PageStretch> stretches;
    auto at = std::upper_bound(
        segments_.begin(), segments_.end(), first,
        [](std::int64_t number, const SegmentRef& s) { return number < first_packet(s.row); });
    if (at != segments_.begin()) --at;
    for (std::int64_t next = first; next < end; ++at) {
        if (at == segments_.end() || first_packet(at->row) > next || end_packet(at->row) <= next) {
            throw Error(
                Fault::not_found, "audio.not_covered",
                {{"sample", std::to_string(next * opus_packet_samples_48k - opus_pre_skip)}});
        }
        const std::int64_t stop = std::min(end, end_packet(at->row));
        stretches.push_back(stretch_of(*at, next, stop));
        run.bytes_read += stretches.back().byte_count;
        next = stop;
    }
    // One buffer for all, sized before the first span is taken.
    run.buffer = std::make_unique_for_overwrite<char[]>(static_cast<std::size_t>(run.bytes_read));
    run.packets.reserve(static_cast<std::size_t>(end - first));
    std::size_t filled = 0;
    for (const PageStretch& stretch : stretches) {
        const auto count = static_cast<std::size_t>(stretch.byte_count);
        const std::span<char> place(run.buffer.get() + filled, count);
        if (stretch.segment->file->read(stretch.byte_begin, place) != count) {
            throw_damaged(stretch.segment->row, "the file is shorter than its row");
        }
        take_packets(stretch, bytes_of({place.data(), count}), first, end, run.packets);
        filled += count;
    }
    if (run.packets.size() != static_cast<std::size_t>(end - first)) {
        throw_damaged(stretches.front().segment->row, "packets missing on pages");
    }
    return run;
}

}  // namespace otklik
