#pragma once
// How the program listens, by its settings. Refuses what would send passwords and recordings over a
// network in the clear, in words that name the ways out. Thread: main.
#include <memory>
#include <string>

#include "base/settings.h"
#include "tls/keeper.h"
#include "web/http.h"

namespace otklik {

/// The certificate, or nothing for plain http. Error{invalid, "tls.…"}.
std::shared_ptr<TlsKeeper> make_keeper(const ServerSettings& settings, const Clock& clock);

/// Error{invalid, "plain.network" | "tls.hsts" | "listen.address" | "hook.allow"} with the setting.
ServerConfig listening(const ServerSettings& settings, std::shared_ptr<const TlsKeeper> keeper);

/// What a person at the console reads: where the desk is and how a tablet comes to trust it.
std::string welcome(const ServerSettings& settings, const TlsKeeper* keeper, int port,
                    const std::string& setup_code);

}  // namespace otklik
