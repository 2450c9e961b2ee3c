// The taking half of recording/live.h: one batch, one transaction.
#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "recording/live_clock.h"
#include "recording/live_rows.h"
#include "recording/live_sql.h"
#include "recording/rows.h"
#include "store/facts.h"
#include "store/jobs.h"

namespace otklik {
namespace {

constexpr Instant live_earliest{1'104'537'600'000'000};  // 2005-01-01, as for imports
// Transport, the queue of the recorder and its stamps: what even a recorder with a good clock does
// not know of a sample's instant.
constexpr Duration live_uncertainty = Duration::ms(50);
constexpr Duration uncertainty_max = Duration::hours(1);
// Shorter is the joint of two runs; longer is closing time, as far as anybody has told.
constexpr Duration off_min = Duration::ms(50), off_max = Duration::hours(4);
// Sound that comes later than this wakes the clips that wait for it; what is younger they ask for
// themselves.
constexpr Duration late_after = Duration::seconds(4);
constexpr std::int64_t rows_at_once = 500;
constexpr std::int64_t minute_packets = 3'000;

/// A refusal of one chunk; the others go on.
struct Refusal {
    std::string_view code, field;
};

std::string_view word_of(ChunkKind kind) {
    if (kind == ChunkKind::sound) return "sound";
    return kind == ChunkKind::lost ? "lost" : "end";
}

class Intake {
public:
    Intake(Tx& tx, Recording& recording, Sites& sites, const Agent& agent, const ChunkBatch& batch,
           Instant received_at)
        : tx_(tx),
          recording_(recording),
          sites_(sites),
          agent_(agent),
          batch_(batch),
          received_at_(received_at) {}

    LiveReply run() {
        LiveReply reply;
        note_agent(tx_, agent_.recorder_id, batch_.ring_bytes, batch_.ring_bytes_max);
        if (batch_.chunks.empty() || !open_session()) return reply;
        const std::int64_t whole_before = live_.whole_sample;
        for (const Chunk& chunk : batch_.chunks) reply.results.push_back(answer(chunk));
        advance();
        declare_missing();
        grow();
        if (ended_) close(live_, map_, ended_);
        if (!batch_.older_held) close_older();
        const bool minute_is_whole = (live_.whole_sample / 960 - 1) / minute_packets >
                                     (whole_before / 960 - 1) / minute_packets;
        if (minute_is_whole) want_job(tx_, "recording.seal", live_.session_id.value, tx_.now());
        if (came_late_)
            tell(tx_, "recording.covered", live_.company_id, live_.unit.value,
                 live_.session_id.value);
        const auto placement = recording_.placement_at(tx_, agent_.recorder_id, received_at_);
        const Chunk& last = batch_.chunks.back();
        reply.begin_anew = (placement && placement->point_id != live_.point_id) ||
                           (live_.state == "open" && last.kind == ChunkKind::sound &&
                            clock_was_set(tx_, live_, map_, {last.end_sample(), ended_at(last)}));
        return reply;
    }

private:
    /// By the server's clock. What the recorder's clock says is only compared with itself.
    Instant ended_at(const Chunk& chunk) const {
        const Duration age{std::max<std::int64_t>(0, batch_.sent_at_us - chunk.ended_at_us)};
        return received_at_ - age;
    }

    bool open_session() {
        Params asked;
        asked.emplace_back("recorder", agent_.recorder_id);
        asked.emplace_back("incarnation", static_cast<std::int64_t>(batch_.incarnation));
        if (const auto row = tx_.row(live_sql::live_of_incarnation, asked)) {
            live_ = live_of(*row);
            if (live_.channels != batch_.channels)
                throw Error(Fault::conflict, "chunk.channels").at("channels");
            point_ = sites_.get_point(Scope::system(), tx_, live_.point_id);
        } else if (!make_session()) {
            return false;
        }
        sites_.require_basis(tx_, point_);
        map_ = recording_.clock_map(tx_, live_.session_id);
        return true;
    }

    bool make_session() {
        const auto first = std::min_element(
            batch_.chunks.begin(), batch_.chunks.end(),
            [](const Chunk& a, const Chunk& b) { return a.sequence < b.sequence; });
        if (first->kind == ChunkKind::end) return false;  // of nothing
        const auto recorder = recording_.find_recorder(Scope::system(), tx_, agent_.recorder_id);
        if (!recorder) throw Error(Fault::not_found, "not_found");
        const ErrorParams named{{"recorder", recorder->name}};
        if (recorder->archived_at) throw Error(Fault::conflict, "recorder.archived", named);
        const Instant begin = ended_at(*first) - duration_of_samples(first->end_sample());
        if (begin < live_earliest)
            throw Error(Fault::invalid, "start.impossible", {{"start", format_instant(begin)}})
                .at("ended_at_us");
        const auto placement = recording_.placement_at(tx_, recorder->id, begin);
        if (!placement) throw Error(Fault::conflict, "recorder.not_placed", named);
        point_ = sites_.get_point(Scope::system(), tx_, placement->point_id);
        NewSession session;
        session.begin_at = begin;
        session.uncertainty =
            std::min(live_uncertainty + Duration{batch_.uncertainty_us}, uncertainty_max);
        session.start_source = "agent";
        session.is_open = true;
        for (int channel = 0; channel < batch_.channels; ++channel) {
            NewTrack track;
            track.channel = channel;
            track.role = role_of(channel, batch_.channels);
            session.tracks.push_back(std::move(track));
        }
        const auto id = insert_new_session(tx_, point_, recorder->id, std::nullopt, session);
        tx_.run(live_sql::insert_live,
                {{"session", id},
                 {"company", point_.company_id},
                 {"unit", point_.unit},
                 {"recorder", recorder->id},
                 {"point", point_.id},
                 {"incarnation", static_cast<std::int64_t>(batch_.incarnation)},
                 {"channels", batch_.channels},
                 {"rate", batch_.rate},
                 {"begin", begin},
                 {"at", tx_.now()}});
        live_ = find_live(tx_, id).value();
        const auto before = tx_.row(live_sql::neighbour_before, {{"recorder", recorder->id},
                                                                 {"point", point_.id},
                                                                 {"from", begin - off_max * 7},
                                                                 {"at", begin}});
        if (before) declare_off(before->instant(0), begin);
        return true;
    }

    void declare_off(Instant end, Instant begin) {
        const Duration length = begin - end;
        if (length > off_min && length < off_max)
            recording_.declare_gap(tx_, point_, agent_.recorder_id, {end, begin}, "off");
    }

    ChunkResult answer(const Chunk& chunk) {
        ChunkResult result{chunk.sequence, ChunkAnswer::stored, {}, {}};
        try {
            result.answer = chunk.kind == ChunkKind::lost ? take_lost(chunk) : take_one(chunk);
        } catch (const Refusal& refusal) {
            result.answer = ChunkAnswer::refused;
            result.error_code = refusal.code;
            result.field = refusal.field;
            count_refused(tx_, agent_.recorder_id, refusal.code);
        }
        return result;
    }

    Params tail_at(std::int64_t sequence) const {
        return {{"session", live_.session_id}, {"sequence", sequence}};
    }
    std::optional<TailRow> ask(const Sql& statement, std::int64_t sequence) {
        const auto row = tx_.row(statement, tail_at(sequence));
        return row ? std::optional(tail_row(*row)) : std::nullopt;
    }

    ChunkAnswer take_one(const Chunk& chunk) {
        const std::string content = chunk.content_hash();
        if (chunk.sequence < live_.next_sequence) return answer_sealed(chunk.sequence, content);
        if (const auto there = ask(live_sql::tail_of_sequence, chunk.sequence)) {
            if (there->content == content) return ChunkAnswer::known;
            throw Refusal{there->kind == "lost" ? "chunk.was_lost" : "chunk.differs", "sha256"};
        }
        const auto before = ask(live_sql::tail_before, chunk.sequence);
        const auto after = ask(live_sql::tail_after, chunk.sequence);
        if (before && before->end_sequence() > chunk.sequence)
            throw Refusal{"chunk.was_lost", "sequence"};
        if (live_.state != "open") throw Refusal{"chunk.closed", "incarnation"};
        const std::int64_t from = before ? before->end_sample() : live_.next_packet * 960;
        if ((before && before->kind == "end") || (after && chunk.kind == ChunkKind::end))
            throw Refusal{"chunk.after_end", "sequence"};
        if (chunk.first_sample < from || (after && chunk.end_sample() > after->first_sample))
            throw Refusal{"chunk.overlaps", "first_sample"};
        return insert(chunk, content);
    }

    ChunkAnswer answer_sealed(std::int64_t sequence, const std::string& content) {
        const auto run = tx_.row(live_sql::run_holding, tail_at(sequence));
        const std::int64_t at = run ? sequence - run->integer(0) : 0;
        if (!run || at >= run->integer(1)) throw Refusal{"chunk.was_lost", "sequence"};
        const std::string& all = run->blob(2);
        if (all.empty()) throw Refusal{"chunk.was_lost", "sequence"};
        if (all.compare(static_cast<std::size_t>(at) * 16, 16, content) != 0)
            throw Refusal{"chunk.differs", "sha256"};
        return ChunkAnswer::known;
    }

    /// What of it is not there yet is lost from now on, and a gap.
    ChunkAnswer take_lost(const Chunk& chunk) {
        std::int64_t sequence = std::max<std::int64_t>(chunk.sequence, live_.next_sequence);
        std::int64_t sample = std::max(chunk.first_sample, live_.next_packet * 960);
        const std::int64_t until = std::int64_t{chunk.sequence} + chunk.span;
        if (until <= live_.next_sequence) return ChunkAnswer::known;
        const auto before = ask(live_sql::tail_before, sequence);
        if (before) sample = std::max(sample, before->end_sample());
        if (before) sequence = std::max(sequence, before->end_sequence());
        bool any = false;
        const auto lose_until = [&](std::int64_t end_sequence, std::int64_t end_sample) {
            if (sequence >= end_sequence) return;
            if (live_.state != "open") throw Refusal{"chunk.closed", "incarnation"};
            lose(sequence, end_sequence, sample, std::max(sample, end_sample), chunk.cause);
            any = true;
        };
        Params asked = tail_at(sequence);
        asked.emplace_back("until", until);
        for (const Row& row : tx_.rows(live_sql::tail_between, asked)) {
            const TailRow there = tail_row(row);
            lose_until(there.sequence, there.first_sample);
            sequence = there.end_sequence();
            sample = there.end_sample();
        }
        const auto after = ask(live_sql::tail_after, until - 1);
        const std::int64_t end = chunk.first_sample + chunk.sample_count;
        lose_until(until, after ? std::min(end, after->first_sample) : end);
        return any ? ChunkAnswer::stored : ChunkAnswer::known;
    }

    void lose(std::int64_t sequence, std::int64_t end_sequence, std::int64_t sample,
              std::int64_t end_sample, std::uint8_t cause) {
        Chunk lost;
        lost.kind = ChunkKind::lost;
        lost.sequence = static_cast<std::uint32_t>(sequence);
        lost.span = static_cast<std::uint32_t>(end_sequence - sequence);
        lost.first_sample = sample;
        lost.sample_count = end_sample - sample;
        lost.cause = cause;
        insert(lost, lost.content_hash());
        declare_hole(sample, end_sample, chunk_causes[cause]);
    }

    void declare_hole(std::int64_t sample, std::int64_t end_sample, std::string_view cause) {
        if (end_sample <= sample) return;
        recording_.declare_gap(tx_, point_, agent_.recorder_id,
                               {map_.at(media_of(sample)), map_.at(end_sample)}, cause);
    }

    ChunkAnswer insert(const Chunk& chunk, const std::string& content) {
        TailSound sound;
        sound.kind = word_of(chunk.kind);
        sound.first_sample = chunk.first_sample;
        sound.sample_count = chunk.sample_count;
        sound.packet_count = chunk.packet_count;
        sound.bytes = chunk.bytes;
        const bool was_sound = chunk.kind == ChunkKind::sound;
        const Instant ended = was_sound ? ended_at(chunk) : received_at_;
        bool silenced = false;
        if (was_sound) {
            const TimeRange at{map_.at(media_of(chunk.first_sample)), map_.at(chunk.end_sample())};
            silenced =
                silence_packets(sound, live_.channels, map_, pauses_at(tx_, live_.point_id, at));
            live_.heard_until = std::max(live_.heard_until, map_.at(media_of(chunk.end_sample())));
            came_late_ |= ended < received_at_ - late_after;
        }
        tx_.run(live_sql::insert_tail, {{"id", tx_.next_id()},
                                        {"company", live_.company_id},
                                        {"unit", live_.unit},
                                        {"session", live_.session_id},
                                        {"sequence", chunk.sequence},
                                        {"span", chunk.span},
                                        {"kind", sound.kind},
                                        {"packets", chunk.packet_count},
                                        {"first", chunk.first_sample},
                                        {"samples", chunk.sample_count},
                                        {"content", Bytes{content}},
                                        {"bytes", Bytes{sound.bytes}},
                                        {"ended", ended},
                                        {"at", tx_.now()}});
        end_sample_ = std::max(end_sample_, was_sound ? chunk.end_sample() : 0);
        return silenced ? ChunkAnswer::paused : ChunkAnswer::stored;
    }

    /// Moves on over what stands there without a hole in the sequences.
    void advance() {
        for (;;) {
            Params asked = tail_at(live_.whole_sequence);
            asked.emplace_back("count", rows_at_once);
            const auto rows = tx_.rows(live_sql::tail_from, asked);
            for (const Row& row : rows) {
                const TailRow there = tail_row(row);
                if (there.sequence != live_.whole_sequence) return;
                // Samples left out between two chunks that follow each other: nobody said why.
                declare_hole(live_.whole_sample, there.first_sample, "overflow");
                live_.whole_sequence = there.end_sequence();
                live_.whole_sample = there.end_sample();
                if (there.kind == "end") ended_ = there.sample_count;
            }
            if (static_cast<std::int64_t>(rows.size()) < rows_at_once) return;
        }
    }

    /// The recorder holds nothing older: what is missing below was lost with its ring.
    void declare_missing() {
        if (batch_.oldest_sequence <= live_.whole_sequence || live_.state != "open") return;
        lose_up_to(batch_.oldest_sequence);
    }
    void lose_up_to(std::int64_t until) {
        const auto after = ask(live_sql::tail_after, until - 1);
        Chunk lost;
        lost.kind = ChunkKind::lost;
        lost.sequence = static_cast<std::uint32_t>(live_.whole_sequence);
        lost.span = static_cast<std::uint32_t>(until - live_.whole_sequence);
        lost.first_sample = live_.whole_sample;
        lost.sample_count = after ? after->first_sample - live_.whole_sample : 0;
        lost.cause = batch_.overflowed ? 2 : 3;  // overflow, torn
        take_lost(lost);
        advance();
    }

    void grow() {
        tx_.run(live_sql::move_whole, {{"session", live_.session_id},
                                       {"sequence", live_.whole_sequence},
                                       {"sample", live_.whole_sample},
                                       {"heard", live_.heard_until}});
        const std::int64_t length = media_of(end_sample_);
        tx_.run(live_sql::grow_session,
                {{"session", live_.session_id}, {"length", length}, {"end", map_.at(length)}});
    }

    /// Runs of the same recorder of which it holds nothing any more.
    void close_older() {
        const auto rows =
            tx_.rows(live_sql::unsealed_of_recorder, {{"recorder", agent_.recorder_id}});
        const LiveSession mine = live_;
        const Instant mine_begins = map_.at(0);
        for (const Row& row : rows) {
            live_ = live_of(row);
            map_ = recording_.clock_map(tx_, live_.session_id);
            if (live_.session_id == mine.session_id || map_.at(0) >= mine_begins) continue;
            point_ = sites_.get_point(Scope::system(), tx_, live_.point_id);
            end_sample_ = 0;
            ended_.reset();
            if (const auto row_at = tx_.row(live_sql::newest_tail, {{"session", live_.session_id}}))
                if (const TailRow newest = tail_row(*row_at);
                    newest.end_sequence() > live_.whole_sequence)
                    lose_up_to(newest.end_sequence());
            grow();
            close(live_, map_, ended_);
        }
        live_ = mine;
    }

    /// `length` exact, when the recorder told it.
    void close(LiveSession& live, const ClockMap& map, std::optional<std::int64_t> length) {
        if (live.state != "open") return;
        live.state = "closing";
        const std::int64_t samples = length.value_or(media_of(live.whole_sample));
        const Instant end = map.at(samples);
        tx_.run(live_sql::close_session,
                {{"session", live.session_id}, {"length", samples}, {"end", end}});
        tx_.run(live_sql::move_live_state, {{"session", live.session_id}, {"state", live.state}});
        tell(tx_, "recording.covered", live.company_id, live.unit.value, live.session_id.value);
        want_job(tx_, "recording.seal", live.session_id.value, tx_.now());
        const auto next = tx_.row(live_sql::neighbour_after, {{"recorder", live.recorder_id},
                                                              {"point", live.point_id},
                                                              {"at", end},
                                                              {"until", end + off_max}});
        if (next) declare_off(end, next->instant(0));
    }

    Tx& tx_;
    Recording& recording_;
    Sites& sites_;
    const Agent& agent_;
    const ChunkBatch& batch_;
    const Instant received_at_;
    LiveSession live_;
    Point point_;
    ClockMap map_;
    std::int64_t end_sample_ = 0;
    bool came_late_ = false;
    std::optional<std::int64_t> ended_;  // the exact length
};

}  // namespace

LiveReply Live::take(const Agent& agent, const ChunkBatch& batch) {
    const Instant received_at = clock_.now();
    return store_.write(
        [&](Tx& tx) { return Intake(tx, recording_, sites_, agent, batch, received_at).run(); });
}

}  // namespace otklik
