#pragma once
// Live: what a recorder hands over in chunks becomes sessions, tails and segments (design.md
// section 4). A chunk is durable when take() returns, so its answer is the receipt: the recorder
// frees nothing before. The open minute is rows of tail_chunk and played from them; stage
// recording.seal turns each whole minute into pages behind the file of its hour and one row of
// segment per track, so no row per second stays. Owns: live_session, tail_chunk, chunk_run.
// Facts: recording.covered (session), recording.gap. Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <vector>

#include "media/chunk.h"
#include "recording/agents.h"
#include "recording/recording.h"

namespace otklik {

enum class ChunkAnswer {
    stored,
    known,    // the same chunk again
    paused,   // a private talk: it was not kept, and need not be sent again
    refused,  // with a code; the recorder gives it up
};
template <>
inline constexpr std::pair<ChunkAnswer, std::string_view> enum_words<ChunkAnswer>[4] = {
    {ChunkAnswer::stored, "stored"},
    {ChunkAnswer::known, "known"},
    {ChunkAnswer::paused, "paused"},
    {ChunkAnswer::refused, "refused"}};

struct ChunkResult {
    std::uint32_t sequence = 0;
    ChunkAnswer answer = ChunkAnswer::stored;
    std::string error_code, field;  // of a refusal
};
struct LiveReply {
    std::vector<ChunkResult> results;  // of each chunk, in its order
    bool begin_anew = false;           // the recorder was moved: a new incarnation is to begin
    std::optional<Instant> paused_since;
};
/// Half-open sequences.
struct SequenceRange {
    std::int64_t begin = 0, end = 0;
};
struct LiveSession;

class Live {
public:
    Live(Store& store, Blobs& blobs, Recording& recording, Sites& sites, const Clock& clock)
        : store_(store), blobs_(blobs), recording_(recording), sites_(sites), clock_(clock) {}
    /// Takes what is new and answers for each chunk; run twice, it gives the same rows. A chunk
    /// whose identity is known with another content is refused with chunk.differs and counted.
    /// Throws for the whole batch, and nothing is stored: Error{conflict, "recorder.archived",
    /// "recorder.not_placed", "basis.missing", "chunk.channels"}, Error{invalid,
    /// "start.impossible"}.
    LiveReply take(const Agent& agent, const ChunkBatch& batch);
    /// What was received of an incarnation: receipts asked again.
    std::vector<SequenceRange> received(Tx& tx, Id<Recorder> recorder,
                                        std::uint64_t incarnation) const;
    /// Stage recording.seal: seals all whole minutes of the session, of a closed one the rest too.
    std::optional<Instant> seal(std::int64_t session_id);

private:
    bool seal_minute(Id<RecordingSession> session);

    Store& store_;
    Blobs& blobs_;
    Recording& recording_;
    Sites& sites_;
    const Clock& clock_;
};

/// The wave of a track's open minute as a peaks file (media/peaks.h); empty: nothing is open.
std::string tail_peaks(Tx& tx, Id<Track> track, SampleRange range);

/// How a live recorder stands: by the age of the newest sound it handed over.
enum class LiveState { none, recording, late, silent, paused };
template <>
inline constexpr std::pair<LiveState, std::string_view> enum_words<LiveState>[5] = {
    {LiveState::none, "none"},
    {LiveState::recording, "recording"},
    {LiveState::late, "late"},
    {LiveState::silent, "silent"},
    {LiveState::paused, "paused"}};
/// A chunk a second comes within two; 5 s without any are told, 2 minutes are a loss that somebody
/// must look at.
inline constexpr Duration live_late_after = Duration::seconds(5);
inline constexpr Duration live_silent_after = Duration::seconds(120);
LiveState live_state(Tx& tx, Id<Point> point, std::optional<Instant> until, Instant now);

/// The session that a recorder goes on with; nothing: it hands over files, or stopped.
std::optional<Id<RecordingSession>> live_session_of(Tx& tx, Id<Recorder> recorder);
/// End of the newest sound that a live recorder of the point handed over; nothing: none ever did.
std::optional<Instant> live_until(Tx& tx, Id<Point> point);
/// The same of one recorder while a session of it is open.
std::optional<Instant> live_until(Tx& tx, Id<Recorder> recorder);

}  // namespace otklik
