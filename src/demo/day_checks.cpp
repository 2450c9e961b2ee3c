// The checkers' part of the demonstration, signed in as those persons.
#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "demo/day_inside.h"

namespace otklik {

namespace {
namespace json = boost::json;
constexpr std::int64_t half_minute = 1'440'000;  // samples
}  // namespace

void DemoDay::enter(const std::string& key) {
    std::string login;
    for (const DemoPerson& person : script_.people)
        if (person.key == key) login = person.login;
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

std::int64_t DemoDay::clip_sample(const DemoTalk& talk, std::size_t line) const {
    const Instant clip_begin =
        talk.pressed_at.value() - Duration::seconds(60);  // the starter map's window
    return samples_of(talk.lines.at(line).at.begin + Duration::ms(300) - clip_begin);
}

void DemoDay::check_all() {
    std::string signed_in;
    std::size_t made = 0;
    for (const DemoCheck& check : script_.checks) {
        watch_("checks", made++, script_.checks.size());
        if (check.by != signed_in) {
            if (!signed_in.empty()) leave();
            enter(signed_in = check.by);
        }
        if (check.talk.empty())
            check_drawn(check);
        else
            check_talk(check);
        if (check.talk == script_.bookmark_talk) mark();
    }
    if (!signed_in.empty()) leave();
}

void DemoDay::check_talk(const DemoCheck& check) {
    const DemoTalk& talk = script_.talk_named(check.talk);
    answer_all(check, forms_.at("signal"),
               json::serialize(json::object{{"clip_id", clip_of(talk)}}),
               json::serialize(json::object{
                   {"channel", 0}, {"clip_sample", clip_sample(talk, talk.press_after - 1)}}));
}

void DemoDay::check_drawn(const DemoCheck& check) {
    std::string point;
    for (const DemoRecorder& each : script_.recorders)
        if (each.key == check.recorder) point = each.point;
    const TimeRange from = check.drawn_from;
    const json::value draw =
        ask("POST", "/draws",
            json::serialize(json::object{{"point_id", points_.at(point)},
                                         {"from", format_instant(from.begin)},
                                         {"to", format_instant(from.end)},
                                         {"length_ms", check.drawn_length.us / 1000},
                                         {"seed", "demo"}}))
            .body;
    ++result_.made["draw"];
    answer_all(check, forms_.at("standard"),
               json::serialize(json::object{{"draw_id", draw.at("id")}}),
               json::serialize(json::object{
                   {"recording_id", draw.at("recording_id")},
                   {"channel", 0},
                   {"media_sample", draw.at("begin_sample").as_int64() + half_minute}}));
}

void DemoDay::answer_all(const DemoCheck& check, const std::string& form, std::string subject_json,
                         std::string evidence_json) {
    json::object subject = json::parse(subject_json).as_object();
    subject["form_id"] = form;
    const json::value made = ask("POST", "/checks", json::serialize(subject)).body;
    const std::string id = text(made, "id"), thing = "/checks/" + id;
    if (check.talk == script_.bookmark_talk) result_.shown_check = id;
    json::array answers = answers_of(made.at("form").at("body"), check.fault_at.value_or(SIZE_MAX));
    if (check.draft) answers.resize(answers.size() / 2);
    for (const auto& answer : answers) {
        json::object evidence = json::parse(evidence_json).as_object();
        evidence["item"] = answer.at("item");
        ask("POST", thing + "/evidence", json::serialize(evidence));
    }
    ask_versioned(thing, "PUT", thing + "/answers",
                  json::serialize(json::object{{"items", answers}}));
    if (!check.draft) ask_versioned(thing, "POST", thing + "/finish", "");
    result_.made["evidence"] += static_cast<std::int64_t>(answers.size());
    ++result_.made["check_sheet"];
}

void DemoDay::mark() {
    const DemoTalk& talk = script_.talk_named(script_.bookmark_talk);
    ask("POST", "/clips/" + clip_of(talk) + "/bookmarks",
        json::serialize(json::object{{"clip_sample", clip_sample(talk, 2)},
                                     {"channel", 0},
                                     {"text", script_.bookmark_text}}));
    ++result_.made["bookmark"];
}

}  // namespace otklik
