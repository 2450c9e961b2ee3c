#include "base/text.h"
#include "testkit/client_inside.h"

namespace otklik::testkit {

std::string Answer::header(std::string_view name) const {
    for (const Header& each : http.headers)
        if (same_ascii(each.name, name)) return each.value;
    return {};
}

json::value Answer::value() const {
    boost::system::error_code bad;
    json::value parsed = json::parse(http.body, bad);
    return bad ? json::value() : parsed;
}

std::string Answer::code() const {
    const json::value parsed = value();
    return parsed.is_object() ? text(parsed, "code") : std::string();
}

json::value Answer::ok() const {
    if (http.status < 200 || http.status > 299)
        throw std::runtime_error(asked + ": " + std::to_string(http.status) + " " + http.body);
    return value();
}

void Client::sign_in(const std::string& login, const std::string& password) {
    cookie_.clear();
    csrf_.clear();
    const Answer answer =
        ask("POST", "/session", json::object{{"login", login}, {"password", password}});
    csrf_ = text(answer.ok(), "csrf");
    use_cookie_of(answer);
}

void Client::use_cookie_of(const Answer& answer) {
    const std::string set = answer.header("Set-Cookie");
    cookie_ = set.substr(0, set.find(';'));
}

Answer Client::ask(std::string_view method, const std::string& path, const json::value& body,
                   std::vector<Header> more) {
    return send(method, path, body.is_null() ? std::string() : json::serialize(body),
                "application/json", std::move(more));
}

Answer Client::send(std::string_view method, const std::string& path, const std::string& body,
                    const std::string& type, std::vector<Header> more) {
    if (!body.empty()) more.push_back({"Content-Type", type});
    if (!token_.empty()) more.push_back({"Authorization", "Bearer " + token_});
    if (!cookie_.empty()) more.push_back({"Cookie", cookie_});
    if (!csrf_.empty()) more.push_back({"X-CSRF-Token", csrf_});
    return {std::string(method) + " " + path, way_->send(method, "/api/v1" + path, more, body)};
}

json::value Client::put(const std::string& path, const json::value& body, std::int64_t version) {
    std::vector<Header> more;
    if (version > 0) more.push_back({"If-Match", "\"" + std::to_string(version) + "\""});
    return ask("PUT", path, body, more).ok();
}

json::array Client::list(const std::string& path) {
    json::array all;
    std::string after;
    const std::string mark = path.find('?') == std::string::npos ? "?" : "&";
    do {
        const json::value page =
            get(path + (after.empty() ? std::string() : mark + "after=" + after));
        for (const auto& item : page.at("items").as_array()) all.push_back(item);
        after = text(page, "next");
    } while (!after.empty());
    return all;
}

std::string text(const json::value& object, std::string_view key) {
    const auto* found = object.as_object().if_contains(key);
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::int64_t number(const json::value& object, std::string_view key) {
    return object.at(key).to_number<std::int64_t>();
}

Instant instant(const json::value& object, std::string_view key) {
    const auto at = parse_instant(text(object, key));
    if (!at) throw std::runtime_error("no instant " + std::string(key));
    return *at;
}

json::object basis_card() {
    return {{"ground", "a contract"},
            {"notice", "told in writing"},
            {"signage", "a sign at the door"},
            {"consent", "not needed"},
            {"retention_days", 90}};
}

Shop open_shop(Client& boss, const ShopWish& wish) {
    Shop shop;
    boss.post("/first-run", json::object{{"setup_code", wish.setup_code},
                                         {"company_name", "Garage"},
                                         {"site_name", "North"},
                                         {"zone", "Europe/Moscow"},
                                         {"point_name", "Counter"},
                                         {"person_name", "Ann Boss"},
                                         {"login", shop.login},
                                         {"password", shop.password},
                                         {"basis", basis_card()}});
    boss.sign_in(shop.login, shop.password);
    shop.site_id = text(boss.get("/sites").at("items").at(0), "id");
    shop.point_id = text(boss.get("/points").at("items").at(0), "id");
    shop.recorder_id = text(
        boss.post("/recorders", json::object{{"name", "Ear"}, {"channels", wish.channels}}), "id");
    boss.put("/recorders/" + shop.recorder_id + "/placement",
             json::object{{"point_id", shop.point_id},
                          {"begin_at", format_instant(wish.recorder_since)}});
    json::object device{{"name", "Buttons"}, {"point_id", shop.point_id}};
    if (!wish.buttons.is_null()) device["buttons"] = wish.buttons;
    const json::value made = boss.post("/devices", device);
    shop.device_id = text(made, "id");
    shop.device_token = text(made, "token");
    return shop;
}

Answer import_sound(Client& boss, const std::string& recorder_id, const std::string& name,
                    Instant starts_at, const std::string& bytes) {
    return boss.send("POST",
                     "/recorders/" + recorder_id + "/recordings?name=" + percent_encode(name) +
                         "&starts_at=" + percent_encode(format_instant(starts_at)),
                     bytes, "application/octet-stream");
}

Answer press(Client& device, const std::string& press_id, const std::string& key, Instant at) {
    return device.ask(
        "POST", "/presses",
        json::object{{"press_id", press_id}, {"key", key}, {"pressed_at", format_instant(at)}});
}

json::value clip_of(Client& boss, const std::string& signal_id) {
    return boss.get("/clips/" + text(boss.get("/signals/" + signal_id), "clip_id"));
}

}  // namespace otklik::testkit
