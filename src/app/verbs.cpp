// Verbs that are requests: each finds what it needs by the public lists and prints the answer.
#include <fcntl.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "app/commands.h"
#include "app/door.h"
#include "app/progress.h"
#include "app/verb_inside.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"

namespace otklik {

namespace json = boost::json;

json::value checked(const ClientResponse& answer) {
    json::value body;
    if (!answer.body.empty()) {
        boost::system::error_code bad;
        body = json::parse(answer.body, bad);
        if (bad) body = json::value();
    }
    if (answer.status >= 200 && answer.status < 300) return body;
    const auto* object = body.if_object();
    const auto* title = object ? object->if_contains("title") : nullptr;
    throw std::runtime_error(title && title->is_string()
                                 ? std::string(title->get_string())
                                 : fmt::format("refused with {}", answer.status));
}

std::string text_of(const json::value& object, std::string_view key) {
    const auto* value = object.as_object().if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

void print(const VerbOptions& options, const json::value& answer, const std::string& line) {
    std::printf("%s\n", options.json ? json::serialize(answer).c_str() : line.c_str());
}

namespace {

constexpr std::int64_t shown_from_bytes = 16 << 20;  // smaller files are there at once

/// The id of the thing with this name or id in a list.
std::string find_in_list(Door& door, std::string_view target, const std::string& wanted) {
    const json::value list = checked(door.request("GET", target));
    for (const json::value& item : list.at("items").as_array()) {
        std::string id(item.at("id").as_string());
        const auto* name =
            item.as_object().if_contains(target == "/api/v1/accounts" ? "login" : "name");
        if (id == wanted || (name && name->is_string() && fold(name->get_string()) == fold(wanted)))
            return id;
    }
    throw Error(Fault::not_found, "name.unknown", {{"name", wanted}});
}

}  // namespace

int import_verb(const VerbOptions& options, const std::vector<std::string>& files,
                const std::string& recorder, const std::string& starts_at, long uncertainty_ms) {
    const SystemClock clock;
    Door door(options.parts, clock);
    const std::string id = find_in_list(door, "/api/v1/recorders", recorder);
    for (const std::string& path : files) {
        const std::string name = std::filesystem::path(path).filename().string();
        std::string target =
            fmt::format("/api/v1/recorders/{}/recordings?name={}", id, percent_encode(name));
        if (!starts_at.empty()) target += "&starts_at=" + percent_encode(starts_at);
        if (uncertainty_ms > 0) target += fmt::format("&start_uncertainty_ms={}", uncertainty_ms);
        const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
        Progress progress("import " + name);
        const ClientResponse said = door.send_file(target, path, [&](std::int64_t sent) {
            if (!options.json && bytes >= shown_from_bytes)
                progress.put(sent, bytes, fmt::format("{} of {} MB", sent >> 20, bytes >> 20));
        });
        progress.end();
        const json::value answer = checked(said);
        const bool known = answer.at("already_there").as_bool();
        std::string line = fmt::format("{}: {}{}", name, text_of(answer, "recording_id"),
                                       known ? " (already there)" : "");
        for (const json::value& warning : answer.at("warnings").as_array())
            line += fmt::format(" [{}]", std::string_view(warning.as_string()));
        print(options, answer, line);
    }
    return 0;
}

int press_verb(const VerbOptions& options, const std::string& device, const std::string& key,
               const std::string& at, const std::string& press_id) {
    const SystemClock clock;
    Door door(options.parts, clock);
    const std::string id = find_in_list(door, "/api/v1/devices", device);
    json::object press{{"device_id", id}, {"key", key}};
    press["press_id"] = press_id.empty() ? hex(random_bytes(12)) : press_id;
    if (!at.empty()) press["pressed_at"] = at;
    const json::value answer =
        checked(door.request("POST", "/api/v1/presses", json::serialize(press)));
    print(options, answer,
          fmt::format("{}: {}", text_of(answer, "signal_id"), text_of(answer, "answer")));
    return 0;
}

int clip_verb(const VerbOptions& options, const std::string& clip, const std::string& out_path) {
    const SystemClock clock;
    Door door(options.parts, clock);
    const json::value answer =
        checked(door.request("GET", "/api/v1/clips/" + percent_encode(clip)));
    print(options, answer,
          fmt::format("{}: {} {}", clip, text_of(answer, "state"), text_of(answer, "reason_text")));
    if (out_path.empty()) return 0;
    const ClientResponse audio = door.request(
        "GET", "/api/v1/clips/" + percent_encode(clip) + "/audio?channel=0&download=1");
    if (audio.status != 200 && audio.status != 206) checked(audio);
    write_file_durably(out_path, audio.body);
    return 0;
}

int user_reset_verb(const VerbOptions& options, const std::string& login) {
    const SystemClock clock;
    Door door(options.parts, clock);
    const std::string id = find_in_list(door, "/api/v1/accounts", login);
    const json::value answer =
        checked(door.request("POST", "/api/v1/accounts/" + id + "/password"));
    print(options, answer, fmt::format("{}: {}", login, text_of(answer, "password")));
    return 0;
}

int fsck_verb(const VerbOptions& options, int level, bool mends) {
    const SystemClock clock;
    Door door(options.parts, clock);
    const json::value answer =
        checked(mends ? door.request("POST", fmt::format("/api/v1/fsck/mend?level={}", level))
                      : door.request("GET", fmt::format("/api/v1/fsck?level={}", level)));
    const auto& findings = answer.at("items").as_array();
    std::string lines;
    std::size_t left = 0;
    for (const json::value& finding : findings) {
        lines += fmt::format("{}: {}", text_of(finding, "what"), text_of(finding, "path"));
        if (mends) lines += ": " + text_of(finding, "done_text");
        lines += "\n";
        left += !mends || text_of(finding, "done") == "left";
    }
    lines += mends ? fmt::format("{} findings, {} left", findings.size(), left)
                   : fmt::format("{} findings", findings.size());
    print(options, answer, lines);
    return left == 0 ? 0 : 1;
}

int audit_verify_verb(const VerbOptions& options) {
    const SystemClock clock;
    Door door(options.parts, clock);
    const json::value answer = checked(door.request("GET", "/api/v1/audit/verify"));
    const std::string reason = text_of(answer, "reason");
    print(options, answer,
          reason.empty() ? fmt::format("whole: {} sealed, {} not sealed yet",
                                       answer.at("sealed").to_number<std::int64_t>(),
                                       answer.at("unsealed").to_number<std::int64_t>())
                         : "broken: " + reason);
    for (const json::value& each : answer.at("restores").as_array())
        if (!options.json)
            fmt::print(
                "restored {} from a backup of {}: entries after head {} up to {} are known"
                " to be lost\n",
                text_of(each, "restored_at"), text_of(each, "backup_at"),
                each.at("head").to_number<std::int64_t>(),
                each.at("lost_to").to_number<std::int64_t>());
    return reason.empty() ? 0 : 1;
}

}  // namespace otklik
