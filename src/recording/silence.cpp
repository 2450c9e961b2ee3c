#include "recording/silence.h"

#include <fcntl.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "media/opus_encoder.h"
#include "media/tail.h"
#include "recording/live_rows.h"
#include "recording/live_sql.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"
#include "recording/silence_sql.h"
#include "recording/silenced_copy.h"
#include "store/facts.h"

namespace otklik {
namespace {

using namespace silence_sql;
constexpr std::int64_t rounding_samples = 960;  // a packet: a border that moved less is the same
constexpr int silence_races_max = 4;

struct Wanted {
    SampleRange range;
    std::string reason;
};
/// An hour's file of a track that holds private talk, with all rows that point into it.
struct HourFile {
    Track track;
    StoredFile before;
    std::vector<SegmentRow> rows;
    std::optional<StoredFile> after;  // nothing: no packet of it is left
    std::vector<SegmentRow> new_rows;
};
struct PeaksFile {
    Track track;
    StoredFile before, after;
};  /// Everything of one look.
struct Silencing {
    RecordingSession session;
    ClockMap map;
    std::vector<Wanted> wanted;
    std::vector<HourFile> hours;
    std::vector<PeaksFile> peaks;
    std::optional<Original> original;
    StoredFile original_before;
    std::optional<StoredFile> original_after;
    std::vector<SampleRange> original_ranges;  // of the file, all silences of all its sessions
    bool original_is_shared = false;
};

bool is_silent(const Silencing& look, std::int64_t packet) {
    const std::int64_t begin = packet * opus_packet_samples_48k - opus_pre_skip;
    const std::int64_t end = begin + opus_packet_samples_48k;
    return std::any_of(look.wanted.begin(), look.wanted.end(), [&](const Wanted& wanted) {
        return begin < wanted.range.end && end > wanted.range.begin;
    });
}

class SilenceLook {
public:
    SilenceLook(Blobs& blobs, Recording& recording, Tx& tx)
        : blobs_(blobs), recording_(recording), tx_(tx) {}

    std::optional<Silencing> read(Id<RecordingSession> id) {
        const auto session = recording_.find_session(Scope::system(), tx_, id);
        if (!session) return std::nullopt;
        look_.session = *session;
        look_.map = recording_.clock_map(tx_, id);
        read_wanted();
        if (look_.wanted.empty()) return std::nullopt;
        for (const Track& track : recording_.tracks(tx_, id)) read_track(track);
        if (session->original_id != 0) read_original();
        return std::move(look_);
    }

private:
    /// What pauses ask for, less what was taken out.
    void read_wanted() {
        const RecordingSession& s = look_.session;
        const auto done = silences(tx_, s.id);
        for (const Row& row :
             tx_.rows(pauses_with_reason, {{"point", s.point_id},
                                           {"from", s.at.begin - Duration::hours(48)},
                                           {"end", s.at.end + Duration::hours(1)}})) {
            if (row.is_null(1)) continue;  // goes on: its end comes
            const Duration width = std::min(row.duration(2), Duration::hours(1));
            SampleRange range{look_.map.sample_at(row.instant(0) - width),
                              look_.map.sample_at(row.instant(1) + width)};
            range.begin = std::max<std::int64_t>(0, range.begin);
            range.end = std::min(range.end, s.length_samples);
            const bool is_done = std::any_of(done.begin(), done.end(), [&](const Silence& each) {
                return each.range.begin <= range.begin + rounding_samples &&
                       each.range.end + rounding_samples >= range.end;
            });
            if (!range.empty() && !is_done) look_.wanted.push_back({range, row.text(3)});
        }
    }

    void read_track(const Track& track) {
        std::map<std::int64_t, bool> files;  // that hold any of it
        for (const Row& row : tx_.rows(files_of_track, {{"track", track.id}})) {
            const std::int64_t first = row.integer(1), end = first + row.integer(2);
            bool& holds = files[row.integer(0)];
            for (const Wanted& each : look_.wanted)
                holds |= (each.range.begin + opus_pre_skip) / opus_packet_samples_48k < end &&
                         (each.range.end + opus_pre_skip) / opus_packet_samples_48k >= first;
        }
        for (const auto& [id, holds] : files)
            if (holds) read_hour(track, {id});
        if (const auto peaks = blobs_.find(tx_, track.peaks_file_id))
            look_.peaks.push_back({track, *peaks, {}});
    }

