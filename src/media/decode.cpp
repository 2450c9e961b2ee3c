#include "media/decode.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <map>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "base/spawn.h"
#include "media/decode_wire.h"

namespace otklik {

namespace {

using Steady = std::chrono::steady_clock;

constexpr int high_fd = 16;  // copies of descriptors go above those the child gets
constexpr int pipe_bytes = 1 << 20;
constexpr int leave_ms_max = 5'000;  // to exit after its last word

/// A copy that dup2 onto 3, 4, 5 cannot run over.
Fd copy_above(int fd) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, high_fd);
    if (copy < 0) throw_errno("copy of a descriptor");
    return Fd(copy);
}

enum class Task { decode, probe };

/// A running helper; killed and waited for when it goes out of sight.
class Child {
public:
    Child(const std::string& helper, std::int64_t seconds_max, Task task, const Fd& input,
          const Fd& pcm, const Fd& status) {
        SpawnActions actions;
        for (int fd = 0; fd < 3; ++fd) {
            ::posix_spawn_file_actions_addopen(actions.get(), fd, "/dev/null", O_RDWR, 0);
        }
        ::posix_spawn_file_actions_adddup2(actions.get(), input.get(), wire::input_fd);
        ::posix_spawn_file_actions_adddup2(actions.get(), pcm.get(), wire::pcm_fd);
        ::posix_spawn_file_actions_adddup2(actions.get(), status.get(), wire::status_fd);
        ::posix_spawn_file_actions_addclosefrom_np(actions.get(), wire::status_fd + 1);
        std::string name = "otklik-decode", cap = std::to_string(seconds_max), probe = "probe";
        std::string zone = "TZ=UTC0", language = "LC_ALL=C";
        char* const arguments[] = {name.data(), cap.data(),
                                   task == Task::probe ? probe.data() : nullptr, nullptr};
        char* const environment[] = {zone.data(), language.data(), nullptr};
        const SpawnSettings settings;
        const int code = ::posix_spawn(&pid_, helper.c_str(), actions.get(), settings.get(),
                                       arguments, environment);
        if (code != 0) {
            throw Error(Fault::unavailable, "audio.decoder_missing")
                .because(helper + ": " + std::strerror(code));
        }
    }
    ~Child() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        wait();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The status of waitpid. A child that closed its pipes and stays is killed.
    int wait_shortly() {
        if (!ends_within(pid_, leave_ms_max)) ::kill(pid_, SIGKILL);
        return wait();
    }

private:
    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }

    pid_t pid_ = -1;
};

[[noreturn]] void throw_died(const std::string& why) {
    throw Error(Fault::unavailable, "audio.decoder_died").because(why);
}

/// Bytes of the PCM pipe become blocks for the sink. Nothing of them is believed unchecked.
class PcmInput {
public:
    PcmInput(const PcmSink& sink, std::int64_t seconds_max)
        : sink_(sink), seconds_max_(seconds_max) {}

    void take(std::string_view bytes) {
        pending_.append(bytes);
        if (rate_ == 0 && !take_format()) return;
        const std::size_t frame_bytes = sample_bytes_ * static_cast<std::size_t>(channels_);
        const std::size_t count =
            pending_.size() / frame_bytes * static_cast<std::size_t>(channels_);
        if (count == 0) return;
        block_.resize(count);
        if (sample_bytes_ == sizeof(float)) {
            std::memcpy(block_.data(), pending_.data(), count * sizeof(float));
        } else {
            for (std::size_t i = 0; i < count; ++i) {
                std::int16_t sample;
                std::memcpy(&sample, pending_.data() + i * sizeof sample, sizeof sample);
                block_[i] = static_cast<float>(sample) / 32'768.0f;
            }
        }
        pending_.erase(0, count * sample_bytes_);
        frames_ += static_cast<std::int64_t>(count) / channels_;
        if (frames_ > seconds_max_ * rate_) throw_died("more PCM than the cap");
        sink_({rate_, channels_, block_});
    }

