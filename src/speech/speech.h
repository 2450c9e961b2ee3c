#pragma once
// Speech: words with times, bound to (recording session, channel, samples) and never to clips.
// A transcript comes from an engine, from a sidecar file or from a script; a newer one of the same
// maker over the same stretch replaces the older, which stays in the table.
// Owns: transcript, word. Fact: transcript.ready (subject: transcript). Stage: speech.transcribe
// (subject: clip). Thread: any; engines run outside of transactions, one at a time.
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "recording/recording.h"
#include "speech/engine.h"

namespace otklik {

class Clips;
class People;

struct Word {
    std::string text;
    SampleRange at;  // media time of the session
    std::optional<std::string> speaker;
    std::optional<double> confidence;  // 0..1
};
enum class TranscriptSource { engine, sidecar, script };
template <>
inline constexpr std::pair<TranscriptSource, std::string_view> enum_words<TranscriptSource>[3] = {
    {TranscriptSource::engine, "engine"},
    {TranscriptSource::sidecar, "sidecar"},
    {TranscriptSource::script, "script"}};
struct Transcript {
    Id<Transcript> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<RecordingSession> session_id;
    std::int64_t channel = 0;
    SampleRange at;  // the stretch that was listened to; no words in it means nobody spoke
    TranscriptSource source = TranscriptSource::sidecar;
    std::string engine;    // its name; for others the word of the source
    std::string language;  // BCP 47
    Instant created_at;
};
template <>
inline constexpr std::string_view id_prefix<Transcript> = "transcript";

inline constexpr std::size_t word_bytes_max = 200;
inline constexpr std::size_t words_per_transcript_max = 200'000;  // a day of talk without pause

/// Words of a stretch, and where most of them come from.
struct TextBetween {
    std::vector<Word> words;  // by begin
    std::optional<Transcript> main;
};

class Speech {
public:
    Speech(Store& store, const Blobs& blobs, const Recording& recording, const Clips& clips,
           const People& people);
    ~Speech();
    /// The engine behind the setting speech.engine = its name. Before threads start.
    void use(std::unique_ptr<SpeechEngine> engine);

    /// Stores words by rising begin. The same content again gives the stored transcript. Replaces
    /// those of the same maker that lie within. Words outside of the session are Error{invalid,
    /// "transcript.outside"}; unknown channel Error{invalid, "channel.unknown"}; too many
    /// Error{too_large, "transcript.too_long"}. Writes fact transcript.ready.
    Id<Transcript> add(const Scope& scope, Tx& tx, const Transcript& transcript,
                       const std::vector<Word>& words);
    /// What was said in the private talks that were taken out of the recording goes too, from
    /// replaced transcripts as well. Asked twice, it changes nothing.
    void forget_private(Tx& tx, Id<RecordingSession> session);
    /// Words of sound whose term was over go with it: what neither the recording nor a cut of it
    /// holds any more. Quotes in checks stay. Asked twice, it changes nothing.
    void forget_erased(Tx& tx, Id<RecordingSession> session);
    /// Words that meet the range. Where transcripts overlap, a script goes before a sidecar before
    /// an engine, and a newer one before an older.
    TextBetween words_between(const Scope& scope, Tx& tx, Id<RecordingSession> session,
                              std::int64_t channel, SampleRange range) const;
    /// Those in force, newest first.
    std::vector<Transcript> transcripts(const Scope& scope, Tx& tx,
                                        Id<RecordingSession> session) const;

    /// The engine the company chose by the setting speech.engine; nullptr: none.
    SpeechEngine* engine_of(Tx& tx, std::int64_t company_id) const;
    /// Stage speech.transcribe: listens to what a final clip holds and nobody has words for.
    std::optional<Instant> transcribe(std::int64_t clip_id);

private:
    struct Silent;  // a stretch without words
    std::vector<Silent> stretches_without_words(Tx& tx, std::int64_t clip_id,
                                                SpeechEngine*& engine) const;
    void listen(const Silent& stretch, SpeechEngine& engine);

    Store& store_;
    const Blobs& blobs_;
    const Recording& recording_;
    const Clips& clips_;
    const People& people_;
    std::vector<std::unique_ptr<SpeechEngine>> engines_;
    std::mutex listening_;  // engines are heavy: one at a time, held while a child runs
};

extern const std::span<const Kind> speech_kinds;

}  // namespace otklik
