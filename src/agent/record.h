#pragma once
// `otklik record`: the capture agent beside a recorder. Reads PCM of a source, encodes it on
// the spot, keeps it in a ring on its disk until the server has received it. Owns: a folder with
// agent.json (the token), lock, ring/. Threads: main reads the source, one sends.
#include <cstdint>
#include <string>

namespace otklik {

struct RecordSettings {
    std::string folder;
    std::string server, code, authority;  // the first time
    std::string source = "-";             // agent/source.h
    int rate = 16'000;
    int channels = 1;
    std::int64_t ring_megabytes = 2'000;  // about eight days of one track
    int stall_ms = 2'000;                 // without sound for so long is a loss
    int drain_seconds = 10;  // after the end of the source: how long to wait for receipts
};

/// Until the source ends or SIGTERM; 0 when all that was recorded is received or held.
/// Throws Error{invalid, "record.…"}, Error{conflict, "data.in_use"}, what Ring and Line throw.
int run_record(const RecordSettings& settings);

}  // namespace otklik
