// The checker's part of the demonstration day, signed in as that person.
#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "demo/day_inside.h"

namespace otklik {

namespace {
namespace json = boost::json;
}

void DemoDay::enter() {
    std::string login;
    for (const DemoPerson& person : script_.people)
        if (person.role == "checker") login = person.login;
    const ClientResponse answer = request_local(
        socket_path_, "POST", "/api/v1/session", {{"Content-Type", "application/json"}},
        json::serialize(json::object{{"login", login}, {"password", result_.password}}));
    if (answer.status != 200)
        throw Error(Fault::internal, "internal").because("demo: sign in: " + answer.body);
    csrf_ = text(json::parse(answer.body), "csrf");
    for (const Header& header : answer.headers)
        if (fold(header.name) == "set-cookie")
            cookie_ = header.value.substr(0, header.value.find(';'));
}

void DemoDay::leave() {
    ask("DELETE", "/session", "");
    cookie_.clear();
    csrf_.clear();
}

namespace {

/// Answers every item: the first answer of each, the one of `fault_at` with the last.
json::array answers_of(const json::value& body, std::size_t fault_at) {
    json::array answers;
    for (const auto& section : body.at("sections").as_array())
        for (const auto& item : section.at("items").as_array()) {
            const auto* given = item.as_object().if_contains("answers");
            const bool own = given && given->is_array() && !given->as_array().empty();
            const bool fault = answers.size() == fault_at;
            const std::string answer =
                own ? text(fault ? given->as_array().back() : given->as_array().front(), "key")
                    : (fault ? "no" : "yes");
            answers.push_back(
                json::object{{"item", item.at("key")}, {"answer", answer}, {"comment", ""}});
        }
    return answers;
}

}  // namespace

std::int64_t DemoDay::clip_sample(std::size_t line) const {
    const DemoTalk& talk = script_.talks[script_.bookmark_talk];
    const Instant clip_begin =
        talk.pressed_at.value() - Duration::seconds(60);  // the starter map's window
    return samples_of(talk.lines.at(line).at.begin + Duration::ms(300) - clip_begin);
}

void DemoDay::check_clip() {
    const DemoTalk& talk = script_.talks[script_.bookmark_talk];
    const std::string clip = clip_of_talk(script_.bookmark_talk);
    json::value check =
        ask("POST", "/checks",
            json::serialize(json::object{{"form_id", forms_.at("signal")}, {"clip_id", clip}}))
            .body;
    const std::string id = text(check, "id");
    const json::array answers = answers_of(check.at("form").at("body"), SIZE_MAX);
    for (const auto& answer : answers)
        ask("POST", "/checks/" + id + "/evidence",
            json::serialize(json::object{{"item", answer.at("item")},
                                         {"channel", 0},
                                         {"clip_sample", clip_sample(talk.press_after - 1)}}));
    finish(id, json::serialize(json::object{{"items", answers}}));
    result_.made["evidence"] += static_cast<std::int64_t>(answers.size());
    ++result_.made["check_sheet"];
}

void DemoDay::finish(const std::string& id, const std::string& answers_json) {
    const auto versioned = [&](std::string_view method, const std::string& target,
                               const std::string& body) {
        const json::value now = ask("GET", "/checks/" + id, "").body;
        const std::string version =
            fmt::format("\"{}\"", now.at("version").to_number<std::int64_t>());
        auto all = headers({});
        all.push_back({"Content-Type", "application/json"});
        all.push_back({"If-Match", version});
        const ClientResponse answer =
            request_local(socket_path_, method, "/api/v1" + target, all, body);
        if (answer.status > 299)
            throw Error(Fault::internal, "internal")
                .because("demo: " + target + ": " + answer.body);
    };
    versioned("PUT", "/checks/" + id + "/answers", answers_json);
    versioned("POST", "/checks/" + id + "/finish", "");
}

void DemoDay::check_call() {
    const DemoFile* call = nullptr;
    for (const DemoFile& file : script_.files)
        if (file.recorder == "ats") call = &file;
    if (!call) return;
    const json::value draw =
        ask("POST", "/draws",
            json::serialize(json::object{{"point_id", points_.at(point_of("ats"))},
                                         {"from", format_instant(call->at.begin)},
                                         {"to", format_instant(call->at.end)},
                                         {"length_ms", 240'000},
                                         {"seed", "demo"}}))
            .body;
    const json::value check = ask("POST", "/checks",
                                  json::serialize(json::object{{"form_id", forms_.at("standard")},
                                                               {"draw_id", draw.at("id")}}))
                                  .body;
    const std::string id = text(check, "id");
    const json::array answers = answers_of(check.at("form").at("body"), 2);
    for (const auto& answer : answers)
        ask("POST", "/checks/" + id + "/evidence",
            json::serialize(
                json::object{{"item", answer.at("item")},
                             {"recording_id", draw.at("recording_id")},
                             {"channel", 0},
                             {"media_sample", draw.at("begin_sample").as_int64() + 48'000 * 30}}));
    finish(id, json::serialize(json::object{{"items", answers}}));
    result_.made["evidence"] += static_cast<std::int64_t>(answers.size());
    ++result_.made["draw"];
    ++result_.made["check_sheet"];
}

void DemoDay::mark() {
    ask("POST", "/clips/" + clip_of_talk(script_.bookmark_talk) + "/bookmarks",
        json::serialize(json::object{
            {"clip_sample", clip_sample(2)}, {"channel", 0}, {"text", script_.bookmark_text}}));
    ++result_.made["bookmark"];
}

}  // namespace otklik
