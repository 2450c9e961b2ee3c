#include "alarms/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "alarms/alarms_sql.h"
#include "base/calendar.h"
#include "base/every.h"
#include "base/log.h"
#include "base/thread.h"
#include "recording/live.h"
#include "recording/sound.h"
#include "sites/work_calendars.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace alarms_sql;

constexpr Duration look_every = Duration::seconds(15);
constexpr Duration wave_every = Duration::seconds(300);
constexpr Duration calendar_every = Duration::seconds(300);
constexpr Duration wave_fresh = Duration::seconds(120);
constexpr Duration wait_step = Duration::seconds(1);
constexpr Duration session_max = Duration::hours(25);
constexpr std::int64_t due_days = 7;  // what is older is past mending by a reminder

struct Calendars {
    Instant read_at{};
    std::map<std::int64_t, WorkCalendar> of_unit;
};

struct WaveFile {
    std::size_t track = 0;
    StoredFile file;
};
/// The wave of a live recorder: read in a transaction, the files outside of it.
struct Wave {
    SampleRange range{};
    std::vector<std::vector<Peak>> tracks;
    std::vector<WaveFile> files;
};

void put(const std::vector<Peak>& peaks, std::int64_t first_sample, SampleRange range,
         std::vector<Peak>& out) {
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const std::int64_t sample =
            first_sample + static_cast<std::int64_t>(i) * peak_bucket_samples;
        if (peaks[i].empty() || sample < range.begin || sample >= range.end) continue;
        const auto at = static_cast<std::size_t>((sample - range.begin) / peak_bucket_samples);
        if (at < out.size()) out[at] = peaks[i];
    }
}

}  // namespace

std::optional<TimeRange> expected_on(const Point& point, const WorkCalendar& calendar,
                                     std::int64_t day) {
    constexpr std::int64_t monday_of = 3;  // 1970-01-01 was a Thursday
    const std::int64_t weekday = ((day + monday_of) % 7 + 7) % 7;
    if (weekday < 5 && calendar.kind_of(day) == DayKind::off) return std::nullopt;
    return open_on(point.profile.hours, day, point.zone);
}

struct AlarmWatch::Inside {
    Inside(Store& store_in, Alarms& alarms_in, Alarms::Uses uses_in, const Blobs& blobs_in,
           const Clock& clock_in, JudgeResponse response_in)
        : store(store_in),
          alarms(alarms_in),
          uses(uses_in),
          blobs(blobs_in),
          clock(clock_in),
          response(std::move(response_in)),
          disk([folder = blobs_in.folder()] { return disk_room(folder); }) {}

    Store& store;
    Alarms& alarms;
    Alarms::Uses uses;
    const Blobs& blobs;
    const Clock& clock;
    Calendars calendars;
    JudgeResponse response;
    std::function<DiskRoom()> disk;
    Every waving{wave_every};
    Instant started_at{};
    std::optional<Instant> low_since, scarce_since;  // as this process saw it
    std::jthread thread;

    const WorkCalendar& calendar_of(Tx& tx, const Point& point) {
        if (clock.now() - calendars.read_at >= calendar_every) calendars = {clock.now(), {}};
        const auto found = calendars.of_unit.find(point.unit.value);
        if (found != calendars.of_unit.end()) return found->second;
        const auto root = uses.people.root_unit(tx, point.company_id);
        return calendars.of_unit
            .emplace(point.unit.value, work_calendar_of(tx, point.company_id, point.unit, root))
            .first->second;
    }

    void add_pause(Tx& tx, const Recorder& recorder, RecorderFacts& facts) const {
        const auto row = tx.row(newest_pause, {{"point", recorder.point_id},
                                               {"from", clock.now() - Duration::days(1)}});
        if (row)
            facts.paused_until =
                row->maybe_instant(1).value_or(row->instant(0) + Duration::days(1));
    }

    /// The newest day whose file should be here, and whether it is.
    void add_due(Tx& tx, const Recorder& recorder, const Point& point, const AlarmRules& rules,
                 RecorderFacts& facts) {
        const Instant now = clock.now();
        const auto placed =
            tx.row(first_placement, {{"recorder", recorder.id}, {"point", recorder.point_id}});
        const Instant from = placed ? placed->maybe_instant(0).value_or(now) : now;
        const std::int64_t today = local_day(now, point.zone);
        for (std::int64_t day = today; day > today - due_days; --day) {
            const auto open = expected_on(point, calendar_of(tx, point), day);
            if (!open || open->begin < from || open->end + rules.file_after > now) continue;
            facts.due = DueDay{day, *open, false};
            facts.due->handed = tx.row(session_within, {{"recorder", recorder.id},
                                                        {"from", open->begin - session_max},
                                                        {"begin", open->begin},
                                                        {"end", open->end}})
                                    .has_value();
            return;
        }
    }

