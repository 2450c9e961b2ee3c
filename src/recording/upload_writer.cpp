// Bytes of an upload on their way to the disk, and whose turn it is to write them.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "recording/sha1.h"
#include "recording/uploads.h"
#include "recording/uploads_sql.h"
#include "store/blobs.h"
#include "store/jobs.h"
#include "store/store.h"

namespace otklik {

namespace {

// A killed server gives back at most this much of a request that was still running.
constexpr std::int64_t sync_every = 16 << 20;
constexpr std::int64_t look_at_disk_every = 64 << 20;
constexpr std::int64_t upload_free_min = 64 << 20;  // as of any spooled body
constexpr Duration open_for = Duration::days(7);

}  // namespace

/// Who writes. Nothing is locked while bytes go to the disk: the state says that they do.
struct UploadTurn {
    enum State : int { idle, busy, leaving, taken };  // leaving: busy, and taken after that
    std::atomic<int> state{idle};
    std::atomic<std::int64_t> received{0};  // up to here bytes lie in the file
    bool checked = false;                   // they count only once their checksum was right

    /// Returns when its owner writes no more.
    void take() {
        for (;;) {
            int now = state.load();
            if (now == taken) return;
            if (now == leaving)
                state.wait(leaving);
            else
                state.compare_exchange_weak(now, now == idle ? taken : leaving);
        }
    }
};

namespace {

/// The turn is busy while this lives.
class Holding {
public:
    explicit Holding(UploadTurn& turn) : turn_(turn) {
        int idle = UploadTurn::idle;
        if (!turn_.state.compare_exchange_strong(idle, UploadTurn::busy))
            throw Error(Fault::conflict, "upload.taken");
    }
    ~Holding() {
        int busy = UploadTurn::busy;
        if (turn_.state.compare_exchange_strong(busy, UploadTurn::idle)) return;
        turn_.state.store(UploadTurn::taken);
        turn_.state.notify_all();
    }
    Holding(const Holding&) = delete;
    Holding& operator=(const Holding&) = delete;

private:
    UploadTurn& turn_;
};

}  // namespace

struct UploadWriter::Inside {
    std::shared_ptr<UploadTurn> turn;
    UploadChecksum checksum;
    Sha1 sha1;
    Sha256 sha256;
    Fd file;
    std::int64_t synced = 0;

