// S3-16, S3-18: the sources of the agent, with the programs that a computer really has.
#include "agent/source.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "agent/capture.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/spawn.h"

namespace otklik {
namespace {

namespace fs = std::filesystem;

constexpr int rate = 16'000;

/// A tone of 500 Hz, 16 bit, one track.
std::string tone(double seconds) {
    std::string bytes;
    for (int i = 0; i < static_cast<int>(seconds * rate); ++i) {
        const auto sample = static_cast<std::int16_t>(12'000 * std::sin(0.19635 * i));
        bytes.append(reinterpret_cast<const char*>(&sample), sizeof sample);
    }
    return bytes;
}

std::string little_endian(std::uint32_t value, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i));
    return bytes;
}

std::string wav_of(const std::string& pcm) {
    const auto size = static_cast<std::uint32_t>(pcm.size());
    return "RIFF" + little_endian(size + 36, 4) + "WAVEfmt " + little_endian(16, 4) +
           little_endian(1, 2) + little_endian(1, 2) + little_endian(rate, 4) +
           little_endian(rate * 2, 4) + little_endian(2, 2) + little_endian(16, 2) + "data" +
           little_endian(size, 4) + pcm;
}

class Sources : public testing::Test {
protected:
    Sources()
        : capture(
              {.rate = rate}, [] { return std::uint64_t{1}; }, [] { return std::int64_t{0}; },
              [this](const ChunkBatch&, const Chunk& chunk) { take(chunk); }) {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    ~Sources() override { fs::remove_all(folder); }

    void take(const Chunk& chunk) {
        if (chunk.kind == ChunkKind::lost) {
            lost += seconds(chunk);
            EXPECT_EQ(chunk_causes.at(chunk.cause), "off");
        }
        ended += chunk.kind == ChunkKind::end;
        if (chunk.kind != ChunkKind::sound) return;
        sound += seconds(chunk);
        for (const ChunkTrack& track : chunk_tracks(chunk.bytes, 1, chunk.packet_count))
            for (const Peak& peak : track.peaks) loud += peak.high > 40 && peak.low < -40;
    }
    static double seconds(const Chunk& chunk) {
        return static_cast<double>(chunk.sample_count) / 48'000;
    }
    /// Reads until `enough`, at most 20 s.
    template <class F>
    bool read_until(Source& source, F&& enough) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!enough() && std::chrono::steady_clock::now() < until)
            if (!source.read_some(capture)) return enough();
        return enough();
    }
    std::string file(const std::string& name, const std::string& bytes) const {
        const std::string path = folder + "/" + name;
        write_file_durably(path, bytes);
        return path;
    }
    static SourceSpec shell(const std::string& line) { return {{"sh", "-c", line}, "shell"}; }

    const std::string folder =
        (fs::temp_directory_path() / ("otklik_source_" + std::to_string(::getpid()))).string();
    double sound = 0, lost = 0;  // seconds
    int loud = 0;                // packets of 20 ms that hold the tone
    int ended = 0;               // incarnations
    Capture capture;
};

TEST_F(Sources, are_named_by_one_word) {
    const auto program = [](std::string_view text) { return source_of(text, rate, 2).program; };
    EXPECT_TRUE(program("-").empty());
    EXPECT_EQ(program("alsa:plughw:1,0"),
              (std::vector<std::string>{"arecord", "-q", "-t", "raw", "-f", "S16_LE", "-r", "16000",
                                        "-c", "2", "-D", "plughw:1,0"}));
    EXPECT_EQ(program("pulse:").back(), "--latency-msec=200");
    EXPECT_EQ(program("pulse:mic.monitor").back(), "--device=mic.monitor");
    const auto camera = source_of("rtsp://till:secret@10.0.0.7:554/live?key=1", rate, 1);
    EXPECT_EQ(camera.shown, "rtsp://10.0.0.7:554");
    EXPECT_EQ(camera.program.front(), "ffmpeg");
    EXPECT_EQ(source_of("https://radio.example", rate, 1).shown, "https://radio.example");
    EXPECT_EQ(source_of("http://a@b@c/d@e", rate, 1).shown, "http://c");
    for (const std::string_view wrong :
         {"", "alsa:", "alsa", "mic", "rtsp://", "file:///etc/passwd", "ftp://a/b", "alsa:a b",
          "http://a\n", "concat:a|b", "/dev/dsp"}) {
        try {
            source_of(wrong, rate, 1);
            ADD_FAILURE() << wrong;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "record.source") << wrong;
        }
    }
}

TEST_F(Sources, a_folder_of_files_is_a_whole_path) {
    EXPECT_EQ(folder_of_source("dir:/srv/dictaphone one"), "/srv/dictaphone one");
    EXPECT_EQ(folder_of_source("alsa:default"), "");
    for (const std::string_view wrong : {"dir:", "dir:here", "dir:./here"}) {
        try {
            folder_of_source(wrong);
            ADD_FAILURE() << wrong;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "record.source") << wrong;
        }
    }
}

