#pragma once
// Throttle of guesses: five free tries, then the key waits 2^n seconds, at most 15 minutes (NIST
// 800-63B 5.2.2 asks for a bound on guesses; a key is never locked for good, so nobody can be kept
// out by another). An hour without a failure forgives. Owns: sign_in_throttle. Thread: any; the
// transaction is the lock.
#include <string>
#include <string_view>

namespace otklik {

class Tx;

/// Error{busy, code, {retry_after}} while the key is locked.
void require_unlocked(Tx& tx, const std::string& key, std::string_view code);
void count_failure(Tx& tx, const std::string& key);
void forget_failures(Tx& tx, const std::string& key);

}  // namespace otklik
