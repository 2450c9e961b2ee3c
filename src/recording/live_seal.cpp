// Stage recording.seal: whole minutes of the tail become pages behind the file of their hour and
// rows of segments. Reads in one transaction, writes and syncs files outside of any, then rows. A
// run that is killed leaves bytes behind a file that its row does not count; the next run writes
// the same ones there.
#include <fcntl.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "media/opus_encoder.h"
#include "media/tail.h"
#include "recording/live_clock.h"
#include "recording/live_rows.h"
#include "recording/live_sql.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"
#include "store/facts.h"

namespace otklik {
namespace {

constexpr std::int64_t sealed_at_once = 400;  // chunks; a minute has 60
constexpr int races_max = 4;
constexpr Duration drift_max = Duration::ms(50);  // beyond it the clock map gets another point
constexpr Duration fresh_within = Duration::seconds(10);  // older chunks tell nothing of the clock
constexpr std::int64_t silent_centidb = -4'200;           // 1 of 127: the least a peak can say

/// A file that goes on, or a new one.
struct Growing {
    std::optional<StoredFile> before;
    std::optional<StoredFile> after;
};
/// What a track gets by one look.
struct SealedTrack {
    Track track;
    std::vector<std::pair<SegmentRow, std::size_t>> rows;  // with the index of its file
    std::vector<Growing> files;
    Growing peaks;
    int loudest = 0;  // of 127
};
/// What was read.
struct Minute {
    LiveSession live;
    ClockMap map;
    TimeRange at;
    std::vector<TimeRange> pauses;
    std::vector<TailSound> sounds;
    std::vector<Track> tracks;
    std::vector<std::int64_t> last_packets;               // end of the last segment, by track
    std::vector<std::optional<StoredFile>> files, peaks;  // of it, by track
    std::vector<std::uint32_t> pages;                     // in that file
    bool is_last = false;                                 // nothing follows
    std::int64_t length_samples = 0;                      // of a closed session
    std::int64_t end_sequence() const { return sounds.back().end_sequence(); }
    std::int64_t end_sample() const { return sounds.back().end_sample(); }
};

class Sealer {
public:
    Sealer(Store& store, Blobs& blobs, Recording& recording)
        : store_(store), blobs_(blobs), recording_(recording) {}

    /// False when there is nothing to seal.
    bool seal(Id<RecordingSession> session) {
        for (int race = 0;; ++race) {
            const auto minute = store_.read([&](Tx& tx) { return read(tx, session); });
            if (!minute) return false;
            if (minute->sounds.empty()) {  // closed, and nothing is left of it
                store_.write([&](Tx& tx) { mark_sealed(tx, session); });
                return false;
            }
            std::vector<SealedTrack> tracks;
            std::vector<StoredFile> made;  // new files, whose rows are still to come
            try {
                for (std::size_t i = 0; i < minute->tracks.size(); ++i)
                    tracks.push_back(write_track(*minute, i, made));
                store_.write([&](Tx& tx) { write_rows(tx, *minute, tracks); });
                return true;
            } catch (const Error& error) {
                // As in clips.cut: only these two say for sure that nothing was written.
                if (error.fault() == Fault::conflict || error.fault() == Fault::full)
                    for (const StoredFile& file : made) blobs_.forget(file);
                if (error.fault() != Fault::conflict || race == races_max) throw;
            }
        }
    }

private:
    std::optional<Minute> read(Tx& tx, Id<RecordingSession> session) const {
        const auto live = find_live(tx, session);
        if (!live || live->state == "sealed") return std::nullopt;
        Minute minute;
        minute.live = *live;
        read_sounds(tx, minute);
        if (minute.sounds.empty())
            return live->state == "closing" ? std::optional(std::move(minute)) : std::nullopt;
        const auto row = recording_.find_session(Scope::system(), tx, session);
        minute.length_samples = row ? row->length_samples : 0;
        minute.map = recording_.clock_map(tx, session);
        minute.at = {minute.map.at(media_of(minute.sounds.front().first_sample)),
                     minute.map.at(minute.end_sample())};
        minute.pauses = pauses_at(tx, live->point_id, minute.at);
        for (TailSound& sound : minute.sounds)
            silence_packets(sound, live->channels, minute.map, minute.pauses);
        for (const Track& track : recording_.tracks(tx, session)) read_track(tx, minute, track);
        return minute;
    }

