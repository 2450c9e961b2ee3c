#include "tls/keeper.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/log.h"

namespace otklik {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr Instant clock_min{1'735'689'600'000'000};  // 2025-01-01: a clock before it was never set
constexpr std::string_view always[] = {"localhost", "127.0.0.1", "::1"};

std::string read_given(const std::string& path) {
    try {
        return read_file(path, file_bytes_max);
    } catch (const Error& error) {
        throw Error(Fault::invalid, "tls.file", {{"file", path}}).because(error.detail());
    }
}

std::string name_of_host(const LocalNames& names) {
    return names.host.substr(0, names.host.find('.'));
}

}  // namespace

TlsKeeper::TlsKeeper(TlsWish wish, const Clock& clock, std::function<LocalNames()> names)
    : wish_(std::move(wish)), clock_(clock), names_(std::move(names)) {
    if (!is_auto()) {
        look_files();
        return;
    }
    open_authority();
    look_auto();
}

void TlsKeeper::open_authority() {
    for (const std::string& name : wish_.more_names)
        if (!is_certificate_name(name)) throw Error(Fault::invalid, "tls.name", {{"name", name}});
    if (clock_.now() < clock_min) throw Error(Fault::invalid, "tls.clock");
    make_folders(wish_.folder);
    std::filesystem::permissions(wish_.folder, std::filesystem::perms::owner_all);
    make_or_read_authority();
    authority_facts_ = read_certificate(authority_.chain);
    if (clock_.now() >= authority_facts_.not_after)
        throw Error(Fault::invalid, "tls.authority_ended", {{"folder", wish_.folder}});
    for (const std::string& name : wish_.more_names)
        if (!authority_permits(authority_.chain, name))
            throw Error(Fault::invalid, "tls.name_outside",
                        {{"name", name}, {"folder", wish_.folder}});
}

/// The key is written first: a certificate on the disk has its key. It is never made anew by
/// itself, since every device would have to trust it again.
void TlsKeeper::make_or_read_authority() {
    if (std::filesystem::exists(path("authority.crt"))) {
        authority_ = {read_given(path("authority.key")), read_given(path("authority.crt"))};
        return;
    }
    const LocalNames here = names_();
    std::vector<std::string> names = wish_.more_names;
    if (!here.host.empty()) names.insert(names.end(), {here.host, name_of_host(here)});
    names.insert(names.end(), here.addresses.begin(), here.addresses.end());
    const std::string title = "Otklik " + (here.host.empty() ? "server" : name_of_host(here)) +
                              " " + format_instant(clock_.now()).substr(0, 10);
    authority_ = make_authority(title, names, clock_.now());
    write_file_durably(path("authority.key"), authority_.key);
    write_file_durably(path("authority.crt"), authority_.chain);
    log_info("tls.authority_made", {{"title", title}});
}

/// What the certificate should be for now; names that the authority may not sign are left out.
std::vector<std::string> TlsKeeper::wanted_names() const {
    const LocalNames here = names_();
    std::vector<std::string> names = wish_.more_names;
    if (!here.host.empty()) {
        names.push_back(here.host);
        names.push_back(name_of_host(here));
        names.push_back(name_of_host(here) + ".local");
    }
    names.insert(names.end(), here.addresses.begin(), here.addresses.end());
    names.insert(names.end(), std::begin(always), std::end(always));
    std::vector<std::string> wanted;
    for (const std::string& name : names)
        if (std::find(wanted.begin(), wanted.end(), name) == wanted.end() &&
            authority_permits(authority_.chain, name))
            wanted.push_back(name);
    return wanted;
}

bool TlsKeeper::still_good(const KeyAndChain& files, const std::vector<std::string>& wanted) const {
    try {
        check_own_files(files, clock_.now());
        const CertificateFacts facts = read_certificate(files.chain);
        // A name more than needed does no harm: an address that comes and goes makes no new one.
        const auto has = [&](const std::string& name) {
            return std::find(facts.names.begin(), facts.names.end(), name) != facts.names.end();
        };
        const bool lasts = facts.not_after - clock_.now() >= renewed_before ||
                           facts.not_after >= authority_facts_.not_after;
        return is_signed_by(files.chain, authority_.chain) && lasts &&
               std::all_of(wanted.begin(), wanted.end(), has);
    } catch (const Error&) {
        return false;  // torn, expired, of another authority: all are made anew
    }
}

bool TlsKeeper::hold(const KeyAndChain& files) {
    Held next{std::make_shared<const TlsContext>(files), read_certificate(files.chain),
              files.chain + files.key};
    const std::lock_guard lock(mutex_);
    if (held_.chain == next.chain) return false;
    held_ = std::move(next);
    return true;
}

bool TlsKeeper::look_auto() {
    const std::vector<std::string> wanted = wanted_names();
    const std::string key = path("server.key"), chain = path("server.crt");
    if (std::filesystem::exists(chain) && std::filesystem::exists(key)) {
        const KeyAndChain files{read_given(key), read_given(chain)};
        if (still_good(files, wanted)) return hold(files);
    }
    const KeyAndChain made = make_server_certificate(authority_, wanted, clock_.now());
    write_file_durably(key, made.key);
    write_file_durably(chain, made.chain);
    const bool changed = hold(made);
    log_info("tls.certificate_made", {{"until", format_instant(certificate().not_after)}});
    return changed;
}

bool TlsKeeper::look_files() {
    const KeyAndChain files{read_given(wish_.key_file), read_given(wish_.certificate_file)};
    {
        const std::lock_guard lock(mutex_);
        if (held_.context && held_.chain == files.chain + files.key) return false;
    }
    check_own_files(files, clock_.now());
    return hold(files);
}

/// Once a day.
void TlsKeeper::warn_of_end() {
    const CertificateFacts facts = certificate();
    const Duration left = facts.not_after - clock_.now();
    if (left > warned_before) return;
    if (warned_for_ == facts.sha256 && clock_.now() - warned_at_ < Duration::hours(24)) return;
    warned_for_ = facts.sha256;
    warned_at_ = clock_.now();
    log_error("tls.certificate_ends", {{"at", format_instant(facts.not_after)}});
}

bool TlsKeeper::look() {
    bool changed = false;
    try {
        changed = is_auto() ? look_auto() : look_files();
        if (changed) log_info("tls.certificate_changed");
    } catch (const Error& error) {
        // The log leaves out what is told again and again.
        log_error("tls.not_renewed", {{"code", error.code()}, {"detail", error.detail()}});
    } catch (const std::exception& error) {
        log_error("tls.not_renewed", {{"code", "internal"}, {"detail", error.what()}});
    }
    warn_of_end();
    return changed;
}

std::shared_ptr<const TlsContext> TlsKeeper::current() const {
    const std::lock_guard lock(mutex_);
    return held_.context;
}

CertificateFacts TlsKeeper::certificate() const {
    const std::lock_guard lock(mutex_);
    return held_.facts;
}

std::string TlsKeeper::best_name() const {
    const LocalNames here = names_();
    if (!here.addresses.empty()) return here.addresses.front();
    return here.host.empty() ? "localhost" : here.host;
}

}  // namespace otklik
