#include "store/backup_runner.h"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/blobs.h"
#include "store/store.h"

namespace otklik {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t manifest_bytes = 1 << 16;
constexpr std::size_t kept_max = 200;
constexpr Duration log_every = Duration::seconds(10);

/// "2026-11-20T12:04:03.000000Z" as a name of a folder: 20261120-120403.
std::string name_of(Instant at) {
    std::string digits;
    for (const char c : format_instant(at)) {
        if (c == '.') break;
        if (c >= '0' && c <= '9') digits += c;
    }
    return digits.substr(0, 8) + "-" + digits.substr(8, 6);
}

std::optional<KeptBackup> read_kept(const fs::path& folder) {
    try {
        const auto manifest =
            json::parse(read_file((folder / "manifest.json").string(), manifest_bytes));
        const auto made_at = parse_instant(std::string_view(manifest.at("made_at").as_string()));
        if (!made_at) return std::nullopt;
        return KeptBackup{folder.filename().string(), *made_at,
                          manifest.at("files").to_number<std::int64_t>(),
                          manifest.at("bytes").to_number<std::int64_t>()};
    } catch (const std::exception&) {
        return std::nullopt;  // begun and never finished, or not a backup
    }
}

}  // namespace

BackupRunner::BackupRunner(Store& store, const Blobs& blobs, const Clock& clock,
                           std::atomic<int>& deletions_paused, std::string backup_folder)
    : store_(store),
      blobs_(blobs),
      clock_(clock),
      deletions_paused_(deletions_paused),
      backup_folder_(std::move(backup_folder)) {}

BackupRunner::~BackupRunner() {
    stop();
}

BackupRun BackupRunner::begin(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    if (run_ && run_->state == BackupState::running) throw Error(Fault::conflict, "backup.runs");
    if (thread_.joinable()) thread_.join();  // it has ended
    BackupRun fresh;
    fresh.begun_at = clock_.now();
    fresh.folder = folder.empty() ? backup_folder_ + "/" + name_of(fresh.begun_at) : folder;
    require_backup_folder(fresh.folder);
    if (folder.empty()) {
        make_folders(backup_folder_);
        fs::permissions(backup_folder_, fs::perms::owner_all);
    }
    progress_.begin();
    run_ = fresh;
    thread_ = std::jthread([this, where = fresh.folder] {
        name_thread("backup");
        run(where);
    });
    return fresh;
}

void BackupRunner::run(const std::string& folder) {
    ++deletions_paused_;
    BackupRun ended;
    Instant told = clock_.now();
    progress_.on_step = [&] {
        if (clock_.now() - told < log_every) return;
        told = clock_.now();
        log_info("backup.goes_on", {{"bytes", std::to_string(progress_.bytes)},
                                    {"of", std::to_string(progress_.bytes_total)}});
    };
    try {
        make_backup(store_, blobs_, folder, clock_, &progress_);
        ended.state = BackupState::done;
        log_info("backup.done", {{"folder", folder}, {"bytes", std::to_string(progress_.bytes)}});
    } catch (const Error& error) {
        ended.state = progress_.cancelled ? BackupState::cancelled : BackupState::failed;
        ended.code = error.code();
        for (const auto& [name, value] : error.params()) ended.params.emplace_back(name, value);
        if (progress_.cancelled)
            log_info("backup.cancelled", {{"folder", folder}});
        else
            log_error("backup.failed", {{"folder", folder}, {"detail", error.what()}});
    } catch (const std::exception& error) {
        ended.state = BackupState::failed;
        ended.code = "internal";
        log_error("backup.failed", {{"folder", folder}, {"detail", error.what()}});
    }
    --deletions_paused_;
    const std::lock_guard lock(mutex_);
    run_->state = ended.state;
    run_->code = ended.code;
    run_->params = std::move(ended.params);
    run_->ended_at = clock_.now();
}

void BackupRunner::cancel() {
    const std::lock_guard lock(mutex_);
    if (!run_ || run_->state != BackupState::running) throw Error(Fault::conflict, "backup.none");
    progress_.cancelled = true;
}

std::optional<BackupRun> BackupRunner::newest() const {
    const std::lock_guard lock(mutex_);
    if (!run_) return std::nullopt;
    BackupRun now = *run_;
    now.files = progress_.files;
    now.files_total = progress_.files_total;
    now.bytes = progress_.bytes;
    now.bytes_total = progress_.bytes_total;
    return now;
}

std::vector<KeptBackup> BackupRunner::kept() const {
    std::vector<KeptBackup> found;
    std::error_code none;
    for (const auto& each : fs::directory_iterator(backup_folder_, none))
        if (each.is_directory() && found.size() < kept_max)
            if (auto backup = read_kept(each.path())) found.push_back(std::move(*backup));
    std::sort(found.begin(), found.end(),
              [](const KeptBackup& a, const KeptBackup& b) { return a.made_at > b.made_at; });
    return found;
}

void BackupRunner::stop() {
    progress_.cancelled = true;
    if (thread_.joinable()) thread_.join();
}

}  // namespace otklik