TEST_F(Sources, that_are_not_there_are_named_in_the_log) {
    if (std::system("command -v ffmpeg >/dev/null") != 0) GTEST_SKIP() << "no ffmpeg";
    // Nobody listens at port 9 of this computer; one address is what the log shows, one is not.
    for (const std::string_view address :
         {"http://127.0.0.1:9", "http://me:word@127.0.0.1:9/a?k=7"}) {
        std::string log;
        set_log_sink([&log](std::string_view line) { log += line; });
        Source source(source_of(address, rate, 1), {}, rate, 1);
        EXPECT_TRUE(read_until(source, [&] { return !log.empty(); }));
        set_log_sink({});
        EXPECT_NE(log.find("refused"), std::string::npos) << log;
        EXPECT_EQ(log.find("word"), std::string::npos) << log;
        EXPECT_EQ(log.find("k=7"), std::string::npos) << log;
    }
}

TEST_F(Sources, a_program_that_is_not_installed_is_named) {
    try {
        Source source({{"otklik-no-such-program"}, "none"}, {}, rate, 1);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "record.program");
    }
}

TEST_F(Sources, a_program_that_ends_is_started_again_and_what_it_missed_is_a_gap) {
    const std::string path = file("tone.raw", tone(2.5));
    Source source(shell("cat " + path), {.stall_ms = 300, .again_ms = 1'500}, rate, 1);
    ASSERT_TRUE(read_until(source, [&] { return source.starts() == 3; }));
    EXPECT_GE(sound, 4.0);
    // One gap, between the first two runs: 1.5 s less the half second that `cat` gives at once.
    EXPECT_NEAR(lost, 1.0, 0.4);
    EXPECT_GT(loud, 190);
}

TEST_F(Sources, a_program_that_hangs_is_ended_and_started_again) {
    const std::string path = file("tone.raw", tone(2));
    Source source(shell("cat " + path + "; exec sleep 1000"),
                  {.stall_ms = 300, .hang_ms = 600, .again_ms = 100}, rate, 1);
    ASSERT_TRUE(read_until(source, [&] { return lost > 0; }));
    EXPECT_EQ(source.starts(), 2);
    EXPECT_GE(lost, 0.4);
    EXPECT_LT(lost, 3.0);
}

TEST_F(Sources, after_a_long_loss_a_new_run_begins) {
    const std::string path = file("tone.raw", tone(2));
    Source source(shell("cat " + path), {.stall_ms = 300, .again_ms = 1'500, .new_run_ms = 900},
                  rate, 1);
    ASSERT_TRUE(read_until(source, [&] { return source.starts() == 3; }));
    EXPECT_EQ(lost, 0);
    EXPECT_EQ(ended, 1);
}

TEST_F(Sources, that_never_give_sound_are_asked_less_and_less_often) {
    Source source(shell("exit 1"), {.again_ms = 100, .again_ms_most = 400}, rate, 1);
    const auto began = std::chrono::steady_clock::now();
    ASSERT_TRUE(read_until(source, [&] { return source.starts() == 5; }));
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_GE(took, std::chrono::milliseconds(100 + 200 + 400 + 400));
    EXPECT_EQ(sound + lost, 0);
}

TEST_F(Sources, a_sound_card_is_read_by_alsa) {
    if (std::system("command -v arecord >/dev/null") != 0) GTEST_SKIP() << "no alsa-utils";
    // ALSA's own file plugin over its null device: no card is needed, the program is the real one.
    const std::string path = file("tone.raw", tone(3));
    const std::string config =
        file("asound.conf", "pcm.till { type file slave.pcm \"null\" file /dev/null infile \"" +
                                path + "\" format raw }\n");
    ::setenv("ALSA_CONFIG_PATH", ("/usr/share/alsa/alsa.conf:" + config).c_str(), 1);
    Source source(source_of("alsa:till", rate, 1), {}, rate, 1);
    EXPECT_TRUE(read_until(source, [&] { return sound >= 2; }));
    ::unsetenv("ALSA_CONFIG_PATH");
    EXPECT_GE(loud, 95);
    EXPECT_EQ(lost, 0);
}

TEST_F(Sources, pulseaudio_is_read_by_parec) {
    if (std::system("command -v pulseaudio >/dev/null && command -v parec >/dev/null") != 0)
        GTEST_SKIP() << "no pulseaudio";
    // The real server with a source that sounds; no card and no session are needed.
    const std::string socket = folder + "/native";
    const std::string config = file("till.pa",
                                    "load-module module-sine-source source_name=till "
                                    "rate=16000 frequency=500\n"
                                    "load-module module-native-protocol-unix socket=" +
                                        socket + " auth-anonymous=1\n");
    // Beside the test it runs in the foreground, so that its end is ours to choose.
    Source server(
        shell("HOME=" + folder + " XDG_RUNTIME_DIR=" + folder + " exec pulseaudio -n -F " + config +
              " --daemonize=no --exit-idle-time=-1 --log-level=error"),
        {}, rate, 1);
    for (int i = 0; i < 500 && !fs::exists(socket); ++i) ::poll(nullptr, 0, 10);
    ::setenv("PULSE_SERVER", ("unix:" + socket).c_str(), 1);
    Source source(source_of("pulse:till", rate, 1), {}, rate, 1);
    EXPECT_TRUE(read_until(source, [&] { return sound >= 2; }));
    ::unsetenv("PULSE_SERVER");
    EXPECT_GE(loud, 90);
    EXPECT_EQ(lost, 0);
}

/// Answers one request with a file, as a camera's or a radio's server would.
class OneAnswer {
public:
    explicit OneAnswer(std::string body) : body_(std::move(body)) {
        socket_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&here), size), 0);
        EXPECT_EQ(::listen(socket_.get(), 1), 0);
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&here), &size);
        port_ = ntohs(here.sin_port);
        thread_ = std::jthread([this] { answer(); });
    }
    std::string address() const {
        return "http://user:word@127.0.0.1:" + std::to_string(port_) + "/live.wav";
    }

