#pragma once
// The backup that a server makes while people work: one at a time, on a thread of its own, so that
// it goes on when the page that asked is left. Says how far it is, can be cancelled, and then
// leaves nothing behind. Thread: any; one of its own, "backup".
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/fields.h"
#include "store/backup.h"

namespace otklik {

enum class BackupState { running, done, failed, cancelled };
template <>
inline constexpr std::pair<BackupState, std::string_view> enum_words<BackupState>[4] = {
    {BackupState::running, "running"},
    {BackupState::done, "done"},
    {BackupState::failed, "failed"},
    {BackupState::cancelled, "cancelled"}};

/// How the newest one stands; a copy.
struct BackupRun {
    BackupState state = BackupState::running;
    std::string folder;
    std::int64_t files = 0, files_total = 0, bytes = 0, bytes_total = 0;
    Instant begun_at;
    std::optional<Instant> ended_at;
    std::string code;  // of a failure, with the error's parameters
    std::vector<std::pair<std::string, std::string>> params;
};
/// A whole backup found in the folder of backups.
struct KeptBackup {
    std::string name;
    Instant made_at;
    std::int64_t files = 0, bytes = 0;
};

class BackupRunner {
public:
    /// `deletions_paused` counts up while a backup runs.
    BackupRunner(Store& store, const Blobs& blobs, const Clock& clock,
                 std::atomic<int>& deletions_paused, std::string backup_folder);
    ~BackupRunner();
    /// Into `folder`, or, when empty, into one named by the moment in the folder of backups.
    /// Error{conflict, "backup.runs"}, Error{conflict, "backup.not_empty"}.
    BackupRun begin(const std::string& folder);
    /// Error{conflict, "backup.none"} when none runs.
    void cancel();
    std::optional<BackupRun> newest() const;
    /// Newest first; what is not whole is left out.
    std::vector<KeptBackup> kept() const;
    const std::string& backup_folder() const { return backup_folder_; }
    /// Cancels and waits.
    void stop();

private:
    void run(const std::string& folder);

    Store& store_;
    const Blobs& blobs_;
    const Clock& clock_;
    std::atomic<int>& deletions_paused_;
    const std::string backup_folder_;
    BackupProgress progress_;
    mutable std::mutex mutex_;  // of what follows
    std::optional<BackupRun> run_;
    std::jthread thread_;
};

}  // namespace otklik
