// `otklik backup`: asks the server to copy itself and shows how far it is: a bar at a terminal,
// lines in a log. Ctrl-C ends the backup and leaves nothing behind.
#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <filesystem>

#include "app/commands.h"
#include "app/door.h"
#include "app/progress.h"
#include "app/verb_inside.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr timespec look_every{0, 200'000'000};

/// Stopping signals wait for our look; blocked before any other thread is made.
class Interrupts {
public:
    Interrupts() {
        ::sigemptyset(&set_);
        for (const int each : {SIGINT, SIGTERM}) ::sigaddset(&set_, each);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    /// True when somebody wants to end it; else after a moment.
    bool came() const { return ::sigtimedwait(&set_, nullptr, &look_every) > 0; }

private:
    sigset_t set_{};
};

std::int64_t count(const json::value& run, std::string_view key) {
    return run.at(key).to_number<std::int64_t>();
}

void put(Progress& progress, const json::value& run) {
    progress.put(
        count(run, "bytes"), count(run, "bytes_total"),
        fmt::format("{} of {} files, {:.1f} of {:.1f} MB", count(run, "files"),
                    count(run, "files_total"), static_cast<double>(count(run, "bytes")) / 1e6,
                    static_cast<double>(count(run, "bytes_total")) / 1e6));
}

}  // namespace

int backup_verb(const VerbOptions& options, const std::string& folder) {
    const Interrupts interrupts;
    const SystemClock clock;
    Door door(options.parts, clock);
    const std::string target = std::filesystem::absolute(folder).string();
    checked(
        door.request("POST", "/api/v1/backups", json::serialize(json::object{{"folder", target}})));
    Progress progress("backup");
    json::value run;
    do {
        if (interrupts.came()) door.request("POST", "/api/v1/backups/cancel");
        run = checked(door.request("GET", "/api/v1/backups")).at("newest");
        if (!options.json) put(progress, run);
    } while (text_of(run, "state") == "running");
    progress.end();
    if (text_of(run, "state") != "done") throw std::runtime_error(text_of(run, "reason"));
    const std::int64_t files = count(run, "files"), bytes = count(run, "bytes");
    std::printf("%s\n", options.json
                            ? fmt::format(R"({{"files":{},"bytes":{}}})", files, bytes).c_str()
                            : fmt::format("{}: {} files, {} bytes", target, files, bytes).c_str());
    return 0;
}

}  // namespace otklik
