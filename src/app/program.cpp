// The command line. CLI11 is heavy to compile, so it is used in this file only.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "agent/record.h"
#include "app/commands.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/settings.h"
#include "demo/script.h"
#include "generated/version.h"
#include "media/disk_need.h"

namespace otklik {
namespace {

/// Settings that only a listening program has a flag for; every verb knows the others.
constexpr std::string_view serving[] = {"listen",
                                        "port",
                                        "workers",
                                        "queue_max",
                                        "press_rate",
                                        "press_burst",
                                        "link_hours_max",
                                        "trusted_proxy",
                                        "connections_max",
                                        "stage_threads",
                                        "import_complexity",
                                        "connections_per_address_max",
                                        "tls",
                                        "tls_name",
                                        "tls_cert",
                                        "tls_key",
                                        "hsts_days",
                                        "http_listen",
                                        "plain_http",
                                        "hook_listen",
                                        "hook_allow",
                                        "watch_folder"};

bool is_for_serving(const SettingRow& row) {
    return std::find(std::begin(serving), std::end(serving), row.key) != std::end(serving);
}

/// The flags of a verb, as they were given; a flag given twice is a list.
struct Flags {
    std::map<std::string, std::vector<std::string>> given;  // by key
    std::string config;
    void add_to(CLI::App& app, bool serves) {
        app.add_option("--config", config,
                       "settings file; otklik.toml of the data folder when it is there");
        for (const SettingRow& row : setting_rows())
            if (serves || !is_for_serving(row))
                app.add_option(row.flag(), given[std::string(row.key)],
                               std::string(row.about) + " [" + setting_default(row) + "]")
                    ->allow_extra_args(false);  // what follows its value is not its own
    }
    SettingPairs pairs() const {
        SettingPairs all;
        for (const auto& [key, values] : given)
            if (!values.empty()) all.emplace_back(key, fmt::format("{}", fmt::join(values, ",")));
        return all;
    }
};

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

constexpr std::size_t settings_bytes_max = 64 << 10;

/// Of --config, else of otklik.toml in the data folder; the demonstration reads none unasked.
ServerSettings settings_of(const Flags& flags, bool look_in_data) {
    const SettingPairs pairs = flags.pairs();
    if (!flags.config.empty())
        return read_settings(read_file(flags.config, settings_bytes_max), variable, pairs);
    ServerSettings plain = read_settings(std::nullopt, variable, pairs);
    const std::string path = plain.data + "/otklik.toml";
    if (!look_in_data || !std::filesystem::exists(path)) return plain;
    ServerSettings settings = read_settings(read_file(path, settings_bytes_max), variable, pairs);
    if (settings.data != plain.data)  // it would name another file of its own
        throw Error(Fault::invalid, "setting.bad", {{"key", "data"}}).at("data");
    return settings;
}

LogLevel level_of(const std::string& word) {
    if (word == "debug") return LogLevel::debug;
    if (word == "warning") return LogLevel::warning;
    return word == "error" ? LogLevel::error : LogLevel::info;
}

void put_settings(VerbOptions& options, const Flags& flags, bool look_in_data) {
    const ServerSettings s = settings_of(flags, look_in_data);
    options.settings = s;
    options.parts.data_folder = s.data;
    options.parts.keys_folder = s.keys;
    options.parts.database_url = s.database;
    options.parts.decoder_path = s.decode;
    options.parts.web_folder = s.web;
    options.parts.watch_folder = s.watch_folder;
    options.parts.backup_folder = s.backups;
    options.parts.reserve_bytes = s.reserve_bytes;
    options.parts.stage_threads = static_cast<int>(s.stage_threads);
    options.parts.import_complexity = static_cast<int>(s.import_complexity);
    options.parts.press_rate = s.press_rate;
    options.parts.press_burst = s.press_burst;
    options.parts.link_hours_max = s.link_hours_max;
    set_log_level(level_of(s.log_level));
}

/// An error in the words of the catalogue, for people at a terminal.
void complain(const Error& error) {
    const Messages messages;
    std::string key = "error." + error.code();
    if (!messages.has("ru", key)) key = "error.fault." + std::string(fault_name(error.fault()));
    const char* language = std::getenv("LANG");
    const bool russian = language && std::string_view(language).starts_with("ru");
    std::fprintf(stderr, "otklik: %s\n",
                 messages.message(russian ? "ru" : "en", key, error.params()).c_str());
    if (!error.field().empty()) std::fprintf(stderr, "  field: %s\n", error.field().c_str());
    if (!error.detail().empty()) std::fprintf(stderr, "  detail: %s\n", error.detail().c_str());
}

/// The verbs with their options; each sets `run`.
struct Verbs {
    CLI::App app{"Otklik: quality control of customer service on your own server"};
    VerbOptions options;
    Flags flags;
    bool is_demo = false;
    bool is_pure = false;  // opens no data, reads no settings
    std::function<int()> run;
    std::vector<std::string> files;
    std::string recorder, starts_at, device, key, at, press_id, clip, out, login, folder, form,
        answers;
    DiskPlan disk;
    RecordSettings record;
    bool calc_json = false;
    long uncertainty_ms = 0;
    int level = 1;
    bool no_serve = false;
    bool mends = false;
    int days = demo_days_max;

