#pragma once
// How far long work of a verb is: a bar at a terminal, a line for every tenth in a log. On stderr,
// so that what a verb prints stays its own. Thread: one.
#include <cstdint>
#include <string>

namespace otklik {

class Progress {
public:
    /// `name` stands before the lines of a log: "backup".
    explicit Progress(std::string name);
    /// `done` of `total` in any unit; `words` say the rest.
    void put(std::int64_t done, std::int64_t total, const std::string& words);
    /// Leaves the bar's line.
    void end();

private:
    const std::string name_;
    const bool terminal_;
    std::int64_t told_ = 0;  // per cent
    bool drawn_ = false;
};

}  // namespace otklik
