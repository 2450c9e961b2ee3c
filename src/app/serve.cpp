// `otklik serve` and `otklik demo`: parts, a listener, and a wait for the signal to stop.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>

#include "app/commands.h"
#include "app/listening.h"
#include "app/parts.h"
#include "app/progress.h"
#include "base/error.h"
#include "base/log.h"
#include "demo/day.h"
#include "store/store.h"
#include "web/api/front.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

constexpr int stop_ms = 10'000;  // running requests and stages get this long

constexpr timespec look_every{60, 0};  // for a certificate's renewal and for changed files

/// Blocks the stopping signals in every thread that is made later; wait() takes them.
class StopSignal {
public:
    StopSignal() : at_terminal_(::isatty(STDIN_FILENO) == 1) {
        ::sigemptyset(&set_);
        for (const int each : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set_, each);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
    }
    /// Looks after the certificate meanwhile. A hang-up asks for a look too, but at a terminal it
    /// says that the terminal is gone.
    int wait(TlsKeeper* keeper) const {
        for (;;) {
            const int number = ::sigtimedwait(&set_, nullptr, &look_every);
            const bool looks = number < 0 || (number == SIGHUP && !at_terminal_);
            if (!looks) return number;
            if (keeper) keeper->look();
        }
    }

    /// Without waiting.
    bool came() const {
        constexpr timespec at_once{0, 0};
        return ::sigtimedwait(&set_, nullptr, &at_once) > 0;
    }

private:
    sigset_t set_{};
    const bool at_terminal_;
};

/// The parts with a listener before them.
class Serving {
public:
    Serving(const VerbOptions& options, const Clock& clock)
        : settings_(options.settings),
          parts_(options.parts, clock),
          keeper_(make_keeper(serving_settings(options), clock)),
          server_(config(options), parts_.dispatcher()) {
        front_.tls = keeper_.get();
        front_.hsts_days = settings_.hsts_days;
        parts_.use(front_);
        parts_.start();
        server_.start();
        front_.port = server_.port();
        log_info("server.started", {{"port", std::to_string(server_.port())},
                                    {"tls", keeper_ ? "on" : "off"},
                                    {"hook_port", std::to_string(server_.hook_port())},
                                    {"plain_port", std::to_string(server_.plain_port())}});
    }
    void print_welcome() {
        const Rooms& rooms = parts_.rooms();
        std::printf("Otklik %s\n%s", rooms.version.c_str(),
                    welcome(settings_, keeper_.get(), server_.port(),
                            rooms.demo ? std::string() : rooms.setup_code)
                        .c_str());
        std::fflush(stdout);
    }
    Parts& parts() { return parts_; }
    TlsKeeper* keeper() { return keeper_.get(); }
    void stop() {
        server_.stop(stop_ms);
        parts_.stop(Duration::ms(stop_ms));
    }

private:
    /// The demonstration's keys lie in its throw-away folder.
    static ServerSettings serving_settings(const VerbOptions& options) {
        ServerSettings settings = options.settings;
        settings.keys = options.parts.keys_folder;
        return settings;
    }
    ServerConfig config(const VerbOptions& options) const {
        ServerConfig config = listening(settings_, keeper_);
        config.local_socket = parts_.socket_path();
        config.draft_folder = options.parts.data_folder + "/tmp";
        return config;
    }

    const ServerSettings settings_;
    FrontDoor front_;  // before the parts: handlers read it until they are gone
    Parts parts_;
    std::shared_ptr<TlsKeeper> keeper_;
    Server server_;
};

/// Shows how far the demonstration is, and ends its making when somebody wants to stop.
class DemoWatch {
public:
    DemoWatch(const StopSignal& stop, bool quiet) : stop_(stop), quiet_(quiet) {}
    void operator()(std::string_view what, std::size_t done, std::size_t all) {
        const std::lock_guard lock(mutex_);
        if (stop_.came()) throw Error(Fault::unavailable, "demo.stopped");
        if (quiet_) return;
        if (what != told_) progress_.end();
        told_ = what;
        progress_.put(static_cast<std::int64_t>(done), static_cast<std::int64_t>(all),
                      std::string(what));
    }
    void end() { progress_.end(); }

private:
    const StopSignal& stop_;
    const bool quiet_;
    std::mutex mutex_;  // two threads send sound
    std::string_view told_;
    Progress progress_{"demo"};
};

/// From here on the folder says of itself that it is a demonstration, and shows itself.
void open_tour(Rooms& rooms, const DemoResult& made) {
    const auto company = rooms.store.read([&](Tx& tx) { return rooms.people.company(tx); });
    write_demonstration(rooms.blobs.folder(),
                        {company.value().id,
                         {parse_id_word(id_prefix<Signal>, made.shown_signal).value()},
                         {parse_id_word(id_prefix<Check>, made.shown_check).value()}});
}

/// A folder below the system's temporary one, removed at the end.
class ThrowAwayFolder {
public:
    ThrowAwayFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "otklik-demo-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw_errno("mkdtemp");
        path_ = name;
    }
    ~ThrowAwayFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace

int serve_verb(const VerbOptions& options) {
    const StopSignal stop;
    const SystemClock clock;
    Serving serving(options, clock);
    serving.print_welcome();
    const int number = stop.wait(serving.keeper());
    log_info("server.stopping", {{"signal", std::to_string(number)}});
    serving.stop();
    return 0;
}

int demo_verb(VerbOptions options, int days, bool serve) {
    const StopSignal stop;
    const SystemClock clock;
    const ThrowAwayFolder folder;
    if (options.parts.data_folder == PartsConfig().data_folder) {
        options.parts.data_folder = folder.path() + "/data";
        options.parts.keys_folder = folder.path() + "/keys";
    } else if (std::filesystem::exists(options.parts.data_folder + "/otklik.db")) {
        throw Error(Fault::conflict, "demo.real_data", {{"folder", options.parts.data_folder}});
    }
    options.parts.demo = true;
    Serving serving(options, clock);
    std::fprintf(stderr, "Making the demonstration, %d day(s): speech, recordings, presses…\n",
                 days);
    DemoScript script = read_demo_script(clock.now(), days);
    DemoWatch watched(stop, options.json);
    const auto watch = std::ref(watched);
    const DemoSound sound(script, options.parts.data_folder + "/tmp", watch);
    const DemoResult result = DemoDay(script, sound, serving.parts().socket_path(),
                                      options.parts.data_folder + "/tmp", watch)
                                  .run();
    watched.end();
    open_tour(serving.parts().rooms(), result);
    if (options.json) {
        boost::json::object made;
        for (const auto& [table, count] : result.made) made[table] = count;
        std::printf("%s\n",
                    boost::json::serialize(boost::json::object{{"login", result.login},
                                                               {"password", result.password},
                                                               {"made", made}})
                        .c_str());
    } else {
        serving.print_welcome();
        std::printf(
            "Sign in: %s %s (administrator); belova (checker) and orlova (employee) have the same "
            "password\n",
            result.login.c_str(), result.password.c_str());
    }
    std::fflush(stdout);
    if (serve) stop.wait(serving.keeper());
    serving.stop();
    return 0;
}

}  // namespace otklik
