#include "media/tail.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/hash.h"
#include "base/text.h"
#include "media/opus_encoder.h"

namespace otklik {
namespace {

/// Packets into pages, pages into rows of a minute.
class TailMaker {
public:
    explicit TailMaker(const TailPlace& place)
        : place_(place), next_packet_(place.next_packet), sequence_(place.page_sequence) {}

    void add(const TailPacket& packet) {
        assert(packet.number >= next_packet_);
        const std::size_t lacing = packet.bytes.size() / 255 + 1;
        const bool loss = packet.number > next_packet_;
        if (loss || packet.number % packets_per_page == 0 || lacing_ + lacing > ogg_lacing_max)
            write_page(next_packet_ * opus_packet_samples_48k, false);
        if (loss || packet.number % packets_per_segment == 0) seal(media_end());
        if (loss) after_loss_ = true;
        page_.push_back(packet.bytes);
        lacing_ += lacing;
        next_packet_ = packet.number + 1;
    }
    Tail finish() {
        const bool ends = place_.end_sample >= 0;
        write_page(
            ends ? place_.end_sample + opus_pre_skip : next_packet_ * opus_packet_samples_48k,
            ends);
        seal(ends ? place_.end_sample : media_end());
        return std::move(tail_);
    }

private:
    std::int64_t media_end() const {
        return next_packet_ * opus_packet_samples_48k - opus_pre_skip;
    }
    void write_page(std::int64_t granule, bool end) {
        if (page_.empty()) return;
        const std::int64_t first = next_packet_ - static_cast<std::int64_t>(page_.size());
        if (row_.pages.empty()) {
            const std::int64_t raw = first * opus_packet_samples_48k;
            row_.file_number = static_cast<int>(first / packets_per_file);
            row_.byte_begin = static_cast<std::int64_t>(tail_.bytes.size());
            row_.first_sample = after_loss_ ? raw : std::max<std::int64_t>(0, raw - opus_pre_skip);
            after_loss_ = false;
        }
        const auto offset = static_cast<std::int64_t>(tail_.bytes.size()) - row_.byte_begin;
        row_.pages.push_back(
            {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(offset)});
        append_ogg_page(tail_.bytes, {false, end, granule, place_.serial, sequence_++}, page_);
        page_.clear();
        lacing_ = 0;
    }
    void seal(std::int64_t end_sample) {
        if (row_.pages.empty()) return;
        row_.sample_count = end_sample - row_.first_sample;
        row_.byte_count = static_cast<std::int64_t>(tail_.bytes.size()) - row_.byte_begin;
        row_.sha256 = hex(sha256(
            std::string_view(tail_.bytes).substr(static_cast<std::size_t>(row_.byte_begin))));
        tail_.rows.push_back(std::move(row_));
        row_ = {};
    }

    const TailPlace& place_;
    std::int64_t next_packet_;
    std::uint32_t sequence_;
    bool after_loss_ = false;
    std::vector<ByteView> page_;
    std::size_t lacing_ = 0;
    SegmentRow row_;
    Tail tail_;
};

}  // namespace

Tail make_tail(std::span<const TailPacket> packets, const TailPlace& place) {
    TailMaker maker(place);
    for (const TailPacket& packet : packets) maker.add(packet);
    return maker.finish();
}

std::string segment_file_heads(std::uint32_t serial, std::uint32_t input_rate) {
    const std::string head = opus_head({1, opus_pre_skip, input_rate, 0});
    const std::string tags = opus_tags();
    const std::array packets{bytes_of(head), bytes_of(tags)};
    std::string bytes;
    append_ogg_page(bytes, {true, false, 0, serial, 0}, std::span(packets).first(1));
    append_ogg_page(bytes, {false, false, 0, serial, 1}, std::span(packets).last(1));
    return bytes;
}

}  // namespace otklik