    int rate() const { return rate_; }
    int channels() const { return channels_; }
    std::int64_t frames() const { return frames_; }

private:
    bool take_format() {
        wire::WireFormat format;
        if (pending_.size() < sizeof format) return false;
        std::memcpy(&format, pending_.data(), sizeof format);
        const bool int16 = format.sample == wire::Sample::int16;
        if (std::memcmp(format.magic, wire::WireFormat{}.magic, sizeof format.magic) != 0 ||
            format.rate < static_cast<std::uint32_t>(wire::rate_min) ||
            format.rate > static_cast<std::uint32_t>(wire::rate_max) || format.channels < 1 ||
            format.channels > 2 || (!int16 && format.sample != wire::Sample::float32)) {
            throw_died("its PCM has no head");
        }
        rate_ = static_cast<int>(format.rate);
        channels_ = static_cast<int>(format.channels);
        sample_bytes_ = int16 ? sizeof(std::int16_t) : sizeof(float);
        pending_.erase(0, sizeof format);
        return true;
    }

    const PcmSink& sink_;
    std::int64_t seconds_max_;
    std::string pending_;
    std::vector<float> block_;
    int rate_ = 0;
    int channels_ = 0;
    std::size_t sample_bytes_ = 0;
    std::int64_t frames_ = 0;
};

/// Reads both pipes to their ends. Only the time we wait for the child counts, not the sink's.
std::string read_pipes(const Fd& pcm_end, const Fd& status_end, Duration wait_max, PcmInput& pcm) {
    std::string status;
    std::vector<char> buffer(pipe_bytes);
    std::array<pollfd, 2> ends{{{pcm_end.get(), POLLIN, 0}, {status_end.get(), POLLIN, 0}}};
    std::int64_t waited_us = 0;
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        const auto before = Steady::now();
        const std::int64_t left_ms = (wait_max.us - waited_us) / 1'000;
        if (left_ms <= 0) throw_died("it kept us waiting");
        const int ready = ::poll(ends.data(), ends.size(),
                                 static_cast<int>(std::min<std::int64_t>(left_ms, 1'000'000)));
        if (ready < 0 && errno != EINTR) throw_errno("poll");
        waited_us +=
            std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - before).count();
        if (ready <= 0) continue;
        for (pollfd& end : ends) {
            if (end.fd < 0 || end.revents == 0) continue;
            const ssize_t got = ::read(end.fd, buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) {
                end.fd = -1;
                continue;
            }
            const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
            if (end.fd == pcm_end.get()) {
                pcm.take(bytes);
            } else if (status.size() + bytes.size() > wire::status_bytes_max) {
                throw_died("its status is too long");
            } else {
                status.append(bytes);
            }
        }
    }
    return status;
}

using Status = std::map<std::string, std::string, std::less<>>;

Status parse_status(std::string_view text) {
    Status status;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        const std::size_t space = line.find(' ');
        if (end == std::string_view::npos || space == std::string_view::npos) break;
        // The child may be in foreign hands: only plain characters go on into messages.
        std::string value(line.substr(space + 1, 64));
        for (char& c : value) {
            if (c < ' ' || c > '~') c = '?';
        }
        status[std::string(line.substr(0, space))] = value;
        text.remove_prefix(end + 1);
    }
    return status;
}

std::int64_t number_of(const Status& status, std::string_view key) {
    const auto found = status.find(key);
    std::int64_t value = 0;
    if (found == status.end()) return 0;
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return value;
}

std::string word_of(const Status& status, std::string_view key) {
    const auto found = status.find(key);
    return found == status.end() ? std::string() : found->second;
}

