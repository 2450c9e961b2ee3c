#include "app/parts.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "alarms/watch.h"
#include "app/pipeline.h"
#include "app/response_judge.h"
#include "base/error.h"
#include "base/every.h"
#include "base/folders.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/text.h"
#include "base/thread.h"
#include "checks/checks.h"
#include "clips/clip_expiry.h"
#include "clips/clips.h"
#include "desk/my_day.h"
#include "desk/views.h"
#include "forms/forms.h"
#include "generated/version.h"
#include "imports/fragments.h"
#include "insight/insight.h"
#include "notices/mailman.h"
#include "recording/folder.h"
#include "recording/import.h"
#include "recording/live.h"
#include "recording/repair.h"
#include "recording/retention.h"
#include "recording/silence.h"
#include "sampling/sampling.h"
#include "signals/signal_words.h"
#include "speech/engine.h"
#include "speech/speech.h"
#include "store/audit.h"
#include "store/backup_runner.h"
#include "store/disk.h"
#include "store/facts.h"
#include "store/jobs.h"
#include "store/request_keys.h"
#include "store/store.h"
#include "web/api/event_hub.h"
#include "web/api/gates.h"
#include "web/api/rooms.h"
#include "web/api/router.h"

namespace otklik {
namespace {

constexpr Duration housekeeping_every = Duration::seconds(60);
constexpr Duration expire_every = Duration::hours(1);  // what is due is due for days
constexpr Duration folder_every = Duration::seconds(5);
constexpr Duration clock_went_back_min = Duration::seconds(5);  // less is a slow look or a slew
constexpr Duration job_ahead_max = Duration::days(60);          // twice what any stage puts off for
constexpr Duration reserve_every = Duration::seconds(5);        // a look at one file, nothing more

PartsConfig with_defaults(PartsConfig config) {
    const std::string beside = program_folder();
    if (config.database_url.empty())
        config.database_url = "sqlite:" + config.data_folder + "/otklik.db";
    if (config.decoder_path.empty()) config.decoder_path = beside + "/otklik-decode";
    if (config.backup_folder.empty())
        config.backup_folder =
            std::filesystem::path(config.data_folder).lexically_normal().string() + "-backups";
    if (config.hear_path.empty()) config.hear_path = beside + "/otklik-hear";
    return config;
}

/// One process writes a data folder: flock is gone when the process is, however it dies.
Fd take_lock(const std::string& data_folder) {
    make_folders(data_folder);
    std::filesystem::permissions(data_folder, std::filesystem::perms::owner_all);
    Fd lock = open_file(data_folder + "/lock", O_RDWR | O_CREAT);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        throw Error(Fault::conflict, "data.in_use", {{"folder", data_folder}});
    return lock;
}

void register_all_kinds() {
    static const bool once = [] {
        for (const auto& table :
             {people_kinds, site_kinds, form_kinds, import_kinds, recording_kinds, signal_kinds,
              clip_kinds, speech_kinds, sampling_kinds, check_kinds, notice_kinds, alarm_kinds,
              desk_kinds})
            register_kinds(table);
        return true;
    }();
    (void)once;
}

/// Where the built desk is: installed (bin, or lib/otklik), or beside the sources of a checkout.
std::string find_desk(const std::string& stated) {
    if (!stated.empty()) return stated;
    const std::string beside = program_folder();
    for (const char* way : {"/../share/otklik/web", "/../../share/otklik/web",
                            "/../../../../web/dist", "/../../../web/dist"})
        if (std::filesystem::exists(beside + way + "/index.html")) return beside + way;
    return {};
}

}  // namespace

std::string program_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

struct Parts::Inside {
    Inside(const PartsConfig& raw, const Clock& the_clock)
        : config(with_defaults(raw)),
          clock(the_clock),
          lock(take_lock(config.data_folder)),
          store(Store::open({.url = config.database_url}, clock)),
          blobs(config.data_folder, clock, config.reserve_bytes) {
        register_all_kinds();
        make_folders(config.keys_folder);
        std::filesystem::permissions(config.keys_folder, std::filesystem::perms::owner_all);
        for (const SpeechEngineAdapter* adapter : speech_engine_adapters())
            speech.use(adapter->create({.helper_path = config.hear_path}));
        rooms.web_folder = find_desk(config.web_folder);
        rooms.version = std::string(program_version) + " (" + std::string(program_build) + ")";
        rooms.demo = config.demo;
        rooms.link_hours_max = config.link_hours_max;
        rooms.backups = &backups;
        if (!store->read([&](Tx& tx) { return people.company(tx); }))
            rooms.setup_code = base64url(random_bytes(9));
        router = std::make_unique<Router>(rooms, all_routes());
        bury_dead_workers();
    }

