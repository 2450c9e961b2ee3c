// A day assembled by chance: prompts over room noise in several files with holes, files and presses
// arriving in any order, on both databases. Every press gets the clip that the truth says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};
constexpr double margin = 0.2;  // above the best accident
constexpr int files_count = 5;
constexpr int presses_count = 14;
constexpr std::size_t unused_count = 24;
constexpr double shortest_s = 1.2;
constexpr std::int64_t near_samples = 2'400;  // 50 ms

struct DayFile {
    TimeRange at;
    std::vector<float> pcm;
    std::string name;
};
struct DayPress {
    std::string id, key, signal;
    Instant at;
    TimeRange window;
};
struct Window {
    std::int64_t before_s, after_s;
};
constexpr Window windows[] = {{60, 60}, {30, 10}, {5, 45}, {0, 8}};

struct Prompt {
    std::string name;
    std::vector<float> pcm;
};

/// The prompts of the shared material, or speech-like sounds where it is absent.
std::vector<Prompt> read_prompts() {
    std::vector<Prompt> prompts;
    const std::string folder = shared_folder();
    if (folder.empty()) {
        std::printf("no shared material beside the sources: sounds of our own are used\n");
        for (unsigned i = 0; i < 60; ++i)
            prompts.push_back({"own_" + std::to_string(i), own_sound(1.5 + i % 5, 100 + i)});
        return prompts;
    }
    std::vector<std::string> paths;
    for (const auto& each : std::filesystem::directory_iterator(folder + "/audio/ru_prompts/wav"))
        paths.push_back(each.path().string());
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) {
        Prompt prompt{std::filesystem::path(path).filename().string(), read_wav_8k(path)};
        if (prompt.pcm.size() >= static_cast<std::size_t>(shortest_s * sound_rate) &&
            prompt.pcm.size() <= std::size_t{8} * sound_rate)
            prompts.push_back(std::move(prompt));
    }
    std::stable_sort(prompts.begin(), prompts.end(),
                     [](const Prompt& a, const Prompt& b) { return a.pcm.size() > b.pcm.size(); });
    return prompts;
}

/// Some prompts were published under two names or hold each other: such a sound is heard twice.
std::vector<Prompt> without_twins(std::vector<Prompt> prompts) {
    constexpr std::size_t samples_max = std::size_t{120} * sound_rate;
    constexpr double same = 0.5;
    std::vector<Prompt> kept;
    std::vector<Haystack> stacks;
    std::vector<float> open;
    for (Prompt& prompt : prompts) {
        const Needle needle(prompt.pcm);
        if (open.size() + prompt.pcm.size() > samples_max) {
            stacks.emplace_back(open);
            open.clear();
        }
        bool is_twin = Haystack(open).find(needle).score >= same;
        for (const Haystack& stack : stacks) is_twin |= stack.find(needle).score >= same;
        if (is_twin) continue;
        open.insert(open.end(), prompt.pcm.begin(), prompt.pcm.end());
        kept.push_back(std::move(prompt));
    }
    return kept;
}

const std::vector<Prompt>& all_prompts() {
    static const std::vector<Prompt> prompts = without_twins(read_prompts());
    return prompts;
}

