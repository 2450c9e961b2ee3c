#include "demo/day.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/fields.h"
#include "base/hash.h"
#include "base/text.h"
#include "demo/day_inside.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr int settle_tries = 600;  // of 100 ms: cutting a dozen clips takes a second or two

}  // namespace

DemoDay::DemoDay(DemoScript& script, const DemoSound& sound, std::string socket_path,
                 std::string draft_folder, Watch watch)
    : script_(script),
      sound_(sound),
      socket_path_(std::move(socket_path)),
      draft_folder_(std::move(draft_folder)),
      watch_(std::move(watch)) {}

DemoDay::Answer DemoDay::ask(std::string_view method, const std::string& target,
                             const std::string& body, const std::string& token,
                             const std::string& version) {
    auto all = headers(token);
    if (!version.empty()) all.push_back({"If-Match", version});
    if (!body.empty()) all.push_back({"Content-Type", "application/json"});
    const ClientResponse answer =
        request_local(socket_path_, method, "/api/v1" + target, all, body);
    if (answer.status < 200 || answer.status > 299)
        throw Error(Fault::internal, "internal")
            .because(fmt::format("demo: {} {}: {} {}", method, target, answer.status, answer.body));
    return {answer.body.empty() ? json::value() : json::parse(answer.body)};
}

void DemoDay::ask_versioned(const std::string& thing, std::string_view method,
                            const std::string& target, const std::string& body) {
    const json::value now = ask("GET", thing, "").body;
    ask(method, target, body, {},
        fmt::format("\"{}\"", now.at("version").to_number<std::int64_t>()));
}

std::vector<Header> DemoDay::headers(const std::string& token) const {
    std::vector<Header> all;
    if (!token.empty()) all.push_back({"Authorization", "Bearer " + token});
    if (!cookie_.empty()) {
        all.push_back({"Cookie", cookie_});
        all.push_back({"X-CSRF-Token", csrf_});
    }
    return all;
}

void DemoDay::make_company() {
    result_.login = script_.login;
    result_.password = hex(random_bytes(6));
    json::object first{{"setup_code", ""},
                       {"company_name", script_.company},
                       {"site_name", script_.site},
                       {"zone", script_.zone},
                       {"point_name", script_.first_point},
                       {"person_name", script_.administrator},
                       {"login", script_.login},
                       {"password", result_.password},
                       {"basis",
                        {{"ground", script_.basis[0]},
                         {"notice", script_.basis[1]},
                         {"signage", script_.basis[2]},
                         {"consent", script_.basis[3]},
                         {"retention_days", script_.retention_days}}}};
    ask("POST", "/first-run", json::serialize(first));
    const json::value site = ask("GET", "/sites", "").body.at("items").at(0);
    for (const std::string& name : script_.points)
        ask("POST", "/points",
            json::serialize(json::object{{"site_id", site.at("id")}, {"name", name}}));
    json::object basis = first["basis"].as_object();
    for (const auto& point : ask("GET", "/points", "").items()) {
        points_[text(point, "name")] = text(point, "id");
        if (text(point, "name") != script_.first_point)
            ask("PUT", "/points/" + text(point, "id") + "/basis", json::serialize(basis));
    }
    put_profiles();
    make_questions();
    result_.made["company"] = result_.made["site"] = 1;
    result_.made["point"] = result_.made["basis_card"] = static_cast<std::int64_t>(points_.size());
}

void DemoDay::put_profiles() {
    for (const DemoProfile& profile : script_.profiles) {
        json::array hours;
        for (int weekday = 1; weekday <= 6; ++weekday)
            hours.push_back(json::object{
                {"weekday", weekday}, {"opens", profile.opens}, {"closes", profile.closes}});
        ask("PUT", "/points/" + points_.at(profile.point),
            json::serialize(json::object{{"name", profile.point},
                                         {"area", profile.area},
                                         {"point_type", profile.type},
                                         {"flow_class", profile.flow},
                                         {"hours", hours}}),
            {}, "\"1\"");
    }
}

void DemoDay::make_questions() {
    std::vector<std::string> ids;
    for (const std::string& question : script_.questions)
        ids.push_back(
            text(ask("POST", "/questions", json::serialize(json::object{{"text", question}})).body,
                 "id"));
    for (const DemoPlan& plan : script_.plan)
        ask("POST", "/question-plan",
            json::serialize(json::object{{"question_id", ids.at(plan.question)},
                                         {"day_from", format_day(plan.day_from)},
                                         {"day_to", format_day(plan.day_to)}}));
    result_.made["question"] = static_cast<std::int64_t>(ids.size());
    if (!script_.plan.empty())
        result_.made["question_plan"] = static_cast<std::int64_t>(script_.plan.size());
}

