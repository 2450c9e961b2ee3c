#pragma once
// A company with a recorder, a device, forms and a checker, for tests of checks and figures:
// presses, recordings of tones, clips, draws and checks by the rooms' own functions. Tests only.
// Thread: the test's.
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "checks/checks.h"
#include "clips/clips.h"
#include "clips/test_sound.h"
#include "recording/rows.h"
#include "signals/test_world.h"
#include "speech/speech.h"
#include "store/test_store.h"

namespace otklik {

class DeskTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        noon = {clock.now().us / 60'000'000 * 60'000'000 - 3'600'000'000};
        world = std::make_unique<TestWorld>(store(), clock);
        blobs = std::make_unique<Blobs>(test_store->folder() + "/data", clock, 0);
        recording = std::make_unique<Recording>(world->sites);
        repairs = std::make_unique<Repairs>(*recording, world->sites);
        clips = std::make_unique<Clips>(store(), *blobs, *recording, *repairs, world->signals,
                                        world->sites, clock);
        speech = std::make_unique<Speech>(store(), *blobs, *recording, *clips, world->people);
        intake = std::make_unique<PressIntake>(store(), world->signals, world->sites, clock);
        sampling = std::make_unique<Sampling>(*recording, world->sites);
        checks = std::make_unique<Checks>(Checks::Uses{forms, *sampling, *clips, world->signals,
                                                       *recording, world->sites, *speech});
        store().write([&](Tx& tx) {
            Recorder wanted;
            wanted.company_id = world->company;
            wanted.unit = world->point.unit;
            wanted.name = "Box";
            recorder = recording->make_recorder(tx, wanted);
            recording->place(tx, recorder, world->point, noon - Duration::hours(240));
            Person boris;
            boris.company_id = world->company;
            boris.unit = world->root;
            boris.name = "Boris";
            checker = world->people.make_person(tx, boris);
            Duty duty;
            duty.point_id = world->point.id;
            duty.person_id = world->person.id;
            duty.begin_at = noon - Duration::hours(240);
            duty.source = "settings";
            world->sites.begin_duty(tx, world->point, duty);
            standard = make_form(tx, Purpose::standard);
            signal_form = make_form(tx, Purpose::signal);
        });
    }
    void TearDown() override {
        intake.reset();  // its thread uses the rest
    }

