#pragma once
// How full the disk of the data folder is. Two marks: below the first one the administrator is
// told, below the second one nothing big is taken in, so that presses and live sound still have
// room when somebody comes to look. Nothing is erased for want of room: sound goes by its term
// alone (recording/retention.h). Thread: any.
#include <cstdint>
#include <string>

#include "base/fields.h"

namespace otklik {

enum class DiskState { ample, low, scarce };
template <>
inline constexpr std::pair<DiskState, std::string_view> enum_words<DiskState>[3] = {
    {DiskState::ample, "ample"}, {DiskState::low, "low"}, {DiskState::scarce, "scarce"}};

struct DiskRoom {
    std::int64_t free_bytes = 0, total_bytes = 0;
    /// Low: less than 15 % and less than 20 GiB free; scarce: less than 7 % and less than 5 GiB.
    /// The shares are reliability.md R8's; the second figures keep a disk of many terabytes from
    /// being called full.
    DiskState state() const;
};
/// Throws Error{internal} when the folder cannot be asked.
DiskRoom disk_room(const std::string& folder);

}  // namespace otklik
