#pragma once
// Ingest: one foreign file, decoded by the child, becomes draft files of Opus segments and peaks.
// Knows no database. Private to the room. Thread: the caller's; blocks until the file is done.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace otklik {

struct IngestedSegment {
    int file_number = 0;
    std::int64_t byte_begin = 0, byte_count = 0;
    std::int64_t first_packet = 0, packet_count = 0;
    std::int64_t first_sample = 0, sample_count = 0;
    std::string sha256;  // raw
    std::string page_index;
};
struct IngestedTrack {
    int channel = 0;
    std::vector<std::string> files;  // drafts, by file number
    std::vector<IngestedSegment> segments;
    std::string peaks_file;  // draft
    std::int64_t rms_centidb = 0, peak_centidb = 0, clipped_samples = 0;
    bool silent = false;
};
struct IngestedSession {
    std::int64_t file_sample = 0;  // where it begins in the file, samples at 48 kHz
    std::int64_t length_samples = 0;
    std::vector<IngestedTrack> tracks;
};
struct Ingested {
    std::string format;  // "wav pcm_s16le"
    int rate = 0;
    int channels = 0;
    std::int64_t length_samples = 0;  // at 48 kHz, all sessions
    bool torn = false;
    bool silent = true;  // every track of every session
    std::vector<IngestedSession> sessions;
};
struct IngestRules {
    std::string decoder_path;
    int complexity = 5;                       // of Opus
    std::function<std::string()> draft_path;  // a fresh one at each call
    std::int64_t file_seconds_max = std::int64_t{7} * 24 * 3600;
    std::int64_t session_seconds_max = 86'400;  // longer files are split
};

/// `fd` is the file, readable. Throws what media/decode.h throws, Error{invalid, "audio.empty"} for
/// no sound at all, Error{full}. The drafts are the caller's to remove, also after an error.
Ingested ingest(int fd, const IngestRules& rules);

}  // namespace otklik
