#include "clips/clips.h"

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "clips/clips_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace clips_sql;

namespace {

// A key without a meaning still gets the window that most buttons have.
constexpr Duration default_window = Duration::seconds(60);
// No window is longer (signals refuses it), nor widened by more: how far back a list by begin must
// look.
constexpr Duration window_max = Duration::seconds(1200);
constexpr Duration widened_max = Duration::seconds(600);
// An unprocessed press holds its recording for so long; then an alarm and a person's decision
// (design.md section 4).
constexpr Duration pin_max = Duration::days(30);
constexpr std::int64_t day_min = -100'000, day_max = 100'000;

Clip clip_of(const Row& row) {
    Clip clip;
    clip.id = row.id<Clip>(0);
    clip.company_id = row.integer(1);
    clip.unit = row.id<Unit>(2);
    clip.point_id = row.id<Point>(3);
    clip.person_id = row.id<Person>(4);
    clip.signal_id = row.id<Signal>(5);
    clip.asked = {row.instant(6), row.instant(7)};
    clip.uncertainty = row.duration(8);
    clip.state = parse_enum<ClipState>(row.text(9)).value_or(ClipState::failed);
    clip.reason = row.text(10);
    clip.give_up_at = row.instant(11);
    clip.version_id = row.id<ClipVersion>(12);
    clip.missing_samples = row.integer(13);
    clip.undone = row.flag(14);
    clip.first_playable_at = row.maybe_instant(15);
    clip.final_at = row.maybe_instant(16);
    clip.created_at = row.instant(17);
    clip.reopened_by = row.id<Repair>(18);
    clip.erased_at = row.maybe_instant(19);
    clip.fragment_id = row.id<RecordingSession>(20);
    return clip;
}

ClipVersion version_of(const Row& row) {
    ClipVersion version;
    version.id = row.id<ClipVersion>(0);
    version.clip_id = row.id<Clip>(1);
    version.number = row.integer(2);
    version.at = {row.instant(3), row.instant(4)};
    version.length_samples = row.integer(5);
    version.missing_samples = row.integer(6);
    version.state = row.text(7);
    version.rule_version = row.integer(8);
    version.input_version = row.text(9);
    version.made_at = row.instant(10);
    return version;
}

Place place_of(const Clip& clip) {
    return {clip.company_id, clip.unit.value, clip.person_id.value};
}

Params meeting(Id<Point> point, TimeRange range) {
    return {{"point", point},
            {"begin", range.begin - widened_max},
            {"end", range.end + widened_max},
            {"from", range.begin - widened_max - window_max}};
}

std::vector<Id<Clip>> ids_of(const std::vector<Row>& rows) {
    std::vector<Id<Clip>> ids;
    for (const Row& row : rows) ids.push_back(row.id<Clip>(0));
    return ids;
}

}  // namespace

Clips::Clips(Store& store, Blobs& blobs, Recording& recording, Repairs& repairs, Signals& signals,
             Sites& sites, const Clock& clock)
    : store_(store),
      blobs_(blobs),
      recording_(recording),
      repairs_(repairs),
      signals_(signals),
      sites_(sites),
      clock_(clock) {}

Id<Clip> Clips::want(Tx& tx, Id<Signal> signal_id) {
    const Signal signal = signals_.get(Scope::system(), tx, signal_id);
    if (const auto row = tx.row(clip_of_signal, {{"signal", signal_id}})) return row->id<Clip>(0);
    const Point point = sites_.get_point(Scope::system(), tx, signal.point_id);
    const auto button = signals_.find_button(tx, signal.button_id);
    const TimeRange asked{signal.pressed_at - (button ? button->window_before : default_window),
                          signal.pressed_at + (button ? button->window_after : default_window)};
    if (button && button->merge)
        if (const auto joined = merge(tx, signal, asked)) return *joined;
    // A press that comes late (a panel without network) is given its whole time all the same.
    // What a log tells of is over: its sound is there, or comes as a fragment, which asks anew.
    const Duration waits = signal.import_id != 0 ? Duration{} : point.give_up_after;
    const Instant give_up_at = std::max(asked.end, tx.now()) + waits;
    const auto id = tx.make_id<Clip>();
    const auto inserted = tx.run(insert_clip, {{"id", id},
                                               {"company", signal.company_id},
                                               {"unit", signal.unit},
                                               {"point", signal.point_id},
                                               {"person", signal.person_id},
                                               {"signal", signal_id},
                                               {"begin", asked.begin},
                                               {"end", asked.end},
                                               {"uncertainty", signal.uncertainty},
                                               {"state", enum_word(ClipState::waiting_upload)},
                                               {"reason", "waiting.upload"},
                                               {"give_up", give_up_at},
                                               {"undone", signal.undone},
                                               {"day", signal.local_day},
                                               {"at", tx.now()}});
    // Another worker was quicker; its transaction wrote the mark and the fact.
    if (inserted == 0) return tx.row(clip_of_signal, {{"signal", signal_id}}).value().id<Clip>(0);
    tx.run(insert_clip_signal, {{"clip", id}, {"signal", signal_id}});
    pin_clip(tx, point, id, {asked.begin - signal.uncertainty, asked.end + signal.uncertainty});
    tell(tx, "clip.wanted", signal.company_id, signal.unit.value, id.value);
    return id;
}

