#pragma once
// The ring: what an agent recorded and the server has not received, on its disk, bounded by bytes.
// Append-only files of about a megabyte, each of one incarnation; a record is a chunk as it
// travels, behind its length and CRC, synced when append() returns. A file goes when all of it is
// received; the oldest goes when the ring is full, and what it held is lost, which the next batch
// says, also after a restart. After a kill at any byte what is whole is read again and a torn end
// is cut off. Owns: <folder>/ring. Thread: any; one lock, held while the disk syncs: the audio
// waits at most for that.
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "media/chunk.h"

namespace otklik {

class Ring {
public:
    /// Opens the folder and reads what is there. Throws Error{internal} for a disk that fails.
    Ring(std::string folder, std::int64_t bytes_max);

    /// Durable when it returns. Drops the oldest file when the ring would be larger than it may be.
    void append(std::uint64_t incarnation, const ChunkBatch& head, const Chunk& chunk);

    struct Held {
        ChunkBatch batch;                // the head as it was recorded, and the chunks
        std::vector<std::string> bytes;  // what the chunks look into
    };
    /// The oldest chunks of the oldest incarnation, at most so many; nothing when it holds none.
    std::optional<Held> oldest(std::size_t count_max) const;
    /// These sequences of the incarnation are received, or given up for good.
    void release(std::uint64_t incarnation, const std::vector<std::uint32_t>& sequences);

    std::int64_t bytes() const;
    std::int64_t bytes_max() const { return bytes_max_; }
    /// Chunks that went because the ring was full.
    std::int64_t dropped() const;

private:
    struct Record {
        std::uint32_t sequence = 0;
        std::int64_t offset = 0;
        std::uint32_t length = 0;
        bool released = false;
    };
    struct File {
        std::string path;
        std::uint64_t incarnation = 0;
        std::int64_t bytes = 0;
        std::vector<Record> records;
        bool is_done() const;  // all of it is received
    };
    void read_file_of_ring(const std::string& path);
    void begin_file(std::uint64_t incarnation);
    void drop_front();  // though not all of it is received
    void drop_file();   // the front one
    void remember_overflow();
    void drop_released();

    const std::string folder_;
    const std::int64_t bytes_max_;
    mutable std::mutex mutex_;
    std::deque<File> files_;  // the oldest first
    std::int64_t bytes_ = 0, dropped_ = 0;
    std::uint64_t overflowed_ = 0;  // the incarnation of which something went last; 0: none
    std::uint64_t next_file_ = 1;
};

}  // namespace otklik