    /// The lock on the folder that holds the database says that no other program works on it. On
    /// PostgreSQL others may: whether they live is told by their beats (store/death_watch.h).
    void bury_dead_workers() {
        if (!store->is_sqlite()) return;
        try {
            const int jobs = workers->bury_the_dead();
            if (jobs > 0) log_warning("jobs.crashed", {{"jobs", std::to_string(jobs)}});
        } catch (const Error& error) {
            // Somebody must be able to look in and see why nothing goes on.
            if (error.fault() != Fault::full) throw;
            log_warning("jobs.failed", {{"detail", error.what()}});
            workers->bury_the_dead_later();
        }
    }

    /// Frees what nobody points at, makes the reserve again, forgets old facts.
    void keep_house(std::stop_token stop) {
        name_thread("house");
        sweep_leftovers_once();
        index_words_once();
        std::uint64_t seen = 0;
        Every keeping(housekeeping_every), looking(reserve_every), expiring(expire_every);
        while (!stop.stop_requested()) {
            const Instant now = clock.now();
            look_at_clock(now);
            if (looking.is_due(now)) keep_reserve();
            if (keeping.is_due(now)) {
                keep_house_once();
                fill_figures_once();
            }
            if (expiring.is_due(now)) want_expiry();
            seen = wait_for_fact(seen, Duration::seconds(1));
        }
    }
    /// Work that was put off until an instant of a wrong clock would wait for it, maybe for a year.
    /// Waking early does no harm: a job only looks.
    void look_at_clock(Instant now) {
        const bool went_back = looked_at && now < *looked_at - clock_went_back_min;
        if (!went_back && jobs_are_near) {
            looked_at = now;
            return;
        }
        try {
            const Instant after = went_back ? now : now + job_ahead_max;
            store->write([&](Tx& tx) { look_sooner(tx, after); }, Lane::low);
            if (went_back)
                log_warning("clock.went_back",
                            {{"seconds", std::to_string((*looked_at - now).us / 1'000'000)}});
            jobs_are_near = true;
            looked_at = now;
        } catch (const std::exception& error) {  // the next second tries again
            log_error("house.failed", {{"detail", error.what()}});
        }
    }
    void watch_folder(std::stop_token stop) {
        name_thread("folder");
        std::uint64_t seen = 0;
        Every looking(folder_every);
        while (!stop.stop_requested()) {
            if (looking.is_due(clock.now())) look_at_folder();
            seen = wait_for_fact(seen, Duration::seconds(1));
        }
    }
    void look_at_folder() {
        try {
            folder.look();
        } catch (const std::exception& error) {
            log_error("folder.failed", {{"detail", error.what()}});
        }
    }
    void keep_reserve() {
        try {
            const DiskState disk = disk_room(config.data_folder).state();
            if (disk != disk_state && disk != DiskState::ample)
                log_warning("disk.low", {{"state", std::string(enum_word(disk))}});
            disk_state = disk;
            const bool stands = config.reserve_bytes <= 0 || blobs.restore_reserve();
            if (!stands && reserve_stood) log_warning("disk.reserve_missing");
            reserve_stood = stands;
        } catch (const std::exception& error) {
            log_error("house.failed", {{"detail", error.what()}});
        }
    }
    void want_expiry() {
        try {
            want_of_company("sound.expire");
        } catch (const std::exception& error) {
            log_error("house.failed", {{"detail", error.what()}});
        }
    }
    void keep_house_once() {
        try {
            if (!rooms.deletions_paused) blobs.sweep(*store);
            store->write(
                [](Tx& tx) {
                    forget_facts(tx);
                    forget_request_keys(tx);
                },
                Lane::low);
        } catch (const std::exception& error) {
            log_error("house.failed", {{"detail", error.what()}});
        }
    }
    void index_words_once() {
        try {
            const int written = write_missing_words(*store);
            if (written > 0) log_info("signals.words", {{"signals", std::to_string(written)}});
        } catch (const std::exception& error) {
            log_error("house.failed", {{"detail", error.what()}});
        }
    }
    void sweep_leftovers_once() {
        try {
            uploads.sweep();
            const int swept = sweep_leftovers(*store, blobs, std::exchange(files_before, {}));
            if (swept > 0) log_info("media.leftovers_swept", {{"files", std::to_string(swept)}});
        } catch (const std::exception& error) {
            log_error("house.failed", {{"detail", error.what()}});
        }
    }

    /// Days of before an upgrade. On a full disk the next minute tries again.
    void fill_figures_once() {
        if (figures_wanted) return;
        try {
            want_of_company("figures.fill");
            figures_wanted = true;
        } catch (const std::exception& error) {
            log_error("house.failed", {{"detail", error.what()}});
        }
    }

    void want_of_company(std::string_view stage) {
        store->write([&](Tx& tx) {
            if (const auto company = people.company(tx))
                want_job(tx, stage, company->id.value, tx.now());
        });
    }