    void add_files_sound(Tx& tx, const Recorder& recorder, RecorderFacts& facts) const {
        if (!facts.due || !facts.due->handed) return;
        const auto row = tx.row(sound_of_files, {{"recorder", recorder.id},
                                                 {"from", facts.due->open.begin - session_max},
                                                 {"begin", facts.due->open.begin},
                                                 {"end", facts.due->open.end}});
        if (!row || row->integer(0) == 0 || row->is_null(2)) return;
        const auto samples = static_cast<double>(std::max<std::int64_t>(row->integer(4), 1));
        facts.loudness =
            loudness_of_files(row->flag(1), row->integer(2),
                              static_cast<double>(row->maybe_integer(3).value_or(0)) / samples);
    }

    RecorderFacts facts_of(Tx& tx, const Recorder& recorder, const Point& point,
                           const AlarmRules& rules) {
        RecorderFacts facts;
        const Instant now = clock.now();
        facts.watched_from = started_at;
        facts.hours_stated = !point.profile.hours.empty();
        facts.open = expected_on(point, calendar_of(tx, point), local_day(now, point.zone));
        facts.heard_until = live_until(tx, recorder.id);
        const bool by_files = recorder.pickup == "upload" || recorder.pickup == "folder";
        facts.is_live = facts.heard_until || (!by_files && recording_by_chunks(tx, recorder));
        facts.session_open = live_session_of(tx, recorder.id).has_value();
        add_pause(tx, recorder, facts);
        if (!facts.is_live) {
            add_due(tx, recorder, point, rules, facts);
            add_files_sound(tx, recorder, facts);
        }
        return facts;
    }
    /// An agent that only ever handed over files stands beside a dictaphone.
    bool recording_by_chunks(Tx& tx, const Recorder& recorder) const {
        return uses.recording.counts(tx, recorder.id).sessions == 0;
    }

    Wave wave_of(Tx& tx, const Recorder& recorder, const AlarmRules& rules) const {
        Wave wave;
        const auto id = live_session_of(tx, recorder.id);
        const auto session =
            id ? uses.recording.find_session(Scope::system(), tx, *id) : std::nullopt;
        if (!session) return wave;
        const std::int64_t length = samples_of(rules.sound_over);
        wave.range = {
            (session->length_samples - length) / peak_bucket_samples * peak_bucket_samples,
            session->length_samples};
        if (wave.range.begin < 0) return {};  // too young to be judged
        for (const Track& track : uses.recording.tracks(tx, session->id)) {
            std::vector<Peak> peaks(
                static_cast<std::size_t>(wave.range.count() / peak_bucket_samples + 1));
            const std::string tail = tail_peaks(tx, track.id, wave.range);
            if (const auto view = parse_peaks(tail))
                put({view->peaks.begin(), view->peaks.end()}, view->first_sample, wave.range,
                    peaks);
            if (track.peaks_file_id)
                if (auto file = blobs.find(tx, track.peaks_file_id))
                    wave.files.push_back({wave.tracks.size(), std::move(*file)});
            wave.tracks.push_back(std::move(peaks));
        }
        return wave;
    }

    /// The worst track decides: one of two microphones may be dead.
    std::optional<Loudness> loudness(Wave wave) const {
        for (const WaveFile& each : wave.files)
            put(read_peaks(*blobs.open(each.file), wave.range), wave.range.begin, wave.range,
                wave.tracks[each.track]);
        std::optional<Loudness> worst;
        for (const auto& peaks : wave.tracks) {
            const auto found = loudness_of(peaks, peaks.size());
            if (found) worst = std::max(worst.value_or(*found), *found);
        }
        return worst;
    }

    void look_at(const Recorder& recorder, const AlarmRules& rules, bool waves) {
        std::optional<Wave> wave;
        RecorderFacts facts;
        const bool placed = store.read([&](Tx& tx) {
            const auto point = uses.sites.find_point(Scope::system(), tx, recorder.point_id);
            if (!point || point->archived_at) return false;
            facts = facts_of(tx, recorder, *point, rules);
            const Instant begun = clock.now() - rules.sound_over;
            const bool expected =
                !facts.hours_stated ||
                (facts.open && facts.open->contains(clock.now()) && facts.open->begin <= begun);
            const bool fresh = facts.heard_until && clock.now() - *facts.heard_until < wave_fresh;
            if (waves && facts.is_live && expected && fresh) wave = wave_of(tx, recorder, rules);
            return true;
        });
        if (!placed) return;
        if (wave) facts.loudness = loudness(std::move(*wave));
        // Between two looks at the wave nothing is known of it, and its alarms stay.
        const bool settled =
            store.read([&](Tx& tx) { return alarms.is_settled(tx, recorder, facts, rules); });
        if (!settled) store.write([&](Tx& tx) { alarms.apply(tx, recorder, facts, rules); });
    }

