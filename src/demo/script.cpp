#include "demo/script.h"

#include <algorithm>
#include <charconv>

#include "base/calendar.h"
#include "base/error.h"
#include "demo/day_inside.h"
#include "generated/embedded.h"

namespace otklik {
namespace {

namespace json = boost::json;

/// The list of a part; a part says only what it adds.
const json::array& list(const json::value& part, std::string_view key) {
    static const json::array none;
    const auto* found = part.as_object().if_contains(key);
    return found ? found->as_array() : none;
}

std::int64_t number(const json::value& object, std::string_view key, std::int64_t otherwise) {
    const auto* found = object.as_object().if_contains(key);
    return found ? found->as_int64() : otherwise;
}

/// "09:05" or "09:05:10" of the day that the object names: 0, the last one, where it names none.
Instant moment(const DemoScript& script, const json::value& object, std::string_view key) {
    const std::string clock = text(object, key);
    const auto two = [&](std::size_t at) {
        std::int64_t value = 0;
        if (at + 2 <= clock.size()) std::from_chars(&clock[at], &clock[at] + 2, value);
        return value;
    };
    const std::int64_t seconds = two(0) * 3600 + two(3) * 60 + two(6);
    const std::int64_t day = script.last_day + number(object, "day", 0);
    return local_midnight(day, script.zone) + Duration::seconds(seconds);
}

TimeRange range(const DemoScript& script, const json::value& object) {
    return {moment(script, object, "begin"), moment(script, object, "end")};
}

void read_company(DemoScript& script, const json::value& day) {
    script.company = text(day, "company");
    script.site = text(day, "site");
    script.first_point = text(day, "first_point");
    script.administrator = text(day.at("administrator"), "name");
    script.login = text(day.at("administrator"), "login");
    const json::value& basis = day.at("basis");
    script.basis = {text(basis, "ground"), text(basis, "notice"), text(basis, "signage"),
                    text(basis, "consent")};
    script.retention_days = basis.at("retention_days").as_int64();
    script.bookmark_talk = text(day.at("bookmark"), "talk");
    script.bookmark_text = text(day.at("bookmark"), "text");
}

void read_place(DemoScript& script, const json::value& part) {
    for (const auto& each : list(part, "points")) script.points.emplace_back(each.as_string());
    for (const auto& each : list(part, "profiles"))
        script.profiles.push_back({text(each, "point"), text(each, "area"), text(each, "type"),
                                   text(each, "flow"), text(each, "opens"), text(each, "closes")});
    for (const auto& each : list(part, "questions"))
        script.questions.emplace_back(each.as_string());
    for (const auto& each : list(part, "plan"))
        script.plan.push_back({static_cast<std::size_t>(each.at("question").as_int64()),
                               script.last_day + each.at("from").as_int64(),
                               script.last_day + each.at("to").as_int64()});
}

void read_staff(DemoScript& script, const json::value& part) {
    for (const auto& each : list(part, "people"))
        script.people.push_back({text(each, "key"), text(each, "name"), text(each, "position"),
                                 text(each, "login"), text(each, "role"), text(each, "pin")});
    for (const auto& each : list(part, "duty"))
        script.duty.push_back({text(each, "point"), text(each, "person"), range(script, each)});
    for (const auto& each : list(part, "recorders"))
        script.recorders.push_back({text(each, "key"), text(each, "name"), text(each, "model"),
                                    text(each, "point"), each.at("channels").as_int64()});
    for (const auto& each : list(part, "devices"))
        script.devices.push_back(
            {text(each, "key"), text(each, "name"), text(each, "point"), text(each, "shift")});
}

DemoTalk read_talk(const DemoScript& script, const json::value& each) {
    DemoTalk talk;
    talk.name = text(each, "name");
    talk.point = text(each, "point");
    talk.device = text(each, "device");
    talk.key = text(each, "key");
    if (!talk.device.empty())
        talk.press_after = static_cast<std::size_t>(each.at("press_after").as_int64());
    talk.begin = moment(script, each, "at");
    talk.what = text(each, "what");
    talk.later = each.as_object().contains("later");
    if (const std::int64_t score = number(each, "score", -1); score >= 0) talk.score = score;
    for (const auto& line : each.at("lines").as_array())
        talk.lines.push_back({std::string(line.at(0).as_string()),
                              std::string(line.at(1).as_string()),
                              std::string(line.at(2).as_string()),
                              {}});
    return talk;
}

void read_sound(DemoScript& script, const json::value& part) {
    for (const auto& each : list(part, "files"))
        script.files.push_back(
            {text(each, "recorder"), range(script, each), each.as_object().contains("late")});
    for (const auto& each : list(part, "talks")) script.talks.push_back(read_talk(script, each));
    for (const auto& each : list(part, "lone_presses"))
        script.lone_presses.push_back({text(each, "device"), text(each, "key"),
                                       moment(script, each, "at"),
                                       each.as_object().contains("undone")});
}

void read_checks(DemoScript& script, const json::value& part) {
    for (const auto& each : list(part, "checks")) {
        DemoCheck check;
        check.by = text(each, "by");
        check.talk = text(each, "talk");
        check.recorder = text(each, "recorder");
        if (!check.recorder.empty()) {
            check.drawn_from = range(script, each);
            check.drawn_length = Duration::seconds(each.at("seconds").as_int64());
        }
        if (const std::int64_t at = number(each, "fault_at", -1); at >= 0)
            check.fault_at = static_cast<std::size_t>(at);
        check.draft = each.as_object().contains("draft");
        script.checks.push_back(std::move(check));
    }
}

json::value part_named(std::string_view name) {
    for (const EmbeddedFile& file : embedded_demo())
        if (file.name == name) return json::parse(file.bytes);
    throw Error(Fault::internal, "internal")
        .because("demo/" + std::string(name) + " is not in the program");
}

}  // namespace

const DemoTalk& DemoScript::talk_named(const std::string& name) const {
    const auto found = std::find_if(talks.begin(), talks.end(),
                                    [&](const DemoTalk& each) { return each.name == name; });
    if (found == talks.end())
        throw Error(Fault::internal, "internal").because("demo: no talk " + name);
    return *found;
}

DemoScript read_demo_script(Instant now, int days) {
    const json::value day = part_named("day.json");
    DemoScript script;
    script.zone = text(day, "zone");
    script.last_day = local_day(now, script.zone) - 1;
    script.begin = local_midnight(script.last_day - days + 1, script.zone);
    read_company(script, day);
    std::vector<json::value> parts{day};
    if (days > 1) parts.push_back(part_named("week.json"));
    for (const json::value& part : parts) {
        read_place(script, part);
        read_staff(script, part);
        read_sound(script, part);
        read_checks(script, part);
    }
    return script;
}

}  // namespace otklik
