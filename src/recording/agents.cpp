#include "recording/agents.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/one_time_code.h"
#include "base/text.h"
#include "recording/live_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr Duration agent_code_holds_for = Duration::seconds(600);
constexpr std::size_t agent_token_length_max = 200;
constexpr std::size_t program_length_max = 100;

Bytes agent_code_hash(std::string_view code) {
    return {sha256("agent/1\n" + std::string(code))};
}

Agent agent_of(const Row& row) {
    Agent a;
    a.recorder_id = row.id<Recorder>(0);
    a.company_id = row.integer(1);
    a.unit = row.id<Unit>(2);
    a.program = row.text(3);
    a.ring_bytes = row.integer(4);
    a.ring_bytes_max = row.integer(5);
    a.paired_at = row.maybe_instant(6);
    a.seen_at = row.maybe_instant(7);
    a.revoked_at = row.maybe_instant(8);
    a.refused_count = row.integer(9);
    a.refused_code = row.text(10);
    a.refused_at = row.maybe_instant(11);
    return a;
}

}  // namespace

AgentCode make_agent_code(Tx& tx, const Recorder& recorder, std::string_view by) {
    if (recorder.archived_at)
        throw Error(Fault::conflict, "recorder.archived", {{"recorder", recorder.name}});
    tx.run(live_sql::insert_agent,
           {{"recorder", recorder.id}, {"company", recorder.company_id}, {"unit", recorder.unit}});
    // The newest code only: an earlier one may stand on a screen that nobody looks at any more.
    tx.run(live_sql::void_agent_codes, {{"recorder", recorder.id}, {"at", tx.now()}});
    AgentCode made{make_one_time_code(), tx.now() + agent_code_holds_for};
    tx.run(live_sql::insert_agent_code, {{"id", tx.next_id()},
                                         {"company", recorder.company_id},
                                         {"unit", recorder.unit},
                                         {"recorder", recorder.id},
                                         {"hash", agent_code_hash(made.code)},
                                         {"by", by},
                                         {"at", tx.now()},
                                         {"expires", made.expires_at}});
    return made;
}

std::optional<PairedAgent> pair_agent(Tx& tx, const Recording& recording, std::string_view typed,
                                      std::string_view program) {
    const std::string code = plain_one_time_code(typed);
    if (code.empty()) return std::nullopt;
    const Bytes hash = agent_code_hash(code);
    if (tx.run(live_sql::use_agent_code, {{"hash", hash}, {"at", tx.now()}}) == 0)
        return std::nullopt;
    const auto row = tx.row(live_sql::agent_code_recorder, {{"hash", hash}});
    const auto recorder =
        row ? recording.find_recorder(Scope::system(), tx, row->id<Recorder>(0)) : std::nullopt;
    if (!recorder || recorder->archived_at) return std::nullopt;
    std::string token = std::string(agent_token_word) + base64url(random_bytes(32));
    tx.run(live_sql::set_agent_token, {{"recorder", recorder->id},
                                       {"hash", Bytes{sha256(token)}},
                                       {"program", cut_bytes(program, program_length_max)},
                                       {"at", tx.now()}});
    tx.run(live_sql::picked_up_by_agent, {{"recorder", recorder->id}});
    auto agent = find_agent(tx, recorder->id);
    if (!agent) return std::nullopt;
    return PairedAgent{std::move(*agent), std::move(token)};
}

std::optional<Agent> find_agent(Tx& tx, Id<Recorder> recorder) {
    const auto row = tx.row(live_sql::find_agent, {{"recorder", recorder}});
    return row ? std::optional(agent_of(*row)) : std::nullopt;
}

std::optional<Agent> agent_of_token(Tx& tx, std::string_view token) {
    if (!token.starts_with(agent_token_word) || token.size() > agent_token_length_max)
        return std::nullopt;
    const auto row = tx.row(live_sql::agent_by_token, {{"hash", Bytes{sha256(token)}}});
    return row ? std::optional(agent_of(*row)) : std::nullopt;
}

void revoke_agent(Tx& tx, Id<Recorder> recorder) {
    tx.run(live_sql::void_agent_codes, {{"recorder", recorder}, {"at", tx.now()}});
    tx.run(live_sql::revoke_agent, {{"recorder", recorder}, {"at", tx.now()}});
}

void note_agent(Tx& tx, Id<Recorder> recorder, std::int64_t ring_bytes,
                std::int64_t ring_bytes_max) {
    tx.run(live_sql::note_agent, {{"recorder", recorder},
                                  {"ring", ring_bytes},
                                  {"ring_max", ring_bytes_max},
                                  {"at", tx.now()}});
}

void count_refused(Tx& tx, Id<Recorder> recorder, std::string_view code) {
    tx.run(live_sql::count_refused, {{"recorder", recorder}, {"code", code}, {"at", tx.now()}});
}

}  // namespace otklik
