// Makes AMR test material, which no packaged program does: mono 16-bit WAV of 8 kHz in, AMR-NB out
// (RFC 4867, section 5). With `dtx` silence becomes frames without data, as phones record it.
//   otklik-make-amr in.wav out.amr [dtx]
#include <opencore-amrnb/interf_enc.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr std::size_t frame_samples = 160;  // 20 ms
constexpr std::size_t wav_head_bytes = 44;  // as the tests write it
constexpr std::size_t frame_bytes_max = 64;

std::vector<std::int16_t> samples_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::vector<std::int16_t> samples;
    if (bytes.size() <= wav_head_bytes) return samples;
    samples.resize((bytes.size() - wav_head_bytes) / sizeof(std::int16_t));
    std::memcpy(samples.data(), bytes.data() + wav_head_bytes,
                samples.size() * sizeof(std::int16_t));
    samples.resize((samples.size() + frame_samples - 1) / frame_samples * frame_samples);
    return samples;
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) {
        std::fputs("otklik-make-amr in.wav out.amr [dtx]\n", stderr);
        return 2;
    }
    const std::vector<std::int16_t> samples = samples_of(words[1]);
    const bool dtx = count > 3 && std::string(words[3]) == "dtx";
    void* encoder = Encoder_Interface_init(dtx ? 1 : 0);
    std::ofstream out(words[2], std::ios::binary);
    out << "#!AMR\n";
    std::array<unsigned char, frame_bytes_max> frame;
    for (std::size_t at = 0; at < samples.size(); at += frame_samples) {
        const int bytes =
            Encoder_Interface_Encode(encoder, MR122, samples.data() + at, frame.data(), 0);
        out.write(reinterpret_cast<const char*>(frame.data()), bytes);
    }
    Encoder_Interface_exit(encoder);
    return out.good() && !samples.empty() ? 0 : 1;
}
