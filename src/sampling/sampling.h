#pragma once
// Sampling: which piece of the endless recording is checked, decided by chance and never by a
// press. A draw is a stored, seeded random interval over the sound recorded in a stretch of time
// (design.md section 10). Presses are not looked at: an interval that happens to lie over one
// stays. The same seed and frame give the same interval; both are stored, so the draw can be done
// again by anybody (sampling/choose.h says how). Two recorders over the same minutes are two pieces
// of sound, each of its own weight. Owns: draw. Facts: draw.made. Thread: any; the transaction is
// the lock.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "recording/recording.h"
#include "sites/sites.h"

namespace otklik {

class Clips;
class Tx;

struct Draw {
    Id<Draw> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    std::string seed;
    std::int64_t rule_version = 1;
    std::string frame;  // JSON, see DrawFrame
    Id<RecordingSession> session_id;
    Id<Point> point_id;
    SampleRange samples;
    TimeRange at;          // by the clock map of the moment of drawing
    Id<Person> person_id;  // on duty when it begins; 0: nobody known
    Id<Account> drawn_by;  // 0: the console
    Instant created_at;
};
template <>
inline constexpr std::string_view id_prefix<Draw> = "draw";

/// What could have been drawn; stored with the draw.
struct FrameStretch {
    Id<RecordingSession> recording_id;
    std::int64_t begin_sample = 0;
    std::int64_t end_sample = 0;
    void fields(FieldSink& f);
};
struct DrawFrame {
    std::int64_t rule = 1;
    Instant from, to;
    std::int64_t length_samples = 0;
    std::int64_t starts = 0;
    std::vector<FrameStretch> stretches;
    void fields(FieldSink& f);
    std::int64_t samples() const;  // of all stretches
};

class Sampling {
public:
    Sampling(Recording& recording, Sites& sites) : recording_(recording), sites_(sites) {}
    struct Wish {
        Id<Point> point_id;  // 0: every point the reader sees
        TimeRange range;
        Duration length = Duration::seconds(120);
        std::string seed;  // empty: a new one by chance
        Id<Account> by;
    };
    /// Draws and stores. Error{invalid, "draw.range" | "draw.length"}; Error{not_found}: the point;
    /// Error{conflict, "draw.nothing_recorded"}: nothing long enough was recorded then.
    Draw draw(const Scope& scope, Tx& tx, const Wish& wish);
    std::optional<Draw> find(const Scope& scope, Tx& tx, Id<Draw> id) const;
    Draw get(const Scope& scope, Tx& tx, Id<Draw> id) const;  // Error{not_found}
    /// The frame as the recordings are now; a late upload may have made it larger than a stored
    /// one.
    DrawFrame frame(const Scope& scope, Tx& tx, const Wish& wish) const;

private:
    Recording& recording_;
    Sites& sites_;
};
/// A new seed: 16 hex digits of the system's randomness.
std::string make_seed();
DrawFrame parse_frame(std::string_view json);

extern const std::span<const Kind> sampling_kinds;

}  // namespace otklik
