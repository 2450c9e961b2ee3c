#include "media/ogg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <random>

#include "base/error.h"
#include "media/media_testkit.h"

namespace otklik {

namespace {

std::string stream_of(int pages, int packets_a_page, std::size_t packet_bytes) {
    std::string out;
    for (int i = 0; i < pages; ++i) {
        const std::string packet(packet_bytes, static_cast<char>('a' + i % 26));
        const std::vector<ByteView> packets(static_cast<std::size_t>(packets_a_page),
                                            bytes_of(packet));
        append_ogg_page(out, {i == 0, i + 1 == pages, i * 960, 5, static_cast<std::uint32_t>(i)},
                        packets);
    }
    return out;
}

int count_packets(const std::string& bytes) {
    OggPacketReader reader(bytes_of(bytes));
    int count = 0;
    while (reader.next()) ++count;
    return count;
}

}  // namespace

TEST(Ogg, crc_of_a_known_page_is_right) {
    // The first page of shared/data/audio/composite, written by another program.
    const std::string data = testkit::shared_data();
    if (data.empty()) GTEST_SKIP() << "shared data is absent";
    const std::string file = read_file(data + "/audio/composite/ru_shift_30min.ogg", 1 << 24);
    OggReader reader(bytes_of(file));
    int pages = 0;
    std::optional<OpusHead> head;
    bool end = false;
    while (const auto page = reader.next()) {
        if (pages++ == 0) head = parse_opus_head(page->body);
        end = page->end;
    }
    EXPECT_GT(pages, 1'000);
    EXPECT_TRUE(end);
    EXPECT_EQ(reader.skipped_bytes(), 0u);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->channels, 1);
    EXPECT_EQ(head->pre_skip, 312);
}

TEST(Ogg, crc_equals_its_definition_bit_by_bit) {
    const auto bit_by_bit = [](std::uint32_t crc, ByteView bytes) {
        for (const std::uint8_t byte : bytes) {
            crc ^= std::uint32_t{byte} << 24;
            for (int bit = 0; bit < 8; ++bit) {
                crc = (crc & 0x80000000u) ? (crc << 1) ^ 0x04C11DB7u : crc << 1;
            }
        }
        return crc;
    };
    std::mt19937_64 dice(20'261'128);
    std::vector<std::uint8_t> bytes(700);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(dice());
    for (std::size_t size = 0; size < 600; ++size) {  // every remainder of 64, 16 and 8
        const auto first = static_cast<std::size_t>(dice() % 100);
        const auto begun = static_cast<std::uint32_t>(dice());
        const ByteView part = ByteView(bytes).subspan(first, size);
        ASSERT_EQ(ogg_crc(begun, part), bit_by_bit(begun, part)) << size;
    }
}

TEST(Ogg, pages_come_back_from_span_and_callback) {
    for (const std::size_t size : {0u, 1u, 254u, 255u, 256u, 1'275u}) {
        const std::string bytes = stream_of(20, 40, size);
        EXPECT_EQ(count_packets(bytes), 800) << size;
        std::size_t at = 0;
        OggPacketReader reader([&](std::span<std::uint8_t> place) {
            const std::size_t count = std::min({place.size(), bytes.size() - at, std::size_t{777}});
            std::memcpy(place.data(), bytes.data() + at, count);
            at += count;
            return count;
        });
        int count = 0;
        while (const auto packet = reader.next()) {
            EXPECT_EQ(packet->bytes.size(), size);
            EXPECT_FALSE(packet->after_loss);
            ++count;
        }
        EXPECT_EQ(count, 800) << size;
    }
}

TEST(Ogg, a_damaged_page_is_stepped_over_and_told) {
    std::string bytes = stream_of(10, 5, 100);
    const std::size_t page = bytes.size() / 10;
    bytes[page * 4 + 60] ^= 1;
    OggPacketReader reader(bytes_of(bytes));
    int count = 0, losses = 0;
    while (const auto packet = reader.next()) {
        ++count;
        losses += packet->after_loss;
    }
    EXPECT_EQ(count, 45);
    EXPECT_EQ(losses, 1);
    EXPECT_EQ(reader.skipped_bytes(), page);
    EXPECT_EQ(count_packets(std::string(1'000, 'x') + stream_of(10, 5, 100)), 50);
    EXPECT_EQ(count_packets(stream_of(10, 5, 100).substr(0, page * 7 + 30)), 35);
}

TEST(Ogg, a_capture_word_that_comes_in_pieces_is_found) {
    const std::string bytes = "xxxxx" + stream_of(3, 5, 100);
    for (std::size_t step = 1; step < 10; ++step) {
        std::size_t at = 0;
        OggPacketReader reader([&](std::span<std::uint8_t> place) {
            const std::size_t count = std::min({place.size(), bytes.size() - at, step});
            std::memcpy(place.data(), bytes.data() + at, count);
            at += count;
            return count;
        });
        int count = 0;
        while (reader.next()) ++count;
        EXPECT_EQ(count, 15) << step;
    }
}

TEST(Ogg, a_packet_over_several_pages_is_put_together_within_the_limit) {
    // Lacing of 255 x 255 on each page: one packet that never ends until the last page.
    const auto make = [](int full_pages) {
        std::string out;
        for (int i = 0; i <= full_pages; ++i) {
            std::string page = "OggS";
            page += '\0';
            page += static_cast<char>((i > 0 ? 1 : 0) | (i == 0 ? 2 : 0));
            page += std::string(8, '\0') + std::string("\7\0\0\0", 4);
            for (int k = 0; k < 4; ++k) page += static_cast<char>(i >> (8 * k));
            page += std::string(4, '\0');
            const bool last = i == full_pages;
            page += static_cast<char>(last ? 1 : 100);
            page += last ? std::string(1, '\x05') : std::string(100, '\xFF');
            page += std::string(last ? 5 : 100 * 255, 'z');
            const std::uint32_t crc = ogg_crc(0, bytes_of(page));
            for (int k = 0; k < 4; ++k)
                page[22 + static_cast<std::size_t>(k)] = static_cast<char>(crc >> (8 * k));
            out += page;
        }
        return out;
    };
    const std::string fits = make(2), too_large = make(40);
    OggPacketReader reader(bytes_of(fits));
    const auto packet = reader.next();
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->bytes.size(), 2u * 100 * 255 + 5);
    EXPECT_FALSE(OggPacketReader(bytes_of(too_large)).next());
}

TEST(Ogg, heads_survive_the_round_trip_and_refuse_nonsense) {
    const std::string head = opus_head({2, 3'840, 44'100, -256});
    const auto parsed = parse_opus_head(bytes_of(head));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->pre_skip, 3'840);
    EXPECT_EQ(parsed->input_rate, 44'100u);
    EXPECT_EQ(parsed->gain_q8, -256);
    EXPECT_FALSE(parse_opus_head(bytes_of(head).first(18)));
    std::string family = head;
    family[18] = 1;
    EXPECT_FALSE(parse_opus_head(bytes_of(family)));
    std::string channels = head;
    channels[9] = 0;
    EXPECT_FALSE(parse_opus_head(bytes_of(channels)));
    EXPECT_FALSE(opus_packet_samples({}));
    constexpr std::uint8_t filler[] = {0xF8, 0xFF, 0xFE};
    EXPECT_EQ(opus_packet_samples(filler), 960);
    constexpr std::uint8_t too_many[] = {0x1B, 0x3F};  // 63 frames of 60 ms
    EXPECT_FALSE(opus_packet_samples(too_many));
    const std::string large(70'000, 'x');
    const ByteView packet = bytes_of(large);
    std::string out;
    EXPECT_THROW(append_ogg_page(out, {}, {&packet, 1}), Error);
}

TEST(Ogg, mutants_and_false_capture_words_end_soon) {
    std::mt19937 random(3);
    const std::string good = stream_of(40, 50, 60);
    const char* count_text = std::getenv("OTKLIK_MUTANTS");
    const int count = count_text ? std::atoi(count_text) : 500;
    for (int i = 0; i < count; ++i) {
        std::string bytes = good;
        for (int k = 0; k < 1 + i % 50; ++k) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        EXPECT_LE(count_packets(bytes), 2'000 + 255 * 50);
    }
    std::string false_words;
    const std::string false_page = std::string("OggS\0\0", 6) + std::string(20, '\1') + "\xFF";
    while (false_words.size() < 1u << 20) false_words += false_page + std::string(255, '\xFF');
    EXPECT_EQ(count_packets(false_words), 0);
}

}  // namespace otklik
