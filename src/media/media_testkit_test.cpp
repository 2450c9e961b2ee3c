// Bodies of media_testkit.h (the name ends in _test so that they are built into the tests only).
#include "media/media_testkit.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <random>

#include "media/clip_decode.h"
#include "media/opus_encoder.h"

namespace otklik::testkit {

namespace fs = std::filesystem;

std::string shared_data() {
    const char* given = std::getenv("OTKLIK_SHARED");
    const fs::path sources = fs::absolute(__FILE__).parent_path().parent_path().parent_path();
    const fs::path folder = (given ? fs::path(given) : sources.parent_path() / "shared") / "data";
    return fs::exists(folder) ? folder.string() : std::string();
}

bool has_tool(const std::string& name) {
    return run("command -v " + name) == 0;
}

int run(const std::string& command) {
    return std::system(("( " + command + " ) >/dev/null 2>&1").c_str());
}

TempFolder::TempFolder() {
    std::string name = (fs::temp_directory_path() / "otklik-media-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::vector<float> speech_like(double seconds, int rate, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> noise(0.0f, 0.004f);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::vector<float> pcm(static_cast<std::size_t>(seconds * rate));
    double phase = 0, pitch = 140, loudness = 0;
    std::size_t syllable_end = 0;
    for (std::size_t i = 0; i < pcm.size(); ++i) {
        if (i >= syllable_end) {
            syllable_end = i + static_cast<std::size_t>((0.08 + 0.2 * uniform(random)) * rate);
            loudness = uniform(random) < 0.25 ? 0.0 : 0.05 + 0.15 * uniform(random);
            pitch = 90 + 130 * uniform(random);
        }
        phase += 2 * std::numbers::pi * pitch / rate;
        double sum = 0;
        for (int k = 1; k <= 12; ++k) sum += std::sin(k * phase + 0.7 * k * k) / k;
        pcm[i] = static_cast<float>(loudness * sum) + noise(random);
    }
    return pcm;
}

std::string wav_bytes(const std::vector<float>& pcm, int rate, int channels) {
    std::string out = "RIFF";
    const auto put = [&](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
    };
    const auto data = static_cast<std::uint32_t>(pcm.size() * 2);
    put(36 + data, 4);
    out += "WAVEfmt ";
    put(16, 4);
    put(1, 2);
    put(static_cast<std::uint32_t>(channels), 2);
    put(static_cast<std::uint32_t>(rate), 4);
    put(static_cast<std::uint32_t>(rate * channels * 2), 4);
    put(static_cast<std::uint32_t>(channels * 2), 2);
    put(16, 2);
    out += "data";
    put(data, 4);
    for (const std::int16_t sample : to_int16(pcm)) put(static_cast<std::uint16_t>(sample), 2);
    return out;
}

std::vector<float> Track::reference(SampleRange range) const {
    const std::int64_t shift = opus_pre_skip - packet_base * opus_packet_samples_48k;
    return {decoded.begin() + (range.begin + shift), decoded.begin() + (range.end + shift)};
}

std::unique_ptr<Track> record(const std::vector<float>& pcm, int rate, std::int64_t packet_base,
                              int complexity) {
    auto track = std::make_unique<Track>();
    track->packet_base = packet_base;
    PacketDecoder decoder;
    SegmentWriter writer(
        [&](int number) {
            return open_file(track->folder.path(std::to_string(number)), O_RDWR | O_CREAT);
        },
        7, static_cast<std::uint32_t>(rate));
    TrackEncoder encoder({rate, 24'000, complexity}, [&](std::int64_t number, ByteView packet) {
        track->packets.emplace_back(packet.begin(), packet.end());
        const auto sound = decoder.decode(packet);
        track->decoded.insert(track->decoded.end(), sound.begin(), sound.end());
        writer.append(packet_base + number, packet);
    });
    encoder.feed(pcm);
    encoder.finish();
    track->sample_count = encoder.samples();
    writer.finish(packet_base * opus_packet_samples_48k + encoder.samples());
    track->rows = writer.take_sealed();
    std::vector<SegmentRef> refs;
    for (const SegmentRow& row : track->rows) {
        const auto number = static_cast<std::size_t>(row.file_number);
        if (track->files.size() <= number) track->files.resize(number + 1);
        if (!track->files[number]) {
            track->files[number] = std::make_unique<DiskMediaFile>(
                track->folder.path(std::to_string(row.file_number)));
        }
        refs.push_back({track->files[number].get(), row});
    }
    track->source = std::make_unique<SegmentSource>(refs);
    return track;
}

int best_lag(const std::vector<float>& part, const std::vector<float>& whole, int search) {
    double best = -2;
    int best_at = 0;
    for (int lag = -search; lag <= search; ++lag) {
        double dot = 0, square_a = 1e-12, square_b = 1e-12;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto at = static_cast<std::int64_t>(i) + lag;
            if (at < 0 || at >= static_cast<std::int64_t>(whole.size())) continue;
            const double a = part[i], b = whole[static_cast<std::size_t>(at)];
            dot += a * b;
            square_a += a * a;
            square_b += b * b;
        }
        const double fit = dot / std::sqrt(square_a * square_b);
        if (fit > best) {
            best = fit;
            best_at = lag;
        }
    }
    return best_at;
}

}  // namespace otklik::testkit
