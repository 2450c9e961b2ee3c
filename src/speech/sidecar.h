#pragma once
// Sidecars: words that come with a recording as a file. Foreign bytes: bounded, every refusal says
// the line or the field. Fuzz target: tests/fuzz/sidecar_fuzz.cpp. Thread: pure functions.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "speech/speech.h"

namespace otklik {

enum class SidecarFormat { json, srt, vtt };
template <>
inline constexpr std::pair<SidecarFormat, std::string_view> enum_words<SidecarFormat>[3] = {
    {SidecarFormat::json, "json"}, {SidecarFormat::srt, "srt"}, {SidecarFormat::vtt, "vtt"}};

inline constexpr std::size_t sidecar_bytes_max = 16 << 20;  // a day of SRT is about 5 MB

/// Words by rising begin, in samples at 48 kHz since the recording's start. JSON is
/// {"words": [{"text", "begin", "end", "speaker"?, "confidence"?}]} or
/// {"segments": [{"text", "begin", "end", "speaker"?}]}, seconds; the words of a segment or cue
/// share its time by their letters. A word that ends up to a second behind the recording's end is
/// cut to it. Throws Error{invalid}: "sidecar.not_utf8" (Windows-1251 and UTF-16 too),
/// "sidecar.bad_time" {line}, "sidecar.outside" {line}, "sidecar.no_header", "sidecar.empty", the
/// codes of base/fields.h for JSON; Error{too_large}: "sidecar.too_large", "transcript.too_long".
std::vector<Word> parse_sidecar(SidecarFormat format, std::string_view bytes,
                                std::int64_t length_samples);

/// The words of a text share a time by their letters; each gets at least one sample.
void spread_words(std::string_view text, SampleRange at, const std::optional<std::string>& speaker,
                  std::vector<Word>& out);

}  // namespace otklik
