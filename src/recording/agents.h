#pragma once
// Agents: programs beside a recorder that hand over chunks with a token of their own. One agent per
// recorder; it comes in by a one-time code (8 letters, 10 minutes), and a new code's use voids the
// token before it. Tries are throttled by the caller (People::count_try). Owns: agent,
// agent_pairing. Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <string_view>

#include "recording/recording.h"

namespace otklik {

struct Agent {
    Id<Recorder> recorder_id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    std::string program;              // what it says of itself: name and version
    std::int64_t ring_bytes = 0;      // held on its disk, not yet received here
    std::int64_t ring_bytes_max = 0;  // 0: it never told
    std::optional<Instant> paired_at, seen_at, revoked_at;
    std::int64_t refused_count = 0;  // chunks that could not be taken, ever
    std::string refused_code;        // of the last one
    std::optional<Instant> refused_at;
};

struct AgentCode {
    std::string code;
    Instant expires_at;
};
/// Voids the code given before; makes the agent's row. Error{conflict, "recorder.archived"}.
AgentCode make_agent_code(Tx& tx, const Recorder& recorder, std::string_view by);

struct PairedAgent {
    Agent agent;
    std::string token;
};
/// Nothing when the code is unknown, used or late, or its recorder archived.
std::optional<PairedAgent> pair_agent(Tx& tx, const Recording& recording, std::string_view typed,
                                      std::string_view program);
std::optional<Agent> find_agent(Tx& tx, Id<Recorder> recorder);
/// By bearer token; nothing when unknown, or revoked.
std::optional<Agent> agent_of_token(Tx& tx, std::string_view token);
/// Its token is void from now on. Nothing changes when there is none.
void revoke_agent(Tx& tx, Id<Recorder> recorder);
/// What the agent told of itself, once in a while.
void note_agent(Tx& tx, Id<Recorder> recorder, std::int64_t ring_bytes,
                std::int64_t ring_bytes_max);
void count_refused(Tx& tx, Id<Recorder> recorder, std::string_view code);

/// The word in front of every token of an agent.
inline constexpr std::string_view agent_token_word = "otkr_";

}  // namespace otklik
