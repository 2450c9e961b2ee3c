#include "media/clip_cut.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "media/opus_encoder.h"

namespace otklik {

namespace {

constexpr std::int64_t grid = 120;  // 2.5 ms, the shortest Opus frame
constexpr std::int64_t pre_skip_max = 65'535;

/// Digital silence: one CELT full-band frame with its silence flag. It also makes the decoder
/// forget, so that what follows sounds as if it were decoded alone (reference/audio.md section 2).
struct Filler {
    std::int64_t samples;
    std::array<std::uint8_t, 3> bytes;
};
constexpr std::array<Filler, 4> fillers{{{960, {0xF8, 0xFF, 0xFE}},
                                         {480, {0xF0, 0xFF, 0xFE}},
                                         {240, {0xE8, 0xFF, 0xFE}},
                                         {120, {0xE0, 0xFF, 0xFE}}}};

/// Before a piece that begins in CELT the decoder would carry the silence's CELT state over (the
/// errors reach -20 dBFS). A SILK frame of silence, at most 2 steps of 16 bits, makes it start
/// afresh there too.
constexpr std::int64_t silk_filler_samples = 480;
constexpr std::array<std::uint8_t, 5> silk_filler_bytes{0x00, 0x0A, 0x72, 0x8F, 0x48};

/// Pages of one second of a mono stream, packets of any duration.
class ClipWriter {
public:
    explicit ClipWriter(std::uint32_t serial) : serial_(serial) {}

    void begin(std::int64_t pre_skip) {
        const std::string head =
            opus_head({1, static_cast<std::uint16_t>(pre_skip), samples_per_second, 0});
        const std::string tags = opus_tags();
        const std::array packets{bytes_of(head), bytes_of(tags)};
        append_ogg_page(ogg_, {true, false, 0, serial_, sequence_++}, std::span(packets).first(1));
        append_ogg_page(ogg_, {false, false, 0, serial_, sequence_++}, std::span(packets).last(1));
    }

    /// Room for what so many bytes of pages will become; a guess too small costs a copy, no more.
    void expect(std::int64_t page_bytes) {
        const std::size_t needed = ogg_.size() + static_cast<std::size_t>(page_bytes);
        if (needed > ogg_.capacity()) ogg_.reserve(needed + needed / 64 + ogg_page_bytes_max);
    }

    /// The bytes must live until the page is written: packets of a run, or the constant fillers.
    void add(ByteView packet, std::int64_t samples) {
        const std::size_t lacing = packet.size() / 255 + 1;
        if (page_.size() == packets_per_page || page_lacing_ + lacing > 255) flush(raw_, false);
        page_.push_back(packet);
        page_lacing_ += lacing;
        raw_ += samples;
    }

    void flush(std::int64_t granule, bool end) {
        append_ogg_page(ogg_, {false, end, granule, serial_, sequence_++}, page_);
        page_.clear();
        page_lacing_ = 0;
    }

    void fill(std::int64_t samples) {
        for (const Filler& filler : fillers) {
            for (; samples >= filler.samples; samples -= filler.samples) {
                add(filler.bytes, filler.samples);
            }
        }
    }

    std::int64_t raw() const { return raw_; }
    std::string take() { return std::move(ogg_); }

private:
    std::string ogg_;
    std::uint32_t serial_;
    std::uint32_t sequence_ = 0;
    std::int64_t raw_ = 0;  // samples of all packets so far
    std::vector<ByteView> page_;
    std::size_t page_lacing_ = 0;
};

/// Pieces of one source that touch become one; neighbouring gaps become one; empty ones go.
std::vector<CutPiece> join_pieces(std::span<const CutPiece> pieces) {
    std::vector<CutPiece> joined;
    for (const CutPiece& piece : pieces) {
        if (piece.source ? piece.range.empty() : piece.gap_samples <= 0) continue;
        CutPiece* last = joined.empty() ? nullptr : &joined.back();
        if (last && last->source == piece.source &&
            (!piece.source || last->range.end == piece.range.begin)) {
            last->range.end = piece.range.end;
            last->gap_samples += piece.gap_samples;
        } else {
            joined.push_back(piece);
        }
    }
    return joined;
}

/// The packets of one piece: [first, end), and how far into them the piece begins.
struct PacketSpan {
    std::int64_t first = 0;
    std::int64_t end = 0;
    std::int64_t lead = 0;  // samples from the first packet's start to the piece's first sample
};

PacketSpan packets_of(const CutPiece& piece, int preroll) {
    const std::int64_t raw = piece.range.begin + opus_pre_skip;
    const std::int64_t holder = raw / opus_packet_samples_48k;
    const std::int64_t run_begin = piece.range.begin < 0 ? -1 : piece.source->run_begin(holder);
    if (run_begin < 0) {
        throw Error(Fault::not_found, "audio.not_covered",
                    {{"sample", std::to_string(piece.range.begin)}});
    }
    PacketSpan span;
    span.first = std::max(run_begin, holder - preroll);
    span.end =
        (piece.range.end + opus_pre_skip + opus_packet_samples_48k - 1) / opus_packet_samples_48k;
    span.lead = raw - span.first * opus_packet_samples_48k;
    return span;
}

class Cutter {
public:
    Cutter(std::vector<CutPiece> pieces, const CutRules& rules)
        : pieces_(std::move(pieces)), rules_(rules), writer_(rules.serial) {}

