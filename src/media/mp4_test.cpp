#include "media/mp4.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "media/chunk_testkit.h"
#include "media/clip_cut.h"
#include "media/clip_decode.h"
#include "media/tail.h"

namespace otklik {
namespace {

/// A clip of ours: cut out of a run, at samples that are no packet's border.
std::string cut_ogg(SampleRange range) {
    testkit::LiveSource source(1, 1);
    source.record(12);
    const auto packets = source.packets(0);
    const Tail tail = make_tail(packets, {});
    const MemoryMediaFile file(tail.bytes);
    std::vector<SegmentRef> refs;
    for (const SegmentRow& row : tail.rows) refs.push_back({&file, row});
    const SegmentSource segments(refs);
    const std::array pieces{CutPiece{&segments, range, 0}, CutPiece{nullptr, {}, 24'000}};
    return cut_clip(pieces).ogg;
}

std::string said_by(const std::string& command, const std::string& to) {
    EXPECT_EQ(std::system((command + " >" + to).c_str()), 0) << command;
    return read_file(to, 64 << 20);
}

TEST(Mp4, another_program_reads_the_same_sound) {
    if (std::system("command -v ffmpeg >/dev/null 2>&1") != 0) GTEST_SKIP() << "no ffmpeg";
    const SampleRange range{100'003, 400'010};
    const std::string ogg = cut_ogg(range);
    const std::string mp4 = mp4_of_ogg(bytes_of(ogg));
    const auto folder =
        std::filesystem::temp_directory_path() / ("otklik_mp4_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const std::string path = (folder / "clip.mp4").string();
    write_file_durably(path, mp4);
    EXPECT_EQ(said_by("ffprobe -v error -show_entries stream=codec_name,sample_rate,channels "
                      "-of csv=p=0 " +
                          path,
                      path + ".txt"),
              "opus,48000,1\n");
    // FFmpeg leaves the end trim out: at most one packet more than the clip.
    const std::string raw = said_by(
        "ffmpeg -v error -c:a libopus -i " + path + " -f s16le -ac 1 -ar 48000 -", path + ".raw");
    const auto wanted = static_cast<std::size_t>(range.count() + 24'000);
    EXPECT_GE(raw.size() / 2, wanted);
    EXPECT_LE(raw.size() / 2, wanted + 960);
    const auto ours = decode_ogg_opus(bytes_of(ogg));
    ASSERT_EQ(ours.size(), wanted);
    const auto* theirs = reinterpret_cast<const std::int16_t*>(raw.data());
    int worst = 0;
    for (std::size_t i = 0; i < ours.size(); ++i)
        worst = std::max(worst, std::abs(ours[i] - theirs[i]));
    EXPECT_LE(worst, 1) << "the first sample is the clip's first";
    std::filesystem::remove_all(folder);
}

TEST(Mp4, is_hardly_larger_and_made_of_nothing_else) {
    const std::string ogg = cut_ogg({0, 480'000});
    const std::string mp4 = mp4_of_ogg(bytes_of(ogg));
    EXPECT_LT(mp4.size(), ogg.size() * 11 / 10);
    EXPECT_LT(mp4.find("moov"), mp4.find("mdat"));
    EXPECT_EQ(mp4.find("moof"), std::string::npos);
    EXPECT_THROW(mp4_of_ogg(bytes_of("no ogg at all")), Error);
    EXPECT_THROW(mp4_of_ogg(bytes_of(ogg).first(200)), Error);
}

}  // namespace
}  // namespace otklik
