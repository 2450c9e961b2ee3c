// Stage clips.cut: what is known against what was cut. Reads in one transaction, cuts files outside
// of any, writes rows and facts in one.
#include <algorithm>
#include <filesystem>

#include "base/clock.h"
#include "base/error.h"
#include "clips/clip_look.h"
#include "clips/clips_sql.h"
#include "media/opus_encoder.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace clips_sql;

namespace {

constexpr int races_max = 4;
// Packets around the window that the cutter may want: pre-roll before, one that is cut through
// after.
constexpr std::int64_t packets_before = 64;
constexpr std::int64_t packets_after = 4;

std::vector<SampleRange> covered_of(const SourceTrack& track) {
    std::vector<SampleRange> ranges;
    for (const auto& segment : track.segments) {
        const SampleRange range{segment.first_sample, segment.first_sample + segment.sample_count};
        if (!ranges.empty() && ranges.back().end == range.begin)
            ranges.back().end = range.end;
        else
            ranges.push_back(range);
    }
    return ranges;
}

std::vector<SampleRange> meet(const std::vector<SampleRange>& a,
                              const std::vector<SampleRange>& b) {
    std::vector<SampleRange> both;
    for (const SampleRange& x : a)
        for (const SampleRange& y : b) {
            const SampleRange z{std::max(x.begin, y.begin), std::min(x.end, y.end)};
            if (!z.empty()) both.push_back(z);
        }
    return both;
}

/// Of each segment; an open minute has none.
std::vector<StoredFile> files_of(Tx& tx, const Blobs& blobs,
                                 const std::vector<Recording::SegmentRef>& segments) {
    std::vector<StoredFile> files;
    for (const auto& segment : segments) {
        auto file =
            segment.tail ? std::optional<StoredFile>(std::in_place) : blobs.find(tx, segment.file);
        if (!file) throw Error(Fault::internal, "audio.file_missing");
        files.push_back(std::move(*file));
    }
    return files;
}

/// A private talk is no part of any clip, also while it still stands in the recording.
void leave_out_pauses(std::vector<SampleRange>& covered, const std::vector<Gap>& gaps,
                      const ClockMap& map) {
    for (const Gap& gap : gaps) {
        if (gap.cause != "paused") continue;
        const SampleRange talk{map.sample_at(gap.at.begin), map.sample_at(gap.at.end)};
        std::vector<SampleRange> left;
        for (const SampleRange& range : covered) {
            const SampleRange before{range.begin, std::min(range.end, talk.begin)};
            const SampleRange after{std::max(range.begin, talk.end), range.end};
            if (!before.empty()) left.push_back(before);
            if (!after.empty()) left.push_back(after);
        }
        covered = std::move(left);
    }
}

}  // namespace

bool Clips::Look::needs_cut() const {
    if (!plan.has_sound() || (plan.state != ClipState::partial && plan.state != ClipState::final))
        return false;
    if (!made || made->tracks.empty()) return true;
    const bool was_final = made->state == "final";
    if (clip.reopened_by && was_final != (plan.state == ClipState::final)) return true;
    if (was_final) return differs_enough(*made, plan, world.sources);
    return plan.state == ClipState::final || made->input_version != plan.input_version;
}

bool Clips::Look::keeps_cut() const {
    if (!made || made->tracks.empty()) return false;  // its files went with a private talk
    if (!clip.reopened_by) return static_cast<bool>(clip.version_id);
    return plan.has_sound() || meets_erased(plan);
}

bool Clips::Look::changes_state() const {
    return clip.reopened_by || clip.state != plan.state || clip.reason != plan.reason ||
           clip.uncertainty != world.uncertainty || (!clip.first_playable_at && plan.has_sound());
}

/// A fragment of another system is its whole clip: how surely its place in time is known widens
/// nothing, and nothing beside it is a part.
Coverage Clips::fragment_alone(Tx& tx, const Clip& clip, std::span<const Stretch> supposed) const {
    Coverage alone;
    for (const Stretch& each : supposed)
        if (each.session.id == clip.fragment_id) alone.stretches.push_back(each);
    const auto session = recording_.find_session(Scope::system(), tx, clip.fragment_id);
    if (session && alone.stretches.empty())
        alone.stretches.push_back({*session, recording_.clock_map(tx, session->id)});
    if (alone.stretches.empty()) return alone;
    const RecordingSession& there = alone.stretches.front().session;
    alone.gaps = recording_.coverage(Scope::system(), tx, there.point_id, there.at).gaps;
    return alone;
}

