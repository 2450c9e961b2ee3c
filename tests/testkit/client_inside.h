#pragma once
// A client of the public API for journeys: the same calls over TCP to a running program (program.h)
// and in process (house.h). Thread: one client per thread; the ways are safe for any.
#include <boost/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "web/http.h"

namespace otklik::testkit {

namespace json = boost::json;

/// How a request gets to the route table and its answer back.
class Way {
public:
    virtual ~Way() = default;
    virtual ClientResponse send(std::string_view method, const std::string& target,
                                const std::vector<Header>& headers, const std::string& body) = 0;
};

struct Answer {
    std::string asked;  // method and path, for messages
    ClientResponse http;
    int status() const { return http.status; }
    std::string header(std::string_view name) const;
    json::value value() const;  // null when the body is no JSON
    std::string code() const;   // of a problem
    json::value ok() const;     // throws std::runtime_error unless 2xx
};

class Client {
public:
    explicit Client(Way& way) : way_(&way) {}
    /// Throws unless the password is right.
    void sign_in(const std::string& login, const std::string& password);
    /// As a browser keeps what an answer sets.
    void use_cookie_of(const Answer& answer);
    void use_token(std::string token) { token_ = std::move(token); }
    /// `path` is below /api/v1.
    Answer ask(std::string_view method, const std::string& path, const json::value& body = nullptr,
               std::vector<Header> more = {});
    Answer send(std::string_view method, const std::string& path, const std::string& body,
                const std::string& type, std::vector<Header> more = {});
    json::value get(const std::string& path) { return ask("GET", path).ok(); }
    json::value post(const std::string& path, const json::value& body = nullptr) {
        return ask("POST", path, body).ok();
    }
    /// With If-Match when a version is given.
    json::value put(const std::string& path, const json::value& body, std::int64_t version = 0);
    /// All pages of a list.
    json::array list(const std::string& path);

private:
    Way* way_;
    std::string cookie_, csrf_, token_;
};

std::string text(const json::value& object, std::string_view key);
std::int64_t number(const json::value& object, std::string_view key);
Instant instant(const json::value& object, std::string_view key);

/// What most journeys begin with.
struct Shop {
    std::string login = "boss", password = "a long enough word";
    std::string site_id, point_id, recorder_id, device_id, device_token;
};
struct ShopWish {
    std::string setup_code;
    Instant recorder_since;
    json::value buttons;  // null: the starter map
    int channels = 1;
};
json::object basis_card();
/// First run, then a recorder standing at the point and a device; `boss` is signed in after it.
Shop open_shop(Client& boss, const ShopWish& wish);
/// A file by the public upload; returns the recording's id.
Answer import_sound(Client& boss, const std::string& recorder_id, const std::string& name,
                    Instant starts_at, const std::string& bytes);
Answer press(Client& device, const std::string& press_id, const std::string& key, Instant at);
/// The clip behind a signal with its newest version.
json::value clip_of(Client& boss, const std::string& signal_id);

}  // namespace otklik::testkit
