#pragma once
// A declared gap as routes tell it. Thread: any worker.
#include <string>

#include "recording/recording.h"
#include "web/api/route.h"

namespace otklik {

struct GapView {
    Instant begin_at, end_at;
    std::string cause;
    void fields(FieldSink& f) {
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at);
        f.text("cause", cause);
    }
};
inline GapView view_of(const Gap& gap) {
    return {gap.at.begin, gap.at.end, gap.cause};
}

}  // namespace otklik
