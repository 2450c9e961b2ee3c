#include "demo/day.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "demo/day_inside.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr int settle_tries = 600;  // of 100 ms: cutting a dozen clips takes a second or two

}  // namespace

DemoDay::DemoDay(DemoScript& script, const DemoSound& sound, std::string socket_path,
                 std::string draft_folder)
    : script_(script),
      sound_(sound),
      socket_path_(std::move(socket_path)),
      draft_folder_(std::move(draft_folder)) {}

DemoDay::Answer DemoDay::ask(std::string_view method, const std::string& target,
                             const std::string& body, const std::string& token) {
    auto all = headers(token);
    if (!body.empty()) all.push_back({"Content-Type", "application/json"});
    const ClientResponse answer =
        request_local(socket_path_, method, "/api/v1" + target, all, body);
    if (answer.status < 200 || answer.status > 299)
        throw Error(Fault::internal, "internal")
            .because(fmt::format("demo: {} {}: {} {}", method, target, answer.status, answer.body));
    return {answer.body.empty() ? json::value() : json::parse(answer.body)};
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
    for (const std::string& question : script_.questions)
        ask("POST", "/questions", json::serialize(json::object{{"text", question}}));
    result_.made["company"] = result_.made["site"] = 1;
    result_.made["point"] = result_.made["basis_card"] = static_cast<std::int64_t>(points_.size());
    result_.made["question"] = static_cast<std::int64_t>(script_.questions.size());
}

void DemoDay::make_people() {
    for (const DemoPerson& person : script_.people) {
        const json::value made =
            ask("POST", "/people",
                json::serialize(json::object{{"name", person.name}, {"position", person.position}}))
                .body;
        people_[person.key] = text(made, "id");
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
                                         {"begin_at", format_instant(script_.day_begin)}}));
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

void DemoDay::import_files(bool late) {
    const std::string path = draft_folder_ + "/recording.wav";
    for (const DemoFile& file : script_.files) {
        if (file.late != late) continue;
        for (const DemoRecorder& recorder : script_.recorders) {
            if (recorder.key != file.recorder) continue;
            sound_.write_wav(file, recorder, path);
            const std::string target =
                fmt::format("/api/v1/recorders/{}/recordings?name={}.wav&starts_at={}",
                            recorders_.at(recorder.key), percent_encode(recorder.name),
                            percent_encode(format_instant(file.at.begin)));
            const ClientResponse answer =
                send_file_local(socket_path_, target, {{"Content-Type", "audio/wav"}}, path, {});
            if (answer.status != 201)
                throw Error(Fault::internal, "internal").because("demo: import: " + answer.body);
            imported_.push_back({file, text(json::parse(answer.body), "recording_id")});
            ++result_.made["original"];
            ++result_.made["recording_session"];
            result_.made["track"] += recorder.channels;
        }
    }
    ::unlink(path.c_str());
}

void DemoDay::give_words() {
    for (const Imported& each : imported_) {
        for (const DemoRecorder& recorder : script_.recorders) {
            if (recorder.key != each.file.recorder) continue;
            json::array segments;
            for (const DemoTalk& talk : script_.talks)
                for (const DemoLine& line : talk.lines) {
                    if (talk.point != recorder.point || !each.file.at.overlaps(line.at)) continue;
                    const TimeRange heard = line.at.meet(each.file.at);
                    // A line cut by the file's end keeps its text only where most of it was heard.
                    if (heard.length().us * 2 < line.at.length().us) continue;
                    segments.push_back(json::object{
                        {"begin", static_cast<double>((heard.begin - each.file.at.begin).us) / 1e6},
                        {"end", static_cast<double>((heard.end - each.file.at.begin).us) / 1e6},
                        {"speaker", line.speaker},
                        {"text", line.text}});
                }
            if (segments.empty()) continue;
            ask("POST",
                fmt::format(
                    "/recordings/{}/transcripts?channel=0&format=json&language=ru&source=script",
                    each.recording_id),
                json::serialize(json::object{{"segments", segments}}));
            ++result_.made["transcript"];
        }
    }
}

void DemoDay::press_all() {
    std::map<std::string, json::array> by_device;
    std::map<std::string, std::size_t> talk_of_press;
    std::vector<std::pair<std::string, std::string>> undone;
    int number = 0;
    const auto add = [&](const std::string& device, const std::string& key, Instant at) {
        const std::string id = fmt::format("demo-{:03}", ++number);
        by_device[device].push_back(
            json::object{{"press_id", id}, {"key", key}, {"pressed_at", format_instant(at)}});
        return id;
    };
    for (std::size_t i = 0; i < script_.talks.size(); ++i)
        if (const DemoTalk& talk = script_.talks[i]; talk.pressed_at)
            talk_of_press[add(talk.device, talk.key, *talk.pressed_at)] = i;
    for (const DemoPress& press : script_.lone_presses) {
        const std::string id = add(press.device, press.key, press.at);
        if (press.undone) undone.emplace_back(press.device, id);
    }
    for (const auto& [device, presses] : by_device) {
        const json::value answer =
            ask("POST", "/presses/batch", json::serialize(json::object{{"presses", presses}}),
                tokens_.at(device))
                .body;
        for (const auto& item : answer.at("items").as_array())
            if (const auto talk = talk_of_press.find(text(item, "press_id"));
                talk != talk_of_press.end())
                signal_of_talk_[talk->second] = text(item, "signal_id");
        result_.made["signal"] += static_cast<std::int64_t>(presses.size());
    }
    for (const auto& [device, id] : undone)
        ask("POST", "/presses/undo", json::serialize(json::object{{"press_id", id}}),
            tokens_.at(device));
    result_.made["signal_undo"] = static_cast<std::int64_t>(undone.size());
    result_.made["clip"] = result_.made["signal"];
}

std::string DemoDay::point_of(const std::string& recorder) const {
    for (const DemoRecorder& each : script_.recorders)
        if (each.key == recorder) return each.point;
    return {};
}

std::string DemoDay::clip_of_talk(std::size_t talk) {
    return text(ask("GET", "/signals/" + signal_of_talk_.at(talk), "").body, "clip_id");
}

void DemoDay::wait_for_clips() {
    using namespace std::chrono_literals;
    for (const auto& [talk, signal] : signal_of_talk_) {
        bool playable = false;
        for (int i = 0; i < settle_tries && !playable; ++i) {
            const std::string state = text(ask("GET", "/signals/" + signal, "").body, "clip_state");
            playable = state == "final" || state == "partial";
            // The demo is a client of a running server: it asks again, as a browser would.
            if (!playable) std::this_thread::sleep_for(100ms);
        }
        if (!playable)
            throw Error(Fault::internal, "internal")
                .because("demo: no clip of " + signal + " after a minute");
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
    enter();
    check_clip();
    check_call();
    mark();
    leave();
    return result_;
}

}  // namespace otklik
