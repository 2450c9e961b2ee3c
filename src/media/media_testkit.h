#pragma once
// What the tests of media share: sound with a known shape, a recorded track in files, outside
// tools.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "media/clip_cut.h"
#include "media/segment.h"

namespace otklik::testkit {

/// Folder of the shared data, empty when it is absent (OTKLIK_SHARED, or ../shared of the sources).
std::string shared_data();
/// True when the program is in PATH.
bool has_tool(const std::string& name);
/// Runs a command line of the shell; its output is dropped. Gives the exit code.
int run(const std::string& command);
/// A folder that goes with the object.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    std::string path(const std::string& name) const { return folder_ + "/" + name; }

private:
    std::string folder_;
};

/// Speech-like sound: harmonics that glide, syllables, pauses, a noise floor. The same for a seed.
std::vector<float> speech_like(double seconds, int rate, unsigned seed);
/// Mono PCM 16 bit as a WAV file.
std::string wav_bytes(const std::vector<float>& pcm, int rate, int channels = 1);

/// A track written by SegmentWriter into files of a folder, with everything needed to check cuts.
struct Track {
    TempFolder folder;
    std::vector<std::string> packets;
    std::int64_t packet_base = 0;   // number of packets[0]
    std::int64_t sample_count = 0;  // exact length fed, at 48 kHz
    std::vector<float> decoded;     // continuous libopus decode, raw: index 0 is sample 960 * base
    std::vector<SegmentRow> rows;
    std::vector<std::unique_ptr<DiskMediaFile>> files;  // by file number
    std::unique_ptr<SegmentSource> source;
    /// Of media time, from the continuous decode.
    std::vector<float> reference(SampleRange range) const;
};
/// Encodes and writes. A base above 0 gives packet numbers that begin there, as after a loss.
std::unique_ptr<Track> record(const std::vector<float>& pcm, int rate, std::int64_t packet_base = 0,
                              int complexity = 3);

/// Lag in samples at which `part` fits `whole` best, searched within +-search around `at`.
int best_lag(const std::vector<float>& part, const std::vector<float>& whole, int search);

}  // namespace otklik::testkit
