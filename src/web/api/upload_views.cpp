#include "base/messages.h"
#include "clips/clips.h"
#include "recording/folder.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/upload_view.h"

namespace otklik {

namespace {

constexpr int uploads_listed = 100;  // of each state and owner
constexpr Duration upload_length_max = Duration::days(7);

std::string reason_words(const Call& call, const Upload& upload) {
    if (upload.reason.empty()) return {};
    return call.rooms.messages.message(enum_word(call.actor.language), "error." + upload.reason,
                                       upload.reason_params);
}

UploadView upload_view(Call& call, Tx& tx, const Upload& upload) {
    UploadView view;
    view.id = upload.id;
    view.recorder_id = upload.recorder_id;
    const auto recorder = call.rooms.recording.find_recorder(call.scope, tx, upload.recorder_id);
    if (recorder) view.recorder_name = recorder->name;
    view.name = upload.name;
    view.state = upload.state;
    view.from_folder = upload.owner == folder_actor;
    view.bytes_total = upload.bytes_total;
    view.bytes_done = upload.bytes_done;
    view.starts_at = upload.starts_at;
    view.modified_at = upload.modified_at;
    view.length = upload.length;
    view.reason = upload.reason;
    view.reason_text = reason_words(call, upload);
    if (upload.session_id) view.recording_id = upload.session_id;
    for (const auto& [name, value] : upload.reason_params)
        if (name == "recording_id")
            if (const auto id = parse_id_word(id_prefix<RecordingSession>, value))
                view.recording_id = Id<RecordingSession>{*id};
    view.already_there = upload.already_there;
    view.warnings = upload.warnings;
    view.created_at = upload.created_at;
    view.changed_at = upload.changed_at;
    view.expires_at = upload.expires_at;
    return view;
}

std::optional<Duration> query_length(const Call& call) {
    const auto ms = call.query_integer("length_ms", 0, upload_length_max.us / 1'000);
    return ms ? std::optional(Duration::ms(*ms)) : std::nullopt;
}

PreviewView preview_of(Call& call, Tx& tx, const ImportRequest& request,
                       std::optional<Duration> length, std::optional<Instant> modified_at) {
    const RecordingPreview told =
        call.rooms.importer.preview(call.scope, tx, request, length, modified_at);
    PreviewView view;
    view.recorder_id = told.place.recorder.id;
    view.recorder_name = told.place.recorder.name;
    view.point_id = told.place.point.id;
    view.point_name = told.place.point.name;
    view.zone = told.place.point.zone;
    view.start_source = told.place.start_source;
    view.begin_at = told.place.start;
    view.uncertainty = told.place.uncertainty;
    if (told.at) {
        view.end_at = told.at->end;
        view.presses_waiting = static_cast<std::int64_t>(
            call.rooms.clips.open_clips(tx, told.place.point.id, *told.at).size());
    }
    for (const RecordingSession& each : told.overlaps)
        view.overlaps.push_back({each.id, each.at.begin, each.at.end});
    view.gap_before = told.gap_before;
    view.gap_after = told.gap_after;
    view.zone_shift = told.zone_shift;
    view.ahead = told.ahead;
    view.same_content_at = told.same_content_at;
    view.already_there = told.already_there;
    return view;
}

}  // namespace

void UploadView::fields(FieldSink& f) {
    f.id("id", id);
    f.id("recorder_id", recorder_id);
    f.text("recorder_name", recorder_name);
    f.text("name", name);
    f.choice("state", state, "open: bytes come; whole: it is read; asking: see reason");
    f.flag("from_folder", from_folder, "found in the watched folder");
    f.integer("bytes_total", bytes_total);
    f.integer("bytes_done", bytes_done, {}, "kept for good");
    f.instant("starts_at", starts_at, "stated by a person");
    f.instant("modified_at", modified_at, "of the file, by the computer it came from");
    f.length_ms("length_ms", length);
    f.text("reason", reason, {}, "code: what it asks, or why it was refused");
    f.text("reason_text", reason_text, {}, "the same in words");
    f.id("recording_id", recording_id, "what it became, or the earlier one with the same sound");
    f.flag("already_there", already_there, "the same file was imported before: nothing was stored");
    f.texts("warnings", warnings, 10, {}, "audio.silent, audio.torn");
    f.instant("created_at", created_at);
    f.instant("changed_at", changed_at);
    f.instant("expires_at", expires_at, "of an open one: what was sent is given up then");
}

void FolderView::fields(FieldSink& f) {
    f.text("path", path, {}, "null: no folder is watched");
    f.text("problem", problem, {}, "code: why nothing comes in from it");
    f.text("problem_text", problem_text);
    f.texts("strange", strange, 20, {}, "names in it that nobody takes");
    f.integer("files_waiting", files_waiting, {}, "that grow, are read, or ask");
    f.instant("looked_at", looked_at);
}

void OverlapView::fields(FieldSink& f) {
    f.id("recording_id", recording_id);
    f.instant("begin_at", begin_at);
    f.instant("end_at", end_at);
}

void PreviewView::fields(FieldSink& f) {
    f.id("recorder_id", recorder_id);
    f.text("recorder_name", recorder_name);
    f.id("point_id", point_id, "where the recorder stood at that moment");
    f.text("point_name", point_name);
    f.text("zone", zone, {}, "of the point, IANA");
    f.text("start_source", start_source, {}, "stated, name or tag");
    f.instant("begin_at", begin_at);
    f.instant("end_at", end_at, "when the length is known");
    f.length_ms("uncertainty_ms", uncertainty);
    f.integer("presses_waiting", presses_waiting, {}, "whose sound lies in it");
    f.list("overlaps", overlaps, 20, "recordings of the point that stand there");
    f.length_ms("gap_before_ms", gap_before, {}, "to the point's recording before it");
    f.length_ms("gap_after_ms", gap_after, {}, "to the one after it");
    f.length_ms("zone_shift_ms", zone_shift, {},
                "its computer closed the file whole half-hours off this end: a zone is wrong");
    f.flag("ahead", ahead, "it would end after now");
    f.instant("same_content_at", same_content_at,
              "this recorder has the same sound with this start");
    f.flag("already_there", already_there, "with this very start");
}

void UploadAnswer::fields(FieldSink& f) {
    f.instant("starts_at", starts_at);
    f.length_ms("start_uncertainty_ms", uncertainty, {0, 86'400'000});
    f.flag("sure", sure, "a start ahead of now, or the same sound once more, is meant so");
}

UploadView show_upload(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        return upload_view(
            call, tx, call.rooms.uploads.get(call.scope, tx, call.actor.word, call.id<Upload>()));
    });
}

