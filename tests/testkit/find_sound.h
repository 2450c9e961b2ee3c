#pragma once
// Is this sound within that one, and where: normalised cross-correlation over the whole length.
// Speech is compared at 2 kHz: what codecs keep best, and milliseconds are all that is asked.
// Thread: values; find() is safe for any.
#include <complex>
#include <functional>
#include <string>
#include <vector>

namespace otklik::testkit {

inline constexpr int sound_rate = 8'000;  // of everything that comes in

/// Mono PCM of 16 bit at 8 kHz, [-1, 1]. Throws std::runtime_error when it is something else.
std::vector<float> read_wav_8k(const std::string& path);

class Needle {
public:
    explicit Needle(const std::vector<float>& pcm_8k);
    double seconds() const;

private:
    friend class Haystack;
    std::vector<float> pcm_;
    std::vector<std::complex<float>> spectrum_;  // conjugated
    double energy_ = 0;
};

struct Match {
    double score = 0;  // 1: the same sound at any gain
    double at_s = 0;   // where the needle begins
};

/// At most 131 s.
class Haystack {
public:
    explicit Haystack(const std::vector<float>& pcm_8k);
    Match find(const Needle& needle) const;

private:
    std::vector<std::complex<float>> spectrum_;
    std::vector<double> energy_;  // running sum of squares
};

/// Runs `each` for 0..count-1 on two threads.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& each);

}  // namespace otklik::testkit
