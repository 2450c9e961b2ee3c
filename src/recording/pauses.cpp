#include "recording/pauses.h"

#include <algorithm>

#include "base/error.h"
#include "recording/recording_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::size_t pause_id_length_max = 64;
// Sound is left out by whole packets of 20 ms, and what follows a loss begins within a packet.
constexpr Duration packet_grid = Duration::ms(40);

}  // namespace

void begin_pause(Tx& tx, const Point& point, std::int64_t device_id, const Pause& pause) {
    if (pause.pause_id.empty() || pause.pause_id.size() > pause_id_length_max)
        throw Error(Fault::invalid, "pause.id").at("pause_id");
    tx.run(recording_sql::insert_pause, {{"id", tx.next_id()},
                                         {"company", point.company_id},
                                         {"unit", point.unit},
                                         {"point", point.id},
                                         {"device", device_id},
                                         {"pause", pause.pause_id},
                                         {"reason", pause.reason},
                                         {"begin", pause.at},
                                         {"uncertainty", pause.uncertainty},
                                         {"at", tx.now()}});
}

void end_pause(Tx& tx, Recording& recording, const Point& point, std::int64_t device_id,
               std::string_view pause_id, Instant at, Duration uncertainty) {
    const auto row =
        tx.row(recording_sql::find_pause, {{"device", device_id}, {"pause", pause_id}});
    if (!row) throw Error(Fault::not_found, "pause.unknown").at("pause_id");
    const Instant begin = row->instant(1);
    const Instant end = std::max(at, begin + Duration::ms(1));
    if (tx.run(recording_sql::end_pause, {{"id", row->integer(0)}, {"end", end}}) == 0) return;
    recording.declare_gap(tx, point, {},
                          {begin - row->duration(3) - packet_grid, end + uncertainty + packet_grid},
                          "paused");
}

std::optional<Pause> open_pause(Tx& tx, Id<Point> point) {
    const auto row = tx.row(recording_sql::open_pause, {{"point", point}});
    if (!row) return std::nullopt;
    return Pause{row->text(0), row->text(2), row->instant(1), {}};
}

}  // namespace otklik
