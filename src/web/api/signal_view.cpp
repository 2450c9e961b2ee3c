#include "web/api/signal_view.h"

#include <algorithm>

#include "base/text.h"
#include "checks/checks.h"
#include "sites/sites.h"
#include "speech/speech.h"
#include "store/store.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

// Staff press while a customer speaks or just after it: the longest utterance around the press says
// what it was pressed for. Its beginning may lie further back than the place where it is looked
// for.
constexpr std::int64_t words_before = 25 * samples_per_second;
constexpr std::int64_t words_after = 10 * samples_per_second;
constexpr std::int64_t heard_before = 12 * samples_per_second;
constexpr std::int64_t heard_after = 4 * samples_per_second;
constexpr std::int64_t pause_between_utterances =
    samples_per_second / 2;  // where no speaker is named
constexpr std::size_t sentence_letters_max = 160;

/// Words of one speaker in a row, in clip samples.
struct Utterance {
    std::string text;
    std::string speaker;
    std::int64_t begin = 0, end = 0;
};

void add_word(std::vector<Utterance>& all, const Word& word, std::int64_t shift) {
    const std::int64_t begin = word.at.begin - shift;
    const std::string speaker = word.speaker.value_or("");
    const bool goes_on = !all.empty() && all.back().speaker == speaker &&
                         (!speaker.empty() || begin - all.back().end < pause_between_utterances);
    if (!goes_on) all.push_back({{}, speaker, begin, begin});
    Utterance& last = all.back();
    last.text += (last.text.empty() ? "" : " ") + word.text;
    last.end = word.at.end - shift;
}

/// The longest of those heard around the press; the nearest where none is.
std::string choose_sentence(const std::vector<Utterance>& all, std::int64_t press) {
    const Utterance* best = nullptr;
    for (const Utterance& each : all) {
        if (each.end < press - heard_before || each.begin > press + heard_after) continue;
        if (!best || each.text.size() > best->text.size()) best = &each;
    }
    if (!best && !all.empty()) best = &all.back();
    return best ? std::string(cut_characters(best->text, sentence_letters_max)) : std::string();
}

}  // namespace

void SignalRow::fields(FieldSink& f) {
    f.id("id", id);
    f.id("clip_id", clip_id);
    f.instant("at", at, "when the button went down");
    f.length_ms("uncertainty_ms", uncertainty);
    f.text("zone", zone);
    f.choice("kind", kind, "absent: the key had no meaning then");
    f.text("label", label);
    f.text("key", key);
    f.id("point_id", point_id);
    f.text("point_name", point_name);
    f.text("device_name", device_name);
    f.text("question_text", question_text);
    f.text("person_name", person_name, {}, "who was on duty");
    f.choice("state", state);
    f.flag("undone", undone);
    f.choice("clip_state", clip_state);
    f.flag("erased", erased, "its term was over: it cannot be heard any more");
    f.text("clip_reason", clip_reason, {}, "code; words under clip.reason.<code>");
    f.length_ms("length_ms", length);
    f.length_ms("missing_ms", missing);
    f.text("sentence", sentence, {}, "first words near the press");
    f.flag("has_words", has_words);
    f.text("words_source", words_source, {}, "sidecar, script or engine");
    f.number("score", score, "percent of the newest done check");
    f.instant("received_at", received_at);
    f.instant("first_playable_at", first_playable_at);
    f.integer("version", version);
    f.flag("heard", heard, "said unasked: no question is bound");
    f.text("device_clock", device_clock, {}, "what the device's own clock showed, right or wrong");
    f.integer("customer_score", customer_score, {}, "the customer's own answer, 0 to 10");
    f.text("what", what, {}, "what exactly was said, by the person who processed it");
    f.flag("imported", imported, "the log of another system told of it, no device sent it");
    f.flag("test", test, "pressed to try the point; withdrawn and in no figure");
}

const SignalRows::PointNames& SignalRows::point(Id<Point> id) {
    auto [found, is_new] = points_.try_emplace(id.value);
    if (is_new)
        if (const auto point = call_.rooms.sites.find_point(call_.scope, tx_, id))
            found->second = {point->name, point->zone};
    return found->second;
}