    void read_sounds(Tx& tx, Minute& minute) const {
        const LiveSession& live = minute.live;
        const bool is_open = live.state == "open";
        // The packet before the newest one is the last that may be sealed: the end of a session
        // cuts into its last packet.
        const std::int64_t until =
            (live.whole_sample / 960 - 1) / packets_per_segment * packets_per_segment;
        const std::int64_t minute_end =
            (live.next_packet / packets_per_segment + 1) * packets_per_segment;
        if (is_open && until < minute_end) return;
        const auto rows = tx.rows(live_sql::tail_until, {{"session", live.session_id},
                                                         {"sequence", live.next_sequence},
                                                         {"until", live.whole_sequence},
                                                         {"count", sealed_at_once}});
        for (const Row& row : rows) {
            TailSound sound = tail_sound(row);
            if (!minute.sounds.empty() && sound.first_sample / 960 >= minute_end) return;
            minute.sounds.push_back(std::move(sound));
        }
        minute.is_last =
            !is_open && !minute.sounds.empty() && minute.end_sequence() == live.whole_sequence;
    }

    void read_track(Tx& tx, Minute& minute, const Track& track) const {
        minute.tracks.push_back(track);
        std::optional<StoredFile> file, peaks;
        std::uint32_t pages = 0;
        std::int64_t last = 0;
        if (const auto row = tx.row(live_sql::last_segment, {{"track", track.id}})) {
            file = blobs_.find(tx, row->id<StoredFile>(0));
            last = row->integer(1);
            if (file)
                for (const Row& each : tx.rows(live_sql::pages_of_file, {{"file", file->id}}))
                    pages += static_cast<std::uint32_t>(each.blob(0).size() / 8);
        }
        if (track.peaks_file_id) peaks = blobs_.find(tx, track.peaks_file_id);
        minute.files.push_back(std::move(file));
        minute.peaks.push_back(std::move(peaks));
        minute.last_packets.push_back(last);
        minute.pages.push_back(pages);
    }

    SealedTrack write_track(const Minute& minute, std::size_t i, std::vector<StoredFile>& made) {
        SealedTrack sealed;
        sealed.track = minute.tracks[i];
        const auto channel = static_cast<std::size_t>(sealed.track.channel);
        std::map<std::int64_t, std::vector<TailPacket>> hours;
        std::string peaks;
        std::int64_t peaks_end = minute.live.next_packet;
        std::vector<std::vector<ChunkTrack>> parsed;  // the packets look into the sounds' bytes
        for (const TailSound& sound : minute.sounds) {
            const std::int64_t first = sound.first_sample / 960;
            fill_peaks(peaks, peaks_end, first);
            if (sound.kind != "sound") continue;
            parsed.push_back(chunk_tracks(sound.bytes, minute.live.channels, sound.packet_count));
            const ChunkTrack& track = parsed.back().at(channel);
            for (std::size_t k = 0; k < track.packets.size(); ++k) {
                const std::int64_t number = first + static_cast<std::int64_t>(k);
                if (!track.packets[k].empty())
                    hours[number / packets_per_file].push_back({number, track.packets[k]});
                add_peak(peaks, track.peaks[k], sealed.loudest);
            }
            peaks_end = first + sound.packet_count;
        }
        fill_peaks(peaks, peaks_end, minute.end_sample() / 960);
        std::int64_t next_packet = minute.last_packets[i];
        for (const auto& [hour, packets] : hours) {
            const bool ends = minute.is_last && hour == hours.rbegin()->first;
            write_hour(minute, i, packets, {next_packet, ends}, sealed, made);
            next_packet = packets.back().number + 1;
        }
        sealed.peaks = write_peaks(minute, i, peaks, made);
        return sealed;
    }

