#include "recording/recording.h"

#include "base/error.h"
#include "base/text.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"
#include "recording/uploads_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace recording_sql;
using uploads_sql::place_of_upload;

Recorder recorder_of(const Row& row) {
    Recorder r;
    r.id = row.id<Recorder>(0);
    r.company_id = row.integer(1);
    r.unit = row.id<Unit>(2);
    r.name = row.text(3);
    r.model = row.text(4);
    r.clock_source = row.text(5);
    r.channels = row.integer(6);
    r.format = row.text(7);
    r.pickup = row.text(8);
    r.version = row.integer(9);
    r.archived_at = row.maybe_instant(10);
    r.point_id = row.id<Point>(11);
    return r;
}

void check(const Recorder& r) {
    if (trim(r.name).empty()) throw Error(Fault::invalid, "name.empty").at("name");
    if (r.channels != 1 && r.channels != 2)
        throw Error(Fault::invalid, "recorder.channels").at("channels");
    for (const std::string_view word : {"upload", "folder", "stream", "agent"})
        if (r.pickup == word) return;
    throw Error(Fault::invalid, "recorder.pickup").at("pickup");
}

constexpr std::string_view recorder_verbs[] = {"recorder.made",   "recorder.changed",
                                               "recorder.placed", "recorder.code",
                                               "recorder.paired", "recorder.revoked"};
constexpr std::string_view recording_verbs[] = {"recording.import",       "recording.listen",
                                                "recording.gap",          "recording.download",
                                                "recording.repair",       "recording.repair_undone",
                                                "recording.repair_asked", "recording.repair_left",
                                                "recording.expired",      "recording.file_expired"};
constexpr std::string_view hold_verbs[] = {"hold.made", "hold.released", "hold.restored"};
constexpr PersonalColumn hold_columns[] = {
    {"hold", "reason", "why sound is kept for longer", "keep"},
    {"hold", "release_reason", "why it is kept no longer", "keep"}};
constexpr std::string_view upload_verbs[] = {"upload.begun", "upload.answered", "upload.ended"};
constexpr PersonalColumn upload_columns[] = {
    {"upload", "name", "how the person called the file", "blank"},
    {"upload", "metadata", "what the browser said of the file", "blank"},
    {"upload", "owner", "who sent it", "keep"}};
constexpr std::string_view bookmark_verbs[] = {"bookmark.made", "bookmark.removed"};
constexpr PersonalColumn recording_columns[] = {
    {"original", "name", "how the person called the file", "blank"},
    {"original", "media_file_id", "voices of customers and employees", "delete_row"},
    {"segment", "media_file_id", "voices of customers and employees", "delete_row"},
    {"tail_chunk", "bytes", "voices of customers and employees", "delete_row"},
    {"silence", "reason", "why a talk was private", "blank"}};
constexpr PersonalColumn repair_columns[] = {
    {"repair", "reason", "why a recording was put right, in words", "blank"},
    {"repair_ask", "text", "what is wrong with a recording, in words", "blank"},
    {"repair_ask", "asked_by", "who asked", "keep"}};
constexpr PersonalColumn bookmark_columns[] = {
    {"bookmark", "text", "what a checker noted of a talk", "blank"},
    {"bookmark", "person_id", "who noted it", "keep"}};
const Kind kinds[] = {
    {"recorder",
     "recorder",
     "/settings/recorders",
     "settings",
     recorder_verbs,
     {},
     &place_by<place_of_recorder>},
    {"recording", "recording_session", "/recordings/{id}", "audio", recording_verbs,
     recording_columns, &place_by<place_of_session>},
    {"upload", "upload", "", "work", upload_verbs, upload_columns, &place_by<place_of_upload>},
    {"repair", "repair", "", "work", {}, repair_columns, &place_by<place_of_repair>},
    {"hold", "hold", "", "work", hold_verbs, hold_columns, &place_by<place_of_hold>},
    {"bookmark", "bookmark", "", "work", bookmark_verbs, bookmark_columns,
     &place_by<place_of_bookmark>},
};

}  // namespace