void throw_unless_ok(const Status& status, int exit_status, const DecodeCaps& caps) {
    const std::string result = word_of(status, "result");
    if (WIFSIGNALED(exit_status)) {
        throw_died("killed by signal " + std::to_string(WTERMSIG(exit_status)));
    }
    if (!WIFEXITED(exit_status) || WEXITSTATUS(exit_status) != 0 || result.empty()) {
        throw_died("exit code " + std::to_string(WEXITSTATUS(exit_status)));
    }
    if (result == "not_audio") {
        throw Error(Fault::invalid, "audio.not_audio",
                    {{"begins_like", word_of(status, "begins")}});
    }
    if (result == "empty") throw Error(Fault::invalid, "audio.empty");
    if (result == "bad_container") {
        throw Error(Fault::invalid, "audio.bad_container",
                    {{"container", word_of(status, "container")}});
    }
    if (result == "unsupported") {
        throw Error(Fault::invalid, "audio.unsupported", {{"what", word_of(status, "what")}});
    }
    if (result == "too_long") {
        throw Error(Fault::too_large, "audio.too_long",
                    {{"seconds_max", std::to_string(caps.seconds_max)}});
    }
    if (result != "ok") throw_died("its result is unknown");
}

Status run_helper(const std::string& helper, Task task, int input_fd, const DecodeCaps& caps,
                  PcmInput& pcm) {
    Duration wait_max = caps.wait_max;
    if (wait_max.us <= 0) wait_max = Duration::seconds(3 * wire::cpu_seconds(caps.seconds_max));
    Pipe pcm_pipe = make_pipe(), status_pipe = make_pipe();
    ::fcntl(pcm_pipe.write_end.get(), F_SETPIPE_SZ, pipe_bytes);  // a wish: fewer switches
    std::string status_text;
    int exit_status = 0;
    {
        const Fd input = copy_above(input_fd);
        Fd pcm_end = copy_above(pcm_pipe.write_end.get());
        Fd status_end = copy_above(status_pipe.write_end.get());
        pcm_pipe.write_end.reset();
        status_pipe.write_end.reset();
        Child child(helper, caps.seconds_max, task, input, pcm_end, status_end);
        // Our copies must close, or the pipes never end.
        pcm_end.reset();
        status_end.reset();
        status_text = read_pipes(pcm_pipe.read_end, status_pipe.read_end, wait_max, pcm);
        exit_status = child.wait_shortly();
    }
    Status status = parse_status(status_text);
    throw_unless_ok(status, exit_status, caps);
    return status;
}

}  // namespace

DecodedInfo decode_audio(const std::string& helper, int input_fd, const DecodeCaps& caps,
                         const PcmSink& sink) {
    PcmInput pcm(sink, caps.seconds_max);
    const Status status = run_helper(helper, Task::decode, input_fd, caps, pcm);
    DecodedInfo info;
    info.container = word_of(status, "container");
    info.codec = word_of(status, "codec");
    info.rate = pcm.rate();
    info.channels = pcm.channels();
    info.frame_count = pcm.frames();
    info.failed_packets = number_of(status, "failed");
    info.filled_frames = number_of(status, "filled");
    info.torn = word_of(status, "torn") == "1";
    if (info.frame_count == 0) throw Error(Fault::invalid, "audio.empty");
    if (info.frame_count != number_of(status, "frames")) throw_died("its count is wrong");
    return info;
}

ProbedAudio probe_audio(const std::string& helper, int input_fd) {
    const PcmSink nothing = [](const PcmBlock&) { throw_died("a probe gave sound"); };
    PcmInput pcm(nothing, 1);
    const Status status = run_helper(helper, Task::probe, input_fd, {.seconds_max = 1}, pcm);
    return {word_of(status, "container"), word_of(status, "codec"), number_of(status, "length_ms"),
            word_of(status, "begun")};
}

std::vector<float> channel_of(const PcmBlock& block, int channel) {
    const auto channels = static_cast<std::size_t>(block.channels);
    std::vector<float> out(block.samples.size() / channels);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = block.samples[i * channels + static_cast<std::size_t>(channel)];
    }
    return out;
}

std::vector<float> mono_of(const PcmBlock& block) {
    if (block.channels == 1) return {block.samples.begin(), block.samples.end()};
    std::vector<float> out(block.samples.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = 0.5f * (block.samples[2 * i] + block.samples[2 * i + 1]);
    }
    return out;
}

}  // namespace otklik