UploadList list_uploads(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        UploadList list;
        for (const std::string_view owner : {std::string_view(call.actor.word), folder_actor})
            for (const Upload& upload :
                 call.rooms.uploads.list(call.scope, tx, owner, uploads_listed))
                list.items.push_back(upload_view(call, tx, upload));
        return list;
    });
}

UploadView answer_upload(Call& call, UploadAnswer& in) {
    const Uploads::Answer answer{in.starts_at, in.uncertainty.value_or(Duration{}),
                                 in.sure.value_or(false)};
    const Upload upload =
        call.rooms.uploads.answer(call.scope, call.actor.word, call.id<Upload>(), answer);
    return call.rooms.store.write([&](Tx& tx) {
        journal(call, tx, "upload.answered", "upload", upload.id.value, upload.unit.value);
        return upload_view(call, tx, upload);
    });
}

FolderView show_folder(Call& call) {
    const FolderState state = call.rooms.folder.state();
    FolderView view;
    if (!state.path.empty()) view.path = state.path;
    if (!state.problem.empty()) {
        view.problem = state.problem;
        view.problem_text = call.rooms.messages.message(
            enum_word(call.actor.language), "error." + state.problem, state.problem_params);
    }
    view.strange = state.strange;
    view.files_waiting = state.files_waiting;
    view.looked_at = state.looked_at;
    return view;
}

PreviewView preview_upload(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const Upload upload =
            call.rooms.uploads.get(call.scope, tx, call.actor.word, call.id<Upload>());
        ImportRequest request = call.rooms.uploads.request_of(upload);
        if (const auto stated = call.query_instant("starts_at")) {
            request.starts_at = stated;
            request.start_uncertainty = Duration{};
        }
        return preview_of(call, tx, request, upload.length, upload.modified_at);
    });
}

PreviewView preview_recording(Call& call) {
    ImportRequest request;
    request.recorder_id = call.id<Recorder>();
    request.name = call.request.query_value("name").value_or("");
    request.starts_at = call.query_instant("starts_at");
    return call.rooms.store.read([&](Tx& tx) {
        return preview_of(call, tx, request, query_length(call), call.query_instant("modified_at"));
    });
}

}  // namespace otklik
