#pragma once
// The script of the demonstration: demo/day.json, yesterday, and before it the days of
// demo/week.json, as structs, with local times turned into instants. Thread: values.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace otklik {

struct DemoPerson {
    std::string key, name, position, login, role, pin;  // the last three may be empty
};
struct DemoDuty {
    std::string point, person;
    TimeRange at;
};
/// What a point is, and when it is open: every day but Sunday.
struct DemoProfile {
    std::string point, area, type, flow, opens, closes;
};
struct DemoRecorder {
    std::string key, name, model, point;
    std::int64_t channels = 1;
};
struct DemoDevice {
    std::string key, name, point;
    std::string shift;  // a panel: paired by a code, this person begins a shift at it
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
    std::string name;                // for checks and bookmarks; may be empty
    std::string point, device, key;  // device empty: nobody presses
    std::size_t press_after = 0;     // lines
    Instant begin;
    std::vector<DemoLine> lines;
    std::string what;                   // coded as done with these words; empty: stays new
    std::optional<std::int64_t> score;  // the customer's own 0 to 10
    bool later = false;                 // put aside
    std::optional<Instant> pressed_at;  // filled once it was spoken
};
struct DemoPress {
    std::string device, key;
    Instant at;
    bool undone = false;
};
/// A question asked on some days, of the last day counted (0) back and forth.
struct DemoPlan {
    std::size_t question = 0;
    std::int64_t day_from = 0, day_to = 0;
};
/// A check of a talk's clip, or of an interval drawn from a recorder's file.
struct DemoCheck {
    std::string by;        // key of a person with an account of a checker
    std::string talk;      // empty: drawn
    std::string recorder;  // of the drawn
    TimeRange drawn_from;  // where the interval is drawn
    Duration drawn_length;
    std::optional<std::size_t> fault_at;  // this item fails
    bool draft = false;                   // half of it answered, never finished
};
struct DemoScript {
    std::string company, site, zone, first_point, administrator, login;
    std::array<std::string, 4> basis;  // ground, notice, signage, consent
    std::int64_t retention_days = 90;
    std::vector<std::string> points;  // beside the first
    std::vector<DemoProfile> profiles;
    std::vector<DemoPerson> people;
    std::vector<DemoDuty> duty;
    std::vector<DemoRecorder> recorders;
    std::vector<DemoDevice> devices;
    std::vector<std::string> questions;
    std::vector<DemoPlan> plan;
    std::vector<DemoFile> files;
    std::vector<DemoTalk> talks;
    std::vector<DemoPress> lone_presses;
    std::vector<DemoCheck> checks;
    std::string bookmark_talk, bookmark_text;
    std::int64_t last_day = 0;  // local
    Instant begin;              // local midnight of the first day

    const DemoTalk& talk_named(const std::string& name) const;
};

inline constexpr int demo_days_max = 7;
/// The embedded script; the last day is the local day before `now`, 1 or demo_days_max days.
DemoScript read_demo_script(Instant now, int days);

}  // namespace otklik
