// Speech engine: PocketSphinx with its US English model, offline, in the child otklik-hear. About
// three times faster than speech, half of the words right on ordinary talk: key phrases, not texts.
// Limits: 1.5 GB and one CPU in the child; killed after max(60 s, 4 × the sound's length).
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/error.h"
#include "base/fields.h"
#include "base/files.h"
#include "hear/wire.h"
#include "speech/engine.h"
#include "speech/pauses.h"

namespace otklik {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t output_bytes_max = 8 << 20;
constexpr int high_fd = 16;  // copies of descriptors stand above those the child gets

struct HeardLine {
    std::optional<std::string> text;
    std::optional<std::int64_t> begin, end;
    std::optional<double> confidence;
    std::optional<bool> done;
    void fields(FieldSink& f) {
        f.text("text", text, {.bytes_max = 100});
        f.integer("begin", begin, {.min = 0});
        f.integer("end", end, {.min = 0});
        f.number("confidence", confidence);
        f.flag("done", done);
    }
};

[[noreturn]] void fail(std::string_view code, const std::string& why) {
    throw Error(Fault::unavailable, code, {{"engine", "pocketsphinx"}}).because(why);
}

Fd copy_above(int fd) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, high_fd);
    if (copy < 0) throw_errno("copy of a descriptor");
    return Fd(copy);
}

Fd input_of(std::span<const std::int16_t> pcm, const std::vector<SampleRange>& utterances) {
    const Fd fd(::memfd_create("otklik-hear", MFD_CLOEXEC));
    if (!fd) throw_errno("memfd");
    const auto write = [&](const void* data, std::size_t bytes) {
        write_all(fd.get(), {static_cast<const char*>(data), bytes});
    };
    hear::Head head;
    head.utterance_count = utterances.size();
    write(&head, sizeof head);
    for (const SampleRange& u : utterances) {
        const hear::Utterance wire{u.begin, u.end};
        write(&wire, sizeof wire);
    }
    write(pcm.data(), pcm.size_bytes());
    return copy_above(fd.get());
}

/// The running helper; killed and waited for when it goes out of sight.
class Child {
public:
    Child(const SpeechEngineSettings& settings, const Fd& input, const Fd& output) {
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        for (int fd = 0; fd < 3; ++fd)
            ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
        ::posix_spawn_file_actions_adddup2(&actions, input.get(), hear::input_fd);
        ::posix_spawn_file_actions_adddup2(&actions, output.get(), hear::output_fd);
        ::posix_spawn_file_actions_addclosefrom_np(&actions, hear::output_fd + 1);
        std::string name = "otklik-hear", model = settings.model_folder, locale = "LC_ALL=C";
        char* const arguments[] = {name.data(), model.data(), nullptr};
        char* const environment[] = {locale.data(), nullptr};
        const int code = ::posix_spawn(&pid_, settings.helper_path.c_str(), &actions, nullptr,
                                       arguments, environment);
        ::posix_spawn_file_actions_destroy(&actions);
        if (code != 0) {
            pid_ = -1;
            fail("speech.engine_missing", settings.helper_path + ": " + std::strerror(code));
        }
    }
    ~Child() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        wait();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }

private:
    pid_t pid_ = -1;
};

/// All it says until it closes its end.
std::string read_until(const Fd& fd, Steady::time_point deadline) {
    std::string out;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()).count();
        pollfd ready{fd.get(), POLLIN, 0};
        const int n =
            left <= 0 ? 0 : ::poll(&ready, 1, static_cast<int>(std::min<long>(left, 60'000)));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw_errno("poll");
        if (left <= 0) fail("speech.engine_slow", "killed at its wall limit");
        if (n == 0) continue;
        char block[16'384];
        const ssize_t got = ::read(fd.get(), block, sizeof block);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_errno("read from otklik-hear");
        if (got == 0) return out;
        out.append(block, static_cast<std::size_t>(got));
        if (out.size() > output_bytes_max)
            fail("speech.engine_died", "more words than can be said");
    }
}

std::vector<HeardWord> words_of(std::string_view out, std::int64_t sample_count, int status) {
    std::vector<HeardWord> words;
    bool done = false;
    while (!out.empty()) {
        const std::size_t end = std::min(out.find('\n'), out.size());
        const std::string_view text = out.substr(0, end);
        out.remove_prefix(std::min(end + 1, out.size()));
        HeardLine line;
        try {
            line = from_json<HeardLine>(text);
        } catch (const Error& e) {
            fail("speech.engine_died", std::string("a line that is none: ") + e.what());
        }
        done = line.done.value_or(false);
        if (!line.text || !line.begin || !line.end) continue;
        if (*line.begin >= *line.end || *line.end > sample_count || line.text->empty()) continue;
        words.push_back({*line.text, *line.begin, *line.end,
                         std::clamp(line.confidence.value_or(0), 0.0, 1.0)});
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == hear::exit_no_model)
        fail("speech.engine_missing", "no model");
    if (!done || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail("speech.engine_died", "status " + std::to_string(status));
    return words;
}

class PocketSphinx : public SpeechEngine {
public:
    explicit PocketSphinx(const SpeechEngineSettings& settings) : settings_(settings) {}
    std::string_view name() const override { return "pocketsphinx"; }
    std::string_view language() const override { return "en"; }
    std::vector<HeardWord> transcribe(std::span<const std::int16_t> pcm) override {
        const auto utterances = find_utterances(pcm);
        if (utterances.empty()) return {};
        const auto length =
            Duration::ms(static_cast<std::int64_t>(pcm.size()) * 1000 / engine_rate);
        const Duration wall = std::max(settings_.wait_min, length * settings_.wait_factor);
        const auto deadline = Steady::now() + std::chrono::microseconds(wall.us);
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe");
        const Fd output(ends[0]);
        Fd theirs(ends[1]);
        Fd copy = copy_above(theirs.get());
        Fd input = input_of(pcm, utterances);
        Child child(settings_, input, copy);
        theirs.reset();
        copy.reset();
        input.reset();
        const std::string out = read_until(output, deadline);
        return words_of(out, static_cast<std::int64_t>(pcm.size()), child.wait());
    }

private:
    SpeechEngineSettings settings_;
};

}  // namespace

extern const SpeechEngineAdapter pocketsphinx;
const SpeechEngineAdapter pocketsphinx{
    .name = "pocketsphinx",
    .about = "English, offline, on this machine: key words, not texts.",
    .create = [](const SpeechEngineSettings& settings) -> std::unique_ptr<SpeechEngine> {
        return std::make_unique<PocketSphinx>(settings);
    },
};

}  // namespace otklik
