// The command line. CLI11 is heavy to compile, so it is used in this file only.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "base/error.h"
#include "base/messages.h"
#include "generated/version.h"

namespace otklik {
namespace {

struct ServeOptions {
    std::string address = "127.0.0.1";
    int port = 8080;
    int workers = 8;
};

void add_shared(CLI::App& app, VerbOptions& options) {
    app.add_option("--data", options.parts.data_folder, "data folder")->capture_default_str();
    app.add_option("--keys", options.parts.keys_folder, "keys folder; never inside the data folder")
        ->capture_default_str();
    app.add_option("--database", options.parts.database_url,
                   "sqlite:FILE or postgres:CONNINFO; SQLite in the data folder by default")
        ->envname("OTKLIK_DATABASE");
    app.add_option("--decoder", options.parts.decoder_path,
                   "otklik-decode; beside this program by default")
        ->envname("OTKLIK_DECODE");
    app.add_option("--web", options.parts.web_folder, "the built desk")->envname("OTKLIK_WEB");
    app.add_option("--reserve-bytes", options.parts.reserve_bytes,
                   "disk space kept back for presses")
        ->capture_default_str();
    app.add_flag("--json", options.json, "machine-readable answers");
}

void add_serve(CLI::App& app, VerbOptions& options, ServeOptions& serve) {
    app.add_option("--listen", serve.address, "address to listen on")->capture_default_str();
    app.add_option("--port", serve.port, "port; 0 takes any free one")->capture_default_str();
    app.add_option("--workers", serve.workers, "threads that answer requests")
        ->capture_default_str();
    app.add_option("--trusted-proxy", options.trusted_proxy,
                   "address or network of a proxy whose X-Forwarded-For and X-Forwarded-Proto are "
                   "believed; may be repeated");
    app.add_option("--stage-threads", options.parts.stage_threads,
                   "threads that cut and transcribe")
        ->capture_default_str();
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
    ServeOptions serve;
    std::function<int()> run;
    std::vector<std::string> files;
    std::string recorder, starts_at, device, key, at, press_id, clip, out, login, folder, form,
        answers;
    long uncertainty_ms = 0;
    int level = 1;
    bool no_serve = false;

    Verbs() {
        app.set_version_flag("--version", std::string(version) + " (" + std::string(build) + ")");
        app.require_subcommand(1);
        add_running();
        add_working();
        add_keeping();
        add_pure();
    }
    CLI::App& verb(const std::string& name, const std::string& about) {
        CLI::App& each = *app.add_subcommand(name, about);
        add_shared(each, options);
        return each;
    }
    void add_running() {
        CLI::App& s = verb("serve", "run the server");
        add_serve(s, options, serve);
        s.callback([this] {
            run = [this] { return serve_verb(options, serve.address, serve.port, serve.workers); };
        });
        CLI::App& d = verb("demo", "a throw-away folder with the demonstration day");
        add_serve(d, options, serve);
        d.add_flag("--no-serve", no_serve, "make the day and stop");
        d.callback([this] {
            run = [this] { return demo_verb(options, serve.address, serve.port, !no_serve); };
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
        CLI::App& c = verb("clip", "show a clip, or save its audio");
        c.add_option("clip", clip, "id of the clip")->required();
        c.add_option("--out", out, "save the Ogg Opus file here");
        c.callback([this] { run = [this] { return clip_verb(options, clip, out); }; });
        CLI::App& u = *app.add_subcommand("user", "accounts");
        u.require_subcommand(1);
        CLI::App& r = *u.add_subcommand("reset", "a new password for an account");
        add_shared(r, options);
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
        f.callback([this] { run = [this] { return fsck_verb(options, level); }; });
        CLI::App& a = *app.add_subcommand("audit", "the audit journal");
        a.require_subcommand(1);
        CLI::App& v = *a.add_subcommand("verify", "checks the chain and its signed heads");
        add_shared(v, options);
        v.callback([this] { run = [this] { return audit_verify_verb(options); }; });
    }
    void add_pure() {
        CLI::App& s = *app.add_subcommand("score", "scores answers of a form; opens no data");
        s.add_option("--form", form, "JSON of the form")->required();
        s.add_option("--answers", answers, "JSON of the answers")->required();
        s.callback([this] { run = [this] { return score_verb(form, answers); }; });
        CLI::App& o =
            *app.add_subcommand("openapi", "writes the description of the API; opens no data");
        o.add_option("--out", out, "file; the terminal by default");
        o.callback([this] { run = [this] { return openapi_verb(out); }; });
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
        return verbs.run();
    } catch (const Error& error) {
        complain(error);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "otklik: %s\n", error.what());
    }
    return 1;
}

}  // namespace otklik