    void read_hour(const Track& track, Id<StoredFile> id) {
        HourFile hour;
        hour.track = track;
        hour.before = blobs_.find(tx_, id).value();
        for (const Row& row : tx_.rows(segments_of_file, {{"file", id}})) {
            SegmentRow segment;
            segment.file_number = static_cast<int>(row.integer(2) / packets_per_file);
            segment.byte_begin = row.integer(0);
            segment.byte_count = row.integer(1);
            segment.first_sample = row.integer(3);
            segment.sample_count = row.integer(4);
            segment.pages = parse_page_index(row.blob(5));
            hour.rows.push_back(std::move(segment));
        }
        std::sort(hour.rows.begin(), hour.rows.end(), [](const SegmentRow& a, const SegmentRow& b) {
            return a.byte_begin < b.byte_begin;
        });
        look_.hours.push_back(std::move(hour));
    }

    /// The file may have given several sessions, and be shared by another original.
    void read_original() {
        look_.original = recording_.original(tx_, look_.session);
        if (!look_.original) return;
        const auto file = blobs_.find(tx_, look_.original->media_file_id);
        if (!file) {  // its term was over
            look_.original.reset();
            return;
        }
        look_.original_before = *file;
        std::int64_t offset = 0;
        auto rows = tx_.rows(sessions_of_original, {{"original", look_.original->id}});
        std::sort(rows.begin(), rows.end(),
                  [](const Row& a, const Row& b) { return a.instant(2) < b.instant(2); });
        for (const Row& row : rows) {
            const auto id = row.id<RecordingSession>(0);
            for (const Silence& each : silences(tx_, id))
                look_.original_ranges.push_back(
                    {each.range.begin + offset, each.range.end + offset});
            if (id == look_.session.id)
                for (const Wanted& each : look_.wanted)
                    look_.original_ranges.push_back(
                        {each.range.begin + offset, each.range.end + offset});
            offset += row.integer(1);
        }
        const auto users = tx_.row(originals_of_file, {{"file", look_.original->media_file_id}});
        look_.original_is_shared = users && users->integer(0) > 1;
    }

    Blobs& blobs_;
    Recording& recording_;
    Tx& tx_;
    Silencing look_;
};
/// Files without the talk, beside the old ones.
class SilenceFiles {
public:
    SilenceFiles(Blobs& blobs, const std::string& decoder_path)
        : blobs_(blobs), decoder_path_(decoder_path) {}

    void make(Silencing& look) {
        for (HourFile& hour : look.hours) make_hour(look, hour);
        for (PeaksFile& peaks : look.peaks) make_peaks(look, peaks);
        if (!look.original) return;
        const std::string draft = blobs_.draft_path();
        write_silenced_copy(decoder_path_,
                            open_file(blobs_.path_of(look.original_before), O_RDONLY).get(), draft,
                            look.original_ranges);
        look.original_after =
            made_.emplace_back(blobs_.adopt(draft, look.session.company_id, "original"));
    }
    void forget() const {
        for (const StoredFile& file : made_) blobs_.forget(file);
    }

private:
    StoredFile adopt(const Silencing& look, const std::string& bytes, std::string_view kind) {
        const std::string draft = blobs_.draft_path();
        {
            const Fd fd = open_file(draft, O_WRONLY | O_CREAT | O_EXCL);
            write_all(fd.get(), bytes);
        }
        return made_.emplace_back(blobs_.adopt(draft, look.session.company_id, kind));
    }

