#include "clips/clip_story.h"

#include <gtest/gtest.h>

namespace otklik {
namespace {

constexpr Instant story_begin{1'795'000'000'000'000};

struct StoryPart {
    std::int64_t session = 0;  // 0: a gap
    std::int64_t map = 0;
    int seconds = 0;
};

/// A cut of these parts one after another, beginning `begin` after a fixed moment.
ClipVersion story_cut(std::initializer_list<StoryPart> parts, Duration begin = {}) {
    ClipVersion cut;
    for (const StoryPart& part : parts) {
        ClipPieceRow piece;
        piece.is_gap = part.session == 0;
        piece.clip_sample = cut.length_samples;
        piece.sample_count = part.seconds * samples_per_second;
        piece.session_id = {part.session};
        piece.map_id = {part.map};
        cut.length_samples += piece.sample_count;
        if (piece.is_gap) cut.missing_samples += piece.sample_count;
        cut.pieces.push_back(piece);
    }
    cut.at = {story_begin + begin, story_begin + begin + duration_of_samples(cut.length_samples)};
    return cut;
}

TEST(ClipStory, the_first_cut_has_no_other_reason) {
    EXPECT_EQ(why_cut(nullptr, story_cut({{1, 1, 60}})), CutReason::first);
}

TEST(ClipStory, sound_that_came_and_sound_that_went) {
    const ClipVersion half = story_cut({{1, 1, 60}, {0, 0, 60}});
    const ClipVersion whole = story_cut({{1, 1, 60}, {2, 2, 60}});
    const ClipVersion same_recording = story_cut({{1, 1, 120}});
    EXPECT_EQ(why_cut(&half, whole), CutReason::more);
    EXPECT_EQ(why_cut(&half, same_recording), CutReason::more);
    EXPECT_EQ(why_cut(&whole, half), CutReason::less);
    const ClipVersion others = story_cut({{1, 1, 60}, {3, 3, 60}});
    EXPECT_EQ(why_cut(&whole, others), CutReason::sound);
}

TEST(ClipStory, another_map_of_a_recording_in_both_is_its_clock) {
    const ClipVersion before = story_cut({{1, 1, 120}});
    EXPECT_EQ(why_cut(&before, story_cut({{1, 9, 120}})), CutReason::clock);
    // The window is wider by what the clock is doubted.
    EXPECT_EQ(why_cut(&before, story_cut({{1, 9, 124}}, Duration::seconds(-2))), CutReason::clock);
}

TEST(ClipStory, other_borders_were_asked_for) {
    const ClipVersion before = story_cut({{1, 1, 120}});
    EXPECT_EQ(why_cut(&before, story_cut({{1, 1, 300}}, Duration::seconds(-60))),
              CutReason::window);
    EXPECT_EQ(why_cut(&before, story_cut({{1, 1, 40}})), CutReason::window);
    // A packet more or less is no other border.
    ClipVersion nearly = story_cut({{1, 1, 120}});
    nearly.at.end = nearly.at.end + Duration::ms(20);
    EXPECT_EQ(why_cut(&before, nearly), CutReason::sound);
}

TEST(ClipStory, newer_rules_are_told_before_all_else) {
    const ClipVersion before = story_cut({{1, 1, 120}});
    ClipVersion after = story_cut({{1, 9, 120}});
    after.rule_version = before.rule_version + 1;
    EXPECT_EQ(why_cut(&before, after), CutReason::rules);
}

}  // namespace
}  // namespace otklik
