#include "media/ogg.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace otklik {

namespace {

constexpr std::size_t page_head_bytes = 27;
constexpr std::string_view capture = "OggS";
// A file of nothing but false capture words costs a CRC each: after so many bytes it is given up.
constexpr std::uint64_t wasted_bytes_max = 64u << 20;

std::uint32_t load_le32(const std::uint8_t* at) {
    return static_cast<std::uint32_t>(at[0]) | static_cast<std::uint32_t>(at[1]) << 8 |
           static_cast<std::uint32_t>(at[2]) << 16 | static_cast<std::uint32_t>(at[3]) << 24;
}

void put_le(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace

OggParse parse_ogg_page(ByteView bytes, OggPage& page) noexcept {
    const std::size_t seen = std::min(bytes.size(), capture.size());
    if (std::memcmp(bytes.data(), capture.data(), seen) != 0) return OggParse::bad;
    if (bytes.size() < page_head_bytes) return OggParse::need_more;
    const std::uint8_t* head = bytes.data();
    if (head[4] != 0 || (head[5] & ~7u) != 0) return OggParse::bad;  // version, flags
    const std::size_t lacing_count = head[26];
    if (bytes.size() < page_head_bytes + lacing_count) return OggParse::need_more;
    std::size_t body_bytes = 0;
    for (std::size_t i = 0; i < lacing_count; ++i) body_bytes += head[page_head_bytes + i];
    const std::size_t total = page_head_bytes + lacing_count + body_bytes;
    if (bytes.size() < total) return OggParse::need_more;
    // The CRC is taken with its own field as zeros.
    constexpr std::uint8_t zeros[4] = {};
    std::uint32_t crc = ogg_crc(0, bytes.first(22));
    crc = ogg_crc(crc, zeros);
    crc = ogg_crc(crc, bytes.subspan(26, total - 26));
    if (crc != load_le32(head + 22)) return OggParse::bad;
    page.continued = (head[5] & 1) != 0;
    page.begin = (head[5] & 2) != 0;
    page.end = (head[5] & 4) != 0;
    page.granule = static_cast<std::int64_t>(
        load_le32(head + 6) | static_cast<std::uint64_t>(load_le32(head + 10)) << 32);
    page.serial = load_le32(head + 14);
    page.sequence = load_le32(head + 18);
    page.lacing = bytes.subspan(page_head_bytes, lacing_count);
    page.body = bytes.subspan(page_head_bytes + lacing_count, body_bytes);
    page.byte_count = total;
    return OggParse::page;
}

void append_ogg_page(std::string& out, const OggPageHead& head, std::span<const ByteView> packets) {
    std::size_t lacing_count = 0, body_bytes = 0;
    for (const ByteView packet : packets) {
        lacing_count += packet.size() / 255 + 1;
        body_bytes += packet.size();
    }
    if (lacing_count > ogg_lacing_max) {
        throw Error(Fault::internal, "audio.page_too_large").because("packets of one Ogg page");
    }
    const std::size_t begin = out.size();
    out.reserve(begin + page_head_bytes + lacing_count + body_bytes);
    out.append(capture);
    out.push_back('\0');
    out.push_back(static_cast<char>((head.begin ? 2 : 0) | (head.end ? 4 : 0)));
    put_le(out, static_cast<std::uint64_t>(head.granule), 8);
    put_le(out, head.serial, 4);
    put_le(out, head.sequence, 4);
    put_le(out, 0, 4);
    out.push_back(static_cast<char>(lacing_count));
    for (const ByteView packet : packets) {
        out.append(packet.size() / 255, '\xFF');
        out.push_back(static_cast<char>(packet.size() % 255));
    }
    for (const ByteView packet : packets) {
        out.append(reinterpret_cast<const char*>(packet.data()), packet.size());
    }
    const std::uint32_t crc = ogg_crc(0, bytes_of(out).subspan(begin));
    for (int i = 0; i < 4; ++i) {
        out[begin + 22 + static_cast<std::size_t>(i)] = static_cast<char>(crc >> (8 * i));
    }
}

bool OggReader::refill() {
    if (!read_) return false;
    std::vector<std::uint8_t> next(window_.begin(), window_.end());
    const std::size_t kept = next.size();
    next.resize(std::max(2 * ogg_page_bytes_max, kept + ogg_page_bytes_max));
    const std::size_t got = read_(std::span(next).subspan(kept));
    next.resize(kept + std::min(got, next.size() - kept));
    buffer_ = std::move(next);
    window_ = buffer_;
    if (got == 0) read_ = nullptr;  // the end is asked for once
    return got > 0;
}

std::optional<OggPage> OggReader::next() {
    OggPage page;
    while (wasted_ <= wasted_bytes_max) {
        if (window_.empty() && !refill()) return std::nullopt;
        const OggParse result = parse_ogg_page(window_, page);
        if (result == OggParse::page) {
            window_ = window_.subspan(page.byte_count);
            return page;
        }
        if (result == OggParse::need_more && refill()) continue;
        // A damaged or cut page: go on at the next capture word behind this byte.
        if (window_.size() > capture.size() &&
            std::memcmp(window_.data(), capture.data(), capture.size()) == 0) {
            wasted_ += std::min(window_.size(), ogg_page_bytes_max);
        }
        const auto found =
            std::search(window_.begin() + 1, window_.end(), capture.begin(), capture.end());
        std::size_t step = static_cast<std::size_t>(found - window_.begin());
        // The last bytes may begin a capture word, as long as more can come.
        if (found == window_.end() && read_) {
            step = step > capture.size() ? step - (capture.size() - 1) : 1;
        }
        skipped_ += step;
        window_ = window_.subspan(step);
    }
    return std::nullopt;
}

void OggPacketReader::take(const OggPage& page) {
    page_bytes_.clear();
    parts_.clear();
    next_part_ = 0;
    if (serial_ && page.sequence != sequence_ + 1) {
        lost_ = true;
        joining_ = false;
    }
    sequence_ = page.sequence;
    bool first = true;
    visit_ogg_packets(page, [&](ByteView part, bool whole) {
        const bool goes_on = first && page.continued;
        first = false;
        if (goes_on && !joining_) {
            lost_ = lost_ || whole;  // its beginning was lost or too large
            return;
        }
        if (!goes_on) joined_.clear();
        joining_ = true;
        if (joined_.size() + part.size() > ogg_packet_bytes_max) {
            joining_ = false;
            lost_ = true;
            joined_.clear();
            return;
        }
        joined_.insert(joined_.end(), part.begin(), part.end());
        if (!whole) return;
        joining_ = false;
        const std::size_t begin = page_bytes_.size();
        page_bytes_.insert(page_bytes_.end(), joined_.begin(), joined_.end());
        parts_.push_back({begin, page_bytes_.size(), -1, false, lost_});
        lost_ = false;
    });
    if (!parts_.empty()) {
        parts_.back().granule = page.granule;
        parts_.back().last = page.end;
    }
}

std::optional<OggPacketReader::Packet> OggPacketReader::next() {
    while (next_part_ == parts_.size()) {
        const std::optional<OggPage> page = pages_.next();
        if (!page) return std::nullopt;
        if (serial_ && page->serial != *serial_) continue;
        if (!serial_) {
            if (!page->begin) continue;
            sequence_ = page->sequence - 1;
        }
        serial_ = page->serial;
        take(*page);
    }
    const Part& part = parts_[next_part_++];
    return Packet{ByteView(page_bytes_).subspan(part.begin, part.end - part.begin), part.granule,
                  part.last, part.after_loss};
}

std::string opus_head(const OpusHead& head) {
    std::string out = "OpusHead";
    out.push_back(1);
    out.push_back(static_cast<char>(head.channels));
    put_le(out, head.pre_skip, 2);
    put_le(out, head.input_rate, 4);
    put_le(out, static_cast<std::uint16_t>(head.gain_q8), 2);
    out.push_back(0);
    return out;
}

std::optional<OpusHead> parse_opus_head(ByteView packet) noexcept {
    if (packet.size() < 19 || std::memcmp(packet.data(), "OpusHead", 8) != 0) return std::nullopt;
    if ((packet[8] & 0xF0) != 0 || packet[18] != 0) return std::nullopt;
    if (packet[9] < 1 || packet[9] > 2) return std::nullopt;
    OpusHead head;
    head.channels = packet[9];
    head.pre_skip = static_cast<std::uint16_t>(packet[10] | packet[11] << 8);
    head.input_rate = load_le32(packet.data() + 12);
    head.gain_q8 = static_cast<std::int16_t>(packet[16] | packet[17] << 8);
    return head;
}

std::string opus_tags() {
    constexpr std::string_view vendor = "otklik";
    std::string out = "OpusTags";
    put_le(out, vendor.size(), 4);
    out.append(vendor);
    put_le(out, 0, 4);
    return out;
}

std::optional<int> opus_packet_samples(ByteView packet) noexcept {
    if (packet.empty()) return std::nullopt;
    const int config = packet[0] >> 3;
    int frame = 0;  // samples at 48 kHz, RFC 6716 table 2
    if (config < 12) {
        constexpr int silk[] = {480, 960, 1920, 2880};
        frame = silk[config & 3];
    } else if (config < 16) {
        frame = (config & 1) ? 960 : 480;
    } else {
        frame = 120 << (config & 3);
    }
    int count = 1;
    const int code = packet[0] & 3;
    if (code == 1 || code == 2) count = 2;
    if (code == 3) {
        if (packet.size() < 2) return std::nullopt;
        count = packet[1] & 63;
    }
    const int samples = frame * count;
    if (count == 0 || samples > 5'760) return std::nullopt;  // at most 120 ms
    return samples;
}

}  // namespace otklik
