// Backups of the whole server, and how much disk sound will take.
#include <sys/statvfs.h>

#include "base/messages.h"
#include "media/disk_need.h"
#include "store/backup_runner.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct BackupRequest {
    std::optional<std::string> folder;
    void fields(FieldSink& f) {
        f.text("folder", folder, {.bytes_max = 4000},
               "new or empty, on the server; console only. Absent: in the folder of backups");
    }
};
struct BackupRunView {
    BackupRun run;
    std::optional<std::string> reason;
    void fields(FieldSink& f) {
        f.choice("state", run.state);
        f.text("folder", run.folder);
        f.integer("files", run.files);
        f.integer("files_total", run.files_total, {}, "0 while the database is copied");
        f.integer("bytes", run.bytes);
        f.integer("bytes_total", run.bytes_total);
        f.instant("begun_at", run.begun_at);
        f.instant("ended_at", run.ended_at);
        f.text("reason", reason, {}, "why it failed, and what to do");
    }
};
struct KeptBackupView {
    KeptBackup kept;
    void fields(FieldSink& f) {
        f.text("name", kept.name);
        f.instant("made_at", kept.made_at);
        f.integer("files", kept.files);
        f.integer("bytes", kept.bytes, {}, "of the files, without the database");
    }
};
struct BackupList {
    std::string folder;
    std::optional<BackupRunView> newest;
    std::vector<KeptBackupView> items;
    void fields(FieldSink& f) {
        f.text("folder", folder, {}, "where the server keeps them");
        f.object("newest", newest, "the one that runs, or ran last since the server started");
        f.list("items", items, 1000);
    }
};

BackupRunView view_of(const Call& call, const BackupRun& run) {
    BackupRunView view{run, std::nullopt};
    if (run.code.empty()) return view;
    ErrorParams params;
    for (const auto& [name, value] : run.params) params.emplace_back(name, value);
    const auto language = enum_word(call.actor.language);
    const std::string key = "error." + run.code;
    view.reason = call.rooms.messages.message(
        language, call.rooms.messages.has(language, key) ? key : "error.internal", params);
    return view;
}

void note(Call& call, std::string_view verb) {
    call.rooms.store.write([&](Tx& tx) {
        journal(call, tx, verb, "company", call.company_id(),
                call.rooms.people.root_unit(tx, call.company_id()).value);
    });
}

/// A backup is of the whole company: only who sees its root may make or end one.
void require_whole(Call& call) {
    if (call.actor.who == Actor::Who::console) return;
    call.rooms.store.read([&](Tx& tx) {
        require(call.scope,
                {call.company_id(), call.rooms.people.root_unit(tx, call.company_id()).value, 0});
        return true;
    });
}

BackupRunView begin_backup(Call& call, BackupRequest& in) {
    require_whole(call);
    // A folder of the server is named: only who sits at its console may.
    if (in.folder && call.actor.who != Actor::Who::console)
        throw Error(Fault::forbidden, "backup.console").at("folder");
    call.status = 202;
    const BackupRun run = call.rooms.backups->begin(in.folder.value_or(""));
    if (call.company_id()) note(call, "backup.begun");
    return view_of(call, run);
}

Nothing cancel_backup(Call& call) {
    require_whole(call);
    call.rooms.backups->cancel();
    if (call.company_id()) note(call, "backup.cancelled");
    return {};
}

BackupList list_backups(Call& call) {
    BackupList list;
    list.folder = call.rooms.backups->backup_folder();
    if (const auto run = call.rooms.backups->newest()) list.newest = view_of(call, *run);
    for (KeptBackup& kept : call.rooms.backups->kept()) list.items.push_back({std::move(kept)});
    return list;
}

struct DiskView {
    DiskNeed need;
    std::int64_t free_bytes = 0, disk_bytes = 0;
    void fields(FieldSink& f) {
        f.integer("point_hour_bytes", need.point_hour_bytes, {}, "an hour of one point");
        f.integer("point_month_bytes", need.point_month_bytes, {}, "one point in a month");
        f.integer("sound_bytes", need.sound_bytes, {}, "all points, all days that are kept");
        f.integer("clip_bytes", need.clip_bytes);
        f.integer("total_bytes", need.total_bytes);
        f.integer("free_bytes", free_bytes, {}, "free on the disk of the data folder now");
        f.integer("disk_bytes", disk_bytes);
    }
};

DiskView show_disk(Call& call) {
    const auto number = [&](std::string_view name, std::int64_t usual, std::int64_t most) {
        return call.query_integer(name, 0, most).value_or(usual);
    };
    DiskPlan plan;
    plan.points = number("points", plan.points, 10'000);
    plan.hours_per_day = static_cast<double>(number("hours", 10, 24));
    plan.retention_days = number("days", plan.retention_days, 3650);
    plan.channels = number("channels", plan.channels, 2);
    plan.presses_per_day = number("presses", 0, 10'000);
    plan.clip_days = number("clip_days", 0, 3650);
    plan.original_kbps = number("original_kbps", 0, 3'000);
    DiskView view;
    view.need = disk_need(plan);
    struct statvfs disk {};
    if (::statvfs(call.rooms.blobs.folder().c_str(), &disk) == 0) {
        view.free_bytes = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
        view.disk_bytes = static_cast<std::int64_t>(disk.f_blocks * disk.f_frsize);
    }
    return view;
}

constexpr Route backup_table[] = {
    route<&begin_backup>("POST", "/backups", Right::operate,
                         "Begins a backup; it goes on by itself. 409 while one runs."),
    route<&cancel_backup>("POST", "/backups/cancel", Right::operate,
                          "Ends the backup that runs and removes what it copied."),
    route<&list_backups>("GET", "/backups", Right::operate,
                         "How the newest backup stands, and those that are kept."),
    route<&show_disk>("GET", "/disk", Right::operate,
                      "Bytes that sound will take: ?points=&hours=&days=&channels=&presses=&"
                      "clip_days=&original_kbps="),
};

}  // namespace

const std::span<const Route> backup_routes = backup_table;

}  // namespace otklik