    struct HourPlace {
        std::int64_t next_packet;
        bool ends;
    };
    void write_hour(const Minute& minute, std::size_t i, const std::vector<TailPacket>& packets,
                    HourPlace where, SealedTrack& sealed, std::vector<StoredFile>& made) {
        const std::int64_t hour = packets.front().number / packets_per_file;
        const bool goes_on = minute.files[i] && sealed.files.empty() &&
                             (minute.last_packets[i] - 1) / packets_per_file == hour;
        TailPlace place;
        place.next_packet = where.next_packet;
        place.serial = static_cast<std::uint32_t>(sealed.track.channel + 1);
        if (goes_on) place.page_sequence = minute.pages[i] + 2;
        // The exact end, when the last packet holds it; a session that broke off ends at a packet.
        const std::int64_t end = (packets.back().number + 1) * opus_packet_samples_48k;
        const std::int64_t raw = minute.length_samples + opus_pre_skip;
        if (where.ends && raw <= end && raw > end - opus_packet_samples_48k)
            place.end_sample = minute.length_samples;
        Tail tail = make_tail(packets, place);
        Growing file;
        std::int64_t begin = 0;
        if (goes_on) {
            file.before = minute.files[i];
            begin = file.before->bytes;
            file.after = blobs_.append(*file.before, tail.bytes);
        } else {
            const std::string heads = segment_file_heads(place.serial, minute.live.rate);
            begin = static_cast<std::int64_t>(heads.size());
            file.after =
                made.emplace_back(adopt(minute.live.company_id, heads + tail.bytes, "track"));
        }
        for (SegmentRow& row : tail.rows) {
            row.byte_begin += begin;
            sealed.rows.emplace_back(std::move(row), sealed.files.size());
        }
        sealed.files.push_back(std::move(file));
    }

    Growing write_peaks(const Minute& minute, std::size_t i, const std::string& peaks,
                        std::vector<StoredFile>& made) {
        Growing file;
        file.before = minute.peaks[i];
        if (peaks.empty()) return file;
        if (file.before) {
            file.after = blobs_.append(*file.before, peaks);
        } else {
            PeakBuilder head(static_cast<int>(minute.live.rate));
            file.after = made.emplace_back(
                adopt(minute.live.company_id, head.file_bytes() + peaks, "peaks"));
        }
        return file;
    }

    StoredFile adopt(std::int64_t company, const std::string& bytes, std::string_view kind) {
        const std::string draft = blobs_.draft_path();
        {
            const Fd fd = open_file(draft, O_WRONLY | O_CREAT | O_EXCL);
            write_all(fd.get(), bytes);
        }
        return blobs_.adopt(draft, company, kind);
    }

    static void add_peak(std::string& out, const Peak& peak, int& loudest) {
        out += static_cast<char>(peak.low);
        out += static_cast<char>(peak.high);
        if (!peak.empty()) loudest = std::max({loudest, int{peak.high}, -int{peak.low}});
    }
    static void fill_peaks(std::string& out, std::int64_t from, std::int64_t until) {
        int ignored = 0;
        for (; from < until; ++from) add_peak(out, Peak{}, ignored);
    }

    void write_rows(Tx& tx, const Minute& minute, const std::vector<SealedTrack>& tracks) {
        const LiveSession& live = minute.live;
        const auto now_there = find_live(tx, live.session_id);
        if (!now_there || now_there->state != live.state)
            throw Error(Fault::conflict, "row.changed");
        // A pause that came meanwhile must not find its talk sealed.
        if (pauses_at(tx, live.point_id, minute.at) != minute.pauses)
            throw Error(Fault::conflict, "row.changed");
        if (tx.run(live_sql::sealed_live, {{"session", live.session_id},
                                           {"sequence", minute.end_sequence()},
                                           {"packet", minute.end_sample() / 960},
                                           {"before", live.next_sequence}}) == 0)
            throw Error(Fault::conflict, "row.changed");
        for (const SealedTrack& track : tracks) write_track_rows(tx, live, track);
        write_runs(tx, minute);
        tx.run(live_sql::delete_tail,
               {{"session", live.session_id}, {"sequence", minute.end_sequence()}});
        if (minute.is_last)
            mark_sealed(tx, live.session_id);
        else
            follow_clock(tx, minute);
    }

    static void mark_sealed(Tx& tx, Id<RecordingSession> session) {
        tx.run(live_sql::mark_silent, {{"session", session}, {"peak", silent_centidb}});
        tx.run(live_sql::move_live_state, {{"session", session}, {"state", "sealed"}});
    }

