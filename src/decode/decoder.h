#pragma once
// libav behind one function: a container in, PCM out, by the packets' own durations.
#include <cstdint>
#include <string>
#include <string_view>

#include "decode/output.h"

namespace otklik::decode {

class Input;
struct Sniffed;

enum class Outcome { ok, empty, bad_container, too_long, unsupported };
std::string_view outcome_word(Outcome outcome);

struct Decoded {
    Outcome outcome = Outcome::bad_container;
    std::string what;  // unsupported: the codec, the rate, the channels
    std::string codec;
    std::int64_t failed_packets = 0;
    std::int64_t filled_frames = 0;
    bool torn = false;
};

/// What a container says of itself, without decoding its sound.
struct Probed {
    Outcome outcome = Outcome::bad_container;
    std::string what, codec;
    std::int64_t length_ms = 0;  // 0: not known
    std::string begun;           // its creation time as written; empty: none
};
Probed probe(Input& input, const Sniffed& sniffed);

Decoded decode(Input& input, const Sniffed& sniffed, std::int64_t seconds_max, PcmOutput& out);

}  // namespace otklik::decode