    Judged judge_disk(AlarmCause cause, bool wrong, std::optional<Instant>& since,
                      const DiskRoom& room) const {
        constexpr std::int64_t gib = std::int64_t{1} << 30;
        if (!wrong) since.reset();
        if (wrong && !since) since = clock.now();
        Judged judged;
        judged.cause = cause;
        judged.wrong = wrong;
        judged.since = since.value_or(Instant{});
        judged.params = {{"free_gb", fmt::format("{:.1f}", double(room.free_bytes) / gib)}};
        return judged;
    }

    Judged judge_mail(const MailServer& server) const {
        Judged judged;
        judged.cause = AlarmCause::mail;
        judged.since = server.trouble_since.value_or(Instant{});
        judged.wrong =
            server.trouble_since && clock.now() - *server.trouble_since >= mail_trouble_after;
        return judged;
    }

    /// What is no recorder.
    void look_at_house(std::int64_t company, const AlarmRules& rules) {
        const DiskRoom room = disk();
        const DiskState state = room.state();
        std::vector<AlarmCause> looked;
        std::vector<Judged> judged;
        const auto responses = response ? response(company) : std::nullopt;
        const bool settled = store.read([&](Tx& tx) {
            looked = {AlarmCause::disk_low, AlarmCause::disk_scarce, AlarmCause::mail};
            // Scarce is low too, so that going from one to the other is no end.
            judged = {judge_disk(AlarmCause::disk_low, state != DiskState::ample, low_since, room),
                      judge_disk(AlarmCause::disk_scarce, state == DiskState::scarce, scarce_since,
                                 room)};
            const auto server = uses.notices.server(tx, company);
            if (server && server->sends) judged.push_back(judge_mail(*server));
            for (Judged& each : judged) {
                each.subject = company;
                each.unit = uses.people.root_unit(tx, company);
            }
            if (responses) {
                looked.push_back(AlarmCause::response);
                judged.insert(judged.end(), responses->begin(), responses->end());
            }
            return alarms.is_settled(tx, company, looked, judged, rules);
        });
        if (!settled)
            store.write([&](Tx& tx) { alarms.apply(tx, company, looked, judged, rules); });
    }

    static void by_itself(const std::function<void()>& part) {
        try {
            part();
        } catch (const std::exception& error) {
            log_warning("alarms.failed", {{"detail", error.what()}});
        }
    }

    int look() {
        std::vector<Recorder> standing;
        AlarmRules rules;
        std::int64_t company = 0;
        bool any_open = false;
        store.read([&](Tx& tx) {
            standing.clear();
            const auto here = uses.people.company(tx);
            if (!here) return;
            company = here->id.value;
            rules = alarms.rules(tx, company);
            for (Recorder& each : uses.recording.recorders(Scope::console(company), tx))
                if (!each.archived_at && each.point_id) standing.push_back(std::move(each));
            for (const Alarm& alarm : alarms.open(Scope::console(company), tx))
                any_open = any_open || (alarm.recorder_id &&
                                        std::none_of(standing.begin(), standing.end(),
                                                     [&](const Recorder& each) {
                                                         return each.id == alarm.recorder_id;
                                                     }));
        });
        if (company == 0) return 0;
        if (any_open) store.write([&](Tx& tx) { alarms.apply_gone(tx, company, standing); });
        const bool waves = waving.is_due(clock.now());
        // What fails of one is no reason to be silent of the others; each is looked at again.
        for (const Recorder& recorder : standing)
            by_itself([&] { look_at(recorder, rules, waves); });
        by_itself([&] { look_at_house(company, rules); });
        return static_cast<int>(standing.size());
    }

    void run(std::stop_token stop) {
        name_thread("alarms");
        std::uint64_t seen = 0;
        started_at = clock.now();
        Every looking(look_every);
        looking.begin(started_at);
        while (!stop.stop_requested()) {
            if (looking.is_due(clock.now())) {
                try {
                    look();
                } catch (const std::exception& error) {  // the database is away: the next look
                    log_warning("alarms.failed", {{"detail", error.what()}});
                }
            }
            seen = wait_for_fact(seen, wait_step);
        }
    }
};

AlarmWatch::AlarmWatch(Store& store, Alarms& alarms, Alarms::Uses uses, const Blobs& blobs,
                       const Clock& clock, JudgeResponse response)
    : inside_(std::make_unique<Inside>(store, alarms, uses, blobs, clock, std::move(response))) {}
AlarmWatch::~AlarmWatch() {
    stop();
}
void AlarmWatch::start() {
    inside_->thread =
        std::jthread([inside = inside_.get()](std::stop_token stop) { inside->run(stop); });
}
void AlarmWatch::stop() {
    inside_->thread.request_stop();
    wake_fact_waiters();
    if (inside_->thread.joinable()) inside_->thread.join();
}
void AlarmWatch::take_disk_from(std::function<DiskRoom()> ask) {
    inside_->disk = std::move(ask);
}
int AlarmWatch::look() {
    return inside_->look();
}

}  // namespace otklik
