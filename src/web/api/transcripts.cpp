// Words of recordings, and named seconds of them.
#include "base/text.h"
#include "recording/recording.h"
#include "speech/sidecar.h"
#include "speech/speech.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct WordView {
    std::string text;
    std::int64_t begin_sample = 0, end_sample = 0;
    std::optional<std::string> speaker;
    std::optional<double> confidence;
    std::int64_t channel = 0;
    void fields(FieldSink& f) {
        f.text("text", text);
        f.integer("begin_sample", begin_sample, {}, "at 48 kHz since the recording's start");
        f.integer("end_sample", end_sample);
        f.text("speaker", speaker);
        f.number("confidence", confidence, "0..1, by the engine's own measure");
        f.integer("channel", channel);
    }
};
struct WordList {
    std::vector<WordView> items;
    std::optional<TranscriptSource> source;
    std::optional<std::string> language, engine;
    void fields(FieldSink& f) {
        f.list("items", items, words_per_transcript_max);
        f.choice("source", source, "where most of the words come from");
        f.text("language", language);
        f.text("engine", engine);
    }
};
struct TranscriptReply {
    Id<Transcript> transcript_id;
    std::int64_t words = 0;
    void fields(FieldSink& f) {
        f.id("transcript_id", transcript_id);
        f.integer("words", words);
    }
};
struct BookmarkRequest {
    std::int64_t channel = 0, media_sample = 0;
    std::string text;
    void fields(FieldSink& f) {
        f.integer("channel", channel, {0, 1});
        f.integer("media_sample", media_sample, {.min = 0});
        f.text("text", text, {.bytes_max = 1000, .may_be_empty = false});
    }
};
struct BookmarkView {
    Bookmark mark;
    std::string person_name;
    void fields(FieldSink& f) {
        f.id("id", mark.id);
        f.integer("channel", mark.channel);
        f.integer("media_sample", mark.media_sample);
        f.text("text", mark.text);
        f.text("person_name", person_name);
        f.instant("created_at", mark.created_at);
    }
};
struct BookmarkList {
    std::vector<BookmarkView> items;
    void fields(FieldSink& f) { f.list("items", items, 10'000); }
};

RecordingSession get_session(Call& call, Tx& tx) {
    const auto s = call.rooms.recording.find_session(call.scope, tx, call.id<RecordingSession>());
    if (!s) throw Error(Fault::not_found, "not_found");
    return *s;
}

WordList list_words(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const RecordingSession s = get_session(call, tx);
        const std::int64_t channel = call.query_integer("channel", 0, 1).value_or(0);
        const std::int64_t from =
            call.query_integer("from_sample", 0, s.length_samples).value_or(0);
        const std::int64_t to =
            call.query_integer("to_sample", from, s.length_samples).value_or(s.length_samples);
        const TextBetween text =
            call.rooms.speech.words_between(call.scope, tx, s.id, channel, {from, to});
        WordList list;
        for (const Word& w : text.words)
            list.items.push_back({w.text, w.at.begin, w.at.end, w.speaker, w.confidence, channel});
        if (text.main) {
            list.source = text.main->source;
            list.language = text.main->language;
            list.engine = text.main->engine;
        }
        return list;
    });
}

Response add_transcript(Call& call) {
    const auto format = call.query_choice<SidecarFormat>("format").value_or(SidecarFormat::json);
    const auto source =
        call.query_choice<TranscriptSource>("source").value_or(TranscriptSource::sidecar);
    if (source == TranscriptSource::engine) Call::refuse_choice("source", "sidecar, script");
    const std::string language(cut_bytes(call.request.query_value("language").value_or(""), 35));
    const RecordingSession session =
        call.rooms.store.read([&](Tx& tx) { return get_session(call, tx); });
    const std::vector<Word> words =
        parse_sidecar(format, call.request.body, session.length_samples);
    Transcript transcript;
    transcript.session_id = session.id;
    transcript.channel = call.query_integer("channel", 0, 1).value_or(0);
    transcript.at = {0, session.length_samples};
    transcript.source = source;
    transcript.engine = enum_word(source);
    transcript.language = language;
    TranscriptReply reply;
    reply.words = static_cast<std::int64_t>(words.size());
    reply.transcript_id = call.rooms.store.write([&](Tx& tx) {
        const auto id = call.rooms.speech.add(call.scope, tx, transcript, words);
        journal(call, tx, "transcript.added", "transcript", id.value, session.unit.value);
        return id;
    });
    return Response::json(201, to_json(reply));
}

BookmarkList list_bookmarks(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const RecordingSession s = get_session(call, tx);
        BookmarkList list;
        for (const Bookmark& mark : call.rooms.recording.bookmarks(call.scope, tx, s.id))
            list.items.push_back({mark, call.rooms.people.person_name(tx, mark.person_id)});
        return list;
    });
}

BookmarkView make_bookmark(Call& call, BookmarkRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const RecordingSession s = get_session(call, tx);
        Bookmark mark{{},      s.id, in.channel, in.media_sample, in.text, {call.scope.person_id()},
                      tx.now()};
        mark.id = call.rooms.recording.make_bookmark(call.scope, tx, mark);
        journal(call, tx, "bookmark.made", "bookmark", mark.id.value, s.unit.value);
        return BookmarkView{mark, call.rooms.people.person_name(tx, mark.person_id)};
    });
}

Nothing remove_bookmark(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const auto id = call.id<Bookmark>();
        call.rooms.recording.remove_bookmark(call.scope, tx, id);
        journal(call, tx, "bookmark.removed", "bookmark", id.value,
                call.rooms.people.root_unit(tx, call.company_id()).value);
    });
    return {};
}

constexpr Route transcript_route = [] {
    Route r =
        raw_route<&add_transcript>("POST", "/recordings/{id}/transcripts", Right::import_audio,
                                   "Words from a file: ?format=json|srt|vtt, ?channel, ?language, "
                                   "?source=sidecar|script; UTF-8 body.",
                                   BodyRule{static_cast<std::int64_t>(sidecar_bytes_max), false});
    r.output = +[](SchemaBook& book) { return book.add<TranscriptReply>(); };
    return r;
}();

constexpr Route transcripts_table[] = {
    route<&list_words>("GET", "/recordings/{id}/words", Right::listen,
                       "Words with times (?channel, ?from_sample, ?to_sample)."),
    transcript_route,
    route<&list_bookmarks>("GET", "/recordings/{id}/bookmarks", Right::listen,
                           "Named seconds of a recording."),
    route<&make_bookmark>("POST", "/recordings/{id}/bookmarks", Right::listen, "Names a second."),
    route<&remove_bookmark>("DELETE", "/bookmarks/{id}", Right::listen, "Removes a bookmark."),
};

}  // namespace

const std::span<const Route> transcript_routes{transcripts_table};

}  // namespace otklik
