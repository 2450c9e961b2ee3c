#pragma once
// The pipeline: the one place that knows which fact starts which stage. Rooms call down and tell
// facts up; none of them knows who comes next. A thread follows the facts and turns them into jobs,
// each batch in one transaction with the move of its cursor, so that no fact is missed or taken
// twice, whatever dies. Thread: FactDispatcher has one of its own; dispatch_due() may be called by
// any.
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/jobs.h"

namespace otklik {

class Store;
struct Rooms;

/// A fact of this kind asks the stage to look at the fact's subject.
struct PipelineLine {
    std::string_view fact;
    std::string_view stage;
    /// The stage looks at the whole company, so that many facts ask for one look, somewhat later.
    bool of_company = false;
};
std::span<const PipelineLine> pipeline_lines();

/// The stages by name, ready for Workers; `rooms` must outlive them.
std::vector<Stage> pipeline_stages(Rooms& rooms);

class FactDispatcher {
public:
    FactDispatcher(Store& store, const Clock& clock);
    ~FactDispatcher();  // stops and waits
    void start();
    void stop();
    /// Turns all facts that are there into jobs, in the caller's thread. Returns how many facts.
    int dispatch_due();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
