#include "recording/fragments.h"

#include "recording/recording_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

// Older sound than any import takes (import_rows.cpp) is refused with a reason.
constexpr Instant fragments_placed_at{946'684'800'000'000};  // 2000-01-01

}  // namespace

Id<Recorder> recorder_of_fragments(Tx& tx, Recording& recording, const Point& point,
                                   std::string_view name) {
    if (const auto row = tx.row(recording_sql::fragments_of_point, {{"point", point.id}}))
        return row->id<Recorder>(0);
    Recorder recorder;
    recorder.company_id = point.company_id;
    recorder.unit = point.unit;
    recorder.name = name;
    const auto id = recording.make_recorder(tx, recorder);
    tx.run(recording_sql::mark_fragments, {{"id", id}});
    recording.place(tx, id, point, fragments_placed_at);
    return id;
}

}  // namespace otklik