    Verbs() {
        app.set_version_flag(
            "--version", std::string(program_version) + " (" + std::string(program_build) + ")");
        app.require_subcommand(1);
        add_running();
        add_working();
        add_keeping();
        add_pure();
        add_calc();
        add_record();
    }
    CLI::App& verb(const std::string& name, const std::string& about, bool serves = false) {
        CLI::App& each = *app.add_subcommand(name, about);
        add_shared(each, serves);
        return each;
    }
    void add_shared(CLI::App& each, bool serves = false) {
        flags.add_to(each, serves);
        each.add_flag("--json", options.json, "machine-readable answers");
    }
    void add_running() {
        CLI::App& s = verb("serve", "run the server", true);
        s.callback([this] { run = [this] { return serve_verb(options); }; });
        CLI::App& d = verb("demo", "a throw-away folder with the demonstration", true);
        d.add_option("--days", days, "a week, or its last day")
            ->check(CLI::IsMember({1, demo_days_max}))
            ->capture_default_str();
        d.add_flag("--no-serve", no_serve, "make it and stop");
        d.callback([this] {
            is_demo = true;
            run = [this] { return demo_verb(options, days, !no_serve); };
        });
    }
    void add_working() {
        CLI::App& i = verb("import", "import recordings of a recorder");
        i.add_option("files", files, "audio files")->required();
        i.add_option("--recorder", recorder, "its name or id")->required();
        i.add_option("--starts-at", starts_at, "RFC 3339; else taken from the name or the tag");
        i.add_option("--uncertainty-ms", uncertainty_ms, "of the stated start");
        i.callback([this] {
            run = [this] {
                return import_verb(options, files, recorder, starts_at, uncertainty_ms);
            };
        });
        CLI::App& p = verb("press", "press a button");
        p.add_option("--device", device, "its name or id")->required();
        p.add_option("--key", key, "the key that was pressed")->required();
        p.add_option("--at", at, "RFC 3339; now by default");
        p.add_option("--id", press_id, "identity of the press; made when absent");
        p.callback(
            [this] { run = [this] { return press_verb(options, device, key, at, press_id); }; });
        CLI::App& k = *app.add_subcommand("clock", "clocks of recordings");
        k.require_subcommand(1);
        CLI::App& t = *k.add_subcommand("fit", "evidence, fit, uncertainty and what was refused");
        add_shared(t);
        t.add_option("recording", clip, "its id")->required();
        t.callback([this] { run = [this] { return clock_fit_verb(options, clip); }; });
        CLI::App& c = verb("clip", "show a clip, or save its audio");
        c.add_option("clip", clip, "id of the clip")->required();
        c.add_option("--out", out, "save the Ogg Opus file here");
        c.callback([this] { run = [this] { return clip_verb(options, clip, out); }; });
        CLI::App& x = verb("explain", "why a clip is as it is: press, clocks, cuts and reasons");
        x.add_option("clip", clip, "id of the clip")->required();
        x.callback([this] { run = [this] { return explain_verb(options, clip); }; });
        CLI::App& u = *app.add_subcommand("user", "accounts");
        u.require_subcommand(1);
        CLI::App& r = *u.add_subcommand("reset", "a new password for an account");
        add_shared(r);
        r.add_option("login", login)->required();
        r.callback([this] { run = [this] { return user_reset_verb(options, login); }; });
    }
    void add_keeping() {
        CLI::App& b = verb("backup", "a consistent copy into a new folder");
        b.add_option("folder", folder)->required();
        b.callback([this] { run = [this] { return backup_verb(options, folder); }; });
        CLI::App& r =
            verb("restore", "a new data folder from a backup; refuses while a server runs");
        r.add_option("folder", folder, "the backup")->required();
        r.callback([this] { run = [this] { return restore_verb(options, folder); }; });
        CLI::App& f = verb("fsck", "holds files and rows together");
        f.add_option("--level", level, "1 presence, 2 size, 3 hash")->check(CLI::Range(1, 3));
        f.add_flag("--repair", mends, "mend what can be mended; what cannot is left, and said");
        f.callback([this] { run = [this] { return fsck_verb(options, level, mends); }; });
        CLI::App& a = *app.add_subcommand("audit", "the audit journal");
        a.require_subcommand(1);
        CLI::App& v = *a.add_subcommand("verify", "checks the chain and its signed heads");
        add_shared(v);
        v.callback([this] { run = [this] { return audit_verify_verb(options); }; });
    }
    void add_pure() {
        CLI::App& s = *app.add_subcommand("score", "scores answers of a form; opens no data");
        s.add_option("--form", form, "JSON of the form")->required();
        s.add_option("--answers", answers, "JSON of the answers")->required();
        s.callback([this] {
            is_pure = true;
            run = [this] { return score_verb(form, answers); };
        });
        CLI::App& o =
            *app.add_subcommand("openapi", "writes the description of the API; opens no data");
        o.add_option("--out", out, "file; the terminal by default");
        o.callback([this] {
            is_pure = true;
            run = [this] { return openapi_verb(out); };
        });
    }
    void add_record() {
        CLI::App& r =
            *app.add_subcommand("record", "the agent beside a recorder: its sound to the server");
        r.add_option("--folder", record.folder, "its ring and its token")->required();
        r.add_option("--server", record.server, "https://host:port; the first time");
        r.add_option("--code", record.code, "one-time code of the recorder; the first time");
        r.add_option(
            "--authority", record.authority,
            "PEM of the server's own authority (its page /trust); the system's by default");
        r.add_option(
             "--source", record.source,
             "alsa:DEVICE, pulse:SOURCE (PipeWire too), rtsp://… or http://…; dir:/PATH is a "
             "folder that a dictaphone fills; - is PCM from standard input")
            ->capture_default_str();
        const auto number = [&r](const char* name, auto& value, const char* about, int most) {
            r.add_option(name, value, about)->check(CLI::Range(1, most))->capture_default_str();
        };
        number("--rate", record.rate, "8000, 12000, 16000, 24000 or 48000 Hz, 16 bit", 48'000);
        number("--channels", record.channels, "tracks, interleaved", 2);
        number("--ring-mb", record.ring_megabytes, "megabytes held while the server is away",
               1'000'000);
        number("--stall-ms", record.stall_ms, "without sound for so long is a gap", 600'000);
        number("--drain-seconds", record.drain_seconds, "wait for receipts at the end", 3'600);
        r.callback([this] {
            is_pure = true;
            run = [this] { return run_record(record); };
        });
    }
    void add_calc() {
        CLI::App& c = *app.add_subcommand("calc", "arithmetic for planning; opens no data");
        c.require_subcommand(1);
        CLI::App& d = *c.add_subcommand("disk", "gigabytes for points, hours and days of sound");
        const auto number = [&d](const char* name, auto& value, const char* about, int most) {
            d.add_option(name, value, about)->check(CLI::Range(0, most))->capture_default_str();
        };
        number("--points", disk.points, "points of contact", 10'000);
        number("--hours-per-day", disk.hours_per_day, "recorded hours of a point a day", 24);
        number("--retention-days", disk.retention_days, "days that sound is kept", 3650);
        number("--channels", disk.channels, "tracks of a recorder", 2);
        number("--days-per-month", disk.days_per_month, "days with recording in a month", 31);
        number("--original-kbps", disk.original_kbps,
               "kbit/s of imported files, kept beside; 0: recorded live", 3'000);
        number("--presses-per-day", disk.presses_per_day, "presses of a point a day", 10'000);
        number("--window-seconds", disk.window_seconds, "length of a clip", 600);
        number("--clip-days", disk.clip_days, "days that clips are kept", 3650);
        d.add_flag("--json", calc_json, "machine-readable answers");
        d.callback([this] {
            is_pure = true;
            run = [this] { return calc_disk_verb(disk, calc_json); };
        });
    }
};

}  // namespace

int run_program(int argc, char** argv) {
    Verbs verbs;
    try {
        verbs.app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = verbs.app.exit(error);
        return code == 0 ? 0 : 2;
    }
    try {
        if (!verbs.is_pure) put_settings(verbs.options, verbs.flags, !verbs.is_demo);
        return verbs.run();
    } catch (const Error& error) {
        complain(error);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "otklik: %s\n", error.what());
    }
    return 1;
}

}  // namespace otklik