    void make_hour(const Silencing& look, HourFile& hour) {
        const auto file = blobs_.open(hour.before);
        std::vector<PacketRun> runs;
        std::vector<TailPacket> kept;
        for (const SegmentRow& row : hour.rows) {
            const std::int64_t first = first_packet(row), end = end_packet(row);
            runs.push_back(SegmentSource({{file.get(), row}}).read(first, end));
            for (std::int64_t k = first; k < end; ++k)
                if (!is_silent(look, k))
                    kept.push_back({k, runs.back().packets[static_cast<std::size_t>(k - first)]});
        }
        if (kept.empty()) return;
        const SegmentRow& front = hour.rows.front();
        const SegmentRow& back = hour.rows.back();
        TailPlace place;
        place.serial = static_cast<std::uint32_t>(hour.track.channel + 1);
        // The first row may have begun after a loss: then so does what is left of it.
        const std::int64_t first = first_packet(front);
        const bool after_loss = first > 0 && front.first_sample == first * opus_packet_samples_48k;
        place.next_packet = after_loss ? first - 1 : first;
        const std::int64_t end_sample = back.first_sample + back.sample_count;
        const bool cut_through = (end_sample + opus_pre_skip) % opus_packet_samples_48k != 0;
        const bool ends = cut_through && kept.back().number + 1 == end_packet(back);
        if (ends) place.end_sample = end_sample;
        Tail tail = make_tail(kept, place);
        const std::string heads = segment_file_heads(place.serial, samples_per_second);
        hour.after = adopt(look, heads + tail.bytes, "track");
        for (SegmentRow& row : tail.rows) {
            row.byte_begin += static_cast<std::int64_t>(heads.size());
            hour.new_rows.push_back(std::move(row));
        }
    }

    void make_peaks(const Silencing& look, PeaksFile& peaks) {
        constexpr std::size_t peaks_bytes_max = 64 << 20;
        std::string bytes = read_file(blobs_.path_of(peaks.before), peaks_bytes_max)
                                .substr(0, static_cast<std::size_t>(peaks.before.bytes));
        const auto view = parse_peaks(bytes);
        const std::int64_t first = view ? view->first_sample / peak_bucket_samples : 0;
        const auto count =
            static_cast<std::int64_t>((bytes.size() - peaks_head_bytes) / sizeof(Peak));
        for (const Wanted& each : look.wanted) {
            const std::int64_t from = each.range.begin / peak_bucket_samples - first - 1;
            const std::int64_t until = each.range.end / peak_bucket_samples - first + 2;
            for (std::int64_t i = std::max<std::int64_t>(0, from); i < std::min(count, until);
                 ++i) {
                const std::size_t at = peaks_head_bytes + static_cast<std::size_t>(i) * 2;
                bytes[at] = static_cast<char>(Peak{}.low);
                bytes[at + 1] = static_cast<char>(Peak{}.high);
            }
        }
        peaks.after = adopt(look, bytes, "peaks");
    }

    Blobs& blobs_;
    const std::string& decoder_path_;
    std::vector<StoredFile> made_;
};
/// The rows that follow the files, in one transaction.
class SilenceRows {
public:
    SilenceRows(Blobs& blobs, Recording& recording, Tx& tx, const Silencing& look)
        : blobs_(blobs), recording_(recording), tx_(tx), look_(look) {}

    void write() {
        if (recording_.clock_map(tx_, look_.session.id).id != look_.map.id)
            throw Error(Fault::conflict, "row.changed");
        for (const HourFile& hour : look_.hours) write_hour(hour);
        for (const PeaksFile& peaks : look_.peaks) {
            require_unchanged(peaks.before);
            blobs_.keep(tx_, peaks.after);
            tx_.run(live_sql::set_track_peaks,
                    {{"track", peaks.track.id}, {"file", peaks.after.id}});
            blobs_.discard(tx_, peaks.before.id, "paused");
        }
        write_original();
        write_tail();
        for (const Wanted& each : look_.wanted)
            tx_.run(insert_silence, {{"id", tx_.next_id()},
                                     {"company", look_.session.company_id},
                                     {"unit", look_.session.unit},
                                     {"session", look_.session.id},
                                     {"begin", each.range.begin},
                                     {"end", each.range.end},
                                     {"reason", each.reason},
                                     {"sha256", hash_before()},
                                     {"at", tx_.now()}});
        tell(tx_, "recording.covered", look_.session.company_id, look_.session.unit.value,
             look_.session.id.value);
    }

private:
    /// A minute sealed meanwhile stands in no file of ours.
    void require_unchanged(const StoredFile& file) {
        const auto now = blobs_.find(tx_, file.id);
        if (!now || now->bytes != file.bytes) throw Error(Fault::conflict, "row.changed");
    }
    std::optional<Bytes> hash_before() const {
        if (!look_.original) return std::nullopt;
        return Bytes{look_.original_before.sha256};
    }