const std::span<const Kind> recording_kinds{kinds};

RecordingSession session_of(const Row& row) {
    RecordingSession s;
    s.id = row.id<RecordingSession>(0);
    s.company_id = row.integer(1);
    s.unit = row.id<Unit>(2);
    s.recorder_id = row.id<Recorder>(3);
    s.point_id = row.id<Point>(4);
    s.original_id = row.maybe_integer(5).value_or(0);
    s.at = {row.instant(6), row.instant(7)};
    s.uncertainty = row.duration(8);
    s.length_samples = row.integer(9);
    s.created_at = row.instant(10);
    s.is_open = row.text(11) == "open";
    s.erased_at = row.maybe_instant(12);
    s.is_fragment = row.flag(13);
    return s;
}

Id<Recorder> Recording::make_recorder(Tx& tx, const Recorder& r) {
    check(r);
    const auto id = tx.make_id<Recorder>();
    tx.run(insert_recorder, {{"id", id},
                             {"company", r.company_id},
                             {"unit", r.unit},
                             {"name", r.name},
                             {"fold", fold(r.name)},
                             {"model", r.model},
                             {"clock", r.clock_source},
                             {"channels", r.channels},
                             {"format", r.format},
                             {"pickup", r.pickup},
                             {"at", tx.now()}});
    make_visible(tx, "recorder", id.value, {r.company_id, r.unit.value, 0}, tx.now());
    return id;
}

void Recording::change_recorder(const Scope& scope, Tx& tx, const Recorder& r) {
    if (!find_recorder(scope, tx, r.id)) throw Error(Fault::not_found, "not_found");
    check(r);
    const auto changed = tx.run(update_recorder, {{"id", r.id},
                                                  {"name", r.name},
                                                  {"fold", fold(r.name)},
                                                  {"model", r.model},
                                                  {"clock", r.clock_source},
                                                  {"channels", r.channels},
                                                  {"format", r.format},
                                                  {"pickup", r.pickup},
                                                  {"archived", r.archived_at},
                                                  {"version", r.version}});
    if (changed == 0) throw Error(Fault::precondition, "row.changed");
}

std::optional<Recorder> Recording::find_recorder(const Scope& scope, Tx& tx,
                                                 Id<Recorder> id) const {
    const auto row = tx.row(recording_sql::find_recorder, {{"id", id}});
    if (!row) return std::nullopt;
    Recorder r = recorder_of(*row);
    if (!allows(scope, {r.company_id, r.unit.value, 0})) return std::nullopt;
    return r;
}

std::vector<Recorder> Recording::recorders(const Scope& scope, Tx& tx) const {
    std::vector<Recorder> all;
    for (const Row& row : tx.rows(recorders_of_company, {{"company", scope.company_id()}})) {
        Recorder r = recorder_of(row);
        if (allows(scope, {r.company_id, r.unit.value, 0})) all.push_back(std::move(r));
    }
    return all;
}

Recording::RecorderCounts Recording::counts(Tx& tx, Id<Recorder> id) const {
    const auto row = tx.row(counts_of_recorder, {{"recorder", id}});
    return {row->integer(0), row->maybe_instant(1)};
}

Id<Placement> Recording::place(Tx& tx, Id<Recorder> recorder, const Point& point,
                               Instant begin_at) {
    if (tx.row(later_placement, {{"recorder", recorder}, {"begin", begin_at}}))
        throw Error(Fault::conflict, "placement.before").at("begin_at");
    tx.run(end_placement, {{"recorder", recorder}, {"end", begin_at}});
    const auto id = tx.make_id<Placement>();
    tx.run(insert_placement, {{"id", id},
                              {"company", point.company_id},
                              {"unit", point.unit},
                              {"recorder", recorder},
                              {"point", point.id},
                              {"begin", begin_at}});
    tx.run(move_recorder, {{"id", recorder}, {"unit", point.unit}});
    make_invisible(tx, "recorder", recorder.value);
    make_visible(tx, "recorder", recorder.value, {point.company_id, point.unit.value, 0}, tx.now());
    return id;
}

