#include "store/blobs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/hash.h"
#include "base/log.h"
#include "store/blobs_inside.h"
#include "store/store.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

constexpr std::array<std::string_view, 4> kinds{"original", "track", "clip", "peaks"};
constexpr std::size_t chunk_bytes = 1 << 20;

std::int64_t size_of(int fd, const std::string& path) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) throw_errno("stat " + path);
    return info.st_size;
}

void unlink_if_there(const std::string& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw_errno("unlink " + path);
}

}  // namespace

StoredFile read_stored_file(const Row& row) {
    return {.id = row.id<StoredFile>(0),
            .company_id = row.integer(1),
            .kind = row.text(2),
            .path = row.text(3),
            .bytes = row.integer(4),
            .sha256 = row.blob(5)};
}

std::string hash_file(const std::string& path, std::int64_t bytes_max) {
    const Fd file = open_file(path, O_RDONLY);
    std::string chunk(chunk_bytes, '\0');
    Sha256 hash;
    for (std::int64_t at = 0;;) {
        const auto wanted = static_cast<std::size_t>(
            std::min(bytes_max - at, static_cast<std::int64_t>(chunk_bytes)));
        const std::size_t count = read_at(file.get(), at, std::span(chunk).first(wanted));
        if (count == 0) return hash.finish();
        hash.add(std::string_view(chunk).substr(0, count));
        at += static_cast<std::int64_t>(count);
    }
}

Blobs::Blobs(std::string data_folder, const Clock& clock, std::int64_t reserve_bytes)
    : folder_(std::move(data_folder)), clock_(clock), reserve_bytes_(reserve_bytes) {
    while (folder_.size() > 1 && folder_.back() == '/') folder_.pop_back();
    make_folders(folder_);
    make_folders(folder_ + "/media");
    // Drafts of the run before belong to nobody: their rows never came.
    std::filesystem::remove_all(folder_ + "/tmp");
    make_folders(folder_ + "/tmp");
    if (reserve_bytes_ > 0 && !restore_reserve())
        log_warning("disk.reserve_missing", {{"bytes", std::to_string(reserve_bytes_)}});
}

std::string Blobs::draft_path() {
    return folder_ + "/tmp/" + id_word("draft", next_id(clock_));
}

StoredFile Blobs::adopt(const std::string& draft, std::int64_t company_id, std::string_view kind,
                        std::optional<std::string> sha256) {
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
        throw Error(Fault::internal, "internal").because("file kind " + std::string(kind));
    StoredFile file{
        .id = make_id<StoredFile>(clock_), .company_id = company_id, .kind = std::string(kind)};
    file.path = file.kind + "/" + format_instant(clock_.now()).substr(0, 10) + "/" + word(file.id);
    {
        const Fd bytes = open_file(draft, O_RDWR);
        file.bytes = size_of(bytes.get(), draft);
        durable(bytes.get(), draft);
    }
    file.sha256 = sha256 ? *sha256 : hash_file(draft);
    const std::string place = path_of(file);
    const std::filesystem::path day = std::filesystem::path(place).parent_path();
    make_folders(day.parent_path().string());
    make_folders(day.string());
    rename_durably(draft, place);
    return file;
}

void Blobs::keep(Tx& tx, const StoredFile& file) {
    tx.run(sql::add_file, {{"id", file.id},
                           {"company_id", file.company_id},
                           {"kind", file.kind},
                           {"path", file.path},
                           {"bytes", file.bytes},
                           {"sha256", Bytes{file.sha256}},
                           {"now", tx.now()}});
}

StoredFile Blobs::append(const StoredFile& file, std::string_view bytes) const {
    const std::string path = path_of(file);
    const Fd place = open_file(path, O_RDWR);
    if (size_of(place.get(), path) < file.bytes)
        throw Error(Fault::internal, "internal").because("shorter than its row: " + path);
    if (::ftruncate(place.get(), file.bytes) != 0) throw_errno("cut of " + path);
    if (::lseek(place.get(), file.bytes, SEEK_SET) < 0) throw_errno("seek in " + path);
    write_all(place.get(), bytes);
    durable(place.get(), path);
    StoredFile grown = file;
    grown.bytes += static_cast<std::int64_t>(bytes.size());
    grown.sha256 = hash_file(path, grown.bytes);
    return grown;
}

