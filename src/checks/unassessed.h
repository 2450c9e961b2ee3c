#pragma once
// The reasons for which a check ends without a score. Thread: constant.
#include <span>
#include <string_view>
#include <utility>

#include "base/fields.h"

namespace otklik {

/// Why a check ends without a score.
enum class Unassessed {
    bad_sound,
    other_talk,       // not the talk that the press meant
    no_consent,       // the customer did not agree to be recorded
    silent_customer,  // only the staff are heard
    cut_short,        // the talk begins or ends outside of the recording
    other_language,
    something_else,  // told in a note
};
template <>
inline constexpr std::pair<Unassessed, std::string_view> enum_words<Unassessed>[7] = {
    {Unassessed::bad_sound, "bad_sound"},          {Unassessed::other_talk, "other_talk"},
    {Unassessed::no_consent, "no_consent"},        {Unassessed::silent_customer, "silent_customer"},
    {Unassessed::cut_short, "cut_short"},          {Unassessed::other_language, "other_language"},
    {Unassessed::something_else, "something_else"}};
struct UnassessedReason {
    Unassessed reason = Unassessed::something_else;
    bool sound = false;       // the point's sound is at fault: it stands in bad_sound()
    bool needs_note = false;  // says nothing by itself
};
/// The table of reasons, in the order they are offered. Words: "check.reason.<word>".
std::span<const UnassessedReason> unassessed_reasons();

}  // namespace otklik