/// What a recording has of the window, by all its tracks.
void Clips::add_source(Tx& tx, Look& look, Stretch stretch, TimeRange window) const {
    const std::int64_t first =
        (stretch.map.sample_at(window.begin) + opus_pre_skip) / opus_packet_samples_48k;
    const std::int64_t last =
        (stretch.map.sample_at(window.end) + opus_pre_skip) / opus_packet_samples_48k;
    std::vector<SourceTrack> tracks;
    std::optional<std::vector<SampleRange>> covered;
    for (const Track& track : recording_.tracks(tx, stretch.session.id)) {
        SourceTrack source;
        if (track.peaks_file_id) source.peaks = blobs_.find(tx, track.peaks_file_id);
        source.segments = recording_.segments(
            tx, track.id, std::max<std::int64_t>(0, first - packets_before), last + packets_after);
        source.files = files_of(tx, blobs_, source.segments);
        covered = covered ? meet(*covered, covered_of(source)) : covered_of(source);
        tracks.push_back(std::move(source));
    }
    auto there = std::move(covered).value_or(std::vector<SampleRange>{});
    leave_out_pauses(there, look.world.gaps, stretch.map);
    look.world.sources.push_back({stretch.session, std::move(stretch.map), std::move(there)});
    look.tracks.push_back(std::move(tracks));
}

std::optional<Clips::Look> Clips::look_at(Tx& tx, Id<Clip> id,
                                          std::span<const Stretch> supposed) const {
    const auto clip = find(Scope::system(), tx, id);
    if (!clip) return std::nullopt;
    Look look;
    look.clip = *clip;
    look.point = sites_.get_point(Scope::system(), tx, clip->point_id);
    look.made = latest(tx, id);
    const Signal signal = signals_.get(Scope::system(), tx, clip->signal_id);
    const auto widened = [&](Duration by) {
        return TimeRange{clip->asked.begin - by, clip->asked.end + by};
    };
    const auto coverage = [&](TimeRange range) {
        return recording_.coverage(Scope::system(), tx, clip->point_id, range, supposed);
    };
    ClipWorld& world = look.world;
    world.now = clock_.now();
    world.give_up_at = clip->give_up_at;
    world.is_logged = signal.import_id != 0;
    world.has_recorder = recording_.point_has_recorder(tx, clip->point_id, signal.pressed_at);
    Coverage known;
    TimeRange window;
    if (clip->fragment_id) {
        known = fragment_alone(tx, *clip, supposed);
        window = known.stretches.empty() ? clip->asked : known.stretches.front().session.at;
        world.asked = window;
        world.gaps = known.gaps;
    } else {
        world.asked = clip->asked;
        known = coverage(widened(signal.uncertainty));
        world.uncertainty = widening(signal.uncertainty, known.stretches);
        window = widened(world.uncertainty);
        if (world.uncertainty != signal.uncertainty) known = coverage(window);
        world.gaps = known.gaps;
        world.known_after = known.next_begin.has_value();
        world.open_since = known.open_since;
        world.known_before =
            coverage({window.begin - Duration{1}, window.begin}).newest_end.has_value();
    }
    for (Stretch& stretch : known.stretches) add_source(tx, look, std::move(stretch), window);
    look.plan = plan_clip(world);
    return look;
}

void Clips::write_version(Tx& tx, const Look& look, const ClipVersion& made) {
    const Params common{
        {"company", look.clip.company_id}, {"unit", look.clip.unit}, {"version", made.id}};
    tx.run(insert_version, {{"id", made.id},
                            {"company", look.clip.company_id},
                            {"unit", look.clip.unit},
                            {"clip", look.clip.id},
                            {"number", made.number},
                            {"begin", made.at.begin},
                            {"end", made.at.end},
                            {"length", made.length_samples},
                            {"missing", made.missing_samples},
                            {"state", made.state},
                            {"rule", made.rule_version},
                            {"input", made.input_version},
                            {"by", "stage:clips.cut"},
                            {"at", made.made_at}});
    std::vector<Params> pieces;
    for (const ClipPieceRow& piece : made.pieces) {
        Params row = common;
        row.emplace_back("id", tx.next_id());
        row.emplace_back("ordinal", piece.ordinal);
        row.emplace_back("kind", piece.is_gap ? "gap" : "sound");
        row.emplace_back("cause", piece.is_gap ? std::optional(piece.gap_cause) : std::nullopt);
        row.emplace_back("sample", piece.clip_sample);
        row.emplace_back("count", piece.sample_count);
        row.emplace_back("begin", piece.begin_at);
        row.emplace_back("session", piece.session_id);
        row.emplace_back("session_sample",
                         piece.is_gap ? std::nullopt : std::optional(piece.session_sample));
        row.emplace_back("map", piece.map_id);
        pieces.push_back(std::move(row));
    }
    tx.run_many(insert_piece, pieces);
    for (const ClipTrackRow& track : made.tracks) {
        blobs_.keep(tx, track.file);
        Params row = common;
        row.emplace_back("id", tx.next_id());
        row.emplace_back("channel", track.channel);
        row.emplace_back("file", track.file.id);
        tx.run(insert_track, row);
        Params envelope = common;
        envelope.emplace_back("id", tx.next_id());
        envelope.emplace_back("channel", track.channel);
        envelope.emplace_back("length", made.length_samples);
        envelope.emplace_back("loudness", Bytes{track.loudness});
        tx.run(insert_envelope, envelope);
    }
}

