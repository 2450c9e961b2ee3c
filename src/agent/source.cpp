#include "agent/source.h"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "agent/capture.h"
#include "base/error.h"
#include "base/log.h"
#include "base/spawn.h"
#include "base/text.h"

namespace otklik {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint8_t cause_off = 0;                  // the source gave nothing
constexpr int look_every = 500;                        // ms
constexpr int leave_within = 100, end_within = 2'000;  // ms
constexpr std::size_t text_bytes_max = 2'000, said_bytes_max = 8'000;

std::int64_t ms_of(Steady::duration span) {
    return std::chrono::duration_cast<milliseconds>(span).count();
}

/// «exit 1», «signal 9».
std::string status_word(int status) {
    if (status == -1) return "not started";
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return "exit " + std::to_string(WEXITSTATUS(status));
}

Error no_source(std::string_view text) {
    return Error(Fault::invalid, "record.source", {{"source", std::string(text)}}).at("source");
}

/// «rtsp://camera.local», without a name, a password, a path and what follows it.
std::string host_of(std::string_view address) {
    const auto host = address.find("://") + 3;
    const auto end = std::min(address.find_first_of("/?#", host), address.size());
    const auto at = address.substr(0, end).rfind('@');
    return std::string(address.substr(0, host)) +
           std::string(address.substr(at == std::string_view::npos ? host : at + 1,
                                      end - (at == std::string_view::npos ? host : at + 1)));
}

/// ffmpeg from an address: the first sound of the stream, and no protocol but the stream's own, so
/// that a list sent by a stranger names no file of this computer.
SourceSpec stream_of(std::string_view address, const std::string& rate,
                     const std::string& channels) {
    const bool is_rtsp = address.starts_with("rtsp");
    std::vector<std::string> program{"ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error"};
    const auto add = [&program](std::initializer_list<std::string_view> words) {
        program.insert(program.end(), words.begin(), words.end());
    };
    // A connection that gives nothing for ten seconds is over; in microseconds.
    if (is_rtsp)
        add({"-rtsp_transport", "tcp", "-timeout", "10000000"});
    else
        add({"-rw_timeout", "10000000"});
    add({"-protocol_whitelist",
         is_rtsp ? "rtsp,rtsps,rtp,srtp,tcp,udp,tls,crypto" : "http,https,tcp,tls,crypto"});
    add({"-i", address, "-map", "0:a:0", "-ac", channels, "-ar", rate, "-f", "s16le", "pipe:1"});
    return {std::move(program), host_of(address), std::string(address)};
}

}  // namespace

SourceSpec source_of(std::string_view text, int rate, int channels) {
    const std::string hertz = std::to_string(rate), tracks = std::to_string(channels);
    if (text.empty() || text.size() > text_bytes_max ||
        std::any_of(text.begin(), text.end(),
                    [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }))
        throw no_source(text.substr(0, 100));
    if (text == "-") return {{}, "stdin"};
    const auto after = [text](std::string_view prefix) { return text.substr(prefix.size()); };
    if (text.starts_with("alsa:") && !after("alsa:").empty())
        return {{"arecord", "-q", "-t", "raw", "-f", "S16_LE", "-r", hertz, "-c", tracks, "-D",
                 std::string(after("alsa:"))},
                std::string(text)};
    if (text.starts_with("pulse:")) {
        SourceSpec spec{{"parec", "--raw", "--format=s16le", "--rate=" + hertz,
                         "--channels=" + tracks, "--latency-msec=200"},
                        std::string(text)};
        if (!after("pulse:").empty())
            spec.program.push_back("--device=" + std::string(after("pulse:")));
        return spec;
    }
    for (const std::string_view scheme : {"rtsp://", "rtsps://", "http://", "https://"})
        if (text.starts_with(scheme) && text.size() > scheme.size())
            return stream_of(text, hertz, tracks);
    throw no_source(text.substr(0, 100));
}

std::string folder_of_source(std::string_view text) {
    constexpr std::string_view scheme = "dir:";
    if (!text.starts_with(scheme)) return {};
    const std::string_view path = text.substr(scheme.size());
    if (!path.starts_with('/') || path.size() > text_bytes_max ||
        path.find('\0') != std::string_view::npos)
        throw no_source(text.substr(0, 100));
    return std::string(path);
}

