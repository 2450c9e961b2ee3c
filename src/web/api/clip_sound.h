#pragma once
// Wave, words, sound and bookmarks of a clip. All of them live on the recording: a clip only says
// which part of it is heard when. Thread: belongs to one request.
#include <optional>
#include <string>
#include <vector>

#include "clips/clips.h"
#include "web/api/route.h"

namespace otklik {

/// The clip of the path; Error{not_found}.
Clip get_clip(Call& call, Tx& tx);

struct PeaksReply {
    std::vector<std::int64_t> min, max;  // -128..127
    void fields(FieldSink& f);
};
struct ClipWord {
    std::string text;
    std::int64_t begin_sample = 0, end_sample = 0;  // of the clip
    std::optional<std::string> speaker;
    std::optional<double> confidence;
    std::int64_t channel = 0;
    Id<RecordingSession> recording_id;
    std::int64_t session_sample = 0;
    void fields(FieldSink& f);
};
struct ClipWords {
    std::vector<ClipWord> items;
    std::optional<std::string> source, language, engine;
    void fields(FieldSink& f);
};
struct ClipBookmark {
    Id<Bookmark> id;
    std::int64_t clip_sample = 0, channel = 0;
    std::string text, person_name;
    Instant created_at;
    void fields(FieldSink& f);
};
struct ClipBookmarks {
    std::vector<ClipBookmark> items;
    void fields(FieldSink& f);
};
struct ClipBookmarkRequest {
    std::int64_t clip_sample = 0;
    std::optional<std::int64_t> channel;
    std::string text;
    void fields(FieldSink& f);
};

PeaksReply clip_peaks(Call& call);
ClipWords clip_words(Call& call);
ClipBookmarks list_clip_bookmarks(Call& call);
ClipBookmark make_clip_bookmark(Call& call, ClipBookmarkRequest& in);
Response clip_audio(Call& call);

}  // namespace otklik
