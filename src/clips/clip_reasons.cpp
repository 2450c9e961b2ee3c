#include <array>

#include "clips/clip_links.h"
#include "clips/clips.h"
#include "clips/clips_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

// One table: what a person is told about a clip. A code that is not here is never written
// (clip_rules_test.cpp).
constexpr std::array<ClipReason, 11> reasons = {{
    {"waiting.tail", ClipState::waiting_tail},
    {"waiting.upload", ClipState::waiting_upload},
    {"waiting.recorder", ClipState::waiting_upload},
    {"waiting.rest", ClipState::partial},
    {"whole", ClipState::final},
    {"missing.gap", ClipState::final},
    {"missing.gave_up", ClipState::final},
    {"failed.in_gap", ClipState::failed},
    {"failed.no_recording", ClipState::failed},
    {"failed.no_recorder", ClipState::failed},
    {"failed.no_fragment", ClipState::failed},
}};
constexpr std::array<std::string_view, 12> causes = {"not_uploaded",
                                                     "before_recording",
                                                     "after_recording",
                                                     "between_recordings",
                                                     "joint",
                                                     "off",
                                                     "network",
                                                     "overflow",
                                                     "torn",
                                                     "dead_microphone",
                                                     "paused",
                                                     "erased"};

constexpr std::array<std::string_view, 5> clip_verbs = {
    "clip.listen", "clip.ahead", "clip.download", "clip.transcribe", "clip.recut"};
constexpr std::array<std::string_view, 3> link_verbs = {"link.made", "link.ended", "link.opened"};
constexpr std::array<PersonalColumn, 1> clip_personal = {{
    {"clip", "person_id", "who was on duty when the press came", "keep"},
}};
constexpr std::array<PersonalColumn, 1> link_personal = {{
    {"clip_link", "note", "for whom a fragment was opened", "keep"},
}};
const std::array<Kind, 3> table = {{
    {"clip", "clip", "/clips/{id}", "audio", clip_verbs, clip_personal,
     &place_by<clips_sql::place_of_clip>},
    {"cut", "clip_version", "", "audio", {}, {}, &place_by<clips_sql::place_of_version>},
    {"link", "clip_link", "", "work", link_verbs, link_personal,
     &place_by<clips_sql::place_of_link>},
}};

}  // namespace

std::span<const ClipReason> clip_reasons() {
    return reasons;
}
std::span<const std::string_view> clip_gap_causes() {
    return causes;
}

const std::span<const Kind> clip_kinds = table;

}  // namespace otklik
