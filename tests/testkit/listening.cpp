#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "media/clip_decode.h"
#include "media/media_testkit.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr double near_ms = 50;

double seconds(Duration d) {
    return static_cast<double>(d.us) / 1e6;
}

ByteView bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::string shared_folder() {
    const std::string folder = shared_data();
    if (folder.empty()) return {};
    for (const std::string& each : {folder, folder + "/data"})
        if (std::filesystem::exists(each + "/audio/ru_prompts/wav")) return each;
    return {};
}

std::string wav_of(const std::vector<float>& pcm) {
    return wav_bytes(pcm, sound_rate);
}
std::vector<float> own_sound(double length_s, unsigned seed) {
    return speech_like(length_s, sound_rate, seed);
}

std::size_t samples_of_ogg(const std::string& bytes) {
    return decode_ogg_opus_float(bytes_of(bytes), sound_rate).size();
}

Heard listen(Client& boss, const std::string& name, const std::string& signal_id) {
    const json::value clip = clip_of(boss, signal_id);
    const Answer audio = boss.ask("GET", "/clips/" + text(clip, "id") + "/audio?channel=0");
    if (audio.status() != 200) throw std::runtime_error(name + ": " + audio.http.body);
    const std::string& bytes = audio.http.body;
    const json::value& version = clip.at("version");
    return {name,
            clip,
            {instant(version, "begin_at"), instant(version, "end_at")},
            Haystack(decode_ogg_opus_float(bytes_of(bytes), sound_rate))};
}

double best_accident(const std::vector<Heard>& clips, const std::vector<Needle>& unused) {
    std::mutex mutex;
    double best = 0;
    in_parallel(clips.size() * unused.size(), [&](std::size_t i) {
        const Match match = clips[i / unused.size()].sound.find(unused[i % unused.size()]);
        const std::lock_guard lock(mutex);
        best = std::max(best, match.score);
    });
    return best;
}

std::vector<Needle> truly_unused(const std::vector<std::vector<float>>& used,
                                 const std::vector<std::vector<float>>& spare) {
    constexpr std::size_t samples_max = std::size_t{120} * sound_rate;
    constexpr double same = 0.6;  // clean sources: their own copies score 1
    std::vector<Haystack> stacks;
    std::vector<float> joined;
    for (std::size_t i = 0; i <= used.size(); ++i) {
        if (i == used.size() || joined.size() + used[i].size() > samples_max) {
            stacks.emplace_back(joined);
            joined.clear();
        }
        if (i < used.size()) joined.insert(joined.end(), used[i].begin(), used[i].end());
    }
    std::vector<Needle> kept;
    for (const auto& pcm : spare) {
        Needle needle(pcm);
        if (std::none_of(stacks.begin(), stacks.end(),
                         [&](const Haystack& h) { return h.find(needle).score >= same; }))
            kept.push_back(std::move(needle));
    }
    return kept;
}

Verdict hold_against(const std::vector<Heard>& clips, const std::vector<Phrase>& phrases,
                     double threshold) {
    std::mutex mutex;
    Verdict verdict;
    in_parallel(clips.size() * phrases.size(), [&](std::size_t i) {
        const Heard& clip = clips[i / phrases.size()];
        const Phrase& phrase = phrases[i % phrases.size()];
        const bool inside = clip.at.begin <= phrase.at.begin && phrase.at.end <= clip.at.end;
        if (!inside && clip.at.overlaps(phrase.at)) return;  // cut by the border: neither
        const Match match = clip.sound.find(phrase.needle);
        const std::lock_guard lock(mutex);
        if (!inside) {
            ++verdict.outside;
            verdict.strongest = std::max(verdict.strongest, match.score);
            if (match.score >= threshold)
                verdict.wrong += fmt::format("{} is heard in {} ({:.3f}), but was said outside\n",
                                             phrase.name, clip.name, match.score);
            return;
        }
        ++verdict.inside;
        const double off_ms =
            std::abs(match.at_s - seconds(phrase.at.begin - clip.at.begin)) * 1000;
        verdict.weakest = std::min(verdict.weakest, match.score);
        if (match.score < threshold)
            verdict.wrong += fmt::format("{} is not heard in {} ({:.3f})\n", phrase.name, clip.name,
                                         match.score);
        else
            verdict.furthest_ms = std::max(verdict.furthest_ms, off_ms);
        if (match.score >= threshold && off_ms > near_ms)
            verdict.wrong += fmt::format("{} is {:.0f} ms from its place in {}\n", phrase.name,
                                         off_ms, clip.name);
    });
    return verdict;
}

}  // namespace otklik::testkit
