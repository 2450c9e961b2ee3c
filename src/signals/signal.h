#pragma once
// What the room of signals speaks of: devices, the meaning of their keys, stored presses and what a
// list of them asks for. Plain data, owned by signals.h. Thread: values.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fields.h"
#include "base/id.h"
#include "base/time.h"
#include "sites/sites.h"

namespace otklik {

struct Device {
    Id<Device> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Point> point_id;
    std::string name;
    std::int64_t version = 1;
    std::optional<Instant> revoked_at;
    std::optional<Instant> seen_at;
};
inline constexpr std::size_t key_length_max = 32;  // of a device's key, bytes
enum class SignalKind { answer, idea, complaint, praise };
template <>
inline constexpr std::pair<SignalKind, std::string_view> enum_words<SignalKind>[4] = {
    {SignalKind::answer, "answer"},
    {SignalKind::idea, "idea"},
    {SignalKind::complaint, "complaint"},
    {SignalKind::praise, "praise"}};
struct Button {
    Id<Button> id;
    std::string key;    // what the device sends: "1"; "1:long", "1:double" for gestures
    std::string label;  // "Жалоба"
    SignalKind signal_kind = SignalKind::answer;
    Id<Question> question_id;
    Duration window_before = Duration::seconds(60);
    Duration window_after = Duration::seconds(60);
    bool merge = false;
    std::vector<std::string> prompts = {};  // what to ask on after it
    std::string code = {};                  // KeyboardEvent.code of a pad that types
    bool score_pad = false;                 // the panel asks for the customer's 0..10 after it
};
struct ButtonMap {
    std::int64_t id = 0;
    Id<Device> device_id;
    std::int64_t number = 1;
    Instant valid_from;
    std::vector<Button> buttons;
    /// Nothing: the key had no meaning.
    const Button* find(std::string_view key) const;
};
/// Of maps of one device, the one that held at the moment: the newest valid_from that is not later.
const ButtonMap* map_at(std::span<const ButtonMap> maps, Instant at);
enum class SignalState { fresh, later, done };
template <>
inline constexpr std::pair<SignalState, std::string_view> enum_words<SignalState>[3] = {
    {SignalState::fresh, "new"}, {SignalState::later, "later"}, {SignalState::done, "done"}};
struct Signal {
    Id<Signal> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Point> point_id;
    Id<Device> device_id;
    std::string press_id;
    std::string key;
    Instant pressed_at;  // resolved instant
    Duration uncertainty;
    Instant received_at;
    std::int64_t deliveries = 1;
    Id<Button> button_id;  // 0: the key had no meaning then
    std::optional<SignalKind> signal_kind;
    Id<Question> question_id;
    Id<Person> person_id;  // on duty
    std::int64_t local_day = 0;
    std::int64_t local_hour = 0;
    bool undone = false;
    SignalState state = SignalState::fresh;
    std::int64_t version = 1;
    std::optional<Instant> undone_at;
    std::optional<Instant> device_at;            // by the device's own clock
    bool heard = false;                          // said unasked
    std::optional<std::int64_t> customer_score;  // the customer's own 0..10
    std::string what;                            // what exactly was said; empty: not processed
    bool test = false;  // pressed to try the point; undone from its first moment, or marked so
    std::int64_t import_id = 0;  // whose log brought it; 0: its device sent it
};
/// How many presses stand in each state; undone ones are counted apart and in no other sum.
struct SignalCounts {
    std::int64_t fresh = 0;
    std::int64_t later = 0;
    std::int64_t done = 0;
    std::int64_t undone = 0;
};
/// What a list or a count asks for; absent: all.
struct SignalFilter {
    std::optional<Id<Point>> point_id;
    std::optional<SignalKind> signal_kind;
    std::optional<std::string> key;
    std::optional<SignalState> state;
    std::optional<std::int64_t> day_from;  // local days, both ends included
    std::optional<std::int64_t> day_to;
    bool undone = false;  // withdrawn ones too
    bool fits(const Signal& signal) const;
};
template <>
inline constexpr std::string_view id_prefix<Device> = "device";
template <>
inline constexpr std::string_view id_prefix<Button> = "button";

}  // namespace otklik
