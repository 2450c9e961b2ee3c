#pragma once
// The script of the demonstration day: demo/day.json as structs, with local times of the day turned
// into instants. Thread: values.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace otklik {

struct DemoPerson {
    std::string key, name, position, login, role;  // login and role may be empty
};
struct DemoDuty {
    std::string point, person;
    TimeRange at;
};
struct DemoRecorder {
    std::string key, name, model, point;
    std::int64_t channels = 1;
};
struct DemoDevice {
    std::string key, name, point;
};
struct DemoFile {
    std::string recorder;
    TimeRange at;
    bool late = false;  // arrives after all presses
};
struct DemoLine {
    std::string speaker, voice, text;
    TimeRange at;  // filled once it was spoken
};
struct DemoTalk {
    std::string point, device, key;  // device empty: nobody presses
    std::size_t press_after = 0;     // lines
    Instant begin;
    std::vector<DemoLine> lines;
    std::optional<Instant> pressed_at;  // filled once it was spoken
};
struct DemoPress {
    std::string device, key;
    Instant at;
    bool undone = false;
};
struct DemoScript {
    std::string company, site, zone, first_point, administrator, login;
    std::array<std::string, 4> basis;  // ground, notice, signage, consent
    std::int64_t retention_days = 90;
    std::vector<std::string> points;  // beside the first
    std::vector<DemoPerson> people;
    std::vector<DemoDuty> duty;
    std::vector<DemoRecorder> recorders;
    std::vector<DemoDevice> devices;
    std::vector<std::string> questions;
    std::vector<DemoFile> files;
    std::vector<DemoTalk> talks;
    std::vector<DemoPress> lone_presses;
    std::size_t bookmark_talk = 0;
    std::string bookmark_text;
    Instant day_begin;  // local midnight
};

/// The embedded script on the local day before `now`.
DemoScript read_demo_script(Instant now);

}  // namespace otklik
