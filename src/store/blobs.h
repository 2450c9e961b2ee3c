#pragma once
// Blobs: files of the data folder and their rows. A file is written, synced and renamed before its
// row appears, and removed only through a garbage row; `fsck` holds both sides together. Users'
// names never become paths. Owns: media_file, garbage; folder data/media. Reads pass
// MediaFile::read(offset, n), so S3 and encryption need no second path. The reserve file
// (data/reserve, 64 MiB by default) is freed for presses when the disk is full. Thread: any.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "media/media_file.h"

namespace otklik {

class Tx;
class Store;

struct StoredFile {
    Id<StoredFile> id;
    std::int64_t company_id = 0;
    std::string kind;  // "original" | "track" | "clip" | "peaks"
    std::string path;  // below data/media, made by the program
    std::int64_t bytes = 0;
    std::string sha256;  // 32 raw bytes
};
template <>
inline constexpr std::string_view id_prefix<StoredFile> = "file";

class Blobs {
public:
    /// Makes the folders. `reserve_bytes` 0: no reserve.
    Blobs(std::string data_folder, const Clock& clock, std::int64_t reserve_bytes);

    /// A fresh temporary path on the same file system (data/tmp), removed at the next start.
    std::string draft_path();
    /// Takes a synced or unsynced draft into its place: sync, rename, sync of the folder. No row
    /// yet. The path is made of kind, day and id. SHA-256 is computed here unless given.
    StoredFile adopt(const std::string& draft, std::int64_t company_id, std::string_view kind,
                     std::optional<std::string> sha256 = std::nullopt);
    /// Writes the row of an adopted file; in the transaction that needs it.
    void keep(Tx& tx, const StoredFile& file);
    /// Puts bytes behind those that the row of a kept file counts, and syncs: a file that grows.
    /// What stood behind them was left by a run that was killed before its row, and goes. Returns
    /// the file as its row is to be; until then the row, and whoever reads by it, sees the old
    /// length. One at a time appends to a file.
    StoredFile append(const StoredFile& file, std::string_view bytes) const;
    /// The row of an appended file; in the transaction that needs it. Error{conflict,
    /// "row.changed"} when the row is not as it was before.
    void keep_grown(Tx& tx, const StoredFile& before, const StoredFile& after);
    std::optional<StoredFile> find(Tx& tx, Id<StoredFile> id) const;
    /// A kept file of the kind with the same bytes, the oldest.
    std::optional<StoredFile> find_same(Tx& tx, std::int64_t company_id, std::string_view kind,
                                        const std::string& sha256) const;
    std::unique_ptr<MediaFile> open(const StoredFile& file) const;
    std::string path_of(const StoredFile& file) const;
    /// Removes an adopted file whose row never came (the transaction failed).
    void forget(const StoredFile& file) const;
    /// Marks for removal: the row goes, a garbage row comes; the file is unlinked later by `sweep`.
    void discard(Tx& tx, Id<StoredFile> id, std::string_view reason);
    /// Unlinks garbage files; returns how many.
    int sweep(Store& store);
    const std::string& folder() const { return folder_; }

    /// Free bytes of the file system for us.
    std::int64_t free_bytes() const;
    /// Gives the reserve back to the file system (a press could not be written). True when there
    /// was one.
    bool free_reserve();
    /// Makes it again when there is room for twice its size. True when it stands.
    bool restore_reserve();

private:
    std::string folder_;
    const Clock& clock_;
    std::int64_t reserve_bytes_;
};

/// Rows of kept files with a larger id, by id.
std::vector<StoredFile> stored_files(Tx& tx, std::int64_t after, int count_max);

struct FsckFinding {
    std::string what;  // "missing" | "foreign" | "changed" | "size"
    std::string path;
    std::int64_t file_id = 0;
};
/// level 1 presence, 2 size, 3 hash.
std::vector<FsckFinding> fsck_files(Store& store, const Blobs& blobs, int level);

/// A foreign file leaves data/media for data/quarantine, under its path with _ for /. False: it is
/// younger than an hour, so that its row may still be on its way, or it is gone.
bool quarantine(const Blobs& blobs, const std::string& path, Instant now);

/// Names of all files below data/media.
std::vector<std::string> media_files(const Blobs& blobs);
/// Unlinks those of `before` that no row knows: adopted by a run that was killed before their rows.
/// `before` is what stood there when this process began, so that nothing of its own work is in it.
/// Touches nothing when the folder looks like another database's. Returns how many.
int sweep_leftovers(Store& store, const Blobs& blobs, const std::vector<std::string>& before);

}  // namespace otklik