struct Source::Inside {
    Inside(const SourceSpec& spec_in, const SourceTimes& times_in, int rate_in, int channels_in)
        : spec(spec_in),
          times(times_in),
          rate(rate_in),
          frame_bytes(static_cast<std::size_t>(channels_in) * 2),
          wait(times_in.again_ms) {
        if (!spec.program.empty()) start();
    }
    ~Inside() { end(); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    const SourceSpec spec;
    const SourceTimes times;
    const int rate;  // Hz
    const std::size_t frame_bytes;
    Fd sound;  // the program's; standard input is read by its number
    Fd words;  // what it says of errors
    std::string said;
    pid_t pid = -1;
    milliseconds wait;  // before the next start
    Steady::time_point start_at{};
    Steady::time_point begun = Steady::now();  // the last sound, or the start
    // Waited for sound since the last of it. Not by the clock: while we ourselves are held up, by a
    // disk for instance, sound waits in the pipe and is not lost.
    Steady::duration waited{};
    bool has_heard = false;
    int starts = 0;
    std::string bytes = std::string(16 << 10, '\0');
    std::size_t kept = 0;  // bytes of a frame that is not whole
    std::vector<std::int16_t> pcm;

    bool is_program() const { return !spec.program.empty(); }

    template <class F>
    auto wait_in(F&& f) {
        const auto before = Steady::now();
        const auto given = f();
        waited += Steady::now() - before;
        return given;
    }

    void start() {
        Pipe pipe = make_pipe(), errors = make_pipe();
        if (::fcntl(errors.read_end.get(), F_SETFL, O_NONBLOCK) != 0) throw_errno("a pipe");
        SpawnActions actions;
        ::posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(actions.get(), pipe.write_end.get(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(actions.get(), errors.write_end.get(), STDERR_FILENO);
        ::posix_spawn_file_actions_addclosefrom_np(actions.get(), STDERR_FILENO + 1);
        std::vector<std::string> program = spec.program;
        std::vector<char*> arguments;
        for (std::string& each : program) arguments.push_back(each.data());
        arguments.push_back(nullptr);
        const SpawnSettings settings;
        const int code = ::posix_spawnp(&pid, program.front().c_str(), actions.get(),
                                        settings.get(), arguments.data(), environ);
        if (code != 0) {
            pid = -1;
            throw Error(Fault::unavailable, "record.program", {{"program", program.front()}})
                .at("source")
                .because(std::strerror(code));
        }
        ++starts;
        sound = std::move(pipe.read_end);
        words = std::move(errors.read_end);
        said.clear();
        kept = 0;
        begun = Steady::now();
    }

    /// Keeps the end of what the program says, so that its pipe is never full.
    void hear_words() {
        char some[1'024];
        // A few kilobytes at once: one that floods does not hold up its own sound.
        ssize_t n = 1;
        for (int i = 0; i < 8 && words && n > 0; ++i) {
            n = ::read(words.get(), some, sizeof some);
            if (n > 0) said.append(some, static_cast<std::size_t>(n));
        }
        if (said.size() > said_bytes_max) said.erase(0, said.size() - said_bytes_max);
    }
    /// Its last line; an address may hold a password.
    std::string last_words() const {
        const std::string_view text = trim(said);
        std::string line(text.substr(text.rfind('\n') + 1));
        if (spec.secret.empty()) return line;
        for (auto at = line.find(spec.secret); at != std::string::npos;
             at = line.find(spec.secret, at + spec.shown.size()))
            line.replace(at, spec.secret.size(), spec.shown);
        return line;
    }

    /// Ends the program: one that closed its sound a moment ago ends by itself, others are asked,
    /// then forced. The status of waitpid, or -1.
    int end() {
        sound.reset();
        if (pid <= 0) return -1;
        if (!ends_within(pid, leave_within)) ::kill(pid, SIGTERM);
        if (!ends_within(pid, end_within)) ::kill(pid, SIGKILL);
        int status = -1;
        while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        pid = -1;
        return status;
    }

    void end_and_wait(std::string_view why) {
        const int status = wait_in([&] { return end(); });
        hear_words();
        log_warning("record.source_ended", {{"source", spec.shown},
                                            {"why", std::string(why)},
                                            {"status", status_word(status)},
                                            {"said", last_words()},
                                            {"again_ms", std::to_string(wait.count())}});
        start_at = Steady::now() + wait;
        wait = std::min(wait * 2, milliseconds(times.again_ms_most));
    }

    void start_again() {
        const std::int64_t left = ms_of(start_at - Steady::now());
        if (left > 0) {
            const int ms = static_cast<int>(std::min<std::int64_t>(left, look_every));
            wait_in([ms] { return ::poll(nullptr, 0, ms); });
            return;
        }
        try {
            start();
        } catch (const Error& error) {  // removed meanwhile, or no memory for a child: it may pass
            end_and_wait(error.code());
        }
    }

    bool read_some(Capture& capture) {
        if (is_program() && !sound) {
            start_again();
            return true;
        }
        hear_words();
        const int fd = is_program() ? sound.get() : STDIN_FILENO;
        pollfd wanted{fd, POLLIN, 0};
        const int ready = wait_in([&] { return ::poll(&wanted, 1, look_every); });
        if (ready <= 0) {
            if (is_program() && ms_of(Steady::now() - begun) >= times.hang_ms)
                end_and_wait("silent");
            return true;
        }
        const ssize_t n = ::read(fd, bytes.data() + kept, bytes.size() - kept);
        if (n < 0 && errno == EINTR) return true;
        if (n <= 0) {
            if (is_program()) end_and_wait("ended");
            return is_program();
        }
        take(capture, kept + static_cast<std::size_t>(n));
        return true;
    }

    void take(Capture& capture, std::size_t count) {
        const std::size_t whole = count / frame_bytes * frame_bytes;
        const auto frames = static_cast<std::int64_t>(whole / frame_bytes);
        // What is read now sounded while it was waited for.
        const std::int64_t lost = has_heard ? ms_of(waited) - frames * 1'000 / rate : 0;
        if (lost >= times.stall_ms) {
            log_warning("record.stalled", {{"ms", std::to_string(lost)}});
            if (lost >= times.new_run_ms)
                capture.begin_anew();
            else
                capture.lose(lost * rate / 1'000, cause_off);
        }
        begun = Steady::now();
        waited = {};
        has_heard = true;
        wait = milliseconds(times.again_ms);
        pcm.resize(whole / 2);
        std::memcpy(pcm.data(), bytes.data(), whole);
        kept = count - whole;
        std::memmove(bytes.data(), bytes.data() + whole, kept);
        capture.feed(pcm);
    }
};

Source::Source(const SourceSpec& spec, const SourceTimes& times, int rate, int channels)
    : inside_(std::make_unique<Inside>(spec, times, rate, channels)) {}

Source::~Source() = default;

bool Source::read_some(Capture& capture) {
    return inside_->read_some(capture);
}

int Source::starts() const {
    return inside_->starts;
}

}  // namespace otklik
