// `otklik serve` and `otklik demo`: parts, a listener, and a wait for the signal to stop.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "app/commands.h"
#include "app/parts.h"
#include "base/error.h"
#include "base/log.h"
#include "demo/day.h"
#include "store/store.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

constexpr int stop_ms = 10'000;  // running requests and stages get this long

/// Blocks the stopping signals in every thread that is made later; wait() takes them.
class StopSignal {
public:
    StopSignal() {
        ::sigemptyset(&set_);
        for (const int each : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set_, each);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
    }
    int wait() const {
        int number = 0;
        ::sigwait(&set_, &number);
        return number;
    }

private:
    sigset_t set_{};
};

ServerConfig server_config(const Parts& parts, const VerbOptions& options) {
    const ServerSettings& from = options.settings;
    ServerConfig config;
    config.address = from.listen;
    config.port = static_cast<int>(from.port);
    config.workers = static_cast<int>(from.workers);
    config.queue_max = static_cast<int>(from.queue_max);
    config.connections_max = static_cast<int>(from.connections_max);
    config.connections_per_address_max = static_cast<int>(from.connections_per_address_max);
    config.local_socket = parts.socket_path();
    config.draft_folder = options.parts.data_folder + "/tmp";
    config.trusted_proxy = split_setting(from.trusted_proxy);
    return config;
}

void print_welcome(const Rooms& rooms, const std::string& address, int port) {
    const std::string host = address == "0.0.0.0" ? "localhost" : address;
    std::printf("Otklik %s\nhttp://%s:%d/\n", rooms.version.c_str(), host.c_str(), port);
    if (!rooms.setup_code.empty() && !rooms.demo)
        std::printf("First run. Code for the first sign-in: %s\n", rooms.setup_code.c_str());
    std::fflush(stdout);
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
    Parts parts(options.parts, clock);
    Server server(server_config(parts, options), parts.dispatcher());
    parts.start();
    server.start();
    print_welcome(parts.rooms(), options.settings.listen, server.port());
    log_info("server.started", {{"port", std::to_string(server.port())}});
    const int number = stop.wait();
    log_info("server.stopping", {{"signal", std::to_string(number)}});
    server.stop(stop_ms);
    parts.stop(Duration::ms(stop_ms));
    return 0;
}

int demo_verb(VerbOptions options, bool serve) {
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
    Parts parts(options.parts, clock);
    Server server(server_config(parts, options), parts.dispatcher());
    parts.start();
    server.start();
    std::fprintf(stderr, "Making the demonstration day: speech, recordings, presses…\n");
    DemoScript script = read_demo_script(clock.now());
    const DemoSound sound(script, options.parts.data_folder + "/tmp");
    const DemoResult result =
        DemoDay(script, sound, parts.socket_path(), options.parts.data_folder + "/tmp").run();
    if (options.json) {
        boost::json::object made;
        for (const auto& [table, count] : result.made) made[table] = count;
        std::printf("%s\n",
                    boost::json::serialize(boost::json::object{{"login", result.login},
                                                               {"password", result.password},
                                                               {"made", made}})
                        .c_str());
    } else {
        print_welcome(parts.rooms(), options.settings.listen, server.port());
        std::printf(
            "Sign in: %s %s (administrator); belova (checker) and orlova (employee) have the same "
            "password\n",
            result.login.c_str(), result.password.c_str());
    }
    std::fflush(stdout);
    if (serve) stop.wait();
    server.stop(stop_ms);
    parts.stop(Duration::ms(stop_ms));
    return 0;
}

}  // namespace otklik