std::optional<Placement> Recording::placement_at(Tx& tx, Id<Recorder> recorder, Instant at) const {
    const auto row = tx.row(recording_sql::placement_at, {{"recorder", recorder}, {"at", at}});
    if (!row) return std::nullopt;
    return Placement{row->id<Placement>(0), row->id<Recorder>(1), row->id<Point>(2),
                     row->instant(3), row->maybe_instant(4)};
}

bool Recording::point_has_recorder(Tx& tx, Id<Point> point, Instant at) const {
    return tx.row(point_placement, {{"point", point}, {"at", at}}).has_value();
}

void Recording::pin(Tx& tx, const Point& point, TimeRange range, std::string_view reason,
                    std::string_view subject_kind, std::int64_t subject,
                    std::optional<Instant> until) {
    tx.run(insert_pin, {{"id", tx.next_id()},
                        {"company", point.company_id},
                        {"unit", point.unit},
                        {"point", point.id},
                        {"begin", range.begin},
                        {"end", range.end},
                        {"reason", reason},
                        {"kind", subject_kind},
                        {"subject", subject},
                        {"until", until},
                        {"at", tx.now()}});
}

void Recording::unpin(Tx& tx, std::string_view subject_kind, std::int64_t subject) {
    tx.run(delete_pins, {{"kind", subject_kind}, {"subject", subject}});
}

bool Recording::is_pinned(Tx& tx, Id<Point> point, TimeRange range) const {
    return tx
        .row(pin_meeting,
             {{"point", point}, {"begin", range.begin}, {"end", range.end}, {"now", tx.now()}})
        .has_value();
}

std::vector<Bookmark> Recording::bookmarks(const Scope& scope, Tx& tx,
                                           Id<RecordingSession> id) const {
    std::vector<Bookmark> all;
    if (!find_session(scope, tx, id)) return all;
    for (const Row& row : tx.rows(bookmarks_of_session, {{"session", id}}))
        all.push_back({row.id<Bookmark>(0), row.id<RecordingSession>(1), row.integer(2),
                       row.integer(3), row.text(4), row.id<Person>(5), row.instant(6)});
    return all;
}

Id<Bookmark> Recording::make_bookmark(const Scope& scope, Tx& tx, const Bookmark& mark) {
    const auto session = find_session(scope, tx, mark.session_id);
    if (!session) throw Error(Fault::not_found, "not_found");
    if (mark.media_sample < 0 || mark.media_sample >= session->length_samples)
        throw Error(Fault::invalid, "sample.outside").at("media_sample");
    bool known = false;
    for (const Track& track : tracks(tx, session->id)) known |= track.channel == mark.channel;
    if (!known) throw Error(Fault::invalid, "channel.unknown").at("channel");
    const auto id = tx.make_id<Bookmark>();
    tx.run(insert_bookmark, {{"id", id},
                             {"company", session->company_id},
                             {"unit", session->unit},
                             {"session", session->id},
                             {"channel", mark.channel},
                             {"sample", mark.media_sample},
                             {"text", mark.text},
                             {"person", mark.person_id.value},
                             {"at", tx.now()}});
    return id;
}

void Recording::remove_bookmark(const Scope& scope, Tx& tx, Id<Bookmark> id) {
    const auto row = tx.row(find_bookmark, {{"id", id}});
    if (!row) throw Error(Fault::not_found, "not_found");
    require(scope, {row->integer(0), row->integer(1), 0});
    tx.run(recording_sql::remove_bookmark, {{"id", id}, {"at", tx.now()}});
}

}  // namespace otklik
