#include "recording/import.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/json_text.h"
#include "base/text.h"
#include "recording/ingest.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"
#include "store/audit.h"
#include "store/blobs.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace recording_sql;

/// Files on their way: what is not kept in the end is removed.
class Luggage {
public:
    explicit Luggage(Blobs& blobs) : blobs_(blobs) {}
    ~Luggage() {
        if (kept_) return;
        for (const std::string& path : drafts_) ::unlink(path.c_str());
        for (const StoredFile& file : files_) ::unlink(blobs_.path_of(file).c_str());
    }
    Luggage(const Luggage&) = delete;
    Luggage& operator=(const Luggage&) = delete;
    const std::string& take(std::string draft) { return drafts_.emplace_back(std::move(draft)); }
    StoredFile adopt(const std::string& draft, std::int64_t company, std::string_view kind,
                     std::optional<std::string> hash = std::nullopt) {
        return files_.emplace_back(blobs_.adopt(draft, company, kind, std::move(hash)));
    }
    void keep_all(Tx& tx) const {
        for (const StoredFile& file : files_) blobs_.keep(tx, file);
    }
    /// The rows are durable: only what is still a draft goes.
    void rows_are_there() {
        kept_ = true;
        for (const std::string& path : drafts_) ::unlink(path.c_str());
    }

private:
    Blobs& blobs_;
    std::vector<std::string> drafts_;
    std::vector<StoredFile> files_;
    bool kept_ = false;
};

NewTrack adopt_track(Luggage& luggage, std::int64_t company, const IngestedTrack& t, int channels) {
    NewTrack track;
    track.channel = t.channel;
    track.role = role_of(t.channel, channels);
    track.rms_centidb = t.rms_centidb;
    track.peak_centidb = t.peak_centidb;
    track.clipped_samples = t.clipped_samples;
    track.silent = t.silent;
    track.peaks = luggage.adopt(t.peaks_file, company, "peaks");
    std::vector<StoredFile> files;
    for (const std::string& draft : t.files)
        files.push_back(luggage.adopt(draft, company, "track"));
    for (const IngestedSegment& s : t.segments)
        track.segments.push_back({files.at(static_cast<std::size_t>(s.file_number)), s.byte_begin,
                                  s.byte_count, s.first_packet, s.packet_count, s.first_sample,
                                  s.sample_count, s.sha256, s.page_index});
    return track;
}

std::vector<std::string> warnings_of(const Ingested& in) {
    std::vector<std::string> words;
    if (in.silent) words.push_back("audio.silent");
    if (in.torn) words.push_back("audio.torn");
    return words;
}

std::int64_t insert_file(Tx& tx, const ImportRequest& request, const ImportPlace& place,
                         const Ingested& in, Id<StoredFile> file) {
    std::string words;
    for (const std::string& word : warnings_of(in)) words += (words.empty() ? "" : " ") + word;
    const std::int64_t id = tx.next_id();
    tx.run(insert_original, {{"id", id},
                             {"company", place.point.company_id},
                             {"unit", place.point.unit},
                             {"recorder", place.recorder.id},
                             {"file", file},
                             {"sha256", Bytes{request.sha256}},
                             {"started", place.start},
                             {"source", place.start_source},
                             {"uncertainty", place.uncertainty},
                             {"name", cut_bytes(request.name, 400)},
                             {"format", in.format},
                             {"rate", in.rate},
                             {"channels", in.channels},
                             {"length", in.length_samples},
                             {"warnings", words},
                             {"silent", in.silent},
                             {"by", request.imported_by},
                             {"at", tx.now()}});
    return id;
}

void audit_import(Tx& tx, const ImportRequest& request, const Point& point, std::int64_t session) {
    std::string detail = "{\"sha256\":";
    append_json_text(detail, hex(request.sha256));
    detail += '}';
    audit(tx, {.company_id = point.company_id,
               .unit = point.unit.value,
               .actor = request.imported_by,
               .verb = "recording.import",
               .subject = session,
               .subject_kind = "recording",
               .detail = detail});
}

}  // namespace

Importer::Importer(Store& store, Blobs& blobs, Recording& recording, Sites& sites,
                   ImportTools tools, const Clock& clock)
    : store_(store),
      blobs_(blobs),
      recording_(recording),
      sites_(sites),
      tools_(std::move(tools)),
      clock_(clock) {}

void Importer::require_ready(const Scope& scope, Id<Recorder> recorder, std::string_view name,
                             std::optional<Instant> starts_at) {
    ImportRequest request;
    request.recorder_id = recorder;
    request.name = name;
    request.starts_at = starts_at;
    store_.read([&](Tx& tx) {
        try {
            place_of(scope, request, tx);
        } catch (const Error& e) {
            if (e.code() != "start.unknown") throw;  // the file's own tag may still tell
        }
    });
}

