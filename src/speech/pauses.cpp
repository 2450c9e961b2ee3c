#include "speech/pauses.h"

#include <algorithm>
#include <cmath>

namespace otklik {
namespace {

constexpr std::int64_t frame = 320;  // 20 ms at 16 kHz
constexpr double above_floor_db = 12;
constexpr double quietest_db = -60;        // of full scale: below it nobody speaks
constexpr std::int64_t pause_frames = 20;  // 400 ms end an utterance
constexpr std::int64_t pad_frames = 10;    // 200 ms around
constexpr std::int64_t shortest_frames = 5;
constexpr std::int64_t longest_frames = 1'000;  // 20 s
constexpr std::int64_t cut_from_frames = 500;   // a cut is looked for in the second half

std::vector<double> levels_of(std::span<const std::int16_t> pcm) {
    std::vector<double> levels;
    for (std::size_t i = 0; i < pcm.size(); i += frame) {
        const auto part = pcm.subspan(i, std::min<std::size_t>(frame, pcm.size() - i));
        double sum = 1;
        for (const std::int16_t s : part) sum += static_cast<double>(s) * s;
        levels.push_back(10 * std::log10(sum / static_cast<double>(part.size()) / 1'073'741'824.0));
    }
    return levels;
}

void add(std::vector<SampleRange>& out, const std::vector<double>& levels, std::int64_t begin,
         std::int64_t end) {
    while (end - begin > longest_frames) {
        const auto quiet = std::min_element(levels.begin() + begin + cut_from_frames,
                                            levels.begin() + begin + longest_frames);
        const std::int64_t cut = quiet - levels.begin();
        out.push_back({begin * frame, cut * frame});
        begin = cut;
    }
    out.push_back({begin * frame, end * frame});
}

}  // namespace

std::vector<SampleRange> find_utterances(std::span<const std::int16_t> pcm) {
    std::vector<SampleRange> out;
    const std::vector<double> levels = levels_of(pcm);
    if (levels.empty()) return out;
    std::vector<double> sorted = levels;
    const auto tenth = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 10);
    std::nth_element(sorted.begin(), tenth, sorted.end());
    // Speech without a pause has no floor of its own: 30 dB below its top is one.
    const double top = *std::max_element(levels.begin(), levels.end());
    const double loud = std::max(quietest_db, std::min(*tenth, top - 30) + above_floor_db);
    const auto count = static_cast<std::int64_t>(levels.size());
    std::int64_t first = -1, last = -1;
    const auto close = [&] {
        if (first >= 0 && last - first + 1 >= shortest_frames) {
            const std::int64_t before = out.empty() ? 0 : out.back().end / frame;
            add(out, levels, std::max(before, first - pad_frames),
                std::min(count, last + 1 + pad_frames));
        }
        first = -1;
    };
    for (std::int64_t i = 0; i < count; ++i) {
        if (levels[static_cast<std::size_t>(i)] > loud) {
            if (first < 0) first = i;
            last = i;
        } else if (first >= 0 && i - last > pause_frames) {
            close();
        }
    }
    close();
    if (!out.empty())
        out.back().end = std::min(out.back().end, static_cast<std::int64_t>(pcm.size()));
    return out;
}

}  // namespace otklik
