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
#include "agent/line.h"
#include "agent/ring.h"
#include "agent/sender.h"
#include "agent/source.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/thread.h"
#include "generated/version.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr std::size_t state_bytes_max = 64 << 10;

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
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    Fd lock = open_file(folder + "/lock", O_RDWR | O_CREAT);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        throw Error(Fault::conflict, "data.in_use", {{"folder", folder}});
    return lock;
}

}  // namespace

int run_record(const RecordSettings& settings) {
    const SourceSpec spec = source_of(settings.source, settings.rate, settings.channels);
    const Fd lock = lock_folder(settings.folder);
    const std::string state = settings.folder + "/agent.json";
    const bool pairs = !settings.code.empty() || !std::filesystem::exists(state);
    const Known known = pairs ? pair_now(settings, state) : read_known(state);
    const SystemClock clock;
    const Line line(known.server, known.authority);
    Ring ring(settings.folder, settings.ring_megabytes * 1'000'000);
    Sender sender(
        ring,
        [&](std::string_view method, std::string_view target, const std::vector<Header>& headers,
            std::string_view body) { return line.send(method, target, headers, body); },
        known.token, clock);
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
    ::signal(SIGTERM, ask_to_stop);
    ::signal(SIGINT, ask_to_stop);
    ::signal(SIGPIPE, SIG_IGN);
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
