#include "tls/local_names.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "tls/certificates.h"

namespace otklik {
namespace {

std::string address_of(const sockaddr* from) {
    std::array<char, INET6_ADDRSTRLEN> space{};
    if (from->sa_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(from);
        return ::inet_ntop(AF_INET, &v4->sin_addr, space.data(), space.size());
    }
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(from);
    if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr)) return {};  // no address of a page: it needs a zone
    return ::inet_ntop(AF_INET6, &v6->sin6_addr, space.data(), space.size());
}

}  // namespace

LocalNames local_names() {
    LocalNames names;
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0) names.host = lower_ascii(host.data());
    if (!is_certificate_name(names.host) || names.host == "localhost") names.host.clear();
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return names;  // no network: the name alone
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, &::freeifaddrs);
    for (const ifaddrs* each = first; each; each = each->ifa_next) {
        if (!each->ifa_addr || !(each->ifa_flags & IFF_UP) || (each->ifa_flags & IFF_LOOPBACK))
            continue;
        const int family = each->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        if (std::string text = address_of(each->ifa_addr); !text.empty())
            names.addresses.push_back(std::move(text));
    }
    std::stable_sort(names.addresses.begin(), names.addresses.end(),
                     [](const std::string& a, const std::string& b) {
                         return a.find(':') == std::string::npos &&
                                b.find(':') != std::string::npos;
                     });
    return names;
}

}  // namespace otklik
