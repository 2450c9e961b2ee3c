#include "speech/speech.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "clips/clips.h"
#include "media/opus_encoder.h"
#include "people/people.h"
#include "recording/silence.h"
#include "speech/speech_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace speech_sql;

Transcript transcript_of(const Row& row) {
    Transcript t;
    t.id = row.id<Transcript>(0);
    t.company_id = row.integer(1);
    t.unit = row.id<Unit>(2);
    t.session_id = row.id<RecordingSession>(3);
    t.channel = row.integer(4);
    t.at = {row.integer(5), row.integer(6)};
    t.source = parse_enum<TranscriptSource>(row.text(7)).value_or(TranscriptSource::engine);
    t.engine = row.text(8);
    t.language = row.text(9);
    t.created_at = row.instant(10);
    return t;
}

std::optional<std::int64_t> per_mille(const std::optional<double>& confidence) {
    if (!confidence) return std::nullopt;
    return std::lround(std::clamp(*confidence, 0.0, 1.0) * 1000);
}

/// The content of a transcript, so that the same one is not stored twice.
std::string hash_of(const Transcript& t, const std::vector<Word>& words) {
    Sha256 hash;
    hash.add(t.language);
    hash.add("\n");
    hash.add(enum_word(t.source));
    for (const Word& w : words) {
        std::string line = "\n" + std::to_string(w.at.begin) + ' ' + std::to_string(w.at.end) + ' ';
        if (const auto c = per_mille(w.confidence)) line += std::to_string(*c);
        line += '\t' + w.text + '\t' + w.speaker.value_or("");
        hash.add(line);
    }
    return hash.finish();
}

void check(const Transcript& t, const std::vector<Word>& words, std::int64_t length) {
    if (t.at.begin < 0 || t.at.empty() || t.at.end > length)
        throw Error(Fault::invalid, "transcript.outside");
    if (words.size() > words_per_transcript_max)
        throw Error(Fault::too_large, "transcript.too_long",
                    {{"words_max", std::to_string(words_per_transcript_max)}});
    std::int64_t before = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Word& w = words[i];
        const std::string field = "words[" + std::to_string(i) + "]";
        if (w.at.begin < t.at.begin || w.at.end > t.at.end || w.at.empty() || w.at.begin < before)
            throw Error(Fault::invalid, "transcript.outside").at(field);
        if (w.text.empty() || w.text.size() > word_bytes_max || !is_utf8(w.text))
            throw Error(Fault::invalid, "transcript.word").at(field);
        before = w.at.begin;
    }
}

int rank(TranscriptSource source) {
    switch (source) {
        case TranscriptSource::script:
            return 0;  // what was read aloud
        case TranscriptSource::sidecar:
            return 1;  // a person or a better engine elsewhere
        case TranscriptSource::engine:
            return 2;
    }
    return 3;
}

bool claimed(const std::vector<SampleRange>& claims, std::int64_t sample) {
    return std::any_of(claims.begin(), claims.end(),
                       [&](const SampleRange& r) { return r.begin <= sample && sample < r.end; });
}

std::optional<Place> find_place(Tx& tx, std::int64_t id) {
    const auto row = tx.row(place_of_transcript, {{"id", id}});
    if (!row) return std::nullopt;
    return Place{row->integer(0), row->integer(1), 0};
}

constexpr std::string_view transcript_verbs[] = {"transcript.added"};
constexpr PersonalColumn transcript_columns[] = {
    {"word", "text", "what customers and employees said", "delete_row"},
    {"word", "speaker", "who said it, as the sidecar names him", "delete_row"}};
const Kind kinds[] = {
    {"transcript", "transcript", "", "audio", transcript_verbs, transcript_columns, &find_place}};

}  // namespace

const std::span<const Kind> speech_kinds{kinds};

Speech::Speech(Store& store, const Blobs& blobs, const Recording& recording, const Clips& clips,
               const People& people)
    : store_(store), blobs_(blobs), recording_(recording), clips_(clips), people_(people) {}
Speech::~Speech() = default;

void Speech::use(std::unique_ptr<SpeechEngine> engine) {
    engines_.push_back(std::move(engine));
}

SpeechEngine* Speech::engine_of(Tx& tx, std::int64_t company_id) const {
    const auto chosen = people_.setting(tx, company_id, "speech.engine");
    for (const auto& engine : engines_)
        if (chosen && engine->name() == *chosen) return engine.get();
    return nullptr;
}

