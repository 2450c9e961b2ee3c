// Filling a check: answers and evidence, and what stands against finishing it.
#include <algorithm>

#include "base/error.h"
#include "base/words.h"
#include "checks/checks.h"
#include "checks/checks_sql.h"
#include "speech/speech.h"
#include "store/facts.h"

namespace otklik {
namespace {

using namespace checks_sql;

constexpr std::int64_t quote_reach =
    30 * samples_per_second;                // a quote is looked for this far around
constexpr std::int64_t evidence_max = 500;  // per check

void touch(Tx& tx, const Check& check, std::int64_t version) {
    if (tx.run(touch_check, {{"id", check.id}, {"version", version}}) == 0)
        throw Error(Fault::precondition, "row.changed");
    tell(tx, "check.changed", check.company_id, check.unit.value, check.id.value);
}

/// Letters and digits of a word, folded: what a quote is compared by.
std::string bare(std::string_view word) {
    std::string kept;
    for (const std::string& part : fold_words(word)) kept += part;
    return kept;
}

std::vector<std::string> bare_words(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \t\r\n", from), text.size());
        if (auto word = bare(text.substr(from, end - from)); !word.empty())
            words.push_back(std::move(word));
        from = end + 1;
    }
    return words;
}

}  // namespace

bool quote_fits(const std::vector<std::string>& words, std::string_view quote) {
    const auto wanted = bare_words(quote);
    std::vector<std::string> spoken;
    for (const std::string& each : words)
        for (auto& word : bare_words(each)) spoken.push_back(std::move(word));
    return !wanted.empty() &&
           std::search(spoken.begin(), spoken.end(), wanted.begin(), wanted.end()) != spoken.end();
}

Check Checks::draft_of(const Scope& scope, Tx& tx, Id<Check> id) const {
    Check check = get(scope, tx, id);
    if (!scope.is_system() && check.checker_id.value != scope.person_id())
        throw Error(Fault::forbidden, "check.not_yours");
    if (check.state != CheckState::draft) throw Error(Fault::conflict, "check.not_draft");
    return check;
}

void Checks::set_answers(const Scope& scope, Tx& tx, Id<Check> id, std::int64_t version,
                         const std::vector<CheckAnswer>& answers) {
    const Check check = draft_of(scope, tx, id);
    const FormBody body = form_of(tx, check).body;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const CheckAnswer& each = answers[i];
        if (!each.answer.empty()) check_answer(body, each.item, each.answer);
        if (!body.find_item(each.item))
            throw Error(Fault::invalid, "answer.unknown_item", {{"item", each.item}});
        if (each.answer.empty() && each.comment.empty()) {
            tx.run(remove_answer, {{"check_id", id}, {"item", each.item}});
            continue;
        }
        tx.run(put_answer, {{"check_id", id},
                            {"item", each.item},
                            {"answer", each.answer},
                            {"comment", each.comment},
                            {"now", tx.now()}});
    }
    touch(tx, check, version);
}

namespace {

/// The piece of a cut that sounds at a sample of the clip.
const ClipPieceRow* piece_at(const ClipVersion& version, std::int64_t sample) {
    for (const ClipPieceRow& piece : version.pieces)
        if (sample >= piece.clip_sample && sample < piece.clip_sample + piece.sample_count)
            return &piece;
    return nullptr;
}

/// Where a second of a recording lies in the cut.
std::optional<std::int64_t> in_cut(const ClipVersion& version, Id<RecordingSession> session,
                                   std::int64_t media_sample) {
    for (const ClipPieceRow& piece : version.pieces) {
        const std::int64_t offset = media_sample - piece.session_sample;
        if (!piece.is_gap && piece.session_id == session && offset >= 0 &&
            offset < piece.sample_count)
            return piece.clip_sample + offset;
    }
    return std::nullopt;
}

std::optional<ClipVersion> newest_cut(Clips& clips, const Scope& scope, Tx& tx, Id<Clip> clip_id) {
    const auto clip = clips.find(scope, tx, clip_id);
    if (!clip || !clip->version_id) return std::nullopt;
    return clips.version(scope, tx, clip->version_id);
}

[[noreturn]] void refuse_outside() {
    throw Error(Fault::invalid, "evidence.outside").at("media_sample");
}

}  // namespace

std::optional<std::int64_t> Checks::clip_sample_of(const Scope& scope, Tx& tx, const Check& check,
                                                   const Evidence& evidence) const {
    if (check.draw_id) {
        const Draw draw = uses_.sampling.get(scope, tx, check.draw_id);
        if (evidence.session_id != draw.session_id) return std::nullopt;
        const std::int64_t offset = evidence.media_sample - draw.samples.begin;
        if (offset < 0 || offset >= draw.samples.count()) return std::nullopt;
        return offset;
    }
    const auto cut = newest_cut(uses_.clips, scope, tx, check.clip_id);
    if (!cut) return std::nullopt;
    return in_cut(*cut, evidence.session_id, evidence.media_sample);
}

