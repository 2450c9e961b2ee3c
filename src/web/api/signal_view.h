#pragma once
// A row of the inbox as JSON, and how it is put together from the rooms. Thread: a builder belongs
// to one request.
#include <map>
#include <optional>
#include <string>

#include "clips/clips.h"
#include "signals/signals.h"
#include "web/api/route.h"

namespace otklik {

class Tx;

struct SignalRow {
    Id<Signal> id;
    std::optional<Id<Clip>> clip_id;
    Instant at;
    Duration uncertainty;
    std::string zone;
    std::optional<SignalKind> kind;
    std::string label, key;
    Id<Point> point_id;
    std::string point_name, device_name;
    std::optional<std::string> question_text, person_name;
    SignalState state = SignalState::fresh;
    bool undone = false;
    std::optional<ClipState> clip_state;
    std::optional<std::string> clip_reason;
    std::optional<Duration> length, missing;
    std::optional<std::string> sentence;
    bool has_words = false, erased = false;
    std::optional<std::string> words_source;
    std::optional<double> score;
    Instant received_at;
    std::optional<Instant> first_playable_at;
    std::int64_t version = 1;
    bool heard = false;
    std::optional<std::int64_t> customer_score;
    std::optional<std::string> device_clock, what;
    bool test = false, imported = false;
    void fields(FieldSink& f);
};

/// Builds rows inside one transaction; names that many rows share are read once.
class SignalRows {
public:
    SignalRows(Call& call, Tx& tx) : call_(call), tx_(tx) {}
    SignalRow row(const Signal& signal);
    /// The same when the clip is known already; nothing: it has none yet.
    SignalRow row(const Signal& signal, const std::optional<Clip>& clip);

private:
    struct PointNames {
        std::string name, zone;
    };
    const PointNames& point(Id<Point> id);
    const std::string& device(Id<Device> id);
    const std::string& person(Id<Person> id);
    void add_clip(SignalRow& row, const Signal& signal, const Clip& clip);
    void add_words(SignalRow& row, const Signal& signal, const ClipVersion& version);

    Call& call_;
    Tx& tx_;
    std::map<std::int64_t, PointNames> points_;
    std::map<std::int64_t, std::string> devices_, people_, questions_;
    std::map<std::int64_t, Button> buttons_;
};

}  // namespace otklik
