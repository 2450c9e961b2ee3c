#include "clips/clip_rules.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/hash.h"
#include "base/text.h"

namespace otklik {
namespace {

// A recorder's file is closed when it is closed; what it wrote last needs a moment to arrive.
constexpr Duration tail_margin = Duration::seconds(5);
// Starts are known to milliseconds at best: so short a hole between two files is their joint.
// A live recorder hands over each second within a second; so often is asked whether it came.
constexpr Duration live_margin = Duration::ms(250);
constexpr Duration joint_max = Duration::ms(50);
constexpr Duration shortest_fill = Duration::ms(20);  // one Opus packet
constexpr Duration widening_max =
    Duration::seconds(600);                     // beyond it a clip says nothing about its press
constexpr std::int64_t border_samples = 2'400;  // 50 ms
constexpr std::int64_t grid_samples = 120;      // 2.5 ms, the shortest Opus frame

/// A run of one session that stands in the clip.
struct Run {
    TimeRange at;
    std::size_t source = 0;
};

std::vector<TimeRange> instants_of(const ClipSource& source, TimeRange window) {
    std::vector<TimeRange> result;
    for (const SampleRange& range : source.covered) {
        const TimeRange at =
            TimeRange{source.map.at(range.begin), source.map.at(range.end)}.meet(window);
        if (!at.empty()) result.push_back(at);
    }
    return result;
}

Duration total(const std::vector<TimeRange>& ranges) {
    return std::accumulate(ranges.begin(), ranges.end(), Duration{},
                           [](Duration sum, TimeRange each) { return sum + each.length(); });
}

/// Parts of `range` that no run has taken; `taken` is sorted.
std::vector<TimeRange> free_parts(TimeRange range, const std::vector<Run>& taken) {
    std::vector<TimeRange> parts;
    Instant from = range.begin;
    for (const Run& run : taken) {
        if (run.at.end <= from) continue;
        if (run.at.begin >= range.end) break;
        if (run.at.begin > from) parts.push_back({from, run.at.begin});
        from = run.at.end;
    }
    if (from < range.end) parts.push_back({from, range.end});
    return parts;
}

/// The order in which overlapping sessions are taken (see the header).
std::vector<std::size_t> ranked(const ClipWorld& world, TimeRange window) {
    std::vector<Duration> lengths;
    for (const ClipSource& source : world.sources)
        lengths.push_back(total(instants_of(source, window)));
    std::vector<std::size_t> order(world.sources.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const RecordingSession& x = world.sources[a].session;
        const RecordingSession& y = world.sources[b].session;
        if (lengths[a] != lengths[b]) return lengths[a] > lengths[b];
        if (world.sources[a].map.uncertainty != world.sources[b].map.uncertainty)
            return world.sources[a].map.uncertainty < world.sources[b].map.uncertainty;
        if (x.created_at != y.created_at) return x.created_at < y.created_at;
        return x.id < y.id;
    });
    return order;
}

std::vector<Run> choose_runs(const ClipWorld& world, TimeRange window) {
    std::vector<Run> taken;
    for (const std::size_t source : ranked(world, window)) {
        std::vector<Run> more;
        for (const TimeRange& range : instants_of(world.sources[source], window))
            for (const TimeRange& part : free_parts(range, taken))
                if (part.length() >= shortest_fill) more.push_back({part, source});
        taken.insert(taken.end(), more.begin(), more.end());
        std::sort(taken.begin(), taken.end(),
                  [](const Run& a, const Run& b) { return a.at.begin < b.at.begin; });
    }
    return taken;
}

/// A part of the window without sound.
struct Hole {
    TimeRange at;
    std::string cause;
    bool settled = false;  // known never to come
};

class Planner {
public:
    explicit Planner(const ClipWorld& world) : world_(world) {}

    ClipPlan plan() {
        plan_.window = {world_.asked.begin - world_.uncertainty,
                        world_.asked.end + world_.uncertainty};
        runs_ = choose_runs(world_, plan_.window);
        for (const Run& run : runs_) add_sound(run);
        const std::int64_t end = samples_of(plan_.window.length());
        if (end - plan_.length_samples >= grid_samples) add_hole(plan_.window.end, end);
        decide();
        plan_.input_version = hash();
        return std::move(plan_);
    }

private:
    void add_sound(const Run& run) {
        const std::int64_t planned = samples_of(run.at.begin - plan_.window.begin);
        // Against the absolute timeline, so that the drift of one recorder never moves the next
        // piece.
        if (planned - plan_.length_samples >= grid_samples) add_hole(run.at.begin, planned);
        const ClipSource& source = world_.sources[run.source];
        const SampleRange range{source.map.sample_at(run.at.begin),
                                source.map.sample_at(run.at.end)};
        plan_.pieces.push_back(
            {"", plan_.length_samples, range.count(), run.at.begin, run.source, range});
        plan_.length_samples += range.count();
        sound_end_ = run.at.end;
    }