private:
    void answer() const {
        const Fd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        char request[4'096];
        if (!client || ::recv(client.get(), request, sizeof request, 0) <= 0) return;
        write_all(client.get(),
                  "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nConnection: close"
                  "\r\n\r\n" +
                      body_);
    }
    std::string body_;
    Fd socket_;
    int port_ = 0;
    std::jthread thread_;
};

TEST_F(Sources, a_stream_is_read_by_ffmpeg) {
    if (std::system("command -v ffmpeg >/dev/null") != 0) GTEST_SKIP() << "no ffmpeg";
    const OneAnswer server(wav_of(tone(3)));
    Source source(source_of(server.address(), rate, 1), {}, rate, 1);
    std::string log;
    set_log_sink([&log](std::string_view line) { log += line; });
    EXPECT_TRUE(read_until(source, [&] { return sound >= 2 && !log.empty(); }));
    set_log_sink({});
    EXPECT_GE(loud, 95);
    // The stream was over: the log says it with ffmpeg's words and without the password.
    EXPECT_NE(log.find("http://127.0.0.1"), std::string::npos) << log;
    EXPECT_EQ(log.find("word@"), std::string::npos) << log;
}

/// A camera: libgstrtspserver gives a tone as G.711 A-law, until it is killed.
class Camera {
public:
    explicit Camera(int port) {
        SpawnActions actions;
        ::posix_spawn_file_actions_adddup2(actions.get(), said_.write_end.get(), STDOUT_FILENO);
        std::string python = "/usr/bin/python3", flag = "-c", text(script),
                    wanted = std::to_string(port);
        char* const arguments[] = {python.data(), flag.data(), text.data(), wanted.data(), nullptr};
        EXPECT_EQ(::posix_spawn(&pid_, python.c_str(), actions.get(), SpawnSettings().get(),
                                arguments, environ),
                  0);
        char line[16] = {};
        EXPECT_GT(::read(said_.read_end.get(), line, sizeof line - 1), 0);
        port_ = std::atoi(line);
    }
    ~Camera() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Camera(const Camera&) = delete;
    Camera& operator=(const Camera&) = delete;
    int port() const { return port_; }

private:
    static constexpr std::string_view script = R"py(
import sys, gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer, GLib
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=sys.argv[1])
live = GstRtspServer.RTSPMediaFactory(shared=True)
live.set_launch("( audiotestsrc is-live=true freq=500 volume=0.5 ! audio/x-raw,rate=8000,channels=1"
                " ! alawenc ! rtppcmapay name=pay0 )")
server.get_mount_points().add_factory("/live", live)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
)py";
    Pipe said_ = make_pipe();
    pid_t pid_ = -1;
    int port_ = 0;
};

TEST_F(Sources, a_camera_is_read_by_ffmpeg_and_again_after_it_went_away) {
    if (std::system(
            "/usr/bin/python3 -c 'import gi; gi.require_version(\"GstRtspServer\", \"1.0\")' "
            "2>/dev/null && command -v ffmpeg >/dev/null") != 0)
        GTEST_SKIP() << "no gir1.2-gst-rtsp-server-1.0";
    auto camera = std::make_unique<Camera>(0);
    const std::string address = "rtsp://127.0.0.1:" + std::to_string(camera->port()) + "/live";
    Source source(source_of(address, rate, 1), {.stall_ms = 500, .again_ms = 300}, rate, 1);
    ASSERT_TRUE(read_until(source, [&] { return sound >= 2; }));
    EXPECT_GT(loud, 80);
    const int port = camera->port();
    camera.reset();
    ASSERT_TRUE(read_until(source, [&] { return source.starts() > 2; }));
    camera = std::make_unique<Camera>(port);
    const double before = sound;
    ASSERT_TRUE(read_until(source, [&] { return sound > before + 1; }));
    EXPECT_GT(lost, 0.5);
}

}  // namespace
}  // namespace otklik
