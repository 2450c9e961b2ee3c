#include "agent/ring.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/hash.h"
#include "base/log.h"

namespace otklik {
namespace {

constexpr std::int64_t ring_file_bytes = 1 << 20;
constexpr std::size_t record_head_bytes = 8;              // u32 length, u32 CRC of what follows
constexpr std::string_view overflow_note = "overflowed";  // holds an incarnation
constexpr std::size_t record_bytes_max = chunk_bytes_max + 1024;

std::string little32(std::uint32_t value) {
    std::string out;
    for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
}
std::uint32_t from_little32(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= std::uint32_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    return value;
}

std::string read_part(const std::string& path, std::int64_t offset, std::size_t count) {
    const Fd file = open_file(path, O_RDONLY);
    std::string bytes(count, '\0');
    bytes.resize(read_at(file.get(), offset, bytes));
    return bytes;
}

/// Files in the order in which they were begun.
std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> paths;
    for (const auto& each : std::filesystem::directory_iterator(folder))
        if (each.path().extension() == ".chunks") paths.push_back(each.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

Ring::Ring(std::string folder, std::int64_t bytes_max)
    : folder_(std::move(folder) + "/ring"), bytes_max_(bytes_max) {
    make_folders(folder_);
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
    for (const std::string& path : files_in(folder_)) read_file_of_ring(path);
    const std::string note = folder_ + "/" + std::string(overflow_note);
    if (!std::filesystem::exists(note)) return;
    const std::string text = read_file(note, 64);
    std::from_chars(text.data(), text.data() + text.size(), overflowed_);
}

/// Before the file goes: killed in between, a loss may be told that did not happen, and of what is
/// whole nothing is lost by it; the other way round it would have no reason.
void Ring::remember_overflow() {
    if (overflowed_ == files_.front().incarnation) return;
    overflowed_ = files_.front().incarnation;
    try {
        write_file_durably(folder_ + "/" + std::string(overflow_note), std::to_string(overflowed_));
    } catch (const Error& error) {  // a full disk: the sound to come is worth more than the reason
        log_warning("record.overflow_not_noted", {{"detail", error.what()}});
    }
}

void Ring::read_file_of_ring(const std::string& path) {
    const std::string name = std::filesystem::path(path).stem().string();
    std::from_chars(name.data(), name.data() + name.size(), next_file_);
    ++next_file_;
    File file{path, 0, 0, {}};
    for (;;) {
        const std::string head = read_part(path, file.bytes, record_head_bytes);
        if (head.size() < record_head_bytes) break;
        const std::uint32_t length = from_little32(head);
        if (length > record_bytes_max) break;
        const std::string body =
            read_part(path, file.bytes + std::int64_t{record_head_bytes}, length);
        if (body.size() < length || ogg_crc(0, bytes_of(body)) != from_little32(head.substr(4)))
            break;
        try {
            const ChunkBatch batch = parse_batch(body);
            if (batch.chunks.size() != 1) break;
            file.incarnation = batch.incarnation;
            file.records.push_back({batch.chunks[0].sequence, file.bytes, length, false});
        } catch (const Error&) {
            break;
        }
        file.bytes += std::int64_t{record_head_bytes} + length;
    }
    // What is torn was never whole: nobody was told that it is held.
    if (::truncate(path.c_str(), file.bytes) != 0) throw_errno("cut of " + path);
    if (file.records.empty()) {
        ::unlink(path.c_str());
        return;
    }
    bytes_ += file.bytes;
    files_.push_back(std::move(file));
}

void Ring::begin_file(std::uint64_t incarnation) {
    // The one before is not written to any more, so it need not stay for what would follow in it.
    while (!files_.empty() && files_.front().is_done()) drop_file();
    std::string name = std::to_string(next_file_++);
    name.insert(0, 20 - name.size(), '0');
    files_.push_back({folder_ + "/" + name + ".chunks", incarnation, 0, {}});
    const Fd made = open_file(files_.back().path, O_WRONLY | O_CREAT | O_EXCL);
    durable_folder(folder_);
}

void Ring::drop_front() {
    const auto unsent = std::count_if(files_.front().records.begin(), files_.front().records.end(),
                                      [](const Record& record) { return !record.released; });
    if (unsent > 0) remember_overflow();
    dropped_ += unsent;
    drop_file();
}

void Ring::drop_file() {
    ::unlink(files_.front().path.c_str());
    bytes_ -= files_.front().bytes;
    files_.pop_front();
}

bool Ring::File::is_done() const {
    return std::all_of(records.begin(), records.end(),
                       [](const Record& record) { return record.released; });
}

void Ring::append(std::uint64_t incarnation, const ChunkBatch& head, const Chunk& chunk) {
    ChunkBatch alone = head;
    alone.incarnation = incarnation;
    alone.chunks = {chunk};
    const std::string body = batch_bytes(alone);
    const std::string record = little32(static_cast<std::uint32_t>(body.size())) +
                               little32(ogg_crc(0, bytes_of(body))) + body;
    const std::lock_guard lock(mutex_);
    while (!files_.empty() && bytes_ + static_cast<std::int64_t>(record.size()) > bytes_max_)
        drop_front();
    if (files_.empty() || files_.back().incarnation != incarnation ||
        files_.back().bytes >= ring_file_bytes)
        begin_file(incarnation);
    File& file = files_.back();
    const Fd to = open_file(file.path, O_WRONLY);
    if (::lseek(to.get(), file.bytes, SEEK_SET) < 0) throw_errno("seek in " + file.path);
    write_all(to.get(), record);
    durable(to.get(), file.path);
    file.records.push_back(
        {chunk.sequence, file.bytes, static_cast<std::uint32_t>(body.size()), false});
    file.bytes += static_cast<std::int64_t>(record.size());
    bytes_ += static_cast<std::int64_t>(record.size());
}

std::optional<Ring::Held> Ring::oldest(std::size_t count_max) const {
    const std::lock_guard lock(mutex_);
    // Not simply the front: a file that is all received stays while it is written to.
    const auto front = std::find_if(files_.begin(), files_.end(),
                                    [](const File& file) { return !file.is_done(); });
    if (front == files_.end()) return std::nullopt;
    Held held;
    const std::uint64_t incarnation = front->incarnation;
    bool is_first = true;
    for (auto each = front; each != files_.end(); ++each) {
        const File& file = *each;
        if (file.incarnation != incarnation) break;
        for (const Record& record : file.records) {
            if (record.released) continue;
            if (held.bytes.size() >= count_max) break;
            held.bytes.push_back(read_part(
                file.path, record.offset + std::int64_t{record_head_bytes}, record.length));
        }
    }
    for (const std::string& bytes : held.bytes) {
        ChunkBatch one = parse_batch(bytes);
        if (is_first) held.batch = one;
        if (is_first) held.batch.chunks.clear();
        is_first = false;
        held.batch.chunks.push_back(std::move(one.chunks[0]));
    }
    held.batch.oldest_sequence = held.batch.chunks.front().sequence;
    held.batch.overflowed = incarnation == overflowed_;
    held.batch.ring_bytes = bytes_;
    held.batch.ring_bytes_max = bytes_max_;
    return held;
}

void Ring::release(std::uint64_t incarnation, const std::vector<std::uint32_t>& sequences) {
    const std::lock_guard lock(mutex_);
    for (File& file : files_) {
        if (file.incarnation != incarnation) continue;
        for (Record& record : file.records)
            record.released |=
                std::find(sequences.begin(), sequences.end(), record.sequence) != sequences.end();
    }
    drop_released();
}

/// A file that is written to goes too, once another one is begun.
void Ring::drop_released() {
    while (!files_.empty() && files_.front().is_done()) {
        const bool is_written = files_.size() == 1 && files_.front().bytes < ring_file_bytes;
        if (is_written && files_.front().records.size() < 60) return;
        drop_file();
    }
}

std::int64_t Ring::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

std::int64_t Ring::dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
}

}  // namespace otklik
