#pragma once
// The keeper of the server's certificate: makes the firm's own authority once and certificates by
// it (auto), or reads the files that people gave; renews or reads again when somebody looks, which
// main does once a minute and at SIGHUP. What cannot be renewed leaves the former one in force and
// is logged. Owns (auto): <folder>/authority.{key,crt} and server.{key,crt}, all 0600. Thread:
// current() and the facts any; look() one at a time.
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tls/local_names.h"
#include "tls/tls_end.h"

namespace otklik {

struct TlsWish {
    std::string folder;                   // auto: the keys'; empty: own files
    std::vector<std::string> more_names;  // auto: beside the host's own
    std::string certificate_file, key_file;
};

/// Renewed when less is left: a tablet that is away for the summer still finds an old one valid.
inline constexpr Duration renewed_before = Duration::days(60);
inline constexpr Duration warned_before = Duration::days(14);

class TlsKeeper : public TlsSource {
public:
    /// Throws Error{invalid, "tls.…"} in words for a person: a name that the authority may not
    /// sign, files that do not fit, a clock before 2025.
    TlsKeeper(TlsWish wish, const Clock& clock, std::function<LocalNames()> names = local_names);
    std::shared_ptr<const TlsContext> current() const override;
    /// True when another certificate holds now.
    bool look();
    bool is_auto() const { return !wish_.folder.empty(); }
    /// The authority that devices must trust (auto only).
    const CertificateFacts& authority() const { return authority_facts_; }
    CertificateFacts certificate() const;
    /// What a tablet in the same network should ask: an address, else a name.
    std::string best_name() const;

private:
    struct Held {
        std::shared_ptr<const TlsContext> context;
        CertificateFacts facts;
        std::string chain;  // as read, to see a change of files
    };
    void open_authority();
    void make_or_read_authority();
    std::vector<std::string> wanted_names() const;
    bool look_auto();
    bool look_files();
    bool still_good(const KeyAndChain& files, const std::vector<std::string>& wanted) const;
    bool hold(const KeyAndChain& files);
    void warn_of_end();
    std::string path(const char* name) const { return wish_.folder + "/" + name; }

    const TlsWish wish_;
    const Clock& clock_;
    const std::function<LocalNames()> names_;
    KeyAndChain authority_;
    CertificateFacts authority_facts_;
    std::string warned_for_;  // of which certificate's end somebody was told today
    Instant warned_at_;
    mutable std::mutex mutex_;
    Held held_;
};

}  // namespace otklik
