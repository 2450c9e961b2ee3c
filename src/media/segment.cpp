#include "media/segment.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "media/opus_encoder.h"
#include "media/tail.h"

namespace otklik {

namespace {

[[noreturn]] void throw_damaged(std::string_view detail) {
    throw Error(Fault::internal, "audio.segment_damaged").because(detail);
}

std::int64_t media_time_after(std::int64_t packet) {
    return packet * opus_packet_samples_48k - opus_pre_skip;
}

/// Where the row of a segment begins whose first packet is `packet`.
std::int64_t row_begin_of(std::int64_t packet, bool after_loss) {
    if (after_loss) return packet * opus_packet_samples_48k;
    return std::max<std::int64_t>(0, media_time_after(packet));
}

void close_row(SegmentRow& row, std::string_view bytes, std::int64_t end_sample) {
    row.sample_count = end_sample - row.first_sample;
    row.byte_count = static_cast<std::int64_t>(bytes.size());
    row.sha256 = hex(sha256(bytes));
}

void add_page(SegmentRow& row, std::int64_t packet, std::size_t offset) {
    row.pages.push_back({static_cast<std::uint32_t>(packet), static_cast<std::uint32_t>(offset)});
}

}  // namespace

std::int64_t first_packet(const SegmentRow& row) {
    return (row.first_sample + opus_pre_skip) / opus_packet_samples_48k;
}

std::int64_t end_packet(const SegmentRow& row) {
    return (row.first_sample + row.sample_count + opus_pre_skip + opus_packet_samples_48k - 1) /
           opus_packet_samples_48k;
}

std::string page_index_bytes(std::span<const PageEntry> pages) {
    std::string out;
    out.reserve(pages.size() * 8);
    for (const PageEntry& page : pages) {
        for (const std::uint32_t value : {page.first_packet, page.byte_offset}) {
            for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
        }
    }
    return out;
}

std::vector<PageEntry> parse_page_index(std::string_view bytes) {
    if (bytes.size() % 8 != 0) throw_damaged("length of a page index");
    const auto value_at = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + i]))
                     << (8 * i);
        }
        return value;
    };
    std::vector<PageEntry> pages;
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        const PageEntry page{value_at(at), value_at(at + 4)};
        if (!pages.empty() && (page.first_packet <= pages.back().first_packet ||
                               page.byte_offset <= pages.back().byte_offset)) {
            throw_damaged("order of a page index");
        }
        pages.push_back(page);
    }
    return pages;
}

SegmentWriter::SegmentWriter(OpenFile open_file, std::uint32_t serial, std::uint32_t input_rate)
    : open_file_(std::move(open_file)), serial_(serial), input_rate_(input_rate) {}

SegmentWriter::SegmentWriter(OpenFile open_file, std::uint32_t serial, std::uint32_t input_rate,
                             const SegmentResume& resume)
    : SegmentWriter(std::move(open_file), serial, input_rate) {
    assert(!resume.finished);
    next_packet_ = resume.next_packet;
    sealed_ = resume.sealed;
    row_ = resume.open;
    segment_bytes_ = resume.open_bytes;
    if (resume.page_sequence == 0 && resume.file_bytes == 0) return;  // nothing whole in the file
    fd_ = open_file_(resume.file_number);
    if (::ftruncate(fd_.get(), resume.file_bytes) != 0) throw_errno("cut of a torn page");
    if (::lseek(fd_.get(), resume.file_bytes, SEEK_SET) < 0) throw_errno("seek");
    file_number_ = resume.file_number;
    file_bytes_ = resume.file_bytes;
    page_sequence_ = resume.page_sequence;
}

void SegmentWriter::write_bytes(const std::string& bytes) {
    try {
        write_all(fd_.get(), bytes);
    } catch (...) {
        // A full disk may take half a page: the half goes, so that the next try begins at its
        // place.
        if (::ftruncate(fd_.get(), file_bytes_) == 0) ::lseek(fd_.get(), file_bytes_, SEEK_SET);
        throw;
    }
    file_bytes_ += static_cast<std::int64_t>(bytes.size());
}

void SegmentWriter::start_file(int file_number) {
    if (fd_) durable(fd_.get(), "a segment file");
    fd_ = open_file_(file_number);
    file_bytes_ = 0;
    // A file left with nothing whole in it (a crash between creation and the first sync) starts
    // again.
    if (::ftruncate(fd_.get(), 0) != 0) throw_errno("start of a segment file");
    if (::lseek(fd_.get(), 0, SEEK_SET) < 0) throw_errno("seek");
    write_bytes(segment_file_heads(serial_, input_rate_));
    file_number_ = file_number;
    page_sequence_ = 2;
}

