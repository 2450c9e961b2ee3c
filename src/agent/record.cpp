#include "agent/record.h"

#include <fcntl.h>
#include <sys/file.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>

#include "agent/capture.h"
#include "agent/folder_files.h"
#include "agent/line.h"
#include "agent/ring.h"
#include "agent/sender.h"
#include "agent/source.h"
#include "agent/steady_wall.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/thread.h"
#include "generated/version.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr std::size_t state_bytes_max = 64 << 10;
constexpr std::chrono::milliseconds folder_every{5'000}, folder_away{30'000};

std::atomic<bool> stop_asked = false;

void ask_to_stop(int) {
    stop_asked = true;
}

std::uint64_t fresh_incarnation() {
    const std::string bytes = random_bytes(8);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return (value >> 1) | 1;
}

/// What the folder remembers of its server.
struct Known {
    std::string server, token, authority;
};

Known read_known(const std::string& path) {
    const auto state = json::parse(read_file(path, state_bytes_max));
    return {std::string(state.at("server").as_string()), std::string(state.at("token").as_string()),
            std::string(state.at("authority").as_string())};
}

Known pair_now(const RecordSettings& settings, const std::string& path) {
    if (settings.server.empty() || settings.code.empty())
        throw Error(Fault::invalid, "record.not_paired", {{"folder", settings.folder}})
            .at("server");
    const Line line(settings.server, settings.authority);
    const std::string body = json::serialize(json::object{
        {"code", settings.code}, {"program", "otklik record " + std::string(program_version)}});
    const ClientResponse answer =
        line.send("POST", "/api/v1/agent/pair", {{"Content-Type", "application/json"}}, body);
    if (answer.status != 200)
        throw Error(Fault::invalid, "pair.code").at("code").because(answer.body);
    Known known{settings.server, std::string(json::parse(answer.body).at("token").as_string()),
                settings.authority};
    write_file_durably(path, json::serialize(json::object{{"server", known.server},
                                                          {"token", known.token},
                                                          {"authority", known.authority}}) +
                                 "\n");
    return known;
}

Fd lock_folder(const std::string& folder) {
    make_folders(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    Fd lock = open_file(folder + "/lock", O_RDWR | O_CREAT);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        throw Error(Fault::conflict, "data.in_use", {{"folder", folder}});
    return lock;
}

}  // namespace

namespace {

void catch_signals() {
    ::signal(SIGTERM, ask_to_stop);
    ::signal(SIGINT, ask_to_stop);
    ::signal(SIGPIPE, SIG_IGN);
}

/// A moment, or less when the program is asked to stop.
void rest(std::chrono::milliseconds length) {
    std::mutex nobody;
    std::condition_variable never;
    const auto until = std::chrono::steady_clock::now() + length;
    while (!stop_asked && std::chrono::steady_clock::now() < until) {
        std::unique_lock lock(nobody);
        never.wait_for(lock, std::chrono::milliseconds(100));
    }
}

/// Carries files until asked to stop. What cannot be read or moved now is tried again.
int run_folder(const std::string& path, const SendRequest& send, const std::string& token) {
    const SystemClock clock;
    FolderFiles files(path, send, token, clock);
    while (!stop_asked) {
        bool away = false;
        try {
            away = files.look().away;
        } catch (const Error& error) {
            log_error("record.folder", {{"path", path}, {"detail", error.what()}});
            away = true;
        }
        rest(away ? folder_away : folder_every);
    }
    return 0;
}

}  // namespace

int run_record(const RecordSettings& settings) {
    const std::string files = folder_of_source(settings.source);
    const SourceSpec spec =
        files.empty() ? source_of(settings.source, settings.rate, settings.channels) : SourceSpec{};
    const Fd lock = lock_folder(settings.folder);
    const std::string state = settings.folder + "/agent.json";
    const bool pairs = !settings.code.empty() || !std::filesystem::exists(state);
    const Known known = pairs ? pair_now(settings, state) : read_known(state);
    const SteadyWall clock(settings.folder);
    const Line line(known.server, known.authority);
    const SendRequest send = [&](std::string_view method, std::string_view target,
                                 const std::vector<Header>& headers, std::string_view body) {
        return line.send(method, target, headers, body);
    };
    catch_signals();
    if (!files.empty()) {
        log_info("record.started", {{"server", known.server}, {"source", "dir:" + files}});
        return run_folder(files, send, known.token);
    }
    Ring ring(settings.folder, settings.ring_megabytes * 1'000'000);
    Sender sender(ring, send, known.token, clock);
    std::unique_ptr<Capture> capture;
    const auto begin = [&] {
        capture = std::make_unique<Capture>(
            CaptureSettings{.rate = settings.rate, .channels = settings.channels},
            fresh_incarnation, [&] { return clock.now().us; },
            [&](const ChunkBatch& head, const Chunk& chunk) {
                ring.append(head.incarnation, head, chunk);
            });
    };
    begin();
    std::jthread sending([&](std::stop_token stop) {
        name_thread("sender");
        sender.run(stop);
    });
    {
        Source source(spec, {.stall_ms = settings.stall_ms}, settings.rate, settings.channels);
        log_info("record.started", {{"server", known.server}, {"source", spec.shown}});
        while (!stop_asked && source.read_some(*capture)) {
            if (!sender.take_begin_anew()) continue;
            capture->finish();
            begin();
        }
    }
    capture->finish();
    const auto until =
        std::chrono::steady_clock::now() + std::chrono::seconds(settings.drain_seconds);
    std::mutex nobody;
    std::condition_variable empty;
    while (ring.oldest(1) && std::chrono::steady_clock::now() < until) {
        std::unique_lock wait(nobody);
        empty.wait_for(wait, std::chrono::milliseconds(100));
    }
    sending.request_stop();
    log_info("record.ended",
             {{"held", ring.oldest(1) ? "1" : "0"}, {"refused", std::to_string(sender.refused())}});
    return 0;
}

}  // namespace otklik
