#pragma once
// Silence: a private talk leaves a recording for good. Stage recording.silence looks at a session:
// what pauses of its point ask for against what was taken out already. Packets inside a pause go
// from the segments and from the open minute, their wave goes, and an imported original is replaced
// by a copy (WAV) with the interval silenced; its earlier hash and the reason stay, and the page
// says so. Owns: silence. Facts: recording.covered. Thread: any worker; long for a day's file;
// files first, then all rows in one transaction.
#include <string>
#include <vector>

#include "recording/recording.h"

namespace otklik {

struct Silence {
    SampleRange range;  // media time
    std::string reason;
    std::string original_sha256;  // raw, of the file that was replaced; empty: there was none
    Instant made_at;
};
/// What was taken out of the session, by place.
std::vector<Silence> silences(Tx& tx, Id<RecordingSession> session);
/// Sessions that a pause at the point in the range may meet.
std::vector<Id<RecordingSession>> sessions_to_silence(Tx& tx, const Recording& recording,
                                                      std::int64_t gap_id);

class Silencer {
public:
    Silencer(Store& store, Blobs& blobs, Recording& recording, std::string decoder_path)
        : store_(store),
          blobs_(blobs),
          recording_(recording),
          decoder_path_(std::move(decoder_path)) {}
    /// Run twice, it changes nothing more. Error{conflict} when the session is sealed meanwhile,
    /// again and again: the stage comes back.
    void silence(std::int64_t session_id);

private:
    Store& store_;
    Blobs& blobs_;
    Recording& recording_;
    std::string decoder_path_;
};

}  // namespace otklik
