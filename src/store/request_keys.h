#pragma once
// Idempotency keys: the same request asked twice is done once. A key is claimed in a transaction
// of its own; the request's first write carries claim -> made (WriteCompanion); the answer is kept
// after it. A crash before that write leaves a claim that ends with its lease: asked again, the
// request is done. A crash after it leaves `made`: never done twice, only its answer is gone.
// Owns: request_key. Thread: any; the transaction is the lock.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace otklik {

class Tx;

inline constexpr Duration request_key_lives = Duration::hours(24);
/// How long a run may take before another may take its claim over.
inline constexpr Duration request_lease = Duration::seconds(60);

struct KeyedRequest {
    std::string actor;  // keys of different actors never meet
    std::string key;    // as the client gave it
    std::string bytes;  // all that makes two requests the same: method, target, body
};

enum class KeyState {
    ours,      // claimed now: do it
    busy,      // another run holds it until `wait` is over
    differs,   // the key belongs to another request
    made,      // done, but the answer is gone
    answered,  // done; `answer` is what was kept
};
struct KeyClaim {
    KeyState state = KeyState::ours;
    std::int64_t attempt = 0;  // ours: names this run
    Duration wait;
    std::string answer;
};

/// Error{invalid, "idempotency.key"}: not 16..200 visible ASCII characters.
void check_request_key(std::string_view key);
KeyClaim claim_request(Tx& tx, const KeyedRequest& request);
/// The claim becomes made. Error{conflict, "idempotency.busy"} when another run has taken it over.
void mark_made(Tx& tx, const KeyedRequest& request, std::int64_t attempt);
void keep_answer(Tx& tx, const KeyedRequest& request, std::int64_t attempt,
                 std::string_view answer);
/// The run made nothing: the key is free again.
void release_request(Tx& tx, const KeyedRequest& request, std::int64_t attempt);
/// Removes keys older than 24 hours, some thousands at a time.
void forget_request_keys(Tx& tx);

}  // namespace otklik
