#pragma once
// A company with two points in two units, a recorder at each, presses and recordings: what repairs
// move between. Two such houses side by side show that a repaired one ends as one where everything
// came right at first. Tests only. Thread: the test's.
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "clips/clips.h"
#include "clips/test_sound.h"
#include "recording/rows.h"
#include "signals/test_world.h"

namespace otklik {

struct RepairHouse {
    TestWorld world;
    Store& store;
    Blobs& blobs;
    Instant noon;
    Point points[2];
    Device devices[2];
    Recording recording{world.sites};
    Repairs repairs{recording, world.sites};
    Clips clips;
    PressIntake intake;
    Id<Recorder> recorders[2];
    std::vector<Id<RecordingSession>> sessions;
    std::vector<Id<Clip>> pressed;
    std::vector<Id<Repair>> made;
    std::vector<Id<Repair>> unsettled;

    RepairHouse(Store& store_in, Blobs& blobs_in, const Clock& clock, Instant noon_in)
        : world(store_in, clock),
          store(store_in),
          blobs(blobs_in),
          noon(noon_in),
          clips(store, blobs, recording, repairs, world.signals, world.sites, clock),
          intake(store, world.signals, world.sites, clock) {
        store.write([&](Tx& tx) { furnish(tx); });
    }
    void furnish(Tx& tx) {
        Site site;
        site.company_id = world.company;
        site.name = "South";
        site.zone = "Europe/Moscow";
        Point wanted;
        wanted.company_id = world.company;
        wanted.site_id = world.sites.make_site(tx, site);
        wanted.name = "Till";
        points[0] = world.point;
        points[1] = world.sites.get_point(Scope::system(), tx, world.sites.make_point(tx, wanted));
        devices[0] = world.device;
        const auto device = world.signals.make_device(tx, points[1], "Pad 2");
        devices[1] = *world.signals.find_device(Scope::system(), tx, device.id);
        world.signals.make_button_map(tx, devices[1], {946'684'800'000'000}, TestWorld::starter(),
                                      "test");
        for (int i = 0; i < 2; ++i) {
            BasisCard card;
            card.ground = card.notice = card.signage = card.consent = "yes";
            card.confirmed_by = world.person.id;
            world.sites.confirm_basis(tx, points[i], card);
            Recorder box;
            box.company_id = world.company;
            box.unit = points[i].unit;
            box.name = i == 0 ? "Box A" : "Box B";
            recorders[i] = recording.make_recorder(tx, box);
            recording.place(tx, recorders[i], points[i], noon - Duration::hours(240));
        }
    }

    StoredFile adopt(const std::string& bytes, std::string_view kind) {
        const std::string draft = blobs.draft_path();
        std::ofstream(draft, std::ios::binary) << bytes;
        return blobs.adopt(draft, world.company, kind);
    }
    /// Sound of that many seconds, as if it had come with this begin to this place; its minutes in
    /// one file, or their halves in two, as of two hours.
    void record(std::int64_t seconds, Instant begin, Duration uncertainty, Id<Recorder> recorder,
                Id<Point> point, bool in_two_files = false) {
        static std::map<std::int64_t, test_sound::MadeTrack> sounds;
        if (!sounds.contains(seconds)) sounds[seconds] = test_sound::make_track(0, seconds);
        NewTrack track;
        track.role = "mix";
        for (const auto& s : sounds[seconds].segments)
            track.segments.push_back({{},
                                      s.byte_begin,
                                      s.byte_count,
                                      s.first_packet,
                                      s.packet_count,
                                      s.first_sample,
                                      s.sample_count,
                                      s.sha256,
                                      s.page_index});
        const StoredFile file = adopt(sounds[seconds].file, "track");
        for (NewSegment& segment : track.segments) segment.file = file;
        const StoredFile second = in_two_files ? adopt(sounds[seconds].file, "track") : file;
        for (std::size_t i = track.segments.size() / 2; i < track.segments.size(); ++i)
            track.segments[i].file = second;
        track.peaks = adopt("peaks", "peaks");
        sessions.push_back(store.write([&](Tx& tx) {
            blobs.keep(tx, file);
            if (in_two_files) blobs.keep(tx, second);
            blobs.keep(tx, track.peaks);
            NewSession session;
            session.begin_at = begin;
            session.uncertainty = uncertainty;
            session.length_samples = seconds * samples_per_second;
            session.start_source = "stated";
            session.tracks = {track};
            return insert_new_session(tx, world.sites.get_point(Scope::system(), tx, point),
                                      recorder, std::nullopt, session);
        }));
        cut_all(store.read([&](Tx& tx) { return clips.clips_to_meet(tx, sessions.back()); }));
    }
    void press(int place, double second) {
        const Press press{"p" + std::to_string(pressed.size()),
                          "1",
                          noon + Duration{static_cast<std::int64_t>(second * 1e6)},
                          {},
                          {}};
        const auto signal = intake.take(devices[place], {press}).at(0).signal_id;
        pressed.push_back(store.write([&](Tx& tx) { return clips.want(tx, signal); }));
        clips.cut(pressed.back().value);
    }
    void cut_all(const std::vector<Id<Clip>>& some) {
        for (const Id<Clip> clip : some) clips.cut(clip.value);
    }
    SeenRecording seen(Tx& tx, Id<RecordingSession> id) {
        return {id, recording.clock_map(tx, id).number, repairs.newest_number(tx, id)};
    }
    /// What the stages do once the facts of repairs are told.
    void settle() {
        for (const Id<Repair> repair : std::exchange(unsettled, {}))
            cut_all(store.write([&](Tx& tx) { return clips.ask_anew(tx, repair); }));
    }
    Id<Repair> apply(const RepairPlan& plan) {
        const auto id =
            store.write([&](Tx& tx) { return repairs.apply(tx, plan, "mistaken", "test"); });
        made.push_back(id);
        unsettled.push_back(id);
        return id;
    }
    Clip clip(std::size_t number) {
        return store.read(
            [&](Tx& tx) { return clips.find(Scope::system(), tx, pressed[number]).value(); });
    }
    std::optional<ClipVersion> cut(std::size_t number) {
        const Clip now = clip(number);
        if (!now.version_id) return std::nullopt;
        return store.read(
            [&](Tx& tx) { return clips.version(Scope::system(), tx, now.version_id); });
    }
    RecordingSession session(std::size_t number) {
        return store.read([&](Tx& tx) {
            return recording.find_session(Scope::system(), tx, sessions[number]).value();
        });
    }
    Scope reader(const std::vector<int>& places) const {
        std::set<std::int64_t> units;
        for (const int place : places) units.insert(points[place].unit.value);
        return Scope::of(world.company, Role::checker, 0, 1, units, units);
    }
};

}  // namespace otklik
