#pragma once
// Clips held against the truth: which phrase was said when. Thread: values.
#include <string>
#include <vector>

#include "testkit/client_inside.h"
#include "testkit/find_sound.h"

namespace otklik::testkit {

/// Folder `data` of the shared material, empty where it is absent.
std::string shared_folder();

/// A mono WAV file at sound_rate.
std::string wav_of(const std::vector<float>& pcm);
/// Speech-like sound of our own, the same for a seed.
std::vector<float> own_sound(double seconds, unsigned seed);

/// How many samples at sound_rate an Ogg Opus file decodes to.
std::size_t samples_of_ogg(const std::string& bytes);

/// A source file that sounds in the recording.
struct Phrase {
    std::string name;
    TimeRange at;
    Needle needle;
};

/// A clip as the public API gives it, with its sound.
struct Heard {
    std::string name;
    json::value clip;
    TimeRange at;  // of its newest version
    Haystack sound;
};
Heard listen(Client& boss, const std::string& name, const std::string& signal_id);

/// How well sounds that are not there fit by accident: the best score of all of them.
double best_accident(const std::vector<Heard>& clips, const std::vector<Needle>& unused);

/// The prompts of `spare` whose sound is in none of the `used`: some texts were published under two
/// names, and such a prompt does sound in the recording.
std::vector<Needle> truly_unused(const std::vector<std::vector<float>>& used,
                                 const std::vector<std::vector<float>>& spare);

struct Verdict {
    int inside = 0, outside = 0;        // pairs looked at
    double weakest = 1, strongest = 0;  // score of those inside, of those outside
    double furthest_ms = 0;             // place of those inside against the truth
    std::string wrong;                  // a line per pair that does not hold
};
/// Each phrase wholly inside a clip is found there within 50 ms; wholly outside is not found.
Verdict hold_against(const std::vector<Heard>& clips, const std::vector<Phrase>& phrases,
                     double threshold);

}  // namespace otklik::testkit
