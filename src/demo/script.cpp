#include "demo/script.h"

#include <charconv>

#include "base/calendar.h"
#include "base/error.h"
#include "demo/day_inside.h"
#include "generated/embedded.h"

namespace otklik {
namespace {

namespace json = boost::json;

/// "09:05" or "09:05:10" of the day.
Instant moment(const DemoScript& script, const json::value& object, std::string_view key) {
    const std::string clock = text(object, key);
    const auto two = [&](std::size_t at) {
        std::int64_t value = 0;
        if (at + 2 <= clock.size()) std::from_chars(&clock[at], &clock[at] + 2, value);
        return value;
    };
    const std::int64_t seconds = two(0) * 3600 + two(3) * 60 + two(6);
    return script.day_begin + Duration::seconds(seconds);
}

void read_place(DemoScript& script, const json::value& day) {
    script.company = text(day, "company");
    script.site = text(day, "site");
    script.first_point = text(day, "first_point");
    script.administrator = text(day.at("administrator"), "name");
    script.login = text(day.at("administrator"), "login");
    const json::value& basis = day.at("basis");
    script.basis = {text(basis, "ground"), text(basis, "notice"), text(basis, "signage"),
                    text(basis, "consent")};
    script.retention_days = basis.at("retention_days").as_int64();
    for (const auto& each : day.at("points").as_array())
        script.points.emplace_back(each.as_string());
    for (const auto& each : day.at("questions").as_array())
        script.questions.emplace_back(each.as_string());
}

void read_staff(DemoScript& script, const json::value& day) {
    for (const auto& each : day.at("people").as_array())
        script.people.push_back({text(each, "key"), text(each, "name"), text(each, "position"),
                                 text(each, "login"), text(each, "role")});
    for (const auto& each : day.at("duty").as_array())
        script.duty.push_back({text(each, "point"),
                               text(each, "person"),
                               {moment(script, each, "begin"), moment(script, each, "end")}});
    for (const auto& each : day.at("recorders").as_array())
        script.recorders.push_back({text(each, "key"), text(each, "name"), text(each, "model"),
                                    text(each, "point"), each.at("channels").as_int64()});
    for (const auto& each : day.at("devices").as_array())
        script.devices.push_back({text(each, "key"), text(each, "name"), text(each, "point")});
}

void read_sound(DemoScript& script, const json::value& day) {
    for (const auto& each : day.at("files").as_array())
        script.files.push_back({text(each, "recorder"),
                                {moment(script, each, "begin"), moment(script, each, "end")},
                                each.as_object().contains("late")});
    for (const auto& each : day.at("talks").as_array()) {
        DemoTalk talk;
        talk.point = text(each, "point");
        talk.device = text(each, "device");
        talk.key = text(each, "key");
        if (!talk.device.empty())
            talk.press_after = static_cast<std::size_t>(each.at("press_after").as_int64());
        talk.begin = moment(script, each, "at");
        for (const auto& line : each.at("lines").as_array())
            talk.lines.push_back({std::string(line.at(0).as_string()),
                                  std::string(line.at(1).as_string()),
                                  std::string(line.at(2).as_string()),
                                  {}});
        script.talks.push_back(std::move(talk));
    }
    for (const auto& each : day.at("lone_presses").as_array())
        script.lone_presses.push_back({text(each, "device"), text(each, "key"),
                                       moment(script, each, "at"),
                                       each.as_object().contains("undone")});
    script.bookmark_talk = static_cast<std::size_t>(day.at("bookmark").at("talk").as_int64());
    script.bookmark_text = text(day.at("bookmark"), "text");
}

}  // namespace

DemoScript read_demo_script(Instant now) {
    for (const EmbeddedFile& file : embedded_demo()) {
        if (file.name != "day.json") continue;
        const json::value day = json::parse(file.bytes);
        DemoScript script;
        script.zone = text(day, "zone");
        script.day_begin = local_midnight(local_day(now, script.zone) - 1, script.zone);
        read_place(script, day);
        read_staff(script, day);
        read_sound(script, day);
        return script;
    }
    throw Error(Fault::internal, "internal").because("demo/day.json is not in the program");
}

}  // namespace otklik
