#pragma once
// Where the agent's sound comes from: standard input, or a program of the system that is started
// for it (arecord, parec, ffmpeg) and gives PCM by a pipe. A program that ends or hangs, as when a
// microphone is pulled out or a camera restarts, is started again after 1 s, then 2, 4 … 30; what
// was not heard meanwhile is a loss of its true length. Thread: the one that reads the source.
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace otklik {

class Capture;

struct SourceSpec {
    std::vector<std::string> program;  // with its arguments; empty: standard input
    std::string shown;                 // for the log: without what an address may hide
    std::string secret;                // what of the program's words the log shows as `shown`
};

/// "-", "alsa:DEVICE", "pulse:" or "pulse:SOURCE" (PipeWire too), "rtsp://…", "rtsps://…",
/// "http://…", "https://…". Rate in Hz, 16 bit, interleaved. Throws Error{invalid,
/// "record.source"}.
SourceSpec source_of(std::string_view text, int rate, int channels);

/// "dir:/PATH": a folder of files (agent/folder_files.h). Empty: another source. Throws
/// Error{invalid, "record.source"} where no whole path follows.
std::string folder_of_source(std::string_view text);

struct SourceTimes {
    int stall_ms = 2'000;  // without sound for so long is a loss
    int hang_ms = 15'000;  // after so long a program is taken for hung and started again
    int again_ms = 1'000;  // before the first new start; doubled for each that gave nothing
    int again_ms_most = 30'000;
    int new_run_ms = 600'000;  // after so long a loss a new incarnation begins, which holds a day
};

class Source {
public:
    /// Starts the program, if it is one. Throws Error{unavailable, "record.program"} where it is
    /// not installed.
    Source(const SourceSpec& spec, const SourceTimes& times, int rate, int channels);
    ~Source();  // ends the program, by force after two seconds

    /// Feeds what comes, within half a second; false at the end of standard input.
    bool read_some(Capture& capture);
    /// How often the program was started.
    int starts() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