void Blobs::keep_grown(Tx& tx, const StoredFile& before, const StoredFile& after) {
    if (tx.run(sql::grow_file, {{"id", before.id},
                                {"bytes", after.bytes},
                                {"sha256", Bytes{after.sha256}},
                                {"before", before.bytes}}) == 0)
        throw Error(Fault::conflict, "row.changed");
}

std::optional<StoredFile> Blobs::find(Tx& tx, Id<StoredFile> id) const {
    const auto row = tx.row(sql::find_file, {{"id", id}});
    if (!row) return std::nullopt;
    return read_stored_file(*row);
}

std::optional<StoredFile> Blobs::find_same(Tx& tx, std::int64_t company_id, std::string_view kind,
                                           const std::string& sha256) const {
    const auto row = tx.row(sql::same_file,
                            {{"company", company_id}, {"kind", kind}, {"sha256", Bytes{sha256}}});
    if (!row) return std::nullopt;
    return read_stored_file(*row);
}

std::unique_ptr<MediaFile> Blobs::open(const StoredFile& file) const {
    return std::make_unique<DiskMediaFile>(path_of(file));
}

std::string Blobs::path_of(const StoredFile& file) const {
    return folder_ + "/media/" + file.path;
}

void Blobs::forget(const StoredFile& file) const {
    unlink_if_there(path_of(file));
}

void Blobs::discard(Tx& tx, Id<StoredFile> id, std::string_view reason) {
    const auto file = find(tx, id);
    if (!file) throw Error(Fault::not_found, "not_found");
    tx.run(sql::remove_file, {{"id", id}});
    tx.run(sql::add_garbage,
           {{"id", tx.next_id()}, {"path", file->path}, {"reason", reason}, {"now", tx.now()}});
}

int Blobs::sweep(Store& store) {
    int count = 0;
    for (std::int64_t after = 0;;) {
        const auto rows = store.read([&](Tx& tx) {
            return tx.rows(sql::garbage, {{"after", after}, {"count", sql::page_rows}});
        });
        if (rows.empty()) return count;
        for (const auto& row : rows) {
            const std::string path = folder_ + "/media/" + row.text(1);
            unlink_if_there(path);
            const auto parent = std::filesystem::path(path).parent_path();
            if (std::filesystem::exists(parent)) durable_folder(parent.string());
            after = row.integer(0);
        }
        // Rows go after the files: a crash between them unlinks once more, and finds nothing.
        store.write(
            [&](Tx& tx) {
                for (const auto& row : rows) tx.run(sql::remove_garbage, {{"id", row.integer(0)}});
            },
            Lane::low);
        count += int(rows.size());
    }
}

std::int64_t Blobs::free_bytes() const {
    struct statvfs info {};
    if (::statvfs(folder_.c_str(), &info) != 0) throw_errno("statvfs " + folder_);
    return static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
}

bool Blobs::free_reserve() {
    const std::string path = folder_ + "/reserve";
    if (::access(path.c_str(), F_OK) != 0) return false;
    unlink_if_there(path);
    log_warning("disk.reserve_freed");
    durable_folder(folder_);  // journaling file systems give the blocks back when this is written
    return true;
}

bool Blobs::restore_reserve() {
    if (reserve_bytes_ <= 0) return false;
    const std::string path = folder_ + "/reserve";
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && info.st_size == reserve_bytes_) return true;
    if (free_bytes() < reserve_bytes_ * 2) return false;
    const std::string draft = draft_path();
    {
        const Fd file = open_file(draft, O_RDWR | O_CREAT | O_EXCL);
        const int result = ::posix_fallocate(file.get(), 0, reserve_bytes_);
        if (result != 0) {
            unlink_if_there(draft);
            if (result == ENOSPC || result == EFBIG) return false;
            errno = result;
            throw_errno("fallocate " + draft);
        }
        durable(file.get(), draft);
    }
    rename_durably(draft, path);
    return true;
}

}  // namespace otklik
