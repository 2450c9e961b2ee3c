#pragma once
// Import: a file of a recorder becomes a recording session with tracks, segments, peaks and a clock
// map. The original is kept bit-exact beside the normalised Opus. Decoding happens only in the
// helper otklik-decode. Thread: any worker; long (about 1/400 of the recording's length), outside
// of transactions; files first, then all rows in one transaction, so that nothing is half visible.
#include <functional>
#include <optional>
#include <string>

#include "recording/recording.h"

namespace otklik {

struct ImportRequest {
    Id<Recorder> recorder_id;
    std::string draft_path;  // on the data file system; taken over: gone afterwards, come what may
    std::int64_t bytes = 0;
    std::string sha256;                // raw
    std::string name;                  // as the person called it; never a path
    std::optional<Instant> starts_at;  // stated; else from the name, else from the file's own tag
    std::string tag;                   // that tag, when somebody has looked at the file already
    Duration start_uncertainty;        // of the stated start
    std::string start_source = "stated";  // of starts_at: stated (by a person) | agent
    bool second = false;      // the person confirmed: same sound, another start, a second recording
    std::string imported_by;  // actor
};
struct ImportResult {
    Id<RecordingSession> session_id;    // the first one (a file over 24 h gives several)
    bool already_there = false;         // same recorder, content and start: nothing was stored
    std::vector<std::string> warnings;  // message codes: "audio.silent", "audio.torn"
};

/// Where and when a file would be imported.
struct ImportPlace {
    Recorder recorder;
    Point point;
    Instant start;
    Duration uncertainty;
    std::string start_source;  // stated | name | tag | agent
};

/// What the head of a file says, before all of it is decoded.
struct AudioHead {
    std::string format;              // "mp4 aac"
    std::optional<Duration> length;  // as stated there, or reckoned from the bit rate
    std::string begun;  // creation time as written: local time, or UTC with a Z; may be empty
};

/// What an import would do, before anything is stored.
struct RecordingPreview {
    ImportPlace place;
    std::optional<TimeRange> at;                    // when the length is known
    std::vector<RecordingSession> overlaps;         // of the point, that meet it
    std::optional<Duration> gap_before, gap_after;  // to the point's neighbours within a day
    bool ahead = false;                             // it would end after now
    std::optional<Duration> zone_shift;      // its computer closed it whole half-hours off its end
    std::optional<Instant> same_content_at;  // start of a recording of this recorder with its bytes
    bool already_there = false;              // with its start too
};

struct ImportTools {
    std::string decoder_path;
    int complexity = 5;  // of Opus, 0 to 10: 0 takes half of the time, 10 twice as long
};

class Importer {
public:
    Importer(Store& store, Blobs& blobs, Recording& recording, Sites& sites, ImportTools tools,
             const Clock& clock);
    /// What can be refused before the body came: Error{not_found} for the recorder; Error{invalid,
    /// "start.impossible"} at starts_at (before 2005, or more than a day ahead); Error{conflict},
    /// "recorder.not_placed", "recorder.archived", "basis.missing". With no stated start and no
    /// readable name it asks only for a basis where the recorder stands now.
    void require_ready(const Scope& scope, Id<Recorder> recorder, std::string_view name,
                       std::optional<Instant> starts_at);
    /// Besides those: Error{invalid, "start.unknown"} at starts_at; Error{conflict,
    /// "recording.same_content_other_start"} {started_at}; audio.* of media/decode.h; Error{full}.
    /// Nothing is stored when it throws. Run again after a crash, it gives the same recording.
    ImportResult import(const Scope& scope, const ImportRequest& request);
    /// Throws what import() throws of the place and the start; changes nothing. Without a draft and
    /// a hash it says what is known without the file.
    RecordingPreview preview(const Scope& scope, Tx& tx, const ImportRequest& request,
                             std::optional<Duration> length,
                             std::optional<Instant> modified_at) const;
    /// Reads the head of a file in the helper. Throws what media/decode.h throws.
    AudioHead look_at(const std::string& path) const;

private:
    ImportPlace place_of(const Scope& scope, const ImportRequest& request, Tx& tx) const;
    std::optional<ImportResult> known(const ImportRequest& request, const ImportPlace& place,
                                      Tx& tx) const;
    std::string tag_of(const ImportRequest& request) const;
    std::optional<ImportResult> look_before(const Scope& scope, const ImportRequest& request,
                                            ImportPlace& place);

    Store& store_;
    Blobs& blobs_;
    Recording& recording_;
    Sites& sites_;
    ImportTools tools_;
    const Clock& clock_;
};

/// A start that was read, with how exactly it was written.
struct FoundStart {
    Instant at;
    Duration uncertainty;  // 1 s, or 60 s where no seconds are written
};
/// "20261120_083000.wav", "2026-11-20 08-30-00", "REC_20261120083000", "201120-0830": local time of
/// the zone, or UTC with a Z. Nothing when no pattern fits, or two different ones do.
std::optional<FoundStart> found_in_name(std::string_view name, std::string_view zone);
std::optional<Instant> start_from_name(std::string_view name, std::string_view zone);
/// The same from a tag that the helper read: an ISO date and time, local of the zone or with a Z.
/// What a container calls its creation may be its beginning or its end by some seconds: 60 s.
std::optional<FoundStart> found_in_tag_text(std::string_view tag, std::string_view zone);
/// Origination date and time of a Broadcast Wave file (EBU Tech 3285), local time of the zone.
std::optional<FoundStart> found_in_tag(int fd, std::string_view zone);

}  // namespace otklik
