#include "web/http_proxy.h"

#include <arpa/inet.h>

#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr int ipv4_bits_before = 96;  // of ::ffff:0:0/96

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Some proxies add the port: "1.2.3.4:56", "[2001:db8::1]:56".
std::string_view without_port(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        return end == std::string_view::npos ? text : text.substr(1, end - 1);
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return text;
    return text.substr(0, colon);
}

bool is_ipv4(const AddressBytes& address) {
    for (std::size_t i = 0; i < 10; ++i)
        if (address[i] != 0) return false;
    return address[10] == 0xFF && address[11] == 0xFF;
}

std::string write_address(const AddressBytes& address) {
    std::array<char, INET6_ADDRSTRLEN> space{};
    if (is_ipv4(address))
        ::inet_ntop(AF_INET, address.data() + 12, space.data(), space.size());
    else
        ::inet_ntop(AF_INET6, address.data(), space.data(), space.size());
    return space.data();
}

/// The values of all fields of the name as one comma list (RFC 9110, 5.3).
std::string joined(const Request& request, std::string_view name) {
    std::string all;
    for (const Header& field : request.headers)
        if (same_ascii(field.name, name)) (all += all.empty() ? "" : ",") += field.value;
    return all;
}

std::string_view take_last(std::string_view& list) {
    const auto comma = list.rfind(',');
    const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
    return trim(last);
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
    const std::string name(text);
    AddressBytes out{};
    if (::inet_pton(AF_INET6, name.c_str(), out.data()) == 1) return out;
    out = {};
    out[10] = out[11] = 0xFF;
    if (::inet_pton(AF_INET, name.c_str(), out.data() + 12) == 1) return out;
    return std::nullopt;
}

Networks::Networks(const std::vector<std::string>& list, std::string_view code) {
    for (const std::string& each : list) {
        const auto slash = each.find('/');
        const std::string_view text = std::string_view(each).substr(0, slash);
        const auto address = parse_address(text);
        const int before = text.find(':') == std::string_view::npos ? ipv4_bits_before : 0;
        int bits = 128 - before;
        bool fine = address.has_value();
        if (slash != std::string::npos) {
            const char* end = each.data() + each.size();
            const auto [at, error] = std::from_chars(each.data() + slash + 1, end, bits);
            fine = fine && error == std::errc() && at == end && bits >= 0 && bits <= 128 - before;
        }
        if (!fine) throw Error(Fault::invalid, code, {{"address", each}});
        networks_.push_back({*address, before + bits});
    }
}

bool Networks::hold(const AddressBytes& address) const {
    for (const Network& network : networks_) {
        bool same = true;
        for (int bit = 0; bit < network.bits && same; bit += 8) {
            const auto at = static_cast<std::size_t>(bit / 8);
            const int left = network.bits - bit;
            const int mask = left >= 8 ? 0xFF : 0xFF00 >> left & 0xFF;
            same = ((network.address[at] ^ address[at]) & mask) == 0;
        }
        if (same) return true;
    }
    return false;
}

bool Networks::hold(std::string_view address) const {
    if (networks_.empty()) return false;
    const auto parsed = parse_address(address);
    return parsed && hold(*parsed);
}

void TrustedProxies::apply(Request& request) const {
    if (!hold(request.peer)) return;
    const std::string protocols = joined(request, "X-Forwarded-Proto");
    std::string_view list = protocols;
    request.secure = same_ascii(take_last(list), "https");
    const std::string hops = joined(request, "X-Forwarded-For");
    list = hops;
    while (!list.empty()) {
        const auto address = parse_address(without_port(take_last(list)));
        if (!address) return;  // "unknown" and the like: what stands before it is hearsay
        if (networks_.hold(*address)) continue;
        request.peer = write_address(*address);
        return;
    }
}

}  // namespace otklik
