#include "media/chunk.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "base/hash.h"
#include "media/chunk_testkit.h"
#include "media/tail.h"

namespace otklik {
namespace {

using testkit::LiveSource;

std::string refused_by_parser(const std::string& bytes) {
    try {
        parse_batch(bytes);
        return "nothing";
    } catch (const Error& error) {
        return error.code() + " " + std::string(error.field());
    }
}

TEST(Chunk, comes_out_as_it_went_in) {
    LiveSource source(7, 2);
    source.record(3);
    const std::string bytes = source.batch(0, 3);
    const ChunkBatch batch = parse_batch(bytes);
    EXPECT_EQ(batch.incarnation, 7U);
    EXPECT_EQ(batch.channels, 2);
    ASSERT_EQ(batch.chunks.size(), 3U);
    EXPECT_EQ(batch.chunks[2].sequence, 2U);
    EXPECT_EQ(batch.chunks[2].first_packet(), 100);
    EXPECT_EQ(batch.chunks[2].sample_count, 48'000);
    const auto tracks = chunk_tracks(batch.chunks[1].bytes, 2, 50);
    EXPECT_EQ(tracks.size(), 2U);
    EXPECT_EQ(tracks[1].packets.size(), 50U);
    EXPECT_EQ(tracks[0].peaks.size(), 50U);
    EXPECT_EQ(chunk_track_bytes(tracks), batch.chunks[1].bytes);
    EXPECT_EQ(batch_bytes(batch), bytes);
}

TEST(Chunk, says_which_field_is_wrong) {
    LiveSource source(7, 1);
    source.record(1);
    const std::string good = source.batch(0, 1);
    const auto changed = [&](std::size_t at, char value) {
        std::string bytes = good;
        bytes[at] = value;
        return refused_by_parser(bytes);
    };
    constexpr std::size_t head = 52;
    EXPECT_EQ(refused_by_parser(good), "nothing");
    EXPECT_EQ(changed(0, 'X'), "chunk.batch body");
    EXPECT_EQ(refused_by_parser(good.substr(0, good.size() - 1)), "chunk.batch body");
    EXPECT_EQ(refused_by_parser(good + "x"), "chunk.batch body");
    EXPECT_EQ(changed(17, 3), "chunk.field channels");
    EXPECT_EQ(changed(head + 8, 9), "chunk.field kind");
    EXPECT_EQ(changed(head + 12, 1), "chunk.field first_sample");
    EXPECT_EQ(changed(head + 20, 1), "chunk.field sample_count");
    EXPECT_EQ(changed(head + 40, 'x'), "chunk.hash sha256");
    EXPECT_EQ(changed(good.size() - 1, 'x'), "chunk.hash sha256");
}

TEST(Chunk, mutants_are_refused_or_read_never_worse) {
    LiveSource source(9, 1);
    source.record(2);
    const std::string good = source.batch(0, 2);
    std::mt19937 chance(1);
    for (int i = 0; i < 4'000; ++i) {
        std::string bytes = good;
        for (int n = static_cast<int>(chance() % 4); n >= 0; --n)
            bytes[chance() % bytes.size()] = static_cast<char>(chance());
        if (chance() % 3 == 0) bytes.resize(chance() % bytes.size());
        try {
            const ChunkBatch batch = parse_batch(bytes);
            EXPECT_EQ(batch_bytes(batch), bytes);
        } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::invalid);
        }
    }
}

/// The same packets by the writer of whole files and by the tail are the same bytes.
TEST(Tail, is_what_the_writer_of_files_would_have_written) {
    LiveSource source(3, 1);
    source.record(130);
    const auto packets = source.packets(0);
    const Tail tail = make_tail(packets, {});
    const std::string file = segment_file_heads(1, 16'000) + tail.bytes;
    const MemoryMediaFile media(file);
    const SegmentResume seen = scan_segment_tail(media, 0, nullptr, 0);
    EXPECT_EQ(seen.next_packet, 6'500);
    EXPECT_EQ(seen.file_bytes, static_cast<std::int64_t>(file.size()));
    ASSERT_EQ(seen.sealed.size(), 2U);
    ASSERT_EQ(tail.rows.size(), 3U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(seen.sealed[i].sha256, tail.rows[i].sha256);
        EXPECT_EQ(seen.sealed[i].first_sample, tail.rows[i].first_sample);
        EXPECT_EQ(seen.sealed[i].sample_count, tail.rows[i].sample_count);
        EXPECT_EQ(seen.sealed[i].pages, tail.rows[i].pages);
    }
    EXPECT_EQ(seen.open.first_sample, tail.rows[2].first_sample);
}

TEST(Tail, in_parts_is_the_same_as_at_once) {
    LiveSource source(3, 1);
    source.record(61);
    auto packets = source.packets(0);
    packets.erase(packets.begin() + 700, packets.begin() + 720);  // a loss
    const std::string whole = make_tail(packets, {}).bytes;
    const std::span<const TailPacket> all(packets);
    const auto count = static_cast<std::size_t>(
        std::count_if(packets.begin(), packets.end(),
                      [](const TailPacket& packet) { return packet.number < 3'000; }));
    const Tail first = make_tail(all.first(count), {});
    std::uint32_t pages = 2;
    for (const SegmentRow& row : first.rows) pages += static_cast<std::uint32_t>(row.pages.size());
    const Tail rest = make_tail(all.subspan(count), {3'000, 1, pages, -1});
    EXPECT_EQ(first.rows.size(), 2U);
    EXPECT_EQ(first.rows[1].first_sample, 720 * 960);
    EXPECT_EQ(first.bytes + rest.bytes, whole);
}

}  // namespace
}  // namespace otklik
