#pragma once
// Certificates: the firm's own small authority and the server's certificate that it signs.
// ECDSA P-256, SHA-256. The authority lives ten years and may only sign names of the local network
// and those it was made for (critical nameConstraints), so a stolen key opens no bank. The server's
// certificate lives 397 days: browsers and iOS take 825 at most, some only 398. Owns: nothing,
// texts in PEM. Thread: any. Errors: Error{invalid, "tls.…"} for what people gave.
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace otklik {

struct KeyAndChain {
    std::string key;    // PEM, PKCS #8
    std::string chain;  // PEM, the owner of the key first
};

struct CertificateFacts {
    std::string subject;  // its common name
    Instant not_before, not_after;
    std::vector<std::string> names;  // DNS names and addresses that it is for
    std::string der;
    std::string sha256;  // of der, 32 raw bytes
};
/// Of the first certificate in the text; Error{invalid, "tls.no_certificate"}.
CertificateFacts read_certificate(std::string_view pem);

/// Not valid: a name that no certificate may hold ("", "a_b", "*", 300 letters).
bool is_certificate_name(std::string_view name);

inline constexpr Duration authority_life = Duration::days(3650);
inline constexpr Duration server_life = Duration::days(397);
/// Clocks of tablets go wrong: what is made now was valid yesterday. Counts into the life.
inline constexpr Duration backdated = Duration::hours(24);

/// `names`: beside those of local networks it may sign these and what lies below them.
KeyAndChain make_authority(std::string_view title, const std::vector<std::string>& names,
                           Instant now);
/// Does the authority allow itself to sign this name or address?
bool authority_permits(std::string_view authority_pem, const std::string& name);
/// A fresh key each time. Error{invalid, "tls.no_names"} when no name is left.
KeyAndChain make_server_certificate(const KeyAndChain& authority,
                                    const std::vector<std::string>& names, Instant now);
bool is_signed_by(std::string_view certificate_pem, std::string_view authority_pem);

/// Files that people give: the key must be that of the first certificate, each further one the
/// issuer of the one before, and the first one valid now and for servers. Throws
/// Error{invalid, "tls.no_certificate" | "tls.no_key" | "tls.key_password" | "tls.wrong_key" |
/// "tls.order" | "tls.expired" | "tls.early" | "tls.purpose"}.
void check_own_files(const KeyAndChain& files, Instant now);

}  // namespace otklik