void Clips::pin_clip(Tx& tx, const Point& point, Id<Clip> id, TimeRange range) {
    recording_.pin(tx, point, range, "press", "clip", id.value, tx.now() + pin_max);
}

std::vector<Id<Clip>> Clips::open_clips(Tx& tx, Id<Point> point, TimeRange range) const {
    return ids_of(tx.rows(open_clips_meeting, meeting(point, range)));
}

std::vector<Id<Clip>> Clips::clips_around(Tx& tx, Id<Point> point, TimeRange range,
                                          std::span<const Stretch> supposed) const {
    auto found = ids_of(tx.rows(clips_meeting, meeting(point, range)));
    const Instant begin = range.begin, end = range.end;
    const auto at = [&](TimeRange moment) {
        return recording_.coverage(Scope::system(), tx, point, moment, supposed);
    };
    const TimeRange wide{
        std::min(at({begin - Duration{1}, begin}).newest_end.value_or(begin), begin),
        std::max(at({end, end + Duration{1}}).next_begin.value_or(end), end)};
    for (const Id<Clip> clip : open_clips(tx, point, wide)) found.push_back(clip);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<Id<Clip>> Clips::clips_to_meet(Tx& tx, Id<RecordingSession> id) const {
    const auto session = recording_.find_session(Scope::system(), tx, id);
    if (!session) return {};
    if (session->is_fragment) return ids_of(tx.rows(clips_of_fragment, {{"session", id}}));
    return clips_around(tx, session->point_id, session->at);
}

std::vector<Id<Clip>> Clips::clips_to_meet_gap(Tx& tx, std::int64_t gap_id) const {
    const auto gap = recording_.find_gap(tx, gap_id);
    if (!gap) return {};
    if (gap->second.cause == "paused")
        return ids_of(tx.rows(clips_meeting, meeting(gap->first, gap->second.at)));
    return open_clips(tx, gap->first, gap->second.at);
}

void Clips::forget_private(Tx& tx, std::int64_t gap_id) {
    const auto gap = recording_.find_gap(tx, gap_id);
    if (!gap || gap->second.cause != "paused") return;
    const auto holds_talk = [&](const ClipPieceRow& piece) {
        const TimeRange at{piece.begin_at,
                           piece.begin_at + duration_of_samples(piece.sample_count)};
        return !piece.is_gap && at.overlaps(gap->second.at);
    };
    for (const Id<Clip> id : clips_to_meet_gap(tx, gap_id)) {
        const auto clip = find(Scope::system(), tx, id);
        if (!clip) continue;
        for (ClipVersion& version : versions(Scope::system(), tx, id)) {
            if (version.tracks.empty() ||
                std::none_of(version.pieces.begin(), version.pieces.end(), holds_talk))
                continue;
            tx.run(delete_tracks, {{"version", version.id}});
            tx.run(delete_envelopes, {{"version", version.id}});
            for (const ClipTrackRow& track : version.tracks)
                blobs_.discard(tx, track.file.id, "paused");
            if (clip->version_id == version.id) tx.run(reopen_clip, {{"id", id}, {"at", tx.now()}});
        }
        tell(tx, "clip.changed", clip->company_id, clip->unit.value, id.value);
    }
}

std::optional<Clip> Clips::find(const Scope& scope, Tx& tx, Id<Clip> id) const {
    const auto row = tx.row(find_clip, {{"id", id}});
    if (!row) return std::nullopt;
    Clip clip = clip_of(*row);
    if (!allows(scope, place_of(clip))) return std::nullopt;
    return clip;
}

std::optional<Clip> Clips::of_signal(const Scope& scope, Tx& tx, Id<Signal> id) const {
    const auto row = tx.row(clip_of_signal, {{"signal", id}});
    if (!row) return std::nullopt;
    return find(scope, tx, row->id<Clip>(0));
}

void Clips::read_parts(Tx& tx, ClipVersion& version) const {
    for (const Row& row : tx.rows(pieces_of_version, {{"version", version.id}})) {
        ClipPieceRow piece;
        piece.ordinal = row.integer(0);
        piece.is_gap = row.text(1) == "gap";
        piece.gap_cause = row.maybe_text(2).value_or("");
        piece.clip_sample = row.integer(3);
        piece.sample_count = row.integer(4);
        piece.begin_at = row.instant(5);
        piece.session_id = row.id<RecordingSession>(6);
        piece.session_sample = row.maybe_integer(7).value_or(0);
        piece.map_id = row.id<ClockMap>(8);
        version.pieces.push_back(std::move(piece));
    }
    for (const Row& row : tx.rows(tracks_of_version, {{"version", version.id}}))
        if (auto file = blobs_.find(tx, row.id<StoredFile>(1)))
            version.tracks.push_back({row.integer(0), std::move(*file)});
}

std::optional<ClipVersion> Clips::version(const Scope& scope, Tx& tx, Id<ClipVersion> id) const {
    const auto row = tx.row(find_version, {{"id", id}});
    if (!row) return std::nullopt;
    ClipVersion version = version_of(*row);
    const auto clip = find(scope, tx, version.clip_id);
    if (!clip) return std::nullopt;
    read_parts(tx, version);
    if (!may_hear(scope, tx, *clip, version)) return std::nullopt;
    return version;
}

bool Clips::may_hear(const Scope& scope, Tx& tx, const Clip& clip,
                     const ClipVersion& version) const {
    if (scope.is_system()) return true;
    return std::all_of(version.pieces.begin(), version.pieces.end(), [&](const ClipPieceRow& p) {
        if (p.is_gap) return true;
        const auto session = recording_.find_session(Scope::system(), tx, p.session_id);
        return session && (session->unit == clip.unit ||
                           allows(scope, {session->company_id, session->unit.value, 0}));
    });
}

std::optional<ClipVersion> Clips::latest(Tx& tx, Id<Clip> id) const {
    const auto row = tx.row(latest_version, {{"clip", id}});
    if (!row) return std::nullopt;
    ClipVersion version = version_of(*row);
    read_parts(tx, version);
    return version;
}

std::vector<ClipVersion> Clips::versions(const Scope& scope, Tx& tx, Id<Clip> id) const {
    std::vector<ClipVersion> result;
    const auto clip = find(scope, tx, id);
    if (!clip) return result;
    for (const Row& row : tx.rows(versions_of_clip, {{"clip", id}})) {
        ClipVersion version = version_of(row);
        read_parts(tx, version);
        if (may_hear(scope, tx, *clip, version)) result.push_back(std::move(version));
    }
    return result;
}

std::int64_t Clips::waiting(const Scope& scope, Tx& tx, const SignalFilter& filter) const {
    std::int64_t count = 0;
    const std::string kind(filter.signal_kind ? enum_word(*filter.signal_kind) : "");
    for (const Row& row :
         tx.rows(count_waiting, {{"company", scope.company_id()},
                                 {"from", filter.day_from.value_or(day_min)},
                                 {"to", filter.day_to.value_or(day_max)},
                                 {"point", filter.point_id ? filter.point_id->value : 0},
                                 {"kind", kind},
                                 {"key", filter.key.value_or("")}})) {
        const std::int64_t person = row.is_null(1) ? 0 : row.integer(1);
        if (allows(scope, {scope.company_id(), row.integer(0), person})) count += row.integer(2);
    }
    return count;
}

std::vector<Id<RecordingSession>> Clips::sources_of(Tx& tx, Id<Clip> id) const {
    std::vector<Id<RecordingSession>> sources;
    for (const Row& row : tx.rows(sources_of_clip, {{"clip", id}}))
        sources.push_back(row.id<RecordingSession>(0));
    std::sort(sources.begin(), sources.end());
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    return sources;
}

std::vector<SampleRange> Clips::kept_of(Tx& tx, Id<RecordingSession> session) const {
    std::vector<SampleRange> kept;
    for (const Row& row : tx.rows(pieces_kept, {{"session", session}}))
        kept.push_back({row.integer(0), row.integer(0) + row.integer(1)});
    return kept;
}

void Clips::follow_signal(Tx& tx, Id<Signal> signal_id) {
    const auto signal = signals_.find(Scope::system(), tx, signal_id);
    const auto clip = of_signal(Scope::system(), tx, signal_id);
    if (!signal || !clip || !signal->undone) return;
    // A clip of several presses counts as long as one of them stands.
    for (const Id<Signal> id : signals_of(tx, clip->id)) {
        const auto other = signals_.find(Scope::system(), tx, id);
        if (other && !other->undone) return;
    }
    // The clip stays as it is: whoever withdrew the press may have been wrong. It only leaves the
    // counts.
    if (tx.run(mark_undone, {{"id", clip->id}, {"at", tx.now()}}) == 0) return;
    tell(tx, "clip.changed", clip->company_id, clip->unit.value, clip->id.value);
}

bool Clips::press_meets(Tx& tx, Id<Point> point, TimeRange range) const {
    return tx
        .row(window_meeting, {{"point", point},
                              {"begin", range.begin},
                              {"end", range.end},
                              {"from", range.begin - window_max}})
        .has_value();
}

}  // namespace otklik