    void write_hour(const HourFile& hour) {
        require_unchanged(hour.before);
        tx_.run(delete_segments, {{"file", hour.before.id}});
        if (hour.after) blobs_.keep(tx_, *hour.after);
        std::vector<NewSegment> segments;
        for (const SegmentRow& row : hour.new_rows)
            segments.push_back(segment_in(*hour.after, row));
        insert_segments(tx_, look_.session.company_id, look_.session.unit, hour.track.id, segments);
        blobs_.discard(tx_, hour.before.id, "paused");
    }

    void write_original() {
        if (!look_.original_after) return;
        require_unchanged(look_.original_before);
        blobs_.keep(tx_, *look_.original_after);
        tx_.run(replace_original, {{"id", look_.original->id}, {"file", look_.original_after->id}});
        if (!look_.original_is_shared) blobs_.discard(tx_, look_.original_before.id, "paused");
    }

    /// What is not sealed yet.
    void write_tail() {
        const auto live = find_live(tx_, look_.session.id);
        if (!live || live->state == "sealed") return;
        for (const Wanted& each : look_.wanted)
            for (const Row& row :
                 tx_.rows(live_sql::tail_meeting,
                          {{"session", look_.session.id},
                           {"from_sample", each.range.begin - chunk_packets_max * 960LL},
                           {"to_sample", each.range.end + 960}})) {
                TailSound sound = tail_sound(row);
                const TimeRange at{look_.map.at(each.range.begin), look_.map.at(each.range.end)};
                if (silence_packets(sound, live->channels, look_.map, {at}))
                    tx_.run(live_sql::change_tail,
                            {{"id", sound.id}, {"bytes", Bytes{sound.bytes}}});
            }
    }

    Blobs& blobs_;
    Recording& recording_;
    Tx& tx_;
    const Silencing& look_;
};

}  // namespace

std::vector<Silence> silences(Tx& tx, Id<RecordingSession> session) {
    std::vector<Silence> all;
    for (const Row& row : tx.rows(silences_of_session, {{"session", session}}))
        all.push_back({{row.integer(0), row.integer(1)},
                       row.text(2),
                       row.is_null(3) ? std::string() : row.blob(3),
                       row.instant(4)});
    return all;
}

std::vector<Id<RecordingSession>> sessions_to_silence(Tx& tx, const Recording& recording,
                                                      std::int64_t gap_id) {
    std::vector<Id<RecordingSession>> ids;
    const auto gap = recording.find_gap(tx, gap_id);
    if (!gap || gap->second.cause != "paused") return ids;
    for (const Stretch& stretch :
         recording.coverage(Scope::system(), tx, gap->first, gap->second.at).stretches)
        ids.push_back(stretch.session.id);
    return ids;
}

void Silencer::silence(std::int64_t session_id) {
    for (int race = 0;; ++race) {
        auto look = store_.read(
            [&](Tx& tx) { return SilenceLook(blobs_, recording_, tx).read({session_id}); });
        if (!look) return;
        SilenceFiles files(blobs_, decoder_path_);
        try {
            files.make(*look);
            store_.write([&](Tx& tx) { SilenceRows(blobs_, recording_, tx, *look).write(); });
            return;
        } catch (const Error& error) {
            // As in clips.cut: only these two say for sure that nothing was written.
            if (error.fault() != Fault::conflict && error.fault() != Fault::full) throw;
            files.forget();
            if (error.fault() == Fault::full || race == silence_races_max) throw;
        }
    }
}

}  // namespace otklik
