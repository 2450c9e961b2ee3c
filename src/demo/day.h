#pragma once
// The demonstration day, made by the real path only: every row comes from a request of the public
// API, over the local socket as an administrator and as devices with their own tokens. Counts what
// it asked for, so that a test can hold the tables against it. Thread: one, while a server runs.
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
    std::map<std::string, std::int64_t> made;  // "signal": 16, "original": 6, …
};

class DemoDay {
public:
    DemoDay(DemoScript& script, const DemoSound& sound, std::string socket_path,
            std::string draft_folder);
    DemoResult run();

private:
    struct Answer;
    Answer ask(std::string_view method, const std::string& target, const std::string& body,
               const std::string& token = {});
    void make_company();
    void make_people();
    void make_recorders();
    void make_devices();
    void make_forms();
    void import_files(bool late);
    void give_words();
    void press_all();
    void wait_for_clips();
    /// Signs in as the checker: what is asked until leave() is done by that person.
    void enter();
    void leave();
    std::vector<Header> headers(const std::string& token) const;
    void check_clip();
    void check_call();
    void mark();
    /// Where a line of the marked talk lies in its clip, samples.
    std::int64_t clip_sample(std::size_t line) const;
    std::string clip_of_talk(std::size_t talk);
    std::string point_of(const std::string& recorder) const;
    void finish(const std::string& check, const std::string& answers_json);

    DemoScript& script_;
    const DemoSound& sound_;
    std::string socket_path_, draft_folder_;
    DemoResult result_;
    std::string cookie_, csrf_;  // of the checker's session; empty: the console
    std::map<std::string, std::string> points_, people_, recorders_, devices_, tokens_, forms_;
    struct Imported {
        DemoFile file;
        std::string recording_id;
    };
    std::vector<Imported> imported_;
    std::map<std::size_t, std::string> signal_of_talk_;
};

}  // namespace otklik
