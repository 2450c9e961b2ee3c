#pragma once
// Wave, words, sound and bookmarks of a clip. All of them live on the recording: a clip only says
// which part of it is heard when. Thread: belongs to one request.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clips/clips.h"
#include "media/media_file.h"
#include "web/api/route.h"

namespace otklik {

/// The clip of the path; Error{not_found}.
Clip get_clip(Call& call, Tx& tx);
/// The cut of that number, else the newest. Error{not_found} when there is none.
ClipVersion wanted_cut(Call& call, Tx& tx, const Clip& clip, std::optional<std::int64_t> number);
/// What a channel of a cut is: the role that most of it has ("client"), else "mix".
std::string track_role(Call& call, Tx& tx, const ClipVersion& cut, std::int64_t channel);
/// By Range: Ogg as it stands, or with ?format=mp4 the same packets for players without Ogg.
Response serve_clip_sound(Call& call, std::shared_ptr<MediaFile> ogg, const std::string& tag);

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