class RandomDay : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::postgres && !why_no_test_postgres().empty())
            GTEST_SKIP() << why_no_test_postgres();
        const char* stated = std::getenv("OTKLIK_SEED");
        const unsigned seed =
            stated ? static_cast<unsigned>(std::stoul(stated)) : std::random_device()();
        std::printf("OTKLIK_SEED=%u\n", seed);
        chance.seed(seed);
        house.emplace(GetParam(), day_begin);
        boss.emplace(*house);
        json::array buttons;
        for (std::size_t i = 0; i < std::size(windows); ++i)
            buttons.push_back(json::object{{"key", std::to_string(i + 1)},
                                           {"label", "B" + std::to_string(i + 1)},
                                           {"kind", "complaint"},
                                           {"window_before_ms", windows[i].before_s * 1000},
                                           {"window_after_ms", windows[i].after_s * 1000},
                                           {"merge", false}});
        shop = open_shop(*boss, {.setup_code = house->setup_code(),
                                 .recorder_since = day_begin - Duration::hours(1),
                                 .buttons = buttons});
        device.emplace(*house);
        device->use_token(shop.device_token);
    }

    std::int64_t between(std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(chance);
    }

    /// Files of 50 to 100 s; between them no hole, or one of 2 to 40 s.
    void make_files() {
        Instant at = day_begin;
        for (int i = 0; i < files_count; ++i) {
            const std::int64_t length_ms = between(50'000, 100'000);
            DayFile file{{at, at + Duration::ms(length_ms)}, {}, "part" + std::to_string(i)};
            std::uniform_real_distribution<float> noise(-0.002F, 0.002F);
            file.pcm.resize(static_cast<std::size_t>(length_ms * sound_rate / 1000));
            for (float& x : file.pcm) x = noise(chance);
            say_something(file);
            files.push_back(std::move(file));
            at = files.back().at.end;
            if (between(0, 2) > 0) at = at + Duration::ms(between(2'000, 40'000));
        }
        day = {day_begin, files.back().at.end};
    }

    void say_something(DayFile& file) {
        const double gain = static_cast<double>(between(40, 95)) / 100;
        for (std::size_t at = 0; next_prompt + unused_count < prompts.size();) {
            at += static_cast<std::size_t>(between(500, 6'000) * sound_rate / 1000);
            const Prompt& prompt = prompts[next_prompt];
            if (at + prompt.pcm.size() > file.pcm.size()) return;
            for (std::size_t i = 0; i < prompt.pcm.size(); ++i)
                file.pcm[at + i] += static_cast<float>(gain) * prompt.pcm[i];
            const auto instant_of = [&](std::size_t sample) {
                return file.at.begin +
                       Duration{static_cast<std::int64_t>(sample) * 1'000'000 / sound_rate};
            };
            phrases.push_back({prompt.name,
                               {instant_of(at), instant_of(at + prompt.pcm.size())},
                               Needle(prompt.pcm)});
            at += prompt.pcm.size();
            ++next_prompt;
        }
    }

    void make_presses() {
        for (int i = 0; i < presses_count;) {
            const auto which = static_cast<std::size_t>(between(0, std::size(windows) - 1));
            const Instant at = day.begin + Duration::ms(between(0, day.length().us / 1000));
            presses.push_back({"press-" + std::to_string(i),
                               std::to_string(which + 1),
                               "",
                               at,
                               {at - Duration::seconds(windows[which].before_s),
                                at + Duration::seconds(windows[which].after_s)}});
            if (is_clear(presses.back().window))
                ++i;
            else
                presses.pop_back();
        }
    }

    /// No border of a file lies so near a border of the window that one packet decides.
    bool is_clear(TimeRange window) const {
        for (const DayFile& file : files)
            for (const Instant a : {file.at.begin, file.at.end})
                for (const Instant b : {window.begin, window.end})
                    if (std::abs((a - b).us) < 100'000) return false;
        return true;
    }

    /// Files and presses in one shuffled order; between them the house runs, or does not.
    void deliver() {
        house->clock.set(day.end + Duration::seconds(1));
        std::vector<int> order(files.size() + presses.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
        std::shuffle(order.begin(), order.end(), chance);
        for (const int each : order) {
            const auto i = static_cast<std::size_t>(each);
            if (i < files.size()) {
                const DayFile& file = files[i];
                const Answer answer = import_sound(*boss, shop.recorder_id, file.name + ".wav",
                                                   file.at.begin, wav_of(file.pcm));
                ASSERT_EQ(answer.status(), 201) << answer.http.body;
                recordings[file.name] = text(answer.ok(), "recording_id");
            } else {
                DayPress& one = presses[i - files.size()];
                const Answer answer = press(*device, one.id, one.key, one.at);
                ASSERT_EQ(answer.status(), 201) << answer.http.body;
                one.signal = text(answer.ok(), "signal_id");
            }
            house->clock.advance(Duration::seconds(between(1, 20)));
            if (between(0, 1) > 0) house->settle();
        }
        house->clock.advance(Duration::seconds(70));  // no window is still running
        house->settle();
    }

    struct Part {
        bool sound;
        TimeRange at;
        std::string recording;
    };
    std::vector<Part> truth(TimeRange window) const {
        std::vector<Part> parts;
        Instant at = window.begin;
        for (const DayFile& file : files) {
            const TimeRange heard = file.at.meet(window);
            if (heard.empty()) continue;
            if (at < heard.begin) parts.push_back({false, {at, heard.begin}, ""});
            parts.push_back({true, heard, recordings.at(file.name)});
            at = heard.end;
        }
        if (at < window.end) parts.push_back({false, {at, window.end}, ""});
        return parts;
    }

    void check_pieces(const DayPress& one, const json::value& clip) const {
        const std::vector<Part> wanted = truth(one.window);
        const json::value& version = clip.at("version");
        // Encoders warm up: a joint without a hole may hold up to 26 ms of silence.
        std::vector<json::value> pieces;
        for (const json::value& piece : version.at("pieces").as_array())
            if (text(piece, "gap_cause") != "joint") pieces.push_back(piece);
        ASSERT_EQ(pieces.size(), wanted.size()) << one.id << json::serialize(version.at("pieces"));
        std::int64_t missing = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const Part& part = wanted[i];
            EXPECT_EQ(text(pieces[i], "kind"), part.sound ? "sound" : "gap") << one.id << " " << i;
            EXPECT_EQ(text(pieces[i], "recording_id"), part.recording);
            EXPECT_NEAR(static_cast<double>(number(pieces[i], "clip_sample")),
                        static_cast<double>(samples_of(part.at.begin - one.window.begin)),
                        near_samples)
                << one.id << " " << i;
            EXPECT_NEAR(static_cast<double>(number(pieces[i], "sample_count")),
                        static_cast<double>(samples_of(part.at.length())), near_samples)
                << one.id << " " << i;
            if (!part.sound) missing += samples_of(part.at.length());
        }
        EXPECT_NEAR(static_cast<double>(number(version, "missing_samples")),
                    static_cast<double>(missing), near_samples)
            << one.id;
    }

    void check_clip(const DayPress& one, bool given_up, std::vector<Heard>& clips) {
        const std::vector<Part> wanted = truth(one.window);
        const bool sound =
            std::any_of(wanted.begin(), wanted.end(), [](const Part& p) { return p.sound; });
        const json::value clip = clip_of(*boss, one.signal);
        const bool over_the_end = one.window.begin < day.begin || one.window.end > day.end;
        std::string state = "final";
        if (!sound)
            state = given_up ? "failed" : "waiting_upload";
        else if (over_the_end && !given_up)
            state = "partial";
        EXPECT_EQ(text(clip, "state"), state) << one.id << " " << text(clip, "reason");
        if (!sound) return;
        check_pieces(one, clip);
        clips.push_back(listen(*boss, one.id, one.signal));
    }

    std::mt19937 chance;
    std::optional<House> house;
    std::optional<Client> boss, device;
    Shop shop;
    std::vector<Prompt> prompts = all_prompts();
    std::size_t next_prompt = 0;
    std::vector<DayFile> files;
    std::vector<Phrase> phrases;
    std::vector<DayPress> presses;
    std::map<std::string, std::string> recordings;
    TimeRange day;
};

TEST_P(RandomDay, every_press_gets_what_was_said_around_it) {
    std::shuffle(prompts.begin(), prompts.end(), chance);
    make_files();
    make_presses();
    deliver();
    if (HasFatalFailure()) return;
    std::vector<Heard> clips;
    for (const DayPress& one : presses) check_clip(one, false, clips);
    ASSERT_FALSE(clips.empty());

    std::vector<std::vector<float>> used, spare;
    for (std::size_t i = 0; i < next_prompt; ++i) used.push_back(prompts[i].pcm);
    for (std::size_t i = prompts.size() - unused_count; i < prompts.size(); ++i)
        spare.push_back(prompts[i].pcm);
    const std::vector<Needle> unused = truly_unused(used, spare);
    ASSERT_GE(unused.size(), unused_count / 2);
    const double accident = best_accident(clips, unused);
    const Verdict verdict = hold_against(clips, phrases, accident + margin);
    std::printf(
        "%zu clips, %zu phrases; best accident %.3f; inside %d, weakest %.3f, furthest %.1f ms; "
        "outside %d, strongest %.3f\n",
        clips.size(), phrases.size(), accident, verdict.inside, verdict.weakest,
        verdict.furthest_ms, verdict.outside, verdict.strongest);
    EXPECT_EQ(verdict.wrong, "");

    house->clock.advance(Duration::days(8));
    house->settle();
    clips.clear();
    for (const DayPress& one : presses) check_clip(one, true, clips);
}
OTKLIK_BOTH_DATABASES(RandomDay);

}  // namespace
}  // namespace otklik::testkit