    void write_track_rows(Tx& tx, const LiveSession& live, const SealedTrack& sealed) {
        for (const Growing& file : sealed.files) keep(tx, file);
        keep(tx, sealed.peaks);
        if (sealed.peaks.after && !sealed.peaks.before)
            tx.run(live_sql::set_track_peaks,
                   {{"track", sealed.track.id}, {"file", sealed.peaks.after->id}});
        if (sealed.loudest > 0)
            tx.run(live_sql::raise_peak,
                   {{"track", sealed.track.id},
                    {"peak", std::llround(2'000 * std::log10(sealed.loudest / 127.0))}});
        std::vector<NewSegment> segments;
        for (const auto& [row, file] : sealed.rows)
            segments.push_back(segment_in(*sealed.files[file].after, row));
        insert_segments(tx, live.company_id, live.unit, sealed.track.id, segments);
    }

    void keep(Tx& tx, const Growing& file) {
        if (!file.after) return;
        if (file.before)
            blobs_.keep_grown(tx, *file.before, *file.after);
        else
            blobs_.keep(tx, *file.after);
    }

    /// Runs of chunks that follow each other; what was lost stands by itself.
    static void write_runs(Tx& tx, const Minute& minute) {
        std::int64_t first = 0, count = 0;
        std::string content;
        const auto write = [&] {
            if (count == 0) return;
            tx.run(live_sql::insert_run, {{"id", tx.next_id()},
                                          {"company", minute.live.company_id},
                                          {"unit", minute.live.unit},
                                          {"session", minute.live.session_id},
                                          {"first", first},
                                          {"count", count},
                                          {"content", Bytes{content}}});
            count = 0;
            content.clear();
        };
        for (const TailSound& sound : minute.sounds) {
            if (sound.kind == "lost") write();
            if (count == 0) first = sound.sequence;
            count += sound.span;
            if (sound.kind != "lost") content += sound.content;
            if (sound.kind == "lost") write();
        }
        write();
    }

    /// The recorder's samples against the server's clock: the least delayed chunk of the minute
    /// says how far the map is off by now.
    void follow_clock(Tx& tx, const Minute& minute) {
        std::optional<Duration> off;
        for (const TailSound& sound : minute.sounds) {
            if (sound.kind != "sound" || sound.created_at - sound.ended_at > fresh_within) continue;
            const Duration late = sound.ended_at - minute.map.at(sound.end_sample());
            off = off ? std::min(*off, late) : late;
        }
        if (!off || std::abs(off->us) <= drift_max.us) return;
        // A clock that was set says nothing of the time before: the map of this run stays, and
        // Live::take() asks for another run.
        if (std::abs(off->us) > drift_since(minute.map, minute.at.end).us) return;
        const auto session = recording_.find_session(Scope::system(), tx, minute.live.session_id);
        ClockMap map = recording_.clock_map(tx, minute.live.session_id);
        if (!session || map.id != minute.map.id) return;
        const std::int64_t sample = minute.end_sample();
        const Instant at = map.at(sample) + *off;
        if (map.points.back().first >= sample || map.points.back().second >= at) return;
        map.points.emplace_back(sample, at);
        const std::int64_t anchor = tx.next_id();
        tx.run(recording_sql::insert_anchor, {{"id", anchor},
                                              {"company", minute.live.company_id},
                                              {"unit", minute.live.unit},
                                              {"session", session->id},
                                              {"sample", sample},
                                              {"begin", at},
                                              {"uncertainty", map.uncertainty},
                                              {"source", "agent"},
                                              {"by", ""},
                                              {"at", tx.now()}});
        recording_.append_map(tx, *session, map, '[' + std::to_string(anchor) + ']');
        tell(tx, "recording.covered", session->company_id, session->unit.value, session->id.value);
    }

    Store& store_;
    Blobs& blobs_;
    Recording& recording_;
};

}  // namespace

bool Live::seal_minute(Id<RecordingSession> session) {
    return Sealer(store_, blobs_, recording_).seal(session);
}

std::optional<Instant> Live::seal(std::int64_t session_id) {
    while (seal_minute({session_id})) {
    }
    return std::nullopt;
}

}  // namespace otklik
