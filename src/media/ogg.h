#pragma once
// Ogg pages (RFC 3533) and the two heads of an Opus stream (RFC 7845): bounded, CRC-checked, no
// allocation by a foreign length. The only Ogg parser of the server, and the target of
// tests/fuzz/ogg_fuzz.cpp. Thread: values; a reader or builder belongs to one thread.
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace otklik {

using ByteView = std::span<const std::uint8_t>;

inline constexpr std::size_t ogg_lacing_max = 255;  // entries of a page (RFC 3533)

inline ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline constexpr std::size_t ogg_page_bytes_max = 27 + 255 + 255 * 255;
/// RFC 7845 section 3: 61 440 bytes hold the largest sensible packet of two channels.
inline constexpr std::size_t ogg_packet_bytes_max = 61'440;

/// CRC-32 of Ogg: polynomial 0x04C11DB7, not reflected, start 0. Continue by passing the last
/// value.
std::uint32_t ogg_crc(std::uint32_t crc, ByteView bytes) noexcept;

/// One page. The spans look into the bytes that were parsed.
struct OggPage {
    bool continued = false;  // its first packet began on an earlier page
    bool begin = false;      // first page of a stream
    bool end = false;        // last page of a stream
    std::int64_t granule = -1;
    std::uint32_t serial = 0;
    std::uint32_t sequence = 0;
    ByteView lacing;
    ByteView body;
    std::size_t byte_count = 0;  // of the whole page with its header
};

enum class OggParse { page, need_more, bad };

/// A page at the very first byte. need_more: the bytes end inside a page that looks right so far.
OggParse parse_ogg_page(ByteView bytes, OggPage& page) noexcept;

/// Calls visit(packet, whole) for each packet or part of one on the page; whole is false for the
/// part that goes on on the next page. The part that continues an earlier page comes first, see
/// OggPage::continued.
template <class Visit>
void visit_ogg_packets(const OggPage& page, Visit&& visit) {
    std::size_t begin = 0, end = 0;
    for (std::size_t i = 0; i < page.lacing.size(); ++i) {
        end += page.lacing[i];
        const bool whole = page.lacing[i] < 255;
        if (!whole && i + 1 < page.lacing.size()) continue;
        visit(page.body.subspan(begin, end - begin), whole);
        begin = end;
    }
}

/// Appends one page to `out`. Packets are whole. Throws Error{internal} when they need more than
/// 255 lacing values.
struct OggPageHead {
    bool begin = false;
    bool end = false;
    std::int64_t granule = 0;
    std::uint32_t serial = 0;
    std::uint32_t sequence = 0;
};
void append_ogg_page(std::string& out, const OggPageHead& head, std::span<const ByteView> packets);

/// Reads pages from a span or from a callback and steps over foreign bytes between pages.
class OggReader {
public:
    /// Fills the span, returns how many bytes it gave; 0 is the end.
    using Read = std::function<std::size_t(std::span<std::uint8_t>)>;
    explicit OggReader(ByteView bytes) : window_(bytes) {}
    explicit OggReader(Read read) : read_(std::move(read)) {}
    /// The next page, or nothing at the end. The page lives until the next call.
    std::optional<OggPage> next();
    /// Bytes that belonged to no page with a right CRC.
    std::uint64_t skipped_bytes() const { return skipped_; }

private:
    bool refill();
    Read read_;
    std::vector<std::uint8_t> buffer_;
    ByteView window_;
    std::uint64_t skipped_ = 0;
    std::uint64_t wasted_ = 0;  // bytes hashed for pages that were none
};

/// Packets of the first stream, put together over pages. Other streams are ignored.
class OggPacketReader {
public:
    explicit OggPacketReader(ByteView bytes) : pages_(bytes) {}
    explicit OggPacketReader(OggReader::Read read) : pages_(std::move(read)) {}
    struct Packet {
        ByteView bytes;
        std::int64_t granule = -1;  // of its page when it is the last packet ending there, else -1
        bool end = false;           // last packet of the stream
        bool after_loss = false;    // a page before it is missing
    };
    /// The packet lives until the next call. A packet over ogg_packet_bytes_max is dropped
    /// (after_loss follows).
    std::optional<Packet> next();
    std::uint64_t skipped_bytes() const { return pages_.skipped_bytes(); }

private:
    void take(const OggPage& page);
    OggReader pages_;
    std::vector<std::uint8_t> joined_;      // the packet that goes on on the next page
    std::vector<std::uint8_t> page_bytes_;  // packets of the page in hand, one after the other
    struct Part {
        std::size_t begin, end;
        std::int64_t granule;
        bool last, after_loss;
    };
    std::vector<Part> parts_;
    std::size_t next_part_ = 0;
    std::optional<std::uint32_t> serial_;
    std::uint32_t sequence_ = 0;
    bool joining_ = false;
    bool lost_ = false;
};

/// RFC 7845 section 5.1, mapping family 0 (one or two channels).
struct OpusHead {
    std::uint8_t channels = 1;
    std::uint16_t pre_skip = 312;       // samples at 48 kHz
    std::uint32_t input_rate = 48'000;  // of the source, for information only
    std::int16_t gain_q8 = 0;           // dB / 256
};
std::string opus_head(const OpusHead& head);
/// Nothing when it is not a head of family 0 and version 0..15.
std::optional<OpusHead> parse_opus_head(ByteView packet) noexcept;
/// "OpusTags" with our vendor word and no comments: the same bytes always, so cuts are
/// reproducible.
std::string opus_tags();

/// Samples at 48 kHz of one Opus packet, from its table of contents; nothing when it is malformed
/// (RFC 6716 3.1).
std::optional<int> opus_packet_samples(ByteView packet) noexcept;

}  // namespace otklik
