// Stage speech.transcribe: asks the engine for what nobody has words for.
#include <algorithm>

#include "base/error.h"
#include "clips/clips.h"
#include "recording/sound.h"
#include "speech/speech.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::int64_t shortest = samples_per_second / 2;  // less holds no word worth a process
// An engine gets five minutes at a time, so that one piece never holds the others for long.
constexpr std::int64_t longest = 300 * samples_per_second;

/// What of `range` lies in none of the others.
std::vector<SampleRange> without(SampleRange range, std::vector<SampleRange> others) {
    std::sort(others.begin(), others.end());
    std::vector<SampleRange> rest;
    std::int64_t at = range.begin;
    for (const SampleRange& o : others) {
        if (o.begin > at) rest.push_back({at, std::min(o.begin, range.end)});
        at = std::max(at, o.end);
        if (at >= range.end) break;
    }
    if (at < range.end) rest.push_back({at, range.end});
    return rest;
}

}  // namespace

struct Speech::Silent {
    Id<RecordingSession> session;
    Track track;
    SampleRange range;
};

std::vector<Speech::Silent> Speech::stretches_without_words(Tx& tx, std::int64_t clip_id,
                                                            SpeechEngine*& engine) const {
    std::vector<Silent> all;
    const Scope scope = Scope::system();
    const auto clip = clips_.find(scope, tx, {clip_id});
    if (!clip || clip->undone || clip->state != ClipState::final || !clip->version_id) return all;
    engine = engine_of(tx, clip->company_id);
    if (!engine) return all;
    const auto version = clips_.version(scope, tx, clip->version_id);
    if (!version) return all;
    for (const ClipPieceRow& piece : version->pieces) {
        if (piece.is_gap) continue;
        const SampleRange range{piece.session_sample, piece.session_sample + piece.sample_count};
        for (const Track& track : recording_.tracks(tx, piece.session_id)) {
            if (track.silent) continue;
            std::vector<SampleRange> known;
            for (const Transcript& t : transcripts(scope, tx, piece.session_id))
                if (t.channel == track.channel) known.push_back(t.at);
            for (SampleRange rest : without(range, known)) {
                for (; rest.count() >= shortest; rest.begin += longest)
                    all.push_back({piece.session_id,
                                   track,
                                   {rest.begin, std::min(rest.end, rest.begin + longest)}});
            }
        }
    }
    return all;
}

void Speech::listen(const Silent& stretch, SpeechEngine& engine) {
    const TrackSound sound = store_.read([&](Tx& tx) {
        return TrackSound(tx, recording_, blobs_, stretch.track.id, stretch.range);
    });
    std::vector<HeardWord> heard;
    {
        const std::lock_guard one_at_a_time(listening_);
        heard = engine.transcribe(sound.pcm(stretch.range, engine_rate));
    }
    constexpr std::int64_t factor = samples_per_second / engine_rate;
    std::vector<Word> words;
    for (HeardWord& w : heard) {
        const SampleRange at{
            stretch.range.begin + w.begin_sample * factor,
            std::min(stretch.range.end, stretch.range.begin + w.end_sample * factor)};
        if (!at.empty()) words.push_back({std::move(w.text), at, std::nullopt, w.confidence});
    }
    Transcript t;
    t.session_id = stretch.session;
    t.channel = stretch.track.channel;
    t.at = stretch.range;
    t.source = TranscriptSource::engine;
    t.engine = engine.name();
    t.language = engine.language();
    store_.write([&](Tx& tx) { add(Scope::system(), tx, t, words); }, Lane::low);
}

std::optional<Instant> Speech::transcribe(std::int64_t clip_id) {
    SpeechEngine* engine = nullptr;
    const auto stretches =
        store_.read([&](Tx& tx) { return stretches_without_words(tx, clip_id, engine); });
    for (const Silent& stretch : stretches) listen(stretch, *engine);
    return std::nullopt;
}

}  // namespace otklik
