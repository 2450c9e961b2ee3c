#pragma once
// What the desk asks about files on their way: upload_views.cpp answers, uploads.cpp has the table.
// Private to this folder. Thread: a worker.
#include "recording/uploads.h"
#include "web/api/route.h"

namespace otklik {

struct UploadView {
    Id<Upload> id;
    Id<Recorder> recorder_id;
    std::string recorder_name, name;
    UploadState state = UploadState::open;
    bool from_folder = false;
    std::int64_t bytes_total = 0, bytes_done = 0;
    std::optional<Instant> starts_at, modified_at;
    std::optional<Duration> length;
    std::string reason, reason_text;
    std::optional<Id<RecordingSession>> recording_id;
    bool already_there = false;
    std::vector<std::string> warnings;
    Instant created_at, changed_at, expires_at;
    void fields(FieldSink& f);
};
struct UploadList {
    std::vector<UploadView> items;
    void fields(FieldSink& f) { f.list("items", items, 1000); }
};
struct FolderView {
    std::optional<std::string> path, problem, problem_text;
    std::vector<std::string> strange;
    std::int64_t files_waiting = 0;
    std::optional<Instant> looked_at;
    void fields(FieldSink& f);
};
struct OverlapView {
    Id<RecordingSession> recording_id;
    Instant begin_at, end_at;
    void fields(FieldSink& f);
};
struct PreviewView {
    Id<Recorder> recorder_id;
    Id<Point> point_id;
    std::string recorder_name, point_name, zone, start_source;
    Instant begin_at;
    std::optional<Instant> end_at;
    Duration uncertainty;
    std::optional<std::int64_t> presses_waiting;
    std::vector<OverlapView> overlaps;
    std::optional<Duration> gap_before, gap_after, zone_shift;
    bool ahead = false, already_there = false;
    std::optional<Instant> same_content_at;
    void fields(FieldSink& f);
};
struct UploadAnswer {
    std::optional<Instant> starts_at;
    std::optional<Duration> uncertainty;
    std::optional<bool> sure;
    void fields(FieldSink& f);
};

UploadView show_upload(Call& call);
UploadList list_uploads(Call& call);
UploadView answer_upload(Call& call, UploadAnswer& in);
FolderView show_folder(Call& call);
PreviewView preview_upload(Call& call);
PreviewView preview_recording(Call& call);

inline constexpr Route show_upload_route = route<&show_upload>(
    "GET", "/uploads/{id}", Right::import_audio, "A file and what became of it.");
inline constexpr Route list_uploads_route = route<&list_uploads>(
    "GET", "/uploads", Right::import_audio,
    "Own files on their way and those of the watched folder: unfinished ones, then the newest.");
inline constexpr Route answer_upload_route = route<&answer_upload>(
    "PUT", "/uploads/{id}/answer", Right::import_audio, "What a file in state asking waited for.");
inline constexpr Route preview_upload_route = route<&preview_upload>(
    "GET", "/uploads/{id}/preview", Right::import_audio,
    "What its import would do (?starts_at); refused as the import would be.");
inline constexpr Route show_folder_route =
    route<&show_folder>("GET", "/uploads/folder", Right::import_audio, "The watched folder.");
inline constexpr Route preview_recording_route = route<&preview_recording>(
    "GET", "/recorders/{id}/preview", Right::import_audio,
    "What importing a file would do (?name, ?starts_at, ?length_ms, ?modified_at): where, when, "
    "presses it serves, what it overlaps. Stores nothing; refused as the import would be.");

}  // namespace otklik
