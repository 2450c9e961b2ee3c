#include "media/clip_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "base/error.h"
#include "media/clip_decode.h"
#include "media/media_testkit.h"
#include "media/opus_encoder.h"

namespace otklik {

namespace {

using testkit::Track;

constexpr std::int64_t second = samples_per_second;
/// -60 dBFS: the bound that a preroll of 240 ms keeps everywhere (reference/audio.md section 1).
constexpr float start_error_max = 0.001f;

/// libopus leaves 2e-34 of its silent frames in float: nothing in 24 bits.
constexpr float silence_residue = 1e-12f;

/// 150 s that cross the border of hour files at their second 60: packets begin at 177 000.
const Track& long_track() {
    static const auto track =
        testkit::record(testkit::speech_like(150, 16'000, 11), 16'000, 177'000);
    return *track;
}
const Track& other_track() {
    static const auto track = testkit::record(testkit::speech_like(20.0123, 16'000, 12), 16'000);
    return *track;
}
std::int64_t base_of(const Track& track) {
    return track.packet_base * opus_packet_samples_48k;
}

float largest_difference(const std::vector<float>& a, const std::vector<float>& b,
                         std::size_t begin, std::size_t end) {
    float largest = 0;
    for (std::size_t i = begin; i < end; ++i) largest = std::max(largest, std::fabs(a[i] - b[i]));
    return largest;
}

/// Cuts one range and compares with the continuous decode: length, place, sound.
void check_cut(const Track& track, SampleRange range) {
    const CutPiece piece{track.source.get(), range};
    const ClipCut clip = cut_clip({&piece, 1});
    const std::vector<float> cut = decode_ogg_opus_float(bytes_of(clip.ogg));
    const std::vector<float> whole = track.reference(range);
    ASSERT_EQ(cut.size(), static_cast<std::size_t>(range.count())) << range.begin;
    EXPECT_EQ(clip.sample_count, range.count());
    EXPECT_EQ(clip.missing_count, 0);
    ASSERT_EQ(clip.pieces.size(), 1u);
    EXPECT_EQ(clip.pieces[0].clip_begin, 0);
    const std::size_t head = std::min<std::size_t>(cut.size(), 24'000);
    EXPECT_LT(largest_difference(cut, whole, 0, head), start_error_max) << range.begin;
    EXPECT_LT(largest_difference(cut, whole, head, cut.size()), start_error_max) << range.begin;
}

}  // namespace

TEST(ClipCut, twelve_random_places_are_exact) {
    std::mt19937_64 random(5);
    const std::int64_t base = base_of(long_track());
    for (int i = 0; i < 12; ++i) {
        const std::int64_t begin = base + static_cast<std::int64_t>(random() % (25 * second));
        check_cut(long_track(), {begin, begin + 120 * second});
    }
}

TEST(ClipCut, borders_of_packets_segments_and_files_are_exact) {
    const std::int64_t base = base_of(long_track());
    for (const std::int64_t border : {std::int64_t{960} * 100, 60 * second, 120 * second}) {
        for (const std::int64_t shift : {-313, -312, -311, -1, 0, 1, 647, 648, 649}) {
            const std::int64_t at = base + border + shift;
            check_cut(long_track(), {at, at + second});
            check_cut(long_track(), {at - second, at});
        }
    }
}

TEST(ClipCut, one_sample_and_whole_session_are_exact) {
    const Track& track = other_track();
    check_cut(track, {0, 1});
    check_cut(track, {0, track.sample_count});
    check_cut(track, {track.sample_count - 1, track.sample_count});
    // The end was fed with the look-ahead's zeros: the last sample heard is the last one recorded.
    EXPECT_EQ(track.sample_count, static_cast<std::int64_t>(20.0123 * 16'000) * 3);
}

TEST(ClipCut, reads_little_more_than_the_clip) {
    const CutPiece piece{
        long_track().source.get(),
        {base_of(long_track()) + second / 2, base_of(long_track()) + second / 2 + 120 * second}};
    const ClipCut clip = cut_clip({&piece, 1});
    EXPECT_LE(static_cast<double>(clip.bytes_read), 1.02 * static_cast<double>(clip.ogg.size()));
}

TEST(ClipCut, preroll_beyond_sixteen_bits_is_refused) {
    const std::int64_t begin = base_of(long_track()) + 20 * second;
    const CutPiece piece{long_track().source.get(), {begin, begin + second}};
    CutRules rules;
    rules.preroll_packets = 66;
    EXPECT_NO_THROW(cut_clip({&piece, 1}, rules));
    rules.preroll_packets = 69;
    try {
        cut_clip({&piece, 1}, rules);
        FAIL() << "a pre-skip over 65 535 was written";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "clip.preroll_too_long");
    }
}

TEST(ClipCut, gap_has_its_true_length_and_is_digital_silence) {
    std::mt19937_64 random(9);
    const Track& first = long_track();
    const Track& next = other_track();
    for (int i = 0; i < 12; ++i) {
        const std::int64_t begin =
            base_of(first) + static_cast<std::int64_t>(random() % (90 * second));
        const SampleRange a{begin, begin + 3 * second + static_cast<std::int64_t>(random() % 960)};
        const std::int64_t gap = 2'400 + static_cast<std::int64_t>(random() % (2 * second));
        const SampleRange b{0, 5 * second};
        const CutPiece pieces[] = {
            {first.source.get(), a}, {nullptr, {}, gap}, {next.source.get(), b}};
        const ClipCut clip = cut_clip(pieces);
        const std::vector<float> sound = decode_ogg_opus_float(bytes_of(clip.ogg));
        ASSERT_EQ(static_cast<std::int64_t>(sound.size()), clip.sample_count);
        ASSERT_EQ(clip.pieces.size(), 3u);
        const std::int64_t begins = clip.pieces[2].clip_begin;
        EXPECT_LE(std::abs(begins - (a.count() + gap)), 60);
        EXPECT_EQ(clip.pieces[1].sample_count, begins - a.count());
        // Digital zero after the first packet of filler, up to the frame that resets a CELT decoder
        // and the warm-up of the next session.
        for (std::int64_t at = a.count() + 2 * 960 + 312; at < begins - 312 - 480; ++at) {
            ASSERT_LT(std::fabs(sound[static_cast<std::size_t>(at)]), silence_residue) << at;
        }
        const std::vector<float> fresh = next.reference(b);
        const std::vector<float> tail(sound.begin() + begins, sound.begin() + begins + b.count());
        EXPECT_TRUE(to_int16(tail) == to_int16(fresh)) << "the new session is not bit-exact";
        EXPECT_LT(largest_difference(tail, fresh, 0, tail.size()), silence_residue);
    }
}

TEST(ClipCut, many_gaps_do_not_add_up_their_rounding) {
    const Track& track = other_track();
    std::vector<CutPiece> pieces;
    std::int64_t due = 0;
    std::vector<std::int64_t> starts;
    for (int i = 0; i < 20; ++i) {
        starts.push_back(due);
        pieces.push_back({track.source.get(), {0, 48'001}});
        pieces.push_back({nullptr, {}, 5'003});
        due += 48'001 + 5'003;
    }
    const ClipCut clip = cut_clip(pieces);
    for (std::size_t i = 0; i < starts.size(); ++i) {
        EXPECT_LE(std::abs(clip.pieces[2 * i].clip_begin - starts[i]), 60) << i;
    }
    EXPECT_EQ(clip.sample_count, due);
    EXPECT_EQ(decode_ogg_opus_float(bytes_of(clip.ogg)).size(), static_cast<std::size_t>(due));
}

TEST(ClipCut, window_before_and_behind_the_recording_is_silence_of_true_length) {
    const Track& track = other_track();
    const std::int64_t before = 7 * second + 123, behind = 9 * second + 77;
    const CutPiece pieces[] = {{nullptr, {}, before},
                               {track.source.get(), {0, track.sample_count}},
                               {nullptr, {}, behind}};
    const ClipCut clip = cut_clip(pieces);
    const std::vector<float> sound = decode_ogg_opus_float(bytes_of(clip.ogg));
    EXPECT_EQ(clip.sample_count, before + track.sample_count + behind);
    EXPECT_EQ(static_cast<std::int64_t>(sound.size()), clip.sample_count);
    EXPECT_EQ(clip.missing_count, before + behind);
    EXPECT_EQ(clip.pieces[1].clip_begin, before);  // exact: the pre-skip takes up the rounding
    const std::vector<float> inner(sound.begin() + before,
                                   sound.begin() + before + track.sample_count);
    EXPECT_TRUE(to_int16(inner) == to_int16(track.reference({0, track.sample_count})));
}

TEST(ClipCut, short_gap_joins_late_and_says_so) {
    const Track& track = other_track();
    const CutPiece pieces[] = {
        {track.source.get(), {0, 48'001}}, {nullptr, {}, 50}, {track.source.get(), {0, 48'000}}};
    const ClipCut clip = cut_clip(pieces);
    const std::int64_t late = clip.pieces[2].clip_begin - 48'051;
    EXPECT_GE(late, 0);
    EXPECT_LT(late, 960 + 312);
    EXPECT_EQ(decode_ogg_opus_float(bytes_of(clip.ogg)).size(),
              static_cast<std::size_t>(clip.sample_count));
}

TEST(ClipCut, only_a_gap_is_silence) {
    const CutPiece piece{nullptr, {}, 12'345};
    const ClipCut clip = cut_clip({&piece, 1});
    const std::vector<float> sound = decode_ogg_opus_float(bytes_of(clip.ogg));
    ASSERT_EQ(sound.size(), 12'345u);
    EXPECT_LT(*std::max_element(sound.begin(), sound.end()), silence_residue);
    EXPECT_EQ(clip.missing_count, 12'345);
    EXPECT_THROW(cut_clip({}), Error);
}

TEST(ClipCut, touching_pieces_of_one_session_are_one) {
    const std::int64_t begin = base_of(long_track()) + 59 * second;
    const CutPiece halves[] = {
        {long_track().source.get(), {begin, begin + second + 17}},
        {long_track().source.get(), {begin + second + 17, begin + 2 * second}}};
    const CutPiece whole{long_track().source.get(), {begin, begin + 2 * second}};
    EXPECT_EQ(cut_clip(halves).ogg, cut_clip({&whole, 1}).ogg);
}

TEST(ClipCut, what_no_row_covers_is_refused) {
    const Track& track = other_track();
    const CutPiece behind{track.source.get(), {second, track.sample_count + second}};
    EXPECT_THROW(cut_clip({&behind, 1}), Error);
    const CutPiece before{track.source.get(), {-5, second}};
    EXPECT_THROW(cut_clip({&before, 1}), Error);
    CutRules rules;
    rules.sample_count_max = second;
    const CutPiece long_piece{track.source.get(), {0, second + 1}};
    EXPECT_THROW(cut_clip({&long_piece, 1}, rules), Error);
}

TEST(ClipCut, opusdec_hears_the_same_length_and_place) {
    if (!testkit::has_tool("opusdec")) GTEST_SKIP() << "opusdec is not installed";
    std::mt19937_64 random(21);
    const testkit::TempFolder folder;
    for (int i = 0; i < 3; ++i) {
        const std::int64_t begin =
            base_of(long_track()) + static_cast<std::int64_t>(random() % (100 * second));
        const SampleRange range{begin, begin + 10 * second};
        const CutPiece piece{long_track().source.get(), range};
        write_file_durably(folder.path("c.opus"), cut_clip({&piece, 1}).ogg);
        ASSERT_EQ(testkit::run("opusdec --float --rate 48000 --force-wav " + folder.path("c.opus") +
                               " " + folder.path("c.wav")),
                  0);
        const std::string wav = read_file(folder.path("c.wav"), 1 << 24);
        const std::size_t data = wav.find("data") + 8;
        std::vector<float> sound((wav.size() - data) / sizeof(float));
        std::memcpy(sound.data(), wav.data() + data, sound.size() * sizeof(float));
        const std::vector<float> whole = long_track().reference(range);
        ASSERT_EQ(sound.size(), whole.size());
        const std::vector<float> part(sound.begin() + 24'000, sound.begin() + 48'000);
        const std::vector<float> around(whole.begin() + 24'000, whole.begin() + 48'000);
        EXPECT_EQ(testkit::best_lag(part, around, 20), 0);
        EXPECT_LT(largest_difference(sound, whole, 0, whole.size()), start_error_max);
    }
}

}  // namespace otklik