    void add_hole(Instant end, std::int64_t end_sample) {
        const Instant begin = sound_end_.value_or(plan_.window.begin);
        for (const Hole& hole : holes({begin, end})) {
            const bool last = hole.at.end == end;
            const std::int64_t until =
                last ? end_sample : samples_of(hole.at.end - plan_.window.begin);
            const std::int64_t count = until - plan_.length_samples;
            if (count <= 0) continue;
            plan_.pieces.push_back({hole.cause, plan_.length_samples, count, hole.at.begin, 0, {}});
            plan_.length_samples += count;
            // A joint is no loss: the files are there, only their starts are not known to the
            // millisecond.
            if (hole.cause != "joint") plan_.missing_samples += count;
            all_settled_ = all_settled_ && hole.settled;
            all_declared_ = all_declared_ && is_declared(hole.at);
        }
    }

    bool is_declared(TimeRange range) const {
        return std::any_of(world_.gaps.begin(), world_.gaps.end(), [&](const Gap& gap) {
            return gap.cause != "not_uploaded" && gap.at.begin <= range.begin &&
                   range.end <= gap.at.end;
        });
    }

    /// The hole cut at the borders of declared gaps, each part with its cause.
    std::vector<Hole> holes(TimeRange range) const {
        std::vector<Instant> borders{range.begin, range.end};
        for (const Gap& gap : world_.gaps)
            for (const Instant at : {gap.at.begin, gap.at.end})
                if (range.begin < at && at < range.end) borders.push_back(at);
        std::sort(borders.begin(), borders.end());
        std::vector<Hole> parts;
        for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
            const TimeRange part{borders[i], borders[i + 1]};
            if (part.empty()) continue;
            Hole hole = cause_of(part, range);
            if (!parts.empty() && parts.back().cause == hole.cause &&
                parts.back().settled == hole.settled)
                parts.back().at.end = part.end;
            else
                parts.push_back(std::move(hole));
        }
        return parts;
    }

    Hole cause_of(TimeRange part, TimeRange whole) const {
        for (const Gap& gap : world_.gaps)
            if (gap.at.begin <= part.begin && part.end <= gap.at.end)
                return {part, gap.cause, gap.cause != "not_uploaded"};
        const bool sound_before = whole.begin > plan_.window.begin;
        const bool sound_after = whole.end < plan_.window.end;
        if (sound_before && sound_after && whole.length() <= joint_max)
            return {part, "joint", true};
        // What a live recorder has not handed over yet may still come, until it says that it will
        // not: then it is a declared gap, or its session is closed.
        if (world_.open_since && *world_.open_since < part.end)
            return {part, runs_.empty() || sound_after ? "not_uploaded" : "after_recording", false};
        const bool before = sound_before || world_.known_before;
        const bool after = sound_after || world_.known_after;
        // The recorder stopped and began again: what lies between was not recorded. Should it come
        // all the same (files out of order), less is missing then, and the clip is cut again.
        if (before && after && !runs_.empty()) return {part, "between_recordings", true};
        if (runs_.empty()) return {part, "not_uploaded", false};
        return {part, before ? "after_recording" : "before_recording", false};
    }

    void decide() {
        const bool sound = plan_.has_sound();
        const bool complete = sound ? all_settled_ : all_declared_;
        const Instant tail_at = plan_.window.end + tail_margin;
        if (complete) {
            if (!sound) return set(ClipState::failed, "failed.in_gap");
            return set(ClipState::final, plan_.missing_samples == 0 ? "whole" : "missing.gap");
        }
        if (world_.now >= world_.give_up_at) {
            if (sound) return set(ClipState::final, "missing.gave_up");
            return set(ClipState::failed, world_.is_logged      ? "failed.no_fragment"
                                          : world_.has_recorder ? "failed.no_recording"
                                                                : "failed.no_recorder");
        }
        plan_.look_again_at = world_.give_up_at;
        const bool tail = world_.now < tail_at;
        if (tail) plan_.look_again_at = std::min(tail_at, world_.give_up_at);
        if (tail && world_.open_since) {
            // The last second of the window is on its way.
            plan_.look_again_at = std::max(plan_.window.end, world_.now) + live_margin;
            // Nothing is cut while it grows: it is played from the segments (clip_live.h).
            if (sound) return set(ClipState::waiting_tail, "waiting.tail");
        }
        if (sound) return set(ClipState::partial, tail ? "waiting.tail" : "waiting.rest");
        if (!world_.has_recorder) return set(ClipState::waiting_upload, "waiting.recorder");
        if (tail) return set(ClipState::waiting_tail, "waiting.tail");
        set(ClipState::waiting_upload, "waiting.upload");
    }

    void set(ClipState state, std::string_view reason) {
        plan_.state = state;
        plan_.reason = reason;
    }

