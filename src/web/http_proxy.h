#pragma once
// Whose word about the client is believed. Pure functions over text, apart from the request's
// fields. Thread: any; never changes.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace otklik {

/// An address of 16 bytes; IPv4 as ::ffff:a.b.c.d, so that both writings are one.
using AddressBytes = std::array<std::uint8_t, 16>;
std::optional<AddressBytes> parse_address(std::string_view text);

/// Addresses and networks ("10.0.0.2", "172.16.0.0/12").
class Networks {
public:
    /// Throws Error{invalid, code} with the wrong one.
    Networks(const std::vector<std::string>& list, std::string_view code);
    bool hold(std::string_view address) const;
    bool hold(const AddressBytes& address) const;

private:
    struct Network {
        AddressBytes address{};
        int bits = 128;
    };
    std::vector<Network> networks_;
};

class TrustedProxies {
public:
    /// Addresses and networks; throws Error{invalid, "proxy.address"}.
    explicit TrustedProxies(const std::vector<std::string>& list)
        : networks_(list, "proxy.address") {}
    bool hold(std::string_view address) const { return networks_.hold(address); }
    /// When request.peer is a trusted proxy: the last address of X-Forwarded-For that is not one of
    /// ours becomes the peer, and X-Forwarded-Proto says whether the client's way was secure. From
    /// anybody else these fields change nothing.
    void apply(Request& request) const;

private:
    Networks networks_;
};

}  // namespace otklik
