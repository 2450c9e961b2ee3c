// otklik-decode <seconds_max> [probe]: one foreign file on descriptor 3 becomes PCM on 4 and a
// status on 5; with `probe` only a status.
// Started by media/decode.cpp only. It locks itself in before it looks at the first byte.
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

extern "C" {
#include <libavutil/log.h>
}

#include "decode/decoder.h"
#include "decode/input.h"
#include "decode/output.h"
#include "decode/sandbox.h"
#include "decode/sniff.h"

using namespace otklik;

namespace {

/// Also refuses what cannot be read by position: a pipe would fail later, in the middle of an M4A.
std::int64_t input_size() {
    struct stat info {};
    if (::fstat(wire::input_fd, &info) != 0 || !S_ISREG(info.st_mode)) return -1;
    return info.st_size;
}

void decode_to_status(decode::Input& input, std::int64_t seconds_max, std::string& status) {
    const decode::Sniffed sniffed = decode::sniff(input);
    if (input.size() == 0) return decode::put_status(status, "result", "empty");
    if (sniffed.demuxer.empty()) {
        decode::put_status(status, "begins", sniffed.begins_like);
        return decode::put_status(status, "result", "not_audio");
    }
    decode::PcmOutput out;
    const decode::Decoded decoded = decode::decode(input, sniffed, seconds_max, out);
    out.flush();
    decode::put_status(status, "container", sniffed.container);
    decode::put_status(status, "codec", decoded.codec);
    if (!decoded.what.empty()) decode::put_status(status, "what", decoded.what);
    decode::put_status(status, "frames", std::to_string(out.frames()));
    decode::put_status(status, "failed", std::to_string(decoded.failed_packets));
    decode::put_status(status, "filled", std::to_string(decoded.filled_frames));
    decode::put_status(status, "torn", decoded.torn ? "1" : "0");
    decode::put_status(status, "result", decode::outcome_word(decoded.outcome));
}

void probe_to_status(decode::Input& input, std::string& status) {
    const decode::Sniffed sniffed = decode::sniff(input);
    if (input.size() == 0) return decode::put_status(status, "result", "empty");
    if (sniffed.demuxer.empty()) {
        decode::put_status(status, "begins", sniffed.begins_like);
        return decode::put_status(status, "result", "not_audio");
    }
    const decode::Probed probed = decode::probe(input, sniffed);
    decode::put_status(status, "container", sniffed.container);
    decode::put_status(status, "codec", probed.codec);
    if (!probed.what.empty()) decode::put_status(status, "what", probed.what);
    decode::put_status(status, "length_ms", std::to_string(probed.length_ms));
    if (!probed.begun.empty()) decode::put_status(status, "begun", probed.begun);
    decode::put_status(status, "result", decode::outcome_word(probed.outcome));
}

}  // namespace

int main(int argc, char** argv) {
    std::int64_t seconds_max = 0;
    const bool probes = argc == 3 && std::strcmp(argv[2], "probe") == 0;
    if (argc == 2 || probes) std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), seconds_max);
    const std::int64_t size = input_size();
    constexpr std::int64_t week_s = 604'800;
    if (seconds_max < 1 || seconds_max > week_s || size < 0) return 2;
    // The MOV demuxer asks for the local time; without this it would open /etc/localtime and be
    // killed.
    ::setenv("TZ", "UTC0", 1);
    ::tzset();
    av_log_set_level(AV_LOG_QUIET);
    if (!decode::lock_in(wire::cpu_seconds(seconds_max))) return 2;
    decode::Input input(size);
    std::string status;
    if (probes)
        probe_to_status(input, status);
    else
        decode_to_status(input, seconds_max, status);
    decode::write_status(status);
    ::_exit(0);
}