Evidence Checks::resolve(const Scope& scope, Tx& tx, const Check& check,
                         const EvidencePlace& place) const {
    Evidence evidence{.item = place.item, .channel = place.channel, .quote = place.quote};
    if (place.clip_sample.has_value() == place.media_sample.has_value()) refuse_outside();
    evidence.session_id = place.session_id;
    evidence.media_sample = place.media_sample.value_or(0);
    if (check.draw_id) {
        const Draw draw = uses_.sampling.get(scope, tx, check.draw_id);
        if (place.clip_sample) {
            evidence.session_id = draw.session_id;
            evidence.media_sample = draw.samples.begin + *place.clip_sample;
        } else if (!evidence.session_id) {
            evidence.session_id = draw.session_id;
        }
    } else if (place.clip_sample) {
        const auto cut = newest_cut(uses_.clips, scope, tx, check.clip_id);
        const ClipPieceRow* piece = cut ? piece_at(*cut, *place.clip_sample) : nullptr;
        if (!piece) refuse_outside();
        if (piece->is_gap) throw Error(Fault::conflict, "evidence.in_gap").at("clip_sample");
        evidence.session_id = piece->session_id;
        evidence.media_sample = piece->session_sample + (*place.clip_sample - piece->clip_sample);
    }
    if (!clip_sample_of(scope, tx, check, evidence)) refuse_outside();
    const auto tracks = uses_.recording.tracks(tx, evidence.session_id);
    if (std::none_of(tracks.begin(), tracks.end(),
                     [&](const Track& track) { return track.channel == place.channel; }))
        throw Error(Fault::invalid, "evidence.channel").at("channel");
    return evidence;
}

Id<Evidence> Checks::add_evidence(const Scope& scope, Tx& tx, Id<Check> id,
                                  const EvidencePlace& place) {
    const Check check = draft_of(scope, tx, id);
    if (!form_of(tx, check).body.find_item(place.item))
        throw Error(Fault::invalid, "answer.unknown_item", {{"item", place.item}}).at("item");
    if (static_cast<std::int64_t>(this->evidence(tx, check).size()) >= evidence_max)
        throw Error(Fault::conflict, "evidence.many", {{"max", std::to_string(evidence_max)}});
    Evidence evidence = resolve(scope, tx, check, place);
    if (!evidence.quote.empty()) {
        const SampleRange around{std::max<std::int64_t>(0, evidence.media_sample - quote_reach),
                                 evidence.media_sample + quote_reach};
        std::vector<std::string> words;
        for (const Word& word :
             uses_.speech.words_between(scope, tx, evidence.session_id, evidence.channel, around)
                 .words)
            words.push_back(word.text);
        if (!quote_fits(words, evidence.quote))
            throw Error(Fault::invalid, "evidence.quote_unknown", {{"seconds", "30"}}).at("quote");
    }
    evidence.id = tx.make_id<Evidence>();
    tx.run(insert_evidence, {{"id", evidence.id},
                             {"company_id", check.company_id},
                             {"unit", check.unit},
                             {"check_id", id},
                             {"item", evidence.item},
                             {"session_id", evidence.session_id},
                             {"channel", evidence.channel},
                             {"media_sample", evidence.media_sample},
                             {"quote", evidence.quote},
                             {"now", tx.now()}});
    touch(tx, check, check.version);
    return evidence.id;
}

void Checks::remove_evidence(const Scope& scope, Tx& tx, Id<Check> id, Id<Evidence> evidence) {
    const Check check = draft_of(scope, tx, id);
    if (tx.run(checks_sql::remove_evidence,
               {{"id", evidence}, {"check_id", id}, {"now", tx.now()}}) == 0)
        throw Error(Fault::not_found, "not_found");
    touch(tx, check, check.version);
}

std::vector<Checks::Hindrance> Checks::hindrances(Tx& tx, const Check& check) const {
    const FormBody body = form_of(tx, check).body;
    Answers given;
    for (const CheckAnswer& each : answers(tx, check)) given.emplace(each.item, each.answer);
    const auto shown = evidence(tx, check);
    std::vector<Hindrance> found;
    for (const FormSection& section : body.sections)
        for (const FormItem& item : section.items) {
            const auto answer = given.find(item.key);
            if (answer == given.end() || answer->second.empty()) {
                found.push_back({"check.unanswered", item.key});
            } else if (is_fault(body, item, answer->second) &&
                       std::none_of(shown.begin(), shown.end(),
                                    [&](const Evidence& e) { return e.item == item.key; })) {
                found.push_back({"check.no_evidence", item.key});
            }
        }
    return found;
}

}  // namespace otklik
