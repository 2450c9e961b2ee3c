// Cutting clips out of a long recording, measured in this process: CPU per clip, bytes read, and
// the difference to the continuous decode by libopus. Prints one JSON object.
//
//   clip_bench SPEECH.raw HOURS FOLDER     SPEECH.raw: mono, 16 bit, 16 kHz, some minutes of it
//
// The day is encoded from the speech in a loop by the encoder of imports; the sound of the whole
// track is the same file looped, as peers get it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "media/clip_cut.h"
#include "media/clip_decode.h"
#include "media/opus_encoder.h"
#include "media/segment.h"

namespace otklik {
namespace {

constexpr int rate = 16'000;
constexpr std::int64_t clip_samples = std::int64_t{120} * 48'000;
constexpr int day_clips = 1'000;
constexpr int exact_clips = 12;
constexpr int runs = 5;
constexpr std::size_t speech_bytes_max = std::size_t{64} << 20;

double cpu_ms() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto ms = [](const timeval& t) {
        return double(t.tv_sec) * 1000 + double(t.tv_usec) / 1000;
    };
    return ms(used.ru_utime) + ms(used.ru_stime);
}

struct Day {
    std::vector<std::unique_ptr<DiskMediaFile>> files;
    std::unique_ptr<SegmentSource> source;
    std::int64_t sample_count = 0;
};

Day encode_day(const std::vector<std::int16_t>& speech, double hours, const std::string& folder) {
    const auto name = [&](int number) { return fmt::format("{}/hour-{}.ogg", folder, number); };
    std::vector<SegmentRow> rows;
    SegmentWriter writer([&](int number) { return open_file(name(number), O_RDWR | O_CREAT); }, 7,
                         rate);
    TrackEncoder encoder({.rate = rate, .complexity = 5},
                         [&](std::int64_t number, ByteView packet) {
                             writer.append(number, packet);
                             for (auto& row : writer.take_sealed()) rows.push_back(std::move(row));
                         });
    auto left = static_cast<std::int64_t>(hours * 3600 * rate);
    while (left > 0) {
        const auto count = std::min<std::int64_t>(left, std::int64_t(speech.size()));
        encoder.feed(std::span(speech).first(std::size_t(count)));
        left -= count;
    }
    encoder.finish();
    writer.finish(encoder.samples());
    for (auto& row : writer.take_sealed()) rows.push_back(std::move(row));
    Day day;
    day.sample_count = encoder.samples();
    std::vector<SegmentRef> refs;
    for (const auto& row : rows) {
        while (int(day.files.size()) <= row.file_number)
            day.files.push_back(std::make_unique<DiskMediaFile>(name(int(day.files.size()))));
        refs.push_back({day.files[std::size_t(row.file_number)].get(), row});
    }
    day.source = std::make_unique<SegmentSource>(std::move(refs));
    return day;
}

ClipCut cut_at(const Day& day, std::int64_t begin) {
    const CutPiece piece{day.source.get(), {begin, begin + clip_samples}, 0};
    return cut_clip(std::span(&piece, 1));
}

/// Samples of the clip that differ from the recording decoded from its very beginning: the exact
/// part is the clip without what the decoder's warm-up may still carry.
struct Exactness {
    std::int64_t compared = 0;
    std::int64_t different = 0;
    std::int64_t lag = 0;
};

Exactness compare(const Day& day, std::int64_t begin) {
    const ClipCut cut = cut_at(day, begin);
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(cut.ogg.data()), cut.ogg.size());
    const auto clip = decode_ogg_opus(bytes, 48'000);
    // The reference begins ten seconds earlier: long after its own warm-up has died away.
    const std::int64_t early = std::max<std::int64_t>(0, begin - 480'000);
    const auto reference =
        to_int16(decode_range(*day.source, {early, begin + clip_samples}, 48'000));
    Exactness result;
    result.lag = std::int64_t(clip.size()) - clip_samples;
    const auto shift = std::size_t(begin - early);
    for (std::size_t i = 0; i < clip.size() && shift + i < reference.size(); ++i) {
        ++result.compared;
        result.different += std::abs(clip[i] - reference[shift + i]) > 33;  // -60 dBFS
    }
    return result;
}

struct Spread {
    double median = 0, low = 0, high = 0;
};

Spread spread(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values.front(), values.back()};
}

std::string json_of(const Spread& s) {
    return fmt::format(R"({{"median":{:.4f},"low":{:.4f},"high":{:.4f}}})", s.median, s.low,
                       s.high);
}

int run(const std::string& speech_path, double hours, const std::string& folder) {
    const std::string raw = read_file(speech_path, speech_bytes_max);
    std::vector<std::int16_t> speech(raw.size() / 2);
    std::memcpy(speech.data(), raw.data(), speech.size() * 2);
    const Day day = encode_day(speech, hours, folder);
    std::mt19937_64 dice(20'261'122);
    std::uniform_int_distribution<std::int64_t> place(0, day.sample_count - clip_samples);
    std::vector<double> each, thousand, ratio;
    for (int n = 0; n < runs; ++n) {
        const double began = cpu_ms();
        std::int64_t read = 0, made = 0;
        for (int clip = 0; clip < day_clips; ++clip) {
            const ClipCut cut = cut_at(day, place(dice));
            read += cut.bytes_read;
            made += std::int64_t(cut.ogg.size());
        }
        const double took = cpu_ms() - began;
        thousand.push_back(took / 1000);
        each.push_back(took / day_clips);
        ratio.push_back(double(read) / double(made));
    }
    Exactness sum;
    for (int n = 0; n < exact_clips; ++n) {
        const Exactness one = compare(day, place(dice));
        sum.compared += one.compared;
        sum.different += one.different;
        sum.lag = std::max(sum.lag, std::abs(one.lag));
    }
    fmt::print(R"({{"hours":{},"clip_cpu_ms":{},"thousand_cpu_s":{},"read_ratio":{},)"
               R"("compared_samples":{},"different_samples":{},"length_error":{}}})",
               hours, json_of(spread(each)), json_of(spread(thousand)), json_of(spread(ratio)),
               sum.compared, sum.different, sum.lag);
    fmt::print("\n");
    return 0;
}

}  // namespace
}  // namespace otklik

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "clip_bench SPEECH.raw HOURS FOLDER\n");
        return 2;
    }
    try {
        return otklik::run(argv[1], std::atof(argv[2]), argv[3]);
    } catch (const otklik::Error& error) {
        std::fprintf(stderr, "%s %s\n", error.code().c_str(), error.detail().c_str());
        return 1;
    }
}