void Clips::write_state(Tx& tx, const Look& look, Id<ClipVersion> version) {
    const Clip& clip = look.clip;
    const bool cut = version != clip.version_id;
    const bool is_final = look.plan.state == ClipState::final;
    const std::int64_t missing = cut || !version ? look.plan.missing_samples : clip.missing_samples;
    const auto once = [&](const std::optional<Instant>& at, bool now) {
        return at ? at : now ? std::optional(tx.now()) : std::nullopt;
    };
    tx.run(update_clip, {{"id", clip.id},
                         {"state", enum_word(look.plan.state)},
                         {"reason", look.plan.reason},
                         {"uncertainty", look.world.uncertainty},
                         {"version", version},
                         {"missing", missing},
                         {"playable", once(clip.first_playable_at, look.plan.has_sound())},
                         {"final", is_final ? once(clip.final_at, true) : std::nullopt},
                         {"at", tx.now()}});
    tell(tx, "clip.changed", clip.company_id, clip.unit.value, clip.id.value);
    if (cut && is_final) tell(tx, "clip.final", clip.company_id, clip.unit.value, clip.id.value);
    // What was cut lives in its own file; a clip that failed waits no longer.
    if (is_final || look.plan.state == ClipState::failed)
        recording_.unpin(tx, "clip", clip.id.value);
    else if (clip.state == ClipState::final || clip.state == ClipState::failed)
        pin_clip(tx, look.point, clip.id, look.plan.window);
}

ClipVersion Clips::make_cut(const Look& look) {
    ClipVersion made;
    made.number = look.made ? look.made->number + 1 : 1;
    made.at = look.plan.window;
    made.state = look.plan.state == ClipState::final ? "final" : "partial";
    made.rule_version = clip_rule_version;
    made.input_version = look.plan.input_version;
    CutFiles files =
        cut_files(blobs_, look.clip.company_id, look.plan, look.world.sources, look.tracks);
    for (std::size_t i = 0; i < files.files.size(); ++i)
        made.tracks.push_back({static_cast<std::int64_t>(i), std::move(files.files[i]),
                               std::move(files.loudness[i])});
    made.pieces = std::move(files.rows);
    made.length_samples = files.length_samples;
    for (const ClipPieceRow& piece : made.pieces)
        if (piece.is_gap && piece.gap_cause != "joint") made.missing_samples += piece.sample_count;
    return made;
}

void Clips::store_look(const Look& look, std::optional<ClipVersion>& made) {
    store_.write([&](Tx& tx) {
        const auto now_there = latest(tx, look.clip.id);
        const bool same = now_there.has_value() == look.made.has_value() &&
                          (!now_there || now_there->id == look.made->id);
        // A repair that came meanwhile wants another look than this one.
        const auto clip = find(Scope::system(), tx, look.clip.id);
        if (!same || !clip || clip->reopened_by != look.clip.reopened_by)
            throw Error(Fault::conflict, "clip.moved");
        Id<ClipVersion> version = look.keeps_cut() ? look.made->id : Id<ClipVersion>{};
        if (made) {
            made->id = tx.make_id<ClipVersion>();
            made->made_at = tx.now();
            write_version(tx, look, *made);
            version = made->id;
        }
        write_state(tx, look, version);
    });
}

std::optional<Instant> Clips::cut(std::int64_t clip_id) {
    for (int race = 0;; ++race) {
        auto look = store_.read([&](Tx& tx) { return look_at(tx, {clip_id}); });
        if (!look || look->clip.erased_at) return std::nullopt;
        const bool needs_cut = look->needs_cut();
        if (look->clip.state == ClipState::final && !look->clip.reopened_by) {
            if (!needs_cut) return std::nullopt;
            // Final stays final: what a person may have checked does not begin to wait again.
            look->plan.state = ClipState::final;
            if (look->plan.reason.starts_with("waiting.")) look->plan.reason = "missing.gave_up";
        }
        if (!needs_cut && !look->changes_state()) return look->plan.look_again_at;

        std::optional<ClipVersion> made;
        if (needs_cut) {
            made = make_cut(*look);
            look->plan.missing_samples = made->missing_samples;
        }
        try {
            store_look(*look, made);
            return look->plan.look_again_at;
        } catch (const Error& error) {
            // Another worker cut the same clip first, or the disk is full: our files have no rows.
            // Only these two say for sure that nothing was written; after any other error the files
            // stay, and the next start sweeps them.
            if (error.fault() != Fault::conflict && error.fault() != Fault::full) throw;
            if (made)
                for (const ClipTrackRow& track : made->tracks)
                    std::filesystem::remove(blobs_.path_of(track.file));
            if (error.fault() == Fault::full || race == races_max) throw;
        }
    }
}

}  // namespace otklik