void DemoDay::make_people() {
    for (const DemoPerson& person : script_.people) {
        const json::value made =
            ask("POST", "/people",
                json::serialize(json::object{{"name", person.name}, {"position", person.position}}))
                .body;
        people_[person.key] = text(made, "id");
        if (!person.pin.empty()) {
            ask("PUT", "/people/" + text(made, "id") + "/pin",
                json::serialize(json::object{{"pin", person.pin}}));
            ++result_.made["person_pin"];
        }
        if (person.login.empty()) continue;
        ask("POST", "/accounts",
            json::serialize(json::object{{"person_id", made.at("id")},
                                         {"login", person.login},
                                         {"role", person.role},
                                         {"units", json::array()},
                                         {"password", result_.password},
                                         {"must_change_password", false}}));
        ++result_.made["account"];
    }
    for (const DemoDuty& duty : script_.duty)
        ask("POST", "/points/" + points_.at(duty.point) + "/duty",
            json::serialize(json::object{{"person_id", people_.at(duty.person)},
                                         {"begin_at", format_instant(duty.at.begin)},
                                         {"end_at", format_instant(duty.at.end)}}));
    result_.made["person"] = static_cast<std::int64_t>(people_.size()) + 1;
    ++result_.made["account"];
    result_.made["duty"] = static_cast<std::int64_t>(script_.duty.size());
}

void DemoDay::make_recorders() {
    for (const DemoRecorder& recorder : script_.recorders) {
        const json::value made = ask("POST", "/recorders",
                                     json::serialize(json::object{{"name", recorder.name},
                                                                  {"model", recorder.model},
                                                                  {"channels", recorder.channels},
                                                                  {"pickup", "upload"}}))
                                     .body;
        recorders_[recorder.key] = text(made, "id");
        ask("PUT", "/recorders/" + text(made, "id") + "/placement",
            json::serialize(json::object{{"point_id", points_.at(recorder.point)},
                                         {"begin_at", format_instant(script_.begin)}}));
    }
    result_.made["recorder"] = result_.made["placement"] =
        static_cast<std::int64_t>(recorders_.size());
}

void DemoDay::make_devices() {
    for (const DemoDevice& device : script_.devices) {
        const json::value made =
            ask("POST", "/devices",
                json::serialize(
                    json::object{{"name", device.name}, {"point_id", points_.at(device.point)}}))
                .body;
        devices_[device.key] = text(made, "id");
        tokens_[device.key] = text(made, "token");
        if (!device.shift.empty()) open_panel(device);
    }
    result_.made["device"] = result_.made["button_map"] =
        static_cast<std::int64_t>(devices_.size());
}

void DemoDay::make_forms() {
    for (const auto& starter : ask("GET", "/forms/starters", "").items()) {
        if (!starter.at("trade").is_null()) continue;  // sets of trades are for the first day
        const std::string purpose = text(starter, "purpose");
        if (forms_.contains(purpose)) continue;
        const json::value made = ask("POST", "/forms",
                                     json::serialize(json::object{{"name", starter.at("name")},
                                                                  {"purpose", purpose},
                                                                  {"body", starter.at("body")}}))
                                     .body;
        forms_[purpose] = text(made, "id");
    }
    result_.made["form"] = result_.made["form_version"] = static_cast<std::int64_t>(forms_.size());
}

void DemoDay::wait_for_clips() {
    using namespace std::chrono_literals;
    std::size_t cut = 0;
    for (const auto& [talk, signal] : signals_) {
        bool playable = false;
        for (int i = 0; i < settle_tries && !playable; ++i) {
            const std::string state = text(ask("GET", "/signals/" + signal, "").body, "clip_state");
            playable = state == "final" || state == "partial";
            watch_("clips", cut, signals_.size());
            // The demo is a client of a running server: it asks again, as a browser would.
            if (!playable) std::this_thread::sleep_for(100ms);
        }
        if (!playable)
            throw Error(Fault::internal, "internal")
                .because("demo: no clip of " + signal + " after a minute");
        ++cut;
    }
}

DemoResult DemoDay::run() {
    make_company();
    make_people();
    make_recorders();
    make_devices();
    make_forms();
    import_files(false);
    press_all();
    import_files(true);  // the dictaphone comes back in the evening: its presses waited
    give_words();
    wait_for_clips();
    code_signals();
    check_all();
    return result_;
}

}  // namespace otklik
