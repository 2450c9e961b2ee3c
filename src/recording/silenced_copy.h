#pragma once
// A copy of a foreign recording with parts of it silenced: WAV, 16 bit, the rate and the channels
// of the original. Private to the room. Thread: the caller's; blocks until the file is decoded.
#include <span>
#include <string>

#include "base/time.h"

namespace otklik {

/// `silent`: samples at 48 kHz since the file's begin. Writes `path` anew. Throws as
/// media/decode.h.
void write_silenced_copy(const std::string& decoder_path, int from_fd, const std::string& path,
                         std::span<const SampleRange> silent);

}  // namespace otklik