    bool is_right() {
        switch (checksum.kind) {
            case ChecksumKind::none:
                return true;
            case ChecksumKind::sha1:
                return sha1.finish() == checksum.digest;
            case ChecksumKind::sha256:
                return sha256.finish() == checksum.digest;
        }
        return false;
    }
};

UploadWriter::UploadWriter(Uploads& uploads, const Upload& upload, std::shared_ptr<UploadTurn> turn,
                           UploadChecksum checksum)
    : inside_(std::make_unique<Inside>()), uploads_(uploads), upload_(upload) {
    inside_->turn = std::move(turn);
    inside_->checksum = std::move(checksum);
    inside_->synced = upload.bytes_done;
    inside_->file = open_file(uploads_.path_of(upload.id), O_WRONLY);
    if (::lseek(inside_->file.get(), upload.bytes_done, SEEK_SET) < 0) throw_errno("lseek upload");
}

UploadWriter::~UploadWriter() {
    uploads_.let_go(upload_.id.value, inside_->turn.get());
}

void UploadWriter::add(std::string_view bytes) {
    UploadTurn& turn = *inside_->turn;
    const Holding holding(turn);
    const std::int64_t before = turn.received;
    const std::int64_t after = before + static_cast<std::int64_t>(bytes.size());
    if (after > upload_.bytes_total) throw Error(Fault::too_large, "upload.beyond_length");
    if (before / look_at_disk_every != after / look_at_disk_every &&
        uploads_.blobs_.free_bytes() < upload_free_min)
        throw Error(Fault::full, "disk.full");
    write_all(inside_->file.get(), bytes);
    if (inside_->checksum.kind == ChecksumKind::sha1) inside_->sha1.add(bytes);
    if (inside_->checksum.kind == ChecksumKind::sha256) inside_->sha256.add(bytes);
    turn.received = after;
    if (turn.checked || after - inside_->synced < sync_every) return;
    uploads_.keep_bytes(upload_.id, inside_->file.get(), after);
    inside_->synced = after;
}

Upload UploadWriter::finish() {
    UploadTurn& turn = *inside_->turn;
    const Holding holding(turn);
    if (!inside_->is_right()) {
        turn.received = upload_.bytes_done;
        throw Error(Fault::invalid, "upload.checksum");
    }
    inside_->synced = turn.received;
    return uploads_.keep_bytes(upload_.id, inside_->file.get(), turn.received);
}

void UploadWriter::cut() noexcept {
    try {
        UploadTurn& turn = *inside_->turn;
        if (turn.checked || turn.received <= inside_->synced) return;
        const Holding holding(turn);
        uploads_.keep_bytes(upload_.id, inside_->file.get(), turn.received);
        inside_->synced = turn.received;
    } catch (const std::exception& error) {
        // Taken over, gone, or the disk is full: the next request is told the offset that stands.
        log_info("upload.not_kept", {{"detail", error.what()}});
    }
}

std::unique_ptr<UploadWriter> Uploads::write(const Scope& scope, std::string_view owner,
                                             Id<Upload> id, std::int64_t offset,
                                             UploadChecksum checksum) {
    const Upload upload = halt(scope, owner, id);
    if (offset != upload.bytes_done)
        throw Error(Fault::conflict, "upload.offset",
                    {{"offset", std::to_string(upload.bytes_done)}});
    auto turn = std::make_shared<UploadTurn>();
    turn->received = upload.bytes_done;
    turn->checked = checksum.kind != ChecksumKind::none;
    {
        auto turns = turns_.lock();
        for (const auto& [writes, other] : *turns)
            if (writes == id.value) throw Error(Fault::conflict, "upload.taken");
        turns->emplace_back(id.value, turn);
    }
    try {
        return std::make_unique<UploadWriter>(*this, upload, turn, std::move(checksum));
    } catch (...) {
        let_go(id.value, turn.get());
        throw;
    }
}

void Uploads::let_go(std::int64_t id, const UploadTurn* turn) {
    auto turns = turns_.lock();
    std::erase_if(*turns,
                  [&](const auto& each) { return each.first == id && each.second.get() == turn; });
}

void Uploads::take_turn(const Upload& upload) {
    std::shared_ptr<UploadTurn> turn;
    {
        auto turns = turns_.lock();
        for (const auto& [id, each] : *turns)
            if (id == upload.id.value) turn = each;
    }
    if (!turn) return;
    turn->take();
    let_go(upload.id.value, turn.get());
    const std::int64_t received = turn->received;
    if (turn->checked || received <= upload.bytes_done) return;
    const Fd file = open_file(path_of(upload.id), O_WRONLY);
    keep_bytes(upload.id, file.get(), received);
}

Upload Uploads::halt(const Scope& scope, std::string_view owner, Id<Upload> id) {
    take_turn(find_open(scope, owner, id));
    Upload upload = find_open(scope, owner, id);
    if (upload.state != UploadState::open) return upload;
    struct stat info {};
    if (::stat(path_of(id).c_str(), &info) != 0) {
        // A restored backup holds the row and not the bytes.
        store_.write([&](Tx& tx) {
            tx.run(uploads_sql::end_upload,
                   {{"reason", "upload.gone"}, {"at", tx.now()}, {"id", id}});
        });
        throw Error(Fault::not_found, "upload.gone");
    }
    if (info.st_size >= upload.bytes_done) return upload;
    // What was synced is gone all the same: the disk lied. The client sends it again.
    log_warning("upload.file_is_short", {{"upload", word(id)}});
    const Fd file = open_file(path_of(id), O_WRONLY);
    return keep_bytes(id, file.get(), info.st_size);
}

Upload Uploads::keep_bytes(Id<Upload> id, int fd, std::int64_t bytes) {
    durable(fd, "upload");
    return store_.write([&](Tx& tx) {
        const auto before = find(tx, id);
        if (!before || before->state == UploadState::gone)
            throw Error(Fault::not_found, "upload.gone");
        if (before->state != UploadState::open) return *before;
        const bool whole = bytes == before->bytes_total;
        tx.run(uploads_sql::keep_upload_bytes, {{"done", bytes},
                                                {"state", whole ? "whole" : "open"},
                                                {"at", tx.now()},
                                                {"expires", tx.now() + open_for},
                                                {"id", id}});
        if (whole) want_job(tx, "recording.upload", id.value, tx.now());
        return *find(tx, id);
    });
}

}  // namespace otklik
