// Verbs that tell why: the clock of a recording, and a clip from its press to its newest cut.
#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/door.h"
#include "app/verb_inside.h"
#include "base/clock.h"
#include "base/text.h"

namespace otklik {
namespace {

namespace json = boost::json;

double ms(const json::value& of, std::string_view key) {
    return of.at(key).to_number<double>();
}

std::int64_t whole(const json::value& of, std::string_view key) {
    return of.at(key).to_number<std::int64_t>();
}

double seconds(const json::value& of, std::string_view key) {
    return of.at(key).to_number<double>() / static_cast<double>(samples_per_second);
}

json::value clock_of(Door& door, const std::string& recording) {
    return checked(
        door.request("GET", "/api/v1/recordings/" + percent_encode(recording) + "/clock"));
}

std::string clock_text(const json::value& view) {
    const auto at = [](const json::value& of) {
        return fmt::format("{:>11.3f} s  {}", seconds(of, "media_sample"), text_of(of, "at"));
    };
    std::string out = fmt::format(
        "map {}: begins {} ± {} ms\nfit: ± {} ms{}{}\n", whole(view, "map_number"),
        text_of(view, "begin_at"), ms(view, "uncertainty_ms"), ms(view, "fit_uncertainty_ms"),
        view.at("drift_ppm").is_null() ? std::string(", drift not known")
                                       : fmt::format(", drift {:+.1f} ppm", ms(view, "drift_ppm")),
        view.at("in_step").as_bool() ? "" : ", not what the map says");
    for (const json::value& point : view.at("points").as_array())
        out += fmt::format("  point    {} ± {} ms\n", at(point), ms(point, "uncertainty_ms"));
    for (const json::value& each : view.at("evidence").as_array())
        out += fmt::format(
            "  {:<8} {} ± {} ms  {} ms off  {}{}\n", text_of(each, "verdict"), at(each),
            ms(each, "uncertainty_ms"), ms(each, "off_ms"), text_of(each, "source"),
            text_of(each, "reason_text").empty() ? "" : ": " + text_of(each, "reason_text"));
    for (const json::value& each : view.at("markers").as_array())
        out += fmt::format("  mark {:<2} played {} ± {} ms  {}{}\n", whole(each, "code"),
                           text_of(each, "played_at"), ms(each, "uncertainty_ms"),
                           each.at("media_sample").is_null()
                               ? std::string()
                               : fmt::format("heard at {:.3f} s: ", seconds(each, "media_sample")),
                           text_of(each, "turn_text"));
    for (const json::value& each : view.at("scenes").as_array())
        out += fmt::format("  laid over {}: {} of {} pieces, {} of {} windows agree: {}\n",
                           text_of(each, "other_id"), whole(each, "pieces_agree"),
                           whole(each, "pieces"), whole(each, "windows_agree"),
                           whole(each, "windows_clear"), text_of(each, "turn_text"));
    out.pop_back();
    return out;
}

std::string press_text(const json::value& story) {
    const json::value& press = story.at("signal");
    std::string out = fmt::format("press {}: key {} of {} at {}\n  {} ± {} ms",
                                  text_of(press, "id"), text_of(press, "key"),
                                  text_of(press, "device_name"), text_of(press, "point_name"),
                                  text_of(press, "at"), ms(press, "uncertainty_ms"));
    if (const std::string own = text_of(press, "device_clock"); !own.empty())
        out += ", by the device's own clock " + own;
    out +=
        fmt::format("\n  received {}, sent {} times{}\n", text_of(press, "received_at"),
                    whole(story, "deliveries"), press.at("undone").as_bool() ? ", withdrawn" : "");
    return out + fmt::format("window {} .. {}, wider by {} ms on both sides\n",
                             text_of(story, "asked_begin_at"), text_of(story, "asked_end_at"),
                             ms(story, "uncertainty_ms"));
}

std::string piece_text(const json::value& piece) {
    std::string out = fmt::format("  {:>9.3f} s + {:>8.3f} s  {}  ", seconds(piece, "clip_sample"),
                                  seconds(piece, "sample_count"), text_of(piece, "begin_at"));
    if (text_of(piece, "kind") == "gap") return out + "gap: " + text_of(piece, "gap_text") + "\n";
    out += text_of(piece, "recording_id");
    if (!piece.at("session_sample").is_null())
        out += fmt::format(" from {:.3f} s", seconds(piece, "session_sample"));
    if (!piece.at("map_number").is_null())
        out += fmt::format(", map {} ± {} ms", whole(piece, "map_number"),
                           ms(piece, "map_uncertainty_ms"));
    const std::string name = text_of(piece, "original_name");
    return out + (name.empty() ? "" : ", " + name) + "\n";
}

std::string cut_text(const json::value& each) {
    const json::value& cut = each.at("cut");
    std::string out = fmt::format(
        "cut {} of {}: {}, {}\n  {} .. {}, {:.3f} s, {:.3f} s of it missing, rules {}{}\n",
        whole(cut, "number"), text_of(cut, "made_at"), text_of(cut, "state"),
        text_of(each, "why_text"), text_of(cut, "begin_at"), text_of(cut, "end_at"),
        seconds(cut, "length_samples"), seconds(cut, "missing_samples"), whole(cut, "rule_version"),
        cut.at("tracks").as_array().empty() ? ", its files are gone" : "");
    for (const json::value& piece : cut.at("pieces").as_array()) out += piece_text(piece);
    return out;
}

/// Recordings that sound in any cut, in the order in which they come.
std::vector<std::string> recordings_of(const json::value& story) {
    std::vector<std::string> ids;
    for (const json::value& each : story.at("cuts").as_array())
        for (const json::value& piece : each.at("cut").at("pieces").as_array()) {
            std::string id = text_of(piece, "recording_id");
            if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end())
                ids.push_back(std::move(id));
        }
    return ids;
}

}  // namespace

int clock_fit_verb(const VerbOptions& options, const std::string& recording) {
    const SystemClock clock;
    Door door(options.parts, clock);
    const json::value view = clock_of(door, recording);
    print(options, view, clock_text(view));
    return 0;
}

int explain_verb(const VerbOptions& options, const std::string& clip) {
    const SystemClock clock;
    Door door(options.parts, clock);
    json::value story =
        checked(door.request("GET", "/api/v1/clips/" + percent_encode(clip) + "/story"));
    std::string out = press_text(story);
    json::object clocks;
    for (const std::string& id : recordings_of(story)) {
        const json::value view = clock_of(door, id);
        out += "clock of " + id + ", " + clock_text(view) + "\n";
        clocks[id] = view;
    }
    for (const json::value& each : story.at("cuts").as_array()) out += cut_text(each);
    out += fmt::format("{}: {} {}", clip, text_of(story, "state"), text_of(story, "reason_text"));
    if (const json::value& at = story.at("erased_at"); at.is_string())
        out += fmt::format("\nits term was over: the sound was erased at {}",
                           std::string_view(at.as_string()));
    story.as_object()["clocks"] = std::move(clocks);
    print(options, story, out);
    return 0;
}

}  // namespace otklik
