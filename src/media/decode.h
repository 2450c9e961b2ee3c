#pragma once
// Foreign sound becomes PCM in a child process of the helper `otklik-decode`, never here (design.md
// section 6). The child gets three descriptors (3 input, 4 PCM, 5 status), locks itself in
// (seccomp, rlimits) before it looks at the first byte, and may die: that is an Error, not our
// death. Formats: WAV and RF64 (PCM 8/16/24/32, float, A-law, mu-law), FLAC, MP3, Ogg Opus, Ogg
// Vorbis, M4A (AAC, ALAC), ADTS AAC, AMR-NB/WB, WMA. One or two channels are kept as they are; more
// are refused (audio.unsupported). The timeline follows packet durations: a packet that cannot be
// decoded is silence of its length. Thread: any; blocks until the file is decoded. The sink runs on
// the calling thread.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"

namespace otklik {

struct DecodeCaps {
    std::int64_t seconds_max = 86'400;  // of DECODED sound; an hour of silence is 7 kB of FLAC
    /// How long the child may keep us waiting in all (time in the sink does not count); 0: 3 * CPU
    /// limit of the child, which is 60 s + 1 s per 500 s of seconds_max.
    Duration wait_max{0};
};

/// Decoded sound at the file's own rate, interleaved, [-1, 1]. Lives during the call only.
struct PcmBlock {
    int rate = 0;                    // 4 000 ... 192 000
    int channels = 1;                // 1 or 2
    std::span<const float> samples;  // a multiple of channels
};
/// What it throws ends the decoding and passes through.
using PcmSink = std::function<void(const PcmBlock& block)>;

struct DecodedInfo {
    std::string container;  // wav, flac, mp3, ogg, mp4, adts, amr, asf
    std::string codec;      // libav's name: pcm_s16le, flac, mp3, libopus, vorbis, aac, ...
    int rate = 0;
    int channels = 0;
    std::int64_t frame_count =
        0;  // samples per channel at `rate`, silence for lost packets included
    std::int64_t failed_packets = 0;  // became silence
    std::int64_t filled_frames =
        0;  // samples per channel of that silence and of jumps in the file's own time stamps
    bool torn =
        false;  // the file ends early or its head lies about its length: what is there was kept
};

/// Decodes the file behind `input_fd`: a regular file or memfd, readable; its position is not used
/// or moved. `helper` is the path of otklik-decode. Throws Error{invalid}: "audio.not_audio"
/// {begins_like: ZIP, PNG, PDF, text, ...}, "audio.empty", "audio.bad_container",
/// "audio.unsupported" {what}; Error{too_large, "audio.too_long"} {seconds_max};
/// Error{unavailable}: "audio.decoder_died" (killed, crashed, kept us waiting),
/// "audio.decoder_missing" (helper cannot be started). PCM may have reached the sink before an
/// Error: the caller throws it away.
DecodedInfo decode_audio(const std::string& helper, int input_fd, const DecodeCaps& caps,
                         const PcmSink& sink);

/// What a container says of itself; nothing of it is decoded.
struct ProbedAudio {
    std::string container, codec;
    std::int64_t length_ms = 0;  // as stated or reckoned from the bit rate; 0: not known
    std::string begun;           // creation time as written there; empty: none
};
/// Throws what decode_audio throws, but audio.too_long.
ProbedAudio probe_audio(const std::string& helper, int input_fd);

/// One channel of interleaved samples.
std::vector<float> channel_of(const PcmBlock& block, int channel);
/// The mean of all channels.
std::vector<float> mono_of(const PcmBlock& block);

}  // namespace otklik
