#pragma once
// The chain over audit rows and its signed heads: canonical bytes, hashes, the key and the heads
// file. Owns: keys/audit.key, keys/audit-heads. Thread: one at a time.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "store/audit.h"

namespace otklik {

/// SHA-256 of the hash before and the row's canonical bytes (each field with its length, so that
/// none can run into the next). Before the first row stand 32 zero bytes.
std::string chain_hash(std::string_view before, const AuditEntry& entry);
inline const std::string chain_start(32, '\0');

struct AuditHead {
    std::int64_t number = 0;
    std::string hash;
    Instant at;
    /// Set: at this head a backup of that instant was restored, and what the chain had after it is
    /// lost.
    std::optional<Instant> backup_at;
};

/// Ed25519 (RFC 8032) by libsodium.
class AuditKey {
public:
    /// Reads keys/audit.key or makes it (0600).
    explicit AuditKey(const std::string& keys_folder);
    /// One line of the heads file.
    std::string line(const AuditHead& head) const;
    /// Nothing when the line is broken or the signature is not ours.
    std::optional<AuditHead> read_line(std::string_view line) const;

private:
    std::string signed_part(const AuditHead& head) const;
    std::string secret_;  // 64 bytes, its second half is the public key
};

/// Appends and syncs.
void append_head(const std::string& path, std::string_view line);
/// Each line of the heads file, oldest first; none when there is no file. Lines over 1 000 bytes
/// come cut.
void each_head(const std::string& path, const std::function<void(std::string_view)>& visit);

}  // namespace otklik