    std::string hash() const {
        std::string text = "clip/" + std::to_string(clip_rule_version);
        const auto add = [&](std::int64_t number) { text += ' ' + std::to_string(number); };
        add(plan_.window.begin.us);
        add(plan_.window.end.us);
        for (const PlannedPiece& piece : plan_.pieces) {
            text += '\n' + piece.gap_cause;
            add(piece.clip_sample);
            add(piece.sample_count);
            if (piece.is_gap()) continue;
            add(world_.sources[piece.source].session.id.value);
            add(world_.sources[piece.source].map.id.value);
            add(piece.range.begin);
        }
        return hex(sha256(text));
    }

    const ClipWorld& world_;
    ClipPlan plan_;
    std::vector<Run> runs_;
    std::optional<Instant> sound_end_;
    bool all_settled_ = true;
    bool all_declared_ = true;
};

}  // namespace

Duration widening(Duration press, const std::vector<Stretch>& stretches) {
    Duration worst;
    for (const Stretch& stretch : stretches) worst = std::max(worst, stretch.map.uncertainty);
    return std::min(press + worst, widening_max);
}

ClipPlan plan_clip(const ClipWorld& world) {
    return Planner(world).plan();
}

bool meets_erased(const ClipPlan& plan) {
    return std::any_of(plan.pieces.begin(), plan.pieces.end(),
                       [](const PlannedPiece& piece) { return piece.gap_cause == "erased"; });
}

bool differs_enough(const ClipVersion& made, const ClipPlan& plan,
                    const std::vector<ClipSource>& sources) {
    if (!plan.has_sound()) return false;  // what was kept once is not thrown away
    if (plan.missing_samples + border_samples < made.missing_samples) return true;
    // The recording's term was over, the cut's is not.
    if (meets_erased(plan)) return false;
    const auto moved = [](std::int64_t a, std::int64_t b) {
        return std::abs(a - b) > border_samples;
    };
    if (moved(samples_of(made.at.begin - plan.window.begin), 0) ||
        moved(samples_of(made.at.end - plan.window.end), 0))
        return true;
    std::vector<const ClipPieceRow*> before;
    for (const ClipPieceRow& row : made.pieces)
        if (!row.is_gap) before.push_back(&row);
    std::vector<const PlannedPiece*> after;
    for (const PlannedPiece& piece : plan.pieces)
        if (!piece.is_gap()) after.push_back(&piece);
    if (before.size() != after.size()) return true;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const ClipPieceRow& row = *before[i];
        const PlannedPiece& piece = *after[i];
        if (row.session_id != sources[piece.source].session.id ||
            moved(row.session_sample, piece.range.begin) ||
            moved(row.clip_sample, piece.clip_sample) ||
            moved(row.session_sample + row.sample_count, piece.range.end))
            return true;
    }
    return false;
}

std::vector<ClipPieceRow> piece_rows(const ClipPlan& plan, const std::vector<ClipSource>& sources,
                                     const std::vector<MadePiece>& sounds,
                                     std::int64_t length_samples) {
    std::vector<ClipPieceRow> rows;
    std::int64_t cursor = 0;
    const auto add = [&](ClipPieceRow row, std::int64_t begin, std::int64_t end) {
        if (end <= begin) return;
        row.ordinal = static_cast<std::int64_t>(rows.size());
        row.clip_sample = begin;
        row.sample_count = end - begin;
        row.begin_at = plan.window.begin + duration_of_samples(begin);
        rows.push_back(std::move(row));
        cursor = end;
    };
    std::vector<const PlannedPiece*> gaps;  // of the hole before the next sound
    const auto add_gaps = [&](std::int64_t end) {
        for (std::size_t i = 0; i < gaps.size(); ++i) {
            const std::int64_t until = i + 1 < gaps.size() ? gaps[i + 1]->clip_sample : end;
            add({.is_gap = true, .gap_cause = gaps[i]->gap_cause}, cursor, std::min(until, end));
        }
        // The encoder's warm-up needs up to 26 ms at a joint without a hole.
        add({.is_gap = true, .gap_cause = "joint"}, cursor, end);
        gaps.clear();
    };
    std::size_t sound = 0;
    for (const PlannedPiece& piece : plan.pieces) {
        if (piece.is_gap()) {
            gaps.push_back(&piece);
            continue;
        }
        const MadePiece& made = sounds.at(sound++);
        add_gaps(made.clip_sample);
        const ClipSource& source = sources[piece.source];
        const Instant begin_at = source.map.at(piece.range.begin);
        add({.session_id = source.session.id,
             .session_sample = piece.range.begin,
             .map_id = source.map.id},
            made.clip_sample, made.clip_sample + made.sample_count);
        rows.back().begin_at = begin_at;
    }
    add_gaps(length_samples);
    return rows;
}

}  // namespace otklik