const std::string& SignalRows::device(Id<Device> id) {
    auto [found, is_new] = devices_.try_emplace(id.value);
    if (is_new)
        if (const auto device = call_.rooms.signals.find_device(call_.scope, tx_, id))
            found->second = device->name;
    return found->second;
}

const std::string& SignalRows::person(Id<Person> id) {
    auto [found, is_new] = people_.try_emplace(id.value);
    if (is_new) found->second = call_.rooms.people.person_name(tx_, id);
    return found->second;
}

SignalRow SignalRows::row(const Signal& signal) {
    return row(signal, call_.rooms.clips.of_signal(call_.scope, tx_, signal.id));
}

SignalRow SignalRows::row(const Signal& signal, const std::optional<Clip>& clip) {
    SignalRow row;
    row.id = signal.id;
    row.at = signal.pressed_at;
    row.uncertainty = signal.uncertainty;
    row.zone = point(signal.point_id).zone;
    row.kind = signal.signal_kind;
    row.key = signal.key;
    if (signal.button_id) {
        auto [found, is_new] = buttons_.try_emplace(signal.button_id.value);
        if (is_new)
            found->second =
                call_.rooms.signals.find_button(tx_, signal.button_id).value_or(Button{});
        row.label = found->second.label;
    }
    row.point_id = signal.point_id;
    row.point_name = point(signal.point_id).name;
    row.device_name = device(signal.device_id);
    if (signal.question_id) {
        auto [found, is_new] = questions_.try_emplace(signal.question_id.value);
        if (is_new) found->second = call_.rooms.sites.question_text(tx_, signal.question_id);
        row.question_text = found->second;
    }
    if (signal.person_id) row.person_name = person(signal.person_id);
    row.state = signal.state;
    row.undone = signal.undone;
    row.test = signal.test;
    row.imported = signal.import_id != 0;
    row.received_at = signal.received_at;
    row.version = signal.version;
    row.heard = signal.heard;
    if (signal.device_at) row.device_clock = format_instant(*signal.device_at);
    row.customer_score = signal.customer_score;
    if (!signal.what.empty()) row.what = signal.what;
    if (clip) add_clip(row, signal, *clip);
    return row;
}

void SignalRows::add_clip(SignalRow& row, const Signal& signal, const Clip& clip) {
    row.clip_id = clip.id;
    row.clip_state = clip.state;
    row.clip_reason = clip.reason;
    row.first_playable_at = clip.first_playable_at;
    if (!clip.version_id) return;
    row.erased = clip.erased_at.has_value();
    const auto version = call_.rooms.clips.version(call_.scope, tx_, clip.version_id);
    if (!version) return;
    row.length = duration_of_samples(version->length_samples);
    row.missing = duration_of_samples(version->missing_samples);
    add_words(row, signal, *version);
    for (const Check& check : call_.rooms.checks.of_clip(call_.scope, tx_, clip.id))
        if (check.state == CheckState::done && check.score) {
            row.score = 100.0 * static_cast<double>(check.score->num) /
                        static_cast<double>(check.score->den);
            break;
        }
}

void SignalRows::add_words(SignalRow& row, const Signal& signal, const ClipVersion& version) {
    const std::int64_t press = samples_of(signal.pressed_at - version.at.begin);
    const SampleRange near{press - words_before, press + words_after};
    std::vector<Utterance> all;
    for (const ClipPieceRow& piece : version.pieces) {
        if (piece.is_gap) continue;
        const std::int64_t begin = std::max(near.begin, piece.clip_sample);
        const std::int64_t end = std::min(near.end, piece.clip_sample + piece.sample_count);
        if (begin >= end) continue;
        const std::int64_t shift = piece.session_sample - piece.clip_sample;
        const auto text = call_.rooms.speech.words_between(call_.scope, tx_, piece.session_id, 0,
                                                           {begin + shift, end + shift});
        for (const Word& word : text.words) add_word(all, word, shift);
        if (text.main) row.words_source = std::string(enum_word(text.main->source));
    }
    row.has_words = !all.empty();
    if (row.has_words) row.sentence = choose_sentence(all, press);
}

}  // namespace otklik