    PartsConfig config;
    const Clock& clock;
    Fd lock;
    std::unique_ptr<Store> store;
    Blobs blobs;
    Messages messages;
    People people;
    Sites sites{people};
    Forms forms;
    Recording recording{sites};
    Importer importer{
        *store, blobs, recording, sites, {config.decoder_path, config.import_complexity}, clock};
    Uploads uploads{*store, blobs, importer, recording, clock};
    WatchedFolder folder{config.watch_folder, *store, uploads, recording, people, messages, clock};
    Silencer silencer{*store, blobs, recording, config.decoder_path};
    Live live{*store, blobs, recording, sites, clock};
    Signals signals{sites, clock};
    PressIntake intake{*store, signals, sites, clock, [this] { return blobs.free_reserve(); }};
    Repairs repairs{recording, sites};
    Clips clips{*store, blobs, recording, repairs, signals, sites, clock};
    Retention retention{*store, blobs, recording, sites, people};
    ClipExpiry expiry{*store, blobs, signals, clips, sites};
    Speech speech{*store, blobs, recording, clips, people};
    Sampling sampling{recording, sites};
    Checks checks{{forms, sampling, clips, signals, recording, sites, speech}};
    Imports imports{*store, {people, sites, recording, signals, clips, checks}, messages};
    Fragments fragments{*store, {people, sites, recording, signals, clips, checks}, messages};
    Secrets secrets{config.keys_folder};
    Notices notices{people, messages, secrets};
    Mailman mailman{*store, people, notices, messages, clock};
    Alarms alarms{{people, sites, recording, notices}};
    DayDesk day{{people, sites, recording, signals, checks, alarms}};
    SavedViews views{people};
    Insight insight{sites};
    ResponseJudge response_judge{*store, day, insight, sites, clock};
    AlarmWatch watch{
        *store, alarms, {people, sites, recording, notices},
        blobs,  clock,  [this](std::int64_t company) { return response_judge.judge(company); }};
    AuditSealer sealer{*store, clock, config.keys_folder};
    EventHub events{*store, clock};
    Gates gates{clock, config.press_rate, config.press_burst};
    std::string socket_path = config.data_folder + "/otklik.sock";
    Rooms rooms{*store,   clock,     blobs,   people,   sites,   recording, importer,
                uploads,  folder,    live,    silencer, repairs, signals,   intake,
                clips,    retention, expiry,  speech,   forms,   imports,   fragments,
                sampling, checks,    notices, mailman,  alarms,  watch,     day,
                views,    insight,   sealer,  messages, gates};
    BackupRunner backups{*store, blobs, clock, rooms.deletions_paused, config.backup_folder};
    FactDispatcher dispatcher{*store, clock};
    std::unique_ptr<Workers> workers =
        std::make_unique<Workers>(*store, clock, pipeline_stages(rooms));
    std::unique_ptr<Router> router;
    std::vector<std::string> files_before;  // what stood in data/media before this run's own work
    std::optional<Instant> looked_at;       // this and what follows: the house's own
    bool jobs_are_near = false;             // none is put off further than any stage puts it off
    bool figures_wanted = false;
    bool reserve_stood = true;
    DiskState disk_state = DiskState::ample;
    std::jthread house, watcher;
};

Parts::Parts(const PartsConfig& config, const Clock& clock)
    : inside_(std::make_unique<Inside>(config, clock)) {}

Parts::~Parts() = default;

Rooms& Parts::rooms() {
    return inside_->rooms;
}
Dispatcher& Parts::dispatcher() {
    return *inside_->router;
}
void Parts::use(const FrontDoor& front) {
    inside_->router->use(front);
}
const std::string& Parts::socket_path() const {
    return inside_->socket_path;
}

void Parts::start() {
    inside_->rooms.events = &inside_->events;
    inside_->files_before = media_files(inside_->blobs);
    inside_->dispatcher.start();
    inside_->workers->start();
    inside_->sealer.start();
    inside_->events.start();
    // The days of a demonstration are over: no file of today will ever come.
    if (!inside_->config.demo) inside_->watch.start();
    inside_->mailman.start();
    if (inside_->folder.is_watched())
        inside_->watcher =
            std::jthread([this](std::stop_token stop) { inside_->watch_folder(stop); });
    inside_->house = std::jthread([this](std::stop_token stop) { inside_->keep_house(stop); });
}

void Parts::stop(Duration at_most) {
    inside_->backups.stop();
    inside_->house.request_stop();
    inside_->watcher.request_stop();
    wake_fact_waiters();
    if (inside_->house.joinable()) inside_->house.join();
    if (inside_->watcher.joinable()) inside_->watcher.join();
    inside_->watch.stop();
    inside_->mailman.stop();
    inside_->events.stop();
    inside_->dispatcher.stop();
    inside_->workers->stop(at_most);
    inside_->intake.stop();
    inside_->sealer.stop();
}

void Parts::settle() {
    // Facts make jobs, jobs tell facts: until neither is due.
    for (int ran = 1; ran > 0;)
        ran = inside_->dispatcher.dispatch_due() + inside_->workers->run_due();
    inside_->sealer.seal_now();
}

}  // namespace otklik
