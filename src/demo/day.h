#pragma once
// The demonstration, made by the real path only: every row comes from a request of the public API,
// over the local socket as an administrator, as checkers and as devices with their own tokens.
// Counts what it asked for, so that a test can hold the tables against it. Thread: one that asks,
// beside it two that send sound, while a server runs.
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "demo/script.h"
#include "demo/sound.h"
#include "web/http.h"

namespace otklik {

struct DemoResult {
    std::string login, password;               // of the administrator
    std::string shown_signal, shown_check;     // where the guided tour stops
    std::map<std::string, std::int64_t> made;  // "signal": 16, "original": 6, …
};

class DemoDay {
public:
    /// `watch` is called again and again, from any of the threads: with what is made now, and how
    /// much of it; what it throws ends the making.
    using Watch = std::function<void(std::string_view what, std::size_t done, std::size_t all)>;
    DemoDay(DemoScript& script, const DemoSound& sound, std::string socket_path,
            std::string draft_folder, Watch watch);
    DemoResult run();

private:
    struct Answer;
    struct Imported {
        const DemoFile* file = nullptr;
        const DemoRecorder* recorder = nullptr;
        std::string recording_id;
    };
    struct Sent {
        std::string press_id, key;
        Instant at;
        const DemoTalk* talk = nullptr;
        bool undone = false;
    };
    Answer ask(std::string_view method, const std::string& target, const std::string& body,
               const std::string& token = {}, const std::string& version = {});
    /// With the version of what `thing` answers now.
    void ask_versioned(const std::string& thing, std::string_view method, const std::string& target,
                       const std::string& body);
    void make_company();
    void put_profiles();
    void make_questions();
    void make_people();
    void make_recorders();
    void make_devices();
    /// Pairs by a code as a tablet does, and begins a shift at it.
    void open_panel(const DemoDevice& device);
    void make_forms();
    // Sound: day_sound.cpp.
    void import_files(bool late);
    void import_file(Imported& file, const std::string& draft) const;
    void give_words();
    // Presses: day_presses.cpp.
    void press_all();
    void send_presses(const std::string& device);
    /// Withdraws or scores it, as its script says.
    void follow_press(const Sent& sent, const std::string& signal, const std::string& token);
    void code_signals();
    void wait_for_clips();
    // Checks: day_checks.cpp.
    /// Signs in: what is asked until leave() is done by that person.
    void enter(const std::string& person);
    void leave();
    std::vector<Header> headers(const std::string& token) const;
    void check_all();
    void check_talk(const DemoCheck& check);
    void check_drawn(const DemoCheck& check);
    void answer_all(const DemoCheck& check, const std::string& form, std::string subject_json,
                    std::string evidence_json);
    void mark();
    /// Where a line of a talk lies in its clip, samples.
    std::int64_t clip_sample(const DemoTalk& talk, std::size_t line) const;
    std::string clip_of(const DemoTalk& talk);

    DemoScript& script_;
    const DemoSound& sound_;
    std::string socket_path_, draft_folder_;
    const Watch watch_;
    std::string cookie_, csrf_;  // of the checker while signed in
    DemoResult result_;
    std::map<std::string, std::string> points_, people_, recorders_, devices_, tokens_, forms_;
    std::map<std::string, std::vector<Sent>> sent_;  // by device
    std::map<const DemoTalk*, std::string> signals_;
    std::vector<Imported> imported_;
};

}  // namespace otklik
