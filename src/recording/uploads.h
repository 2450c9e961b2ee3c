#pragma once
// Uploads: a file of a recorder on its way, in pieces and over days, and what became of it. What
// was acknowledged is synced before the answer, so it survives a lost connection, a killed server
// and a closed browser. A whole file becomes a recording by the one import there is.
// Owns: upload; folder data/uploads, one file per upload, gone once its outcome is known.
// States: open -> whole -> done | refused | asking (a person has to say something) -> whole;
// open | asking -> gone (ended by its owner, or expired). Thread: any; one writer of an upload at a
// time, a newer request takes over from one that hangs.
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/fields.h"
#include "base/guarded.h"
#include "recording/import.h"

namespace otklik {

enum class UploadState { open, whole, asking, done, refused, gone };
template <>
inline constexpr std::pair<UploadState, std::string_view> enum_words<UploadState>[6] = {
    {UploadState::open, "open"}, {UploadState::whole, "whole"},     {UploadState::asking, "asking"},
    {UploadState::done, "done"}, {UploadState::refused, "refused"}, {UploadState::gone, "gone"}};

struct Upload {
    Id<Upload> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Recorder> recorder_id;
    std::string owner;  // actor; folder_actor for files of the watched folder
    UploadState state = UploadState::open;
    std::string name;
    std::int64_t bytes_total = 0, bytes_done = 0;
    std::string metadata;  // as sent
    std::optional<Instant> starts_at;
    Duration uncertainty;
    bool sure = false;
    std::optional<Instant> modified_at;
    std::string sha256;  // raw, of a whole file
    std::optional<Duration> length;
    std::string tag;
    std::string reason;  // code of the catalogue
    ErrorParams reason_params;
    Id<RecordingSession> session_id;
    bool already_there = false;
    std::vector<std::string> warnings;
    std::string path, mark;  // of the watched folder
    Instant created_at, changed_at, expires_at;
};
template <>
inline constexpr std::string_view id_prefix<Upload> = "upload";

inline constexpr std::string_view folder_actor = "stage:folder";
inline constexpr std::int64_t upload_bytes_max = std::int64_t{4} << 30;  // what a WAV head can say
inline constexpr int uploads_open_max = 20;  // of one person, or of one recorder's folder

enum class ChecksumKind { none, sha1, sha256 };
struct UploadChecksum {
    ChecksumKind kind = ChecksumKind::none;
    std::string digest;  // raw
};

struct UploadTurn;
class Uploads;

/// The bytes of one request on their way into the file of an upload. Thread: one at a time.
class UploadWriter {
public:
    UploadWriter(Uploads& uploads, const Upload& upload, std::shared_ptr<UploadTurn> turn,
                 UploadChecksum checksum);
    ~UploadWriter();  // what was not made durable was not acknowledged either
    UploadWriter(const UploadWriter&) = delete;
    UploadWriter& operator=(const UploadWriter&) = delete;
    std::int64_t bytes_max() const { return upload_.bytes_total - upload_.bytes_done; }
    /// Error{conflict, "upload.taken"} when a newer request writes this upload; Error{full}.
    void add(std::string_view bytes);
    /// All came: durable, and what is now known. Error{conflict, "upload.taken"}, Error{invalid,
    /// "upload.checksum"}: then nothing of this request was kept.
    Upload finish();
    /// The connection broke: what came is kept, unless a checksum was promised for it.
    void cut() noexcept;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
    Uploads& uploads_;
    const Upload upload_;  // as it was when this request began
};

class Uploads {
public:
    Uploads(Store& store, Blobs& blobs, Importer& importer, Recording& recording,
            const Clock& clock);
    struct Wish {
        Id<Recorder> recorder_id;
        std::string owner, name, metadata;
        std::int64_t bytes = 0;
        std::optional<Instant> starts_at;
        Duration uncertainty;
        bool sure = false;
        std::optional<Instant> modified_at;
        std::string path, mark;  // of an agent's folder
    };
    /// Error{too_large, "upload.too_large"}, Error{busy, "upload.too_many"}, Error{full}, and what
    /// Importer::require_ready refuses.
    Upload begin(const Scope& scope, const Wish& wish);
    /// Whose it is, or, of the watched folder, whoever may see its unit. Else Error{not_found}.
    Upload get(const Scope& scope, Tx& tx, std::string_view owner, Id<Upload> id) const;
    /// For sending: also Error{not_found, "upload.gone"}. Interrupts whoever writes it now, so that
    /// the offset stands still, and holds it against the file.
    Upload halt(const Scope& scope, std::string_view owner, Id<Upload> id);
    /// Error{conflict, "upload.offset"} {offset}.
    std::unique_ptr<UploadWriter> write(const Scope& scope, std::string_view owner, Id<Upload> id,
                                        std::int64_t offset, UploadChecksum checksum);
    /// Given up by its owner: the bytes go. A finished one is forgotten. One that is being read as
    /// a recording just now is Error{conflict, "upload.reading"}.
    void end(const Scope& scope, std::string_view owner, Id<Upload> id);
    struct Answer {
        std::optional<Instant> starts_at;
        Duration uncertainty;
        bool sure = false;
    };
    /// What an asking one waited for; it is read again. Error{conflict, "upload.not_asking"}.
    Upload answer(const Scope& scope, std::string_view owner, Id<Upload> id, const Answer& answer);
    /// Unfinished ones first, oldest first; then finished ones, newest first.
    std::vector<Upload> list(const Scope& scope, Tx& tx, std::string_view owner,
                             int count_max) const;
    /// What its import would be asked for.
    ImportRequest request_of(const Upload& upload) const;

    /// Stage recording.upload: expires, imports, cleans up. Returns when to look again.
    std::optional<Instant> settle(std::int64_t id);
    /// Unlinks files of data/uploads that no row knows: left by a run that was killed. At the start
    /// only.
    int sweep();

    // For the watched folder (recording/folder.h), which brings whole files.
    std::string path_of(Id<Upload> id) const;
    /// Error{full} unless the disk takes these bytes beside all that is announced.
    void require_room(std::int64_t bytes);
    /// The row of a file that lies at path_of(id) and is durable.
    void bring(Tx& tx, const Upload& upload);
    /// The newest of a file of the folder.
    std::optional<Upload> of_path(Tx& tx, Id<Recorder> recorder, std::string_view path) const;

private:
    friend class UploadWriter;
    std::optional<Upload> find(Tx& tx, Id<Upload> id) const;
    Upload find_open(const Scope& scope, std::string_view owner, Id<Upload> id);
    /// Ends the turn of whoever writes this upload and makes durable what he had.
    void take_turn(const Upload& upload);
    void let_go(std::int64_t id, const UploadTurn* turn);
    /// Syncs the file and moves the acknowledged offset. Error{not_found, "upload.gone"}.
    Upload keep_bytes(Id<Upload> id, int fd, std::int64_t bytes);
    std::optional<Instant> import(const Upload& upload);
    void look_into(Upload& upload);
    void finish(const Upload& upload, UploadState state, const Error* why);
    bool is_here(const Upload& upload) const;

    Store& store_;
    Blobs& blobs_;
    Importer& importer_;
    Recording& recording_;
    const Clock& clock_;
    std::string folder_;
    using Turns = std::vector<std::pair<std::int64_t, std::shared_ptr<UploadTurn>>>;
    Guarded<Turns, 30> turns_;
};

}  // namespace otklik
