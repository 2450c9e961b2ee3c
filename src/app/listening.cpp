#include "app/listening.h"

#include <arpa/inet.h>

#include <cstdlib>

#include "base/error.h"
#include "base/messages.h"
#include "tls/fingerprint.h"

namespace otklik {
namespace {

constexpr int port_max = 65535;

[[noreturn]] void refuse(std::string_view code, std::string_view setting, ErrorParams params = {}) {
    throw Error(Fault::invalid, code, std::move(params)).at(setting);
}

bool is_any(const std::string& address) {
    return address == "0.0.0.0" || address == "::";
}
bool is_this_computer(const std::string& address) {
    return address == "::1" || address.starts_with("127.");
}

/// "0.0.0.0:8081", "[::]:8081".
ListenAt listen_at(std::string_view setting, const std::string& text) {
    if (text.empty()) return {};
    const auto colon = text.rfind(':');
    std::string address = text.substr(0, colon == std::string::npos ? 0 : colon);
    if (address.size() > 2 && address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    unsigned char space[16];
    const bool known = ::inet_pton(AF_INET, address.c_str(), space) == 1 ||
                       ::inet_pton(AF_INET6, address.c_str(), space) == 1;
    const std::string digits = colon == std::string::npos ? "" : text.substr(colon + 1);
    const bool number = !digits.empty() && digits.size() <= 5 &&
                        digits.find_first_not_of("0123456789") == std::string::npos;
    if (!known || !number || std::atoi(digits.c_str()) > port_max)
        refuse("listen.address", setting, {{"address", text}});
    return {address, std::atoi(digits.c_str())};
}

void check_plain(const ServerSettings& settings) {
    const bool reaches_out = !is_this_computer(settings.listen);
    if (reaches_out && settings.trusted_proxy.empty() && settings.plain_http != "anyway")
        refuse("plain.network", "listen", {{"address", settings.listen}});
}

}  // namespace

std::shared_ptr<TlsKeeper> make_keeper(const ServerSettings& settings, const Clock& clock) {
    const bool own = !settings.tls_cert.empty() || !settings.tls_key.empty();
    if (own && (settings.tls_cert.empty() || settings.tls_key.empty()))
        refuse("tls.both_files", settings.tls_cert.empty() ? "tls_cert" : "tls_key");
    if (own && settings.tls == "auto") refuse("tls.auto_or_own", "tls");
    if (settings.hsts_days > 0 && !own) refuse("tls.hsts", "hsts_days");
    if (settings.tls != "auto" && !own) return nullptr;
    TlsWish wish;
    if (own) {
        wish.certificate_file = settings.tls_cert;
        wish.key_file = settings.tls_key;
    } else {
        wish.folder = settings.keys + "/tls";
        wish.more_names = split_setting(settings.tls_name);
    }
    return std::make_shared<TlsKeeper>(std::move(wish), clock);
}

ServerConfig listening(const ServerSettings& settings, std::shared_ptr<const TlsKeeper> keeper) {
    if (!keeper) check_plain(settings);
    ServerConfig config;
    config.address = settings.listen;
    config.port = static_cast<int>(settings.port);
    config.workers = static_cast<int>(settings.workers);
    config.queue_max = static_cast<int>(settings.queue_max);
    config.connections_max = static_cast<int>(settings.connections_max);
    config.connections_per_address_max = static_cast<int>(settings.connections_per_address_max);
    config.trusted_proxy = split_setting(settings.trusted_proxy);
    config.proxies_only =
        !keeper && !config.trusted_proxy.empty() && settings.plain_http != "anyway";
    config.tls = std::move(keeper);
    if (!settings.http_listen.empty() && !config.tls) refuse("tls.none", "http_listen");
    config.plain = listen_at("http_listen", settings.http_listen);
    config.hook = listen_at("hook_listen", settings.hook_listen);
    config.hook_allow = split_setting(settings.hook_allow);
    if (!config.hook.address.empty() && config.hook_allow.empty())
        refuse("hook.allow", "hook_allow");
    return config;
}

std::string welcome(const ServerSettings& settings, const TlsKeeper* keeper, int port,
                    const std::string& setup_code) {
    std::string host = is_any(settings.listen) ? "localhost" : settings.listen;
    if (keeper && !keeper->certificate().names.empty() &&
        (is_any(settings.listen) || !keeper->is_auto()))
        host = keeper->certificate().names.front();
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    const std::string tail = ":" + std::to_string(port);
    std::string text = std::string(keeper ? "https://" : "http://") + host + tail + "/\n";
    if (!setup_code.empty()) text += "First run. Code for the first sign-in: " + setup_code + "\n";
    if (!keeper || !keeper->is_auto()) return text;
    const std::string& hash = keeper->authority().sha256;
    std::string near = is_any(settings.listen) ? keeper->best_name() : settings.listen;
    if (near.find(':') != std::string::npos) near = "[" + near + "]";
    text += "On a tablet or phone open http://" + near + tail + "/trust and compare:\n  " +
            fingerprint_in_words(hash) + "\n";
    const char* language = std::getenv("LANG");
    if (language && std::string_view(language).starts_with("ru"))
        text += "  " + fingerprint_in_words(hash, Messages().message("ru", "trust.letters")) + "\n";
    return text + "  SHA-256 " + fingerprint_hex(hash) + "\n";
}

}  // namespace otklik
