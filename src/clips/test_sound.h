#pragma once
// Tracks of tones for tests of clips: every second has its own pitch, so a clip says by itself
// which second of the world it holds. Tests only; no header of media here, the database's names
// would meet theirs. Thread: any.
#include <cstdint>
#include <string>
#include <vector>

namespace otklik::test_sound {

struct MadeSegment {
    std::int64_t byte_begin = 0, byte_count = 0, first_packet = 0, packet_count = 0,
                 first_sample = 0, sample_count = 0;
    std::string sha256, page_index;
};
struct MadeTrack {
    std::string file;  // all its segments (under an hour)
    std::vector<MadeSegment> segments;
    std::int64_t length_samples = 0;
};
/// `first_second`: of the world, which decides the pitch.
MadeTrack make_track(std::int64_t first_second, std::int64_t seconds);
/// The pitch of a second of the world, Hz.
double pitch_of(std::int64_t second);
/// Decoded to 48 kHz.
std::vector<float> decode(const std::string& ogg);
/// The pitch heard within half a second at the sample; 0 for silence.
double pitch_at(const std::vector<float>& pcm, std::int64_t sample);

}  // namespace otklik::test_sound
