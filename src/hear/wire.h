#pragma once
// What otklik-hear reads and writes: a file of utterances and PCM on descriptor 3, JSON lines on 4.
#include <cstdint>

namespace otklik::hear {

inline constexpr int input_fd = 3;
inline constexpr int output_fd = 4;

/// At the front of the input; then `utterance_count` Utterances, then int16 mono PCM at 16 kHz.
struct Head {
    std::uint64_t magic = 0x31524145484B544FULL;  // "OTKHEAR1"
    std::uint64_t utterance_count = 0;
};
struct Utterance {
    std::int64_t begin = 0, end = 0;  // samples
};
// Out: {"text":"queen","begin":8000,"end":12160,"confidence":0.81} for each word, samples of the
// whole input; at the very end {"done":true}. Exit codes: 0 heard, 2 bad input, 3 no model.
inline constexpr int exit_bad_input = 2, exit_no_model = 3;

}  // namespace otklik::hear
