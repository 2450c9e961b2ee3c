#pragma once
// The audible marker: two chirps that a panel plays and a recorder hears, so that a second of its
// recording is known to the millisecond. The first rises from 600 to 3200 Hz, the second falls
// back; a drifting recorder moves the places of the two by equal amounts in opposite directions, so
// their mean stays. The silence between them, 20 ms times the code, tells one marker from the next.
// The band passes telephone codecs. Measured: docs/decisions/recording-markers.md. Thread: any.
#include <cstdint>
#include <string>
#include <vector>

namespace otklik::align {

inline constexpr int marker_low_hz = 600;
inline constexpr int marker_high_hz = 3200;
inline constexpr int marker_chirp_ms = 750;
inline constexpr int marker_gap_step_ms = 20;
inline constexpr int marker_codes = 16;  // 0..15: 1.5 to 1.8 s in all
inline constexpr int marker_edge_ms = 20;
/// Full scale is 1: heard across a room, startles nobody.
inline constexpr double marker_loudness = 0.25;

/// Mono, [-1, 1]; its first sample is the marker's instant. `stretch`: 1.0005 is how a recorder
/// hears it whose clock runs 500 ppm fast.
std::vector<float> marker_sound(int code, int rate, double stretch = 1.0);
/// The marker of code 0 as a WAV of 16 kHz: a player plays its halves the code's silence apart.
std::string marker_wav();

}  // namespace otklik::align