    ClipCut cut() {
        begin();
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            if (pieces_[i].source) {
                add_sound(pieces_[i], i == 0 ? rules_.preroll_packets : 0);
            } else {
                add_gap(pieces_[i].gap_samples);
            }
        }
        // What is left to the end of the timeline is silence; what is over is trimmed by the
        // granule.
        const std::int64_t end_raw = clip_.pre_skip + clip_.sample_count;
        if (writer_.raw() < end_raw) {
            writer_.fill((end_raw - writer_.raw() + grid - 1) / grid * grid);
        }
        writer_.flush(end_raw, true);
        measure_gaps();
        clip_.ogg = writer_.take();
        return std::move(clip_);
    }

private:
    /// The pre-skip is free: with it the first sound of the clip is exact to the sample.
    void begin() {
        std::int64_t pre_skip = opus_pre_skip;
        if (pieces_.front().source) {
            pre_skip = packets_of(pieces_.front(), rules_.preroll_packets).lead;
        } else if (pieces_.size() > 1) {
            const std::int64_t lead = packets_of(pieces_[1], 0).lead;
            const std::int64_t gap = pieces_.front().gap_samples;
            const std::int64_t filler = (std::max<std::int64_t>(0, gap - lead) + grid - 1) / grid;
            pre_skip = filler * grid + lead - gap;
        }
        if (pre_skip > pre_skip_max) {
            throw Error(Fault::invalid, "clip.preroll_too_long",
                        {{"packets", std::to_string(rules_.preroll_packets)}});
        }
        clip_.pre_skip = static_cast<int>(pre_skip);
        writer_.begin(pre_skip);
    }

    void add_sound(const CutPiece& piece, int preroll) {
        const PacketSpan span = packets_of(piece, preroll);
        // Silence up to the first packet, to the nearest 2.5 ms of the timeline that never moves.
        const std::int64_t missing = timeline_ + clip_.pre_skip - span.lead - writer_.raw();
        runs_.push_back(piece.source->read(span.first, span.end));
        writer_.expect(runs_.back().bytes_read);
        fill_before(missing > 0 ? (missing + grid / 2) / grid * grid : 0, runs_.back());
        const std::int64_t clip_begin = writer_.raw() + span.lead - clip_.pre_skip;
        for (const ByteView packet : runs_.back().packets)
            writer_.add(packet, opus_packet_samples_48k);
        clip_.bytes_read += runs_.back().bytes_read;
        clip_.pieces.push_back({clip_begin, piece.range.count(), false, piece.range});
        timeline_ += piece.range.count();
        clip_.sample_count = clip_begin + piece.range.count();
    }

    void fill_before(std::int64_t samples, const PacketRun& run) {
        const bool celt_follows = run.packets.front()[0] >> 3 >= 16;
        if (!celt_follows || samples < silk_filler_samples) return writer_.fill(samples);
        writer_.fill(samples - silk_filler_samples);
        writer_.add(silk_filler_bytes, silk_filler_samples);
    }

    void add_gap(std::int64_t samples) {
        clip_.pieces.push_back({timeline_, samples, true, {}});
        timeline_ += samples;
        clip_.sample_count = std::max(clip_.sample_count, timeline_);
    }

    /// A gap is what really lies between its neighbours.
    void measure_gaps() {
        auto& pieces = clip_.pieces;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (!pieces[i].gap) continue;
            if (i > 0) pieces[i].clip_begin = pieces[i - 1].clip_begin + pieces[i - 1].sample_count;
            const std::int64_t end =
                i + 1 < pieces.size() ? pieces[i + 1].clip_begin : clip_.sample_count;
            pieces[i].sample_count = std::max<std::int64_t>(0, end - pieces[i].clip_begin);
            clip_.missing_count += pieces[i].sample_count;
        }
    }

    std::vector<CutPiece> pieces_;
    const CutRules& rules_;
    ClipWriter writer_;
    std::vector<PacketRun> runs_;  // the writer looks into their buffers until it flushes
    std::int64_t timeline_ = 0;    // where the next piece should begin
    ClipCut clip_;
};

}  // namespace

ClipCut cut_clip(std::span<const CutPiece> pieces, const CutRules& rules) {
    std::vector<CutPiece> joined = join_pieces(pieces);
    if (joined.empty()) throw Error(Fault::invalid, "clip.empty");
    std::int64_t total = 0;
    for (const CutPiece& piece : joined) {
        total += piece.source ? piece.range.count() : piece.gap_samples;
        if (total > rules.sample_count_max) {
            throw Error(
                Fault::too_large, "clip.too_long",
                {{"seconds_max", std::to_string(rules.sample_count_max / samples_per_second)}});
        }
    }
    return Cutter(std::move(joined), rules).cut();
}

}  // namespace otklik
