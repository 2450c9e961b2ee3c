// What an import would do, told before anything is stored.
#include <fcntl.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "base/files.h"
#include "media/decode.h"
#include "recording/import.h"
#include "recording/recording_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr Duration clocks_differ_max = Duration::seconds(300);  // of recorder, computer, server
constexpr Duration neighbours_within = Duration::hours(24);
constexpr Duration zone_shift_max = Duration::hours(14);
constexpr Duration shift_doubt = Duration::seconds(120);
constexpr std::size_t overlaps_max = 20;

/// A recorder set to another zone is wrong by whole half-hours: then the file was closed so much
/// off the end that its name tells.
std::optional<Duration> shift_of(Instant end, Instant modified_at) {
    constexpr std::int64_t half_hour = Duration::seconds(1800).us;
    const std::int64_t off = modified_at.us - end.us;
    if (std::abs(off) > zone_shift_max.us + shift_doubt.us) return std::nullopt;
    const std::int64_t halves = (off + (off < 0 ? -half_hour : half_hour) / 2) / half_hour;
    if (halves == 0 || std::abs(off - halves * half_hour) > shift_doubt.us) return std::nullopt;
    return Duration{halves * half_hour};
}

}  // namespace

RecordingPreview Importer::preview(const Scope& scope, Tx& tx, const ImportRequest& request,
                                   std::optional<Duration> length,
                                   std::optional<Instant> modified_at) const {
    RecordingPreview preview;
    preview.place = place_of(scope, request, tx);
    const Instant begin = preview.place.start;
    preview.ahead = begin + length.value_or(Duration{}) > clock_.now() + clocks_differ_max;
    if (!request.sha256.empty()) {
        const Id<Recorder> recorder = preview.place.recorder.id;
        const Bytes hash{request.sha256};
        preview.already_there =
            tx.row(recording_sql::same_original,
                   {{"recorder", recorder}, {"sha256", hash}, {"started", begin}})
                .has_value();
        if (const auto other =
                tx.row(recording_sql::same_content, {{"recorder", recorder}, {"sha256", hash}}))
            preview.same_content_at = other->instant(0);
    }
    if (!length) return preview;
    const TimeRange at{begin, begin + *length};
    preview.at = at;
    if (modified_at && preview.place.start_source != "stated")
        preview.zone_shift = shift_of(at.end, *modified_at);
    const Coverage around =
        recording_.coverage(scope, tx, preview.place.point.id,
                            {at.begin - neighbours_within, at.end + neighbours_within});
    for (const Stretch& each : around.stretches) {
        const TimeRange other = each.session.at;
        if (other.overlaps(at)) {
            if (preview.overlaps.size() < overlaps_max) preview.overlaps.push_back(each.session);
        } else if (other.end <= at.begin) {
            const Duration gap = at.begin - other.end;
            preview.gap_before = std::min(gap, preview.gap_before.value_or(gap));
        } else {
            const Duration gap = other.begin - at.end;
            preview.gap_after = std::min(gap, preview.gap_after.value_or(gap));
        }
    }
    return preview;
}

AudioHead Importer::look_at(const std::string& path) const {
    const Fd fd = open_file(path, O_RDONLY);
    const ProbedAudio probed = probe_audio(tools_.decoder_path, fd.get());
    AudioHead head;
    head.format = probed.container + ' ' + probed.codec;
    head.begun = probed.begun;
    if (probed.length_ms > 0) head.length = Duration::ms(probed.length_ms);
    return head;
}

std::string Importer::tag_of(const ImportRequest& request) const {
    try {
        return look_at(request.draft_path).begun;
    } catch (const Error& error) {
        if (error.fault() != Fault::invalid) throw;
        return {};  // the import itself will say what is wrong with it
    }
}

}  // namespace otklik
