#include "store/backup.h"

#include <fcntl.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/blobs.h"
#include "store/database_copy.h"
#include "store/store.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::size_t manifest_bytes_max = 1 << 20;
constexpr std::string_view postgres_mark = "postgres:";

void step(BackupProgress* progress, std::int64_t bytes) {
    if (!progress) return;
    progress->bytes += bytes;
    if (progress->cancelled) throw Error(Fault::conflict, "backup.cancelled");
    if (progress->on_step) progress->on_step();
}

/// Copies at most so many bytes and syncs; returns the SHA-256 of what was read.
std::string copy_file(const std::string& from_path, const std::string& to_path,
                      std::int64_t bytes_max = INT64_MAX, BackupProgress* progress = nullptr) {
    fs::create_directories(fs::path(to_path).parent_path());
    const Fd from = open_file(from_path, O_RDONLY);
    const Fd to = open_file(to_path, O_WRONLY | O_CREAT | O_EXCL);
    Sha256 hash;
    std::string piece(piece_bytes, '\0');
    std::int64_t offset = 0;
    const auto next = [&] {
        const auto wanted = std::min(bytes_max - offset, static_cast<std::int64_t>(piece_bytes));
        return read_at(from.get(), offset,
                       std::span(piece).first(static_cast<std::size_t>(wanted)));
    };
    while (const std::size_t n = next()) {
        write_all(to.get(), std::string_view(piece).substr(0, n));
        hash.add(std::string_view(piece).substr(0, n));
        offset += static_cast<std::int64_t>(n);
        step(progress, static_cast<std::int64_t>(n));
    }
    durable(to.get(), to_path);
    return hash.finish();
}

std::string file_sha256(const std::string& path) {
    const Fd from = open_file(path, O_RDONLY);
    Sha256 hash;
    std::string piece(piece_bytes, '\0');
    std::int64_t offset = 0;
    while (const std::size_t n = read_at(from.get(), offset, piece)) {
        hash.add(std::string_view(piece).substr(0, n));
        offset += static_cast<std::int64_t>(n);
    }
    return hash.finish();
}

void count_media(Store& copy, BackupProgress& progress) {
    for (std::int64_t after = 0;;) {
        const auto page =
            copy.read([&](Tx& tx) { return stored_files(tx, after, sql::page_rows); });
        if (page.empty()) return;
        for (const StoredFile& file : page) {
            ++progress.files_total;
            progress.bytes_total += file.bytes;
            after = file.id.value;
        }
    }
}

/// Copies every file that the copied database names, held against its row.
BackupReport copy_media(const std::string& database, const std::string& from_media,
                        const std::string& to_media, const Clock& clock,
                        BackupProgress* progress = nullptr) {
    const auto copy = Store::open({.url = "sqlite:" + database, .readers = 1}, clock);
    if (progress) count_media(*copy, *progress);
    BackupReport report;
    for (std::int64_t after = 0;;) {
        const auto page =
            copy->read([&](Tx& tx) { return stored_files(tx, after, sql::page_rows); });
        if (page.empty()) return report;
        for (const StoredFile& file : page) {
            // A file that grows is copied as far as the copied database knows it.
            if (copy_file(from_media + "/" + file.path, to_media + "/" + file.path, file.bytes,
                          progress) != file.sha256)
                throw Error(Fault::invalid, "restore.damaged", {{"path", file.path}});
            ++report.files;
            if (progress) ++progress->files;
            report.bytes += file.bytes;
            after = file.id.value;
        }
    }
}

/// Makes the folders of a tree durable, the deepest first.
void sync_folders(const std::string& folder) {
    for (const auto& each : fs::recursive_directory_iterator(folder))
        if (each.is_directory()) durable_folder(each.path().string());
    durable_folder(folder);
}

bool holds_anything(const std::string& folder) {
    return fs::exists(folder) && !fs::is_empty(folder);
}

}  // namespace

void require_backup_folder(const std::string& folder) {
    if (holds_anything(folder))
        throw Error(Fault::conflict, "backup.not_empty", {{"folder", folder}});
}

namespace {

BackupReport fill_backup(Store& store, const Blobs& blobs, const std::string& folder,
                         const Clock& clock, BackupProgress* progress) {
    fs::permissions(folder, fs::perms::owner_all);
    const std::string database = folder + "/otklik.db";
    store.copy_into(database);
    const BackupReport report =
        copy_media(database, blobs.folder() + "/media", folder + "/media", clock, progress);
    json::object manifest{{"made_at", format_instant(clock.now())},
                          {"files", report.files},
                          {"bytes", report.bytes},
                          {"database_sha256", hex(file_sha256(database))}};
    sync_folders(folder);
    write_file_durably(folder + "/manifest.json", json::serialize(manifest) + "\n");
    return report;
}

}  // namespace

BackupReport make_backup(Store& store, const Blobs& blobs, const std::string& folder,
                         const Clock& clock, BackupProgress* progress) {
    require_backup_folder(folder);
    make_folders(folder);
    try {
        return fill_backup(store, blobs, folder, clock, progress);
    } catch (const Error&) {
        // Whoever cancels wants the space back; after a fault a person may want to look.
        if (progress && progress->cancelled) fs::remove_all(folder);
        throw;
    }
}

BackupReport restore_backup(const std::string& folder, const RestoreWhere& where,
                            const Clock& clock) {
    const std::string& data_folder = where.data_folder;
    const std::string postgres = where.database_url.starts_with(postgres_mark)
                                     ? where.database_url.substr(postgres_mark.size())
                                     : std::string();
    if (holds_anything(data_folder))
        throw Error(Fault::conflict, "restore.not_empty", {{"folder", data_folder}});
    if (!fs::exists(folder + "/manifest.json"))
        throw Error(Fault::invalid, "restore.no_manifest", {{"folder", folder}});
    if (!postgres.empty()) require_empty_postgres(postgres);  // before gigabytes are copied
    const auto manifest = json::parse(read_file(folder + "/manifest.json", manifest_bytes_max));
    const std::string draft = fs::path(data_folder).lexically_normal().string() + ".restoring";
    fs::remove_all(draft);
    make_folders(draft);
    fs::permissions(draft, fs::perms::owner_all);
    const std::string database = draft + "/otklik.db";
    if (hex(copy_file(folder + "/otklik.db", database)) !=
        std::string_view(manifest.at("database_sha256").as_string()))
        throw Error(Fault::invalid, "restore.damaged", {{"path", "otklik.db"}});
    const BackupReport report = copy_media(database, folder + "/media", draft + "/media", clock);
    if (report.files != manifest.at("files").to_number<std::int64_t>())
        throw Error(Fault::invalid, "restore.damaged", {{"path", "manifest.json"}});
    if (!postgres.empty()) {
        copy_sqlite_to_postgres(database, postgres, clock);
        for (const char* part : {"", "-wal", "-shm"}) fs::remove(database + part);
    }
    {
        const auto store = Store::open(
            {.url = postgres.empty() ? "sqlite:" + database : where.database_url, .readers = 1},
            clock);
        const auto made_at = parse_instant(std::string_view(manifest.at("made_at").as_string()));
        note_restore(*store, clock, where.keys_folder, made_at.value_or(clock.now()), where.actor);
        store->write([](Tx& tx) { tx.run(sql::reopen_running); });
    }
    sync_folders(draft);
    fs::remove(data_folder);  // an empty one
    rename_durably(draft, data_folder);
    return report;
}

}  // namespace otklik