Id<Transcript> Speech::add(const Scope& scope, Tx& tx, const Transcript& t,
                           const std::vector<Word>& words) {
    const auto session = recording_.find_session(scope, tx, t.session_id);
    if (!session) throw Error(Fault::not_found, "not_found");
    bool known = false;
    for (const Track& track : recording_.tracks(tx, session->id))
        known |= track.channel == t.channel;
    if (!known) throw Error(Fault::invalid, "channel.unknown").at("channel");
    check(t, words, session->length_samples);
    const Params same{{"session", t.session_id}, {"channel", t.channel},
                      {"engine", t.engine},      {"begin", t.at.begin},
                      {"end", t.at.end},         {"hash", Bytes{hash_of(t, words)}}};
    const auto found = tx.row(same_transcript, same);
    if (found && found->is_null(1)) return found->id<Transcript>(0);
    const auto id = found ? found->id<Transcript>(0) : tx.make_id<Transcript>();
    if (found) {
        tx.run(restore_transcript, {{"id", id}, {"at", tx.now()}});
    } else {
        Params all = same;
        all.insert(all.end(), {{"id", id},
                               {"company", session->company_id},
                               {"unit", session->unit},
                               {"source", enum_word(t.source)},
                               {"language", t.language},
                               {"at", tx.now()}});
        tx.run(insert_transcript, all);
        std::vector<Params> rows;
        for (std::size_t i = 0; i < words.size(); ++i)
            rows.push_back({{"transcript", id},
                            {"ordinal", i},
                            {"session", t.session_id},
                            {"begin", words[i].at.begin},
                            {"end", words[i].at.end},
                            {"text", words[i].text},
                            {"speaker", words[i].speaker},
                            {"confidence", per_mille(words[i].confidence)}});
        tx.run_many(insert_word, rows);
    }
    tx.run(replace_within, {{"session", t.session_id},
                            {"channel", t.channel},
                            {"engine", t.engine},
                            {"begin", t.at.begin},
                            {"end", t.at.end},
                            {"id", id},
                            {"at", tx.now()}});
    forget_private(tx, session->id);
    tell(tx, "transcript.ready", session->company_id, session->unit.value, id.value);
    return id;
}

void Speech::forget_private(Tx& tx, Id<RecordingSession> session) {
    for (const Silence& talk : silences(tx, session))
        tx.run(delete_words,
               {{"session", session}, {"begin", talk.range.begin}, {"end", talk.range.end}});
}

void Speech::forget_erased(Tx& tx, Id<RecordingSession> id) {
    const auto session = recording_.find_session(Scope::system(), tx, id);
    if (!session) return;
    std::vector<SampleRange> kept = clips_.kept_of(tx, id);
    for (const Track& track : recording_.tracks(tx, id))
        for (const auto& minute : recording_.segments(
                 tx, track.id, 0, session->length_samples / opus_packet_samples_48k + 2))
            kept.push_back({minute.first_sample, minute.first_sample + minute.sample_count});
    std::sort(kept.begin(), kept.end());
    kept.push_back({session->length_samples + 1, session->length_samples + 1});
    std::int64_t heard = 0;
    for (const SampleRange& each : kept) {
        const Params gone{{"session", id}, {"begin", heard}, {"end", each.begin}};
        if (heard < each.begin) {
            tx.run(delete_words, gone);
            tx.run(delete_transcripts, gone);
        }
        heard = std::max(heard, each.end);
    }
}

TextBetween Speech::words_between(const Scope& scope, Tx& tx, Id<RecordingSession> session,
                                  std::int64_t channel, SampleRange range) const {
    TextBetween text;
    if (range.empty() || !recording_.find_session(scope, tx, session)) return text;
    std::vector<Transcript> all;
    for (const Row& row : tx.rows(transcripts_meeting, {{"session", session},
                                                        {"channel", channel},
                                                        {"begin", range.begin},
                                                        {"end", range.end}}))
        all.push_back(transcript_of(row));
    std::stable_sort(all.begin(), all.end(), [](const Transcript& a, const Transcript& b) {
        return rank(a.source) < rank(b.source);
    });
    std::vector<SampleRange> claims;
    std::size_t most = 0;
    for (const Transcript& t : all) {
        const std::size_t before = text.words.size();
        for (const Row& row :
             tx.rows(words_of_transcript,
                     {{"transcript", t.id}, {"begin", range.begin}, {"end", range.end}})) {
            const SampleRange at{row.integer(1), row.integer(2)};
            if (claimed(claims, at.begin + at.count() / 2)) continue;
            const auto confidence = row.maybe_integer(4);
            text.words.push_back({row.text(0), at, row.maybe_text(3),
                                  confidence
                                      ? std::optional(static_cast<double>(*confidence) / 1000)
                                      : std::nullopt});
        }
        const std::size_t added = text.words.size() - before;
        if (!text.main || added > most) text.main = t;
        most = std::max(most, added);
        claims.push_back(t.at);
    }
    std::stable_sort(text.words.begin(), text.words.end(),
                     [](const Word& a, const Word& b) { return a.at.begin < b.at.begin; });
    return text;
}

std::vector<Transcript> Speech::transcripts(const Scope& scope, Tx& tx,
                                            Id<RecordingSession> session) const {
    std::vector<Transcript> all;
    if (!recording_.find_session(scope, tx, session)) return all;
    for (const Row& row : tx.rows(transcripts_of_session, {{"session", session}}))
        all.push_back(transcript_of(row));
    return all;
}

}  // namespace otklik