ImportPlace Importer::place_of(const Scope& scope, const ImportRequest& request, Tx& tx) const {
    ImportPlace place;
    const auto recorder = recording_.find_recorder(scope, tx, request.recorder_id);
    if (!recorder) throw Error(Fault::not_found, "not_found");
    place.recorder = *recorder;
    const ErrorParams named{{"recorder", recorder->name}};
    if (recorder->archived_at) throw Error(Fault::conflict, "recorder.archived", named);
    if (!recorder->point_id) throw Error(Fault::conflict, "recorder.not_placed", named);
    // A name or a tag tells local time: of the point where the recorder stands by its newest
    // placement, then once more of the point where it stood at that moment.
    place.point = sites_.get_point(Scope::system(), tx, recorder->point_id);
    for (int round = 0; round < 2; ++round) {
        if (request.starts_at) {
            place.start = *request.starts_at;
            place.uncertainty = request.start_uncertainty;
            place.start_source = request.start_source;
        } else if (const auto from_name = found_in_name(request.name, place.point.zone)) {
            place.start = from_name->at;
            place.uncertainty = from_name->uncertainty;
            place.start_source = "name";
        } else {
            const Fd fd =
                request.draft_path.empty() ? Fd() : open_file(request.draft_path, O_RDONLY);
            auto from_tag = fd ? found_in_tag(fd.get(), place.point.zone) : std::nullopt;
            if (!from_tag) from_tag = found_in_tag_text(request.tag, place.point.zone);
            if (!from_tag) {
                sites_.require_basis(tx, place.point);
                throw Error(Fault::invalid, "start.unknown", {{"name", request.name}})
                    .at("starts_at");
            }
            place.start = from_tag->at;
            place.uncertainty = from_tag->uncertainty;
            place.start_source = "tag";
        }
        require_possible_start(place.start, clock_.now(), place.point.zone);
        const auto placement = recording_.placement_at(tx, recorder->id, place.start);
        if (!placement) throw Error(Fault::conflict, "recorder.not_placed", named);
        place.point = sites_.get_point(Scope::system(), tx, placement->point_id);
    }
    sites_.require_basis(tx, place.point);
    return place;
}

std::optional<ImportResult> Importer::known(const ImportRequest& request, const ImportPlace& place,
                                            Tx& tx) const {
    if (const auto same = tx.row(same_original, {{"recorder", place.recorder.id},
                                                 {"sha256", Bytes{request.sha256}},
                                                 {"started", place.start}}))
        return ImportResult{same->id<RecordingSession>(0), true, {}};
    if (const auto same = tx.row(same_repaired, {{"recorder", place.recorder.id},
                                                 {"started", place.start},
                                                 {"sha256", Bytes{request.sha256}}}))
        return ImportResult{same->id<RecordingSession>(0), true, {}};
    // Two silent days have equal bytes, so a name, a tag or an agent is believed; a person who
    // states another start may have mistyped it and is asked.
    if (place.start_source != "stated" || request.second) return std::nullopt;
    if (const auto other = tx.row(
            same_content, {{"recorder", place.recorder.id}, {"sha256", Bytes{request.sha256}}}))
        throw Error(Fault::conflict, "recording.same_content_other_start",
                    {{"started_at", format_instant(other->instant(0))},
                     {"recording_id", word(other->id<RecordingSession>(1))}});
    return std::nullopt;
}

std::optional<ImportResult> Importer::look_before(const Scope& scope, const ImportRequest& request,
                                                  ImportPlace& place) {
    ImportRequest asked = request;
    const auto look = [&] {
        return store_.read([&](Tx& tx) {
            place = place_of(scope, asked, tx);
            return known(asked, place, tx);
        });
    };
    try {
        return look();
    } catch (const Error& error) {
        // Asking the helper costs a process: only when neither person nor name told.
        if (error.code() != "start.unknown" || !asked.tag.empty()) throw;
        asked.tag = tag_of(request);
        if (asked.tag.empty()) throw;
        return look();
    }
}

ImportResult Importer::import(const Scope& scope, const ImportRequest& request) {
    Luggage luggage(blobs_);
    luggage.take(request.draft_path);
    ImportPlace place;
    const auto before = look_before(scope, request, place);
    if (before) return *before;

    const Fd fd = open_file(request.draft_path, O_RDONLY);
    const IngestRules rules{.decoder_path = tools_.decoder_path,
                            .complexity = tools_.complexity,
                            .draft_path = [&] { return luggage.take(blobs_.draft_path()); }};
    const Ingested in = ingest(fd.get(), rules);
    const std::int64_t company = place.point.company_id;
    std::vector<NewSession> sessions;
    for (const IngestedSession& s : in.sessions) {
        NewSession session{place.start + duration_of_samples(s.file_sample),
                           place.uncertainty,
                           s.length_samples,
                           place.start_source,
                           {}};
        for (const IngestedTrack& t : s.tracks)
            session.tracks.push_back(adopt_track(luggage, company, t, in.channels));
        sessions.push_back(std::move(session));
    }
    const auto shared = store_.read(
        [&](Tx& tx) { return blobs_.find_same(tx, company, "original", request.sha256); });
    const Id<StoredFile> original =
        shared ? shared->id
               : luggage.adopt(request.draft_path, company, "original", request.sha256).id;

    // The file has moved on; what its tag said is known by now.
    ImportRequest settled = request;
    settled.starts_at = place.start;
    settled.start_source = place.start_source;
    settled.start_uncertainty = place.uncertainty;
    ImportResult result = store_.write([&](Tx& tx) {
        // Minutes may have passed: the place, the lawful basis and a twin are asked again.
        const ImportPlace now = place_of(scope, settled, tx);
        if (const auto twin = known(settled, now, tx)) return *twin;
        luggage.keep_all(tx);
        const std::int64_t file = insert_file(tx, settled, now, in, original);
        ImportResult made{{}, false, warnings_of(in)};
        for (const NewSession& session : sessions) {
            const auto id = insert_new_session(tx, now.point, now.recorder.id, file, session);
            if (!made.session_id) made.session_id = id;
        }
        audit_import(tx, settled, now.point, made.session_id.value);
        return made;
    });
    if (!result.already_there) luggage.rows_are_there();
    return result;
}

}  // namespace otklik
