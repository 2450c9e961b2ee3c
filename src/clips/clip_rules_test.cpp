// What a clip consists of, without database and sound.
#include "clips/clip_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace otklik {
namespace {

constexpr Instant noon{1'790'000'000'000'000};
constexpr Instant at(double second) {
    return noon + Duration{static_cast<std::int64_t>(second * 1e6)};
}

ClipSource source(std::int64_t id, double begin, double end) {
    ClipSource made;
    made.session.id = {id};
    made.session.at = {at(begin), at(end)};
    made.session.created_at = at(static_cast<double>(id));
    made.session.length_samples = samples_of(made.session.at.length());
    made.map.id = {id + 1000};
    made.map.points = {{0, at(begin)}};
    made.covered = {{0, made.session.length_samples}};
    return made;
}

/// Press at noon, a minute on both sides.
ClipWorld world(std::vector<ClipSource> sources) {
    ClipWorld made;
    made.asked = {at(-60), at(60)};
    made.sources = std::move(sources);
    made.has_recorder = true;
    made.now = at(3600);
    made.give_up_at = at(86'400);
    return made;
}

/// "s1 0-5760000 | gap …": source or cause, first and last sample.
std::string drawn(const ClipWorld& w, const ClipPlan& plan) {
    std::string text;
    for (const PlannedPiece& piece : plan.pieces) {
        text += piece.is_gap() ? piece.gap_cause
                               : "s" + std::to_string(w.sources[piece.source].session.id.value);
        text += " " + std::to_string(piece.clip_sample / 48) + "-" +
                std::to_string((piece.clip_sample + piece.sample_count) / 48) + "; ";
    }
    return text + std::string(enum_word(plan.state)) + " " + plan.reason;
}
std::string drawn(const ClipWorld& w) {
    return drawn(w, plan_clip(w));
}

TEST(ClipRules, one_recording_around_the_press_is_whole) {
    EXPECT_EQ(drawn(world({source(1, -100, 100)})), "s1 0-120000; final whole");
}

TEST(ClipRules, files_that_follow_each_other_join) {
    EXPECT_EQ(drawn(world({source(1, -100, 10), source(2, 10, 200)})),
              "s1 0-70000; s2 70000-120000; final whole");
    // Half a packet between two files is their joint, not a loss.
    EXPECT_EQ(drawn(world({source(1, -100, 10), source(2, 10.02, 200)})),
              "s1 0-70000; joint 70000-70020; s2 70020-120000; final whole");
}

TEST(ClipRules, a_hole_between_two_recordings_is_silence_of_true_length) {
    EXPECT_EQ(drawn(world({source(1, -100, -10), source(2, 5.5, 200)})),
              "s1 0-50000; between_recordings 50000-65500; s2 65500-120000; final missing.gap");
}

TEST(ClipRules, declared_gaps_name_their_cause) {
    ClipWorld w = world({source(1, -100, -10), source(2, 20, 200)});
    w.gaps = {{1, {at(-10), at(5)}, "off"}};
    EXPECT_EQ(drawn(w),
              "s1 0-50000; off 50000-65000; between_recordings 65000-80000; s2 80000-120000; final "
              "missing.gap");
}

TEST(ClipRules, at_the_edge_of_a_recording_more_may_come) {
    ClipWorld w = world({source(1, -30, 200)});
    EXPECT_EQ(drawn(w), "before_recording 0-30000; s1 30000-120000; partial waiting.rest");
    EXPECT_EQ(plan_clip(w).look_again_at, w.give_up_at);
    w.known_before = true;
    EXPECT_EQ(drawn(w), "between_recordings 0-30000; s1 30000-120000; final missing.gap");
    w = world({source(1, -200, 30)});
    EXPECT_EQ(drawn(w), "s1 0-90000; after_recording 90000-120000; partial waiting.rest");
    w.now = w.give_up_at;
    EXPECT_EQ(drawn(w), "s1 0-90000; after_recording 90000-120000; final missing.gave_up");
}

TEST(ClipRules, nothing_there_waits_and_then_fails_with_its_reason) {
    ClipWorld w = world({});
    EXPECT_EQ(drawn(w), "not_uploaded 0-120000; waiting_upload waiting.upload");
    w.now = at(10);
    EXPECT_EQ(drawn(w), "not_uploaded 0-120000; waiting_tail waiting.tail");
    EXPECT_EQ(plan_clip(w).look_again_at, at(65));
    w.has_recorder = false;
    EXPECT_EQ(drawn(w), "not_uploaded 0-120000; waiting_upload waiting.recorder");
    w.now = w.give_up_at;
    EXPECT_EQ(drawn(w), "not_uploaded 0-120000; failed failed.no_recorder");
    w.has_recorder = true;
    EXPECT_EQ(drawn(w), "not_uploaded 0-120000; failed failed.no_recording");
    w.now = at(3600);
    w.gaps = {{1, {at(-100), at(100)}, "paused"}};
    EXPECT_EQ(drawn(w), "paused 0-120000; failed failed.in_gap");
    w.gaps[0].cause = "not_uploaded";
    EXPECT_EQ(drawn(w), "not_uploaded 0-120000; waiting_upload waiting.upload");
}

TEST(ClipRules, uncertainty_widens_both_sides) {
    ClipWorld w = world({source(1, -100, 100)});
    w.uncertainty = Duration::ms(1500);
    EXPECT_EQ(drawn(w), "s1 0-123000; final whole");
}

TEST(ClipRules, of_overlapping_sessions_the_longest_goes_first_and_others_fill) {
    EXPECT_EQ(drawn(world({source(1, -60, 0), source(2, -40, 50)})),
              "s1 0-20000; s2 20000-110000; after_recording 110000-120000; partial waiting.rest");
    auto w = world({source(1, -60, 60), source(2, -60, 60)});
    EXPECT_EQ(drawn(w), "s1 0-120000; final whole");  // earlier arrival
    w.sources[0].map.uncertainty = Duration::ms(10);
    EXPECT_EQ(drawn(w), "s2 0-120000; final whole");  // better known clock
}

TEST(ClipRules, a_loss_inside_a_session_is_filled_by_the_other_recorder) {
    auto w = world({source(1, -100, 100), source(2, -5, 5)});
    w.sources[0].covered = {{0, 48'000 * 100}, {48'000 * 103, 48'000 * 200}};
    EXPECT_EQ(drawn(w), "s1 0-60000; s2 60000-63000; s1 63000-120000; final whole");
}

TEST(ClipRules, the_order_of_arrival_changes_nothing) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 chance(seed);
    const auto some = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(chance);
    };
    for (int round = 0; round < 300; ++round) {
        std::vector<ClipSource> sources;
        for (int i = 1; i <= some(1, 6); ++i) {
            const int begin = some(-20'000, 10'000);
            sources.push_back(source(i, begin / 100.0, (begin + some(1, 15'000)) / 100.0));
        }
        ClipWorld w = world(sources);
        const ClipPlan plan = plan_clip(w);
        const std::string expected = drawn(w, plan);
        // Pieces cover the window without holes, in order, whatever overlaps.
        std::int64_t cursor = 0;
        for (const PlannedPiece& piece : plan.pieces) {
            EXPECT_EQ(piece.clip_sample, cursor);
            EXPECT_GT(piece.sample_count, 0);
            cursor += piece.sample_count;
        }
        EXPECT_NEAR(static_cast<double>(cursor), 120.0 * 48'000, 240);
        EXPECT_EQ(cursor, plan.length_samples);
        std::shuffle(w.sources.begin(), w.sources.end(), chance);
        EXPECT_EQ(drawn(w), expected);
        EXPECT_EQ(plan_clip(w).input_version, plan.input_version);
    }
}

TEST(ClipRules, a_final_clip_is_cut_again_only_for_more_than_50_ms) {
    ClipWorld w = world({source(1, -100, 100)});
    const ClipPlan plan = plan_clip(w);
    ClipVersion made;
    made.at = plan.window;
    made.pieces = piece_rows(plan, w.sources, {{0, plan.length_samples}}, plan.length_samples);
    EXPECT_FALSE(differs_enough(made, plan, w.sources));
    for (const auto& [ms, again] :
         {std::pair{40, false}, std::pair{60, true}, std::pair{-60, true}}) {
        ClipWorld moved = w;
        moved.sources[0].map.points[0].second = at(-100) + Duration::ms(ms);
        EXPECT_EQ(differs_enough(made, plan_clip(moved), moved.sources), again) << ms;
    }
    made.missing_samples = 48'000;
    EXPECT_TRUE(differs_enough(made, plan, w.sources));
    const ClipWorld gone = world({});
    EXPECT_FALSE(differs_enough(made, plan_clip(gone), gone.sources));
}

TEST(ClipRules, every_reason_stands_in_the_table) {
    const auto known = [](std::string_view code) {
        return std::any_of(clip_reasons().begin(), clip_reasons().end(),
                           [&](const ClipReason& each) { return each.code == code; });
    };
    for (const bool recorder : {false, true})
        for (const double now : {0.0, 3600.0, 90'000.0})
            for (const auto& sources :
                 {std::vector<ClipSource>{}, {source(1, -30, 30)}, {source(1, -99, 99)}}) {
                ClipWorld w = world(sources);
                w.has_recorder = recorder;
                w.now = at(now);
                EXPECT_TRUE(known(plan_clip(w).reason)) << plan_clip(w).reason;
            }
}

}  // namespace
}  // namespace otklik