    /// Two sections: a (2), b (3, critical for the section), c (5).
    static std::string form_json() {
        return R"({"scoring":"percentage","na":"remove","sections":[
            {"key":"one","title":"One","items":[
                {"key":"a","text":"A","weight":2,"answers":[]},
                {"key":"b","text":"B","weight":3,"critical":"section","answers":[]}]},
            {"key":"two","title":"Two",
             "items":[{"key":"c","text":"C","weight":5,"answers":[]}]}]})";
    }
    Id<Form> make_form(Tx& tx, Purpose purpose) {
        return forms.make(tx, {.company_id = world->company,
                               .unit = world->root,
                               .name = std::string(enum_word(purpose)),
                               .purpose = purpose,
                               .body = parse_body(form_json()),
                               .made_by = {1}});
    }
    Scope scope(Role role, Id<Person> person) const {
        return Scope::of(world->company, role, person.value, 1, {world->root.value},
                         {world->root.value, world->point.unit.value});
    }
    Scope boris() const { return scope(Role::checker, checker); }
    Instant at(double seconds) const {
        return noon + Duration{static_cast<std::int64_t>(seconds * 1e6)};
    }
    StoredFile adopt(const std::string& bytes, std::string_view kind) {
        const std::string draft = blobs->draft_path();
        std::ofstream(draft, std::ios::binary) << bytes;
        return blobs->adopt(draft, world->company, kind);
    }
    /// `peaks`: the bytes of its peaks file, one that cannot be read when not given.
    Id<RecordingSession> record(std::int64_t begin, std::int64_t seconds,
                                const std::string& peaks = "peaks") {
        static std::map<std::int64_t, test_sound::MadeTrack> made;
        if (!made.contains(seconds)) made[seconds] = test_sound::make_track(0, seconds);
        NewTrack row;
        row.channel = 0;
        row.role = "mix";
        for (const auto& s : made[seconds].segments)
            row.segments.push_back({{},
                                    s.byte_begin,
                                    s.byte_count,
                                    s.first_packet,
                                    s.packet_count,
                                    s.first_sample,
                                    s.sample_count,
                                    s.sha256,
                                    s.page_index});
        const StoredFile file = adopt(made[seconds].file, "track");
        for (NewSegment& segment : row.segments) segment.file = file;
        row.peaks = adopt(peaks, "peaks");
        return store().write([&](Tx& tx) {
            blobs->keep(tx, file);
            blobs->keep(tx, row.peaks);
            NewSession session;
            session.begin_at = at(static_cast<double>(begin));
            session.length_samples = seconds * samples_per_second;
            session.start_source = "stated";
            session.tracks = {row};
            return insert_new_session(tx, world->point, recorder, std::nullopt, session);
        });
    }
    Id<Signal> press_signal(double second, const std::string& key = "1") {
        const Press press{"p" + std::to_string(++presses_), key, at(second), {}, {}};
        return intake->take(world->device, {press}).at(0).signal_id;
    }
    /// A press with its clip, cut from what is recorded.
    Id<Clip> press(double second, const std::string& key = "1") {
        const auto signal = press_signal(second, key);
        const auto clip = store().write([&](Tx& tx) { return clips->want(tx, signal); });
        clips->cut(clip.value);
        return clip;
    }
    Draw draw(double from, double to, std::string seed, std::int64_t seconds = 30) {
        return store().write([&](Tx& tx) {
            return sampling->draw(boris(), tx,
                                  {.point_id = world->point.id,
                                   .range = {at(from), at(to)},
                                   .length = Duration::seconds(seconds),
                                   .seed = std::move(seed),
                                   .by = {1}});
        });
    }
    Id<Check> start(Id<Form> form, Id<Clip> clip) {
        return store().write(
            [&](Tx& tx) { return checks->start_on_clip(boris(), tx, form, clip); });
    }
    Id<Check> start(Id<Form> form, Id<Draw> drawn) {
        return store().write(
            [&](Tx& tx) { return checks->start_on_draw(boris(), tx, form, drawn); });
    }
    Check find(Id<Check> id) {
        return store().read([&](Tx& tx) { return checks->get(Scope::system(), tx, id); });
    }
    void answer(Id<Check> id, const std::vector<CheckAnswer>& answers) {
        const auto version = find(id).version;
        store().write([&](Tx& tx) { checks->set_answers(boris(), tx, id, version, answers); });
    }
    void show(Id<Check> id, const std::string& item, std::int64_t clip_sample,
              const std::string& quote = "") {
        store().write([&](Tx& tx) {
            checks->add_evidence(boris(), tx, id,
                                 {.item = item, .clip_sample = clip_sample, .quote = quote});
        });
    }
    void finish(Id<Check> id) {
        const auto version = find(id).version;
        store().write([&](Tx& tx) { checks->finish(boris(), tx, id, version); });
    }
    /// The code of the error that the call throws, empty when it does not.
    template <class F>
    static std::string code_of(F&& call) {
        try {
            call();
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    }

    Instant noon;
    std::unique_ptr<TestWorld> world;
    std::unique_ptr<Blobs> blobs;
    std::unique_ptr<Recording> recording;
    std::unique_ptr<Repairs> repairs;
    std::unique_ptr<Clips> clips;
    std::unique_ptr<Speech> speech;
    std::unique_ptr<PressIntake> intake;
    std::unique_ptr<Sampling> sampling;
    Forms forms;
    std::unique_ptr<Checks> checks;
    Id<Recorder> recorder;
    Id<Person> checker;
    Id<Form> standard, signal_form;

private:
    int presses_ = 0;
};

}  // namespace otklik
