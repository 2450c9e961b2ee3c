#include "media/segment.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "media/clip_decode.h"
#include "media/media_testkit.h"
#include "media/opus_encoder.h"

namespace otklik {

namespace {

std::string packet_of(std::int64_t number) {
    std::string packet(60, static_cast<char>(number));
    packet[0] = '\x48';  // SILK WB 20 ms mono
    return packet;
}

/// A folder with the track's files and a writer that opens them.
struct Place {
    testkit::TempFolder folder;
    std::string path(int number) const { return folder.path(std::to_string(number)); }
    SegmentWriter::OpenFile opener() {
        return [this](int number) { return open_file(path(number), O_RDWR | O_CREAT); };
    }
};

void append_range(SegmentWriter& writer, std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) writer.append(k, bytes_of(packet_of(k)));
}

}  // namespace

TEST(Segment, rows_tile_media_time_and_carry_their_hash) {
    Place place;
    SegmentWriter writer(place.opener(), 9, 16'000);
    append_range(writer, 0, 7'000);
    writer.finish(7'000 * 960 - 312 - 100);
    const std::vector<SegmentRow> rows = writer.take_sealed();
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].first_sample, 0);
    EXPECT_EQ(rows[0].sample_count, 3'000 * 960 - 312);
    EXPECT_EQ(rows[1].first_sample, 3'000 * 960 - 312);
    EXPECT_EQ(rows[1].sample_count, 3'000 * 960);
    EXPECT_EQ(rows[2].first_sample + rows[2].sample_count, 7'000 * 960 - 412);
    const std::string bytes = read_file(place.path(0), 1 << 24);
    std::int64_t end = rows[0].byte_begin;
    for (const SegmentRow& row : rows) {
        EXPECT_EQ(row.byte_begin, end);
        end += row.byte_count;
        EXPECT_EQ(
            row.sha256,
            hex(sha256(std::string_view(bytes).substr(static_cast<std::size_t>(row.byte_begin),
                                                      static_cast<std::size_t>(row.byte_count)))));
        EXPECT_EQ(parse_page_index(page_index_bytes(row.pages)), row.pages);
    }
    EXPECT_EQ(rows[0].pages.size(), 60u);
    EXPECT_EQ(first_packet(rows[1]), 3'000);
    EXPECT_EQ(end_packet(rows[2]), 7'000);
    EXPECT_EQ(end, static_cast<std::int64_t>(bytes.size()));
}

TEST(Segment, a_file_is_an_hour_and_plays_alone) {
    Place place;
    SegmentWriter writer(place.opener(), 9, 16'000);
    append_range(writer, 179'900, 180'100);
    writer.seal();
    const auto rows = writer.take_sealed();
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].file_number, 0);
    EXPECT_EQ(rows[0].first_sample, 179'900 * 960);  // after a loss: without the warm-up
    EXPECT_EQ(rows[1].file_number, 1);
    EXPECT_EQ(rows[1].first_sample, 180'000 * 960 - 312);
    for (const int number : {0, 1}) {
        OggPacketReader reader(bytes_of(read_file(place.path(number), 1 << 24)));
        const std::string bytes = read_file(place.path(number), 1 << 24);
        OggPacketReader packets(bytes_of(bytes));
        const auto head = packets.next();
        ASSERT_TRUE(head && parse_opus_head(head->bytes));
        EXPECT_EQ(decode_ogg_opus_float(bytes_of(bytes)).size(), 100u * 960 - 312);
    }
}

TEST(Segment, a_loss_leaves_a_hole_that_reads_as_not_covered) {
    Place place;
    SegmentWriter writer(place.opener(), 9, 16'000);
    append_range(writer, 0, 120);
    append_range(writer, 200, 300);
    EXPECT_THROW(writer.append(299, bytes_of(packet_of(1))), Error);
    EXPECT_THROW(writer.append(300, bytes_of(std::string("\x0A\x01", 2))), Error);  // 40 ms
    writer.finish(300 * 960 - 312);
    const DiskMediaFile file(place.path(0));
    std::vector<SegmentRef> refs;
    for (const SegmentRow& row : writer.take_sealed()) refs.push_back({&file, row});
    ASSERT_EQ(refs.size(), 2u);
    const SegmentSource source(refs);
    const std::vector<SampleRange> covered = source.covered();
    ASSERT_EQ(covered.size(), 2u);
    EXPECT_EQ(covered[0], (SampleRange{0, 120 * 960 - 312}));
    EXPECT_EQ(covered[1], (SampleRange{200 * 960, 300 * 960 - 312}));
    EXPECT_EQ(source.run_begin(119), 0);
    EXPECT_EQ(source.run_begin(120), -1);
    EXPECT_EQ(source.run_begin(250), 200);
    EXPECT_EQ(source.read(205, 207).packets.size(), 2u);
    EXPECT_THROW(source.read(110, 130), Error);
    EXPECT_THROW(source.read(150, 205), Error);
    EXPECT_THROW(source.read(290, 301), Error);
}

TEST(Segment, a_flipped_byte_is_found_while_reading) {
    Place place;
    SegmentWriter writer(place.opener(), 9, 16'000);
    append_range(writer, 0, 500);
    writer.finish(500 * 960 - 312);
    const auto rows = writer.take_sealed();
    const std::string good = read_file(place.path(0), 1 << 24);
    for (std::size_t at = static_cast<std::size_t>(rows[0].byte_begin); at < good.size();
         at += 997) {
        std::string bad = good;
        bad[at] ^= 0x10;
        const MemoryMediaFile file(bad);
        const SegmentSource source({{&file, rows[0]}});
        try {
            source.read(0, 500);
            FAIL() << at;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "audio.segment_damaged");
        }
    }
    const MemoryMediaFile short_file(good.substr(0, good.size() - 10));
    EXPECT_THROW(SegmentSource({{&short_file, rows[0]}}).read(0, 500), Error);
}

TEST(Segment, a_writer_goes_on_after_a_torn_page) {
    Place place;
    std::vector<SegmentRow> stored;
    {
        SegmentWriter writer(place.opener(), 9, 16'000);
        append_range(writer, 0, 3'170);
        writer.flush_durably();
        stored = writer.take_sealed();  // the first minute; the second one's row was never stored
    }
    ASSERT_EQ(stored.size(), 1u);
    const std::string whole = read_file(place.path(0), 1 << 24);
    for (const std::size_t torn : {std::size_t{0}, std::size_t{1}, std::size_t{30}}) {
        std::filesystem::resize_file(place.path(0), whole.size() - torn);
        const DiskMediaFile file(place.path(0));
        SegmentResume resume = scan_segment_tail(file, 0, &stored[0], 0);
        EXPECT_EQ(resume.next_packet, torn == 0 ? 3'170 : 3'150);
        EXPECT_FALSE(resume.finished);
        EXPECT_EQ(resume.open.first_sample, 3'000 * 960 - 312);
        SegmentWriter writer(place.opener(), 9, 16'000, resume);
        append_range(writer, resume.next_packet, 3'400);
        writer.finish(3'400 * 960 - 312);
        const auto rows = writer.take_sealed();
        ASSERT_EQ(rows.size(), 1u);
        const SegmentSource source({{&file, stored[0]}, {&file, rows[0]}});
        const PacketRun run = source.read(2'990, 3'400);
        for (std::size_t i = 0; i < run.packets.size(); ++i) {
            const std::string expected = packet_of(2'990 + static_cast<std::int64_t>(i));
            ASSERT_EQ(std::string(run.packets[i].begin(), run.packets[i].end()), expected);
        }
        const SegmentResume ended = scan_segment_tail(file, 0, &stored[0], 0);
        EXPECT_TRUE(ended.finished);
        EXPECT_EQ(ended.open.sha256, rows[0].sha256);
        write_file_durably(place.path(0), whole);
    }
    // Rows that were never stored at all come back whole.
    const DiskMediaFile file(place.path(0));
    const SegmentResume all = scan_segment_tail(file, 0, nullptr, 0);
    ASSERT_EQ(all.sealed.size(), 1u);
    EXPECT_EQ(all.sealed[0].sha256, stored[0].sha256);
    EXPECT_EQ(all.sealed[0].pages, stored[0].pages);
    EXPECT_EQ(all.next_packet, 3'170);
    // Not even the heads are whole: the file begins again.
    const SegmentResume nothing =
        scan_segment_tail(MemoryMediaFile(whole.substr(0, 50)), 0, nullptr, 0);
    EXPECT_EQ(nothing.file_bytes, 0);
    EXPECT_EQ(nothing.page_sequence, 0u);
}

TEST(Segment, an_open_minute_can_be_read) {
    Place place;
    SegmentWriter writer(place.opener(), 9, 16'000);
    append_range(writer, 0, 130);
    writer.flush_durably();
    const SegmentRow row = writer.open_row();
    EXPECT_EQ(row.sample_count, 130 * 960 - 312);
    const DiskMediaFile file(place.path(0));
    EXPECT_EQ(SegmentSource({{&file, row}}).read(0, 130).packets.size(), 130u);
    append_range(writer, 130, 170);
    EXPECT_EQ(end_packet(writer.open_row()), 150);
    writer.finish(170 * 960 - 312);
    EXPECT_EQ(writer.take_sealed()[0].sample_count, 170 * 960 - 312);
    EXPECT_EQ(writer.open_row().sample_count, 0);
}

TEST(Segment, a_wrong_length_is_refused) {
    Place place;
    SegmentWriter writer(place.opener(), 9, 16'000);
    append_range(writer, 0, 10);
    EXPECT_THROW(writer.finish(10 * 960 - 311), Error);
    EXPECT_THROW(writer.finish(9 * 960 - 312), Error);
    EXPECT_NO_THROW(writer.finish(9 * 960 - 311));
}

}  // namespace otklik