void SegmentWriter::write_page(std::int64_t end_sample, bool end) {
    if (page_sizes_.empty()) return;
    const auto first = next_packet_ - static_cast<std::int64_t>(page_sizes_.size());
    const auto file = static_cast<int>(first / packets_per_file);
    if (file != file_number_) start_file(file);
    std::vector<ByteView> packets;
    std::size_t begin = 0;
    for (const std::size_t size : page_sizes_) {
        packets.push_back(bytes_of(page_bytes_).subspan(begin, size));
        begin += size;
    }
    std::string page;
    append_ogg_page(page, {false, end, end_sample + opus_pre_skip, serial_, page_sequence_},
                    packets);
    const std::int64_t page_begin = file_bytes_;
    write_bytes(page);
    if (row_.pages.empty()) {
        row_ = SegmentRow{file, row_begin_of(first, after_loss_), 0, page_begin, 0, {}, {}};
        after_loss_ = false;
    }
    add_page(row_, first, segment_bytes_.size());
    segment_bytes_ += page;
    ++page_sequence_;
    page_bytes_.clear();
    page_sizes_.clear();
    page_lacing_ = 0;
}

void SegmentWriter::seal_segment(std::int64_t end_sample) {
    if (row_.pages.empty()) return;
    close_row(row_, segment_bytes_, end_sample);
    sealed_.push_back(std::move(row_));
    row_ = {};
    segment_bytes_.clear();
}

void SegmentWriter::append(std::int64_t packet_number, ByteView packet) {
    if (packet_number < next_packet_) {
        throw Error(
            Fault::conflict, "audio.packet_order",
            {{"expected", std::to_string(next_packet_)}, {"got", std::to_string(packet_number)}});
    }
    constexpr std::size_t packet_bytes_max = 1'276;  // one frame and its table of contents
    if (opus_packet_samples(packet) != opus_packet_samples_48k ||
        packet.size() > packet_bytes_max || (packet[0] & 4) != 0) {
        throw Error(Fault::invalid, "audio.bad_packet");
    }
    const std::size_t lacing = packet.size() / 255 + 1;
    const bool loss = packet_number > next_packet_;
    if (loss || packet_number % packets_per_page == 0 || page_lacing_ + lacing > ogg_lacing_max) {
        write_page(next_packet_ * opus_packet_samples_48k - opus_pre_skip, false);
    }
    if (loss || packet_number % packets_per_segment == 0) {
        seal_segment(media_time_after(next_packet_));
    }
    if (loss) after_loss_ = true;
    page_bytes_.append(reinterpret_cast<const char*>(packet.data()), packet.size());
    page_sizes_.push_back(packet.size());
    page_lacing_ += lacing;
    next_packet_ = packet_number + 1;
}

void SegmentWriter::finish(std::int64_t sample_count) {
    const std::int64_t end_raw = next_packet_ * opus_packet_samples_48k;
    const std::int64_t raw = sample_count + opus_pre_skip;
    const bool empty = page_sizes_.empty() && row_.pages.empty();
    if (!empty && (raw > end_raw || raw <= end_raw - opus_packet_samples_48k)) {
        throw Error(
            Fault::invalid, "audio.length_mismatch",
            {{"packets", std::to_string(next_packet_)}, {"samples", std::to_string(sample_count)}});
    }
    write_page(sample_count, true);
    seal_segment(sample_count);
    if (fd_) durable(fd_.get(), "a segment file");
}

void SegmentWriter::seal() {
    write_page(media_time_after(next_packet_), false);
    seal_segment(media_time_after(next_packet_));
    if (fd_) durable(fd_.get(), "a segment file");
}

void SegmentWriter::flush_durably() {
    write_page(media_time_after(next_packet_), false);
    if (fd_) durable(fd_.get(), "a segment file");
}

std::vector<SegmentRow> SegmentWriter::take_sealed() {
    return std::exchange(sealed_, {});
}

SegmentRow SegmentWriter::open_row() const {
    SegmentRow row = row_;
    if (row.pages.empty()) return {};
    const auto in_file = next_packet_ - static_cast<std::int64_t>(page_sizes_.size());
    close_row(row, segment_bytes_, media_time_after(in_file));
    return row;
}

}  // namespace otklik
