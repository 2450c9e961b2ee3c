#include "app/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace otklik {
namespace {

constexpr std::int64_t bar_width = 30;
constexpr std::int64_t line_every = 10;  // per cent, where no terminal shows a bar

}  // namespace

Progress::Progress(std::string name)
    : name_(std::move(name)), terminal_(::isatty(STDERR_FILENO) == 1) {}

void Progress::put(std::int64_t done, std::int64_t total, const std::string& words) {
    const std::int64_t share = total > 0 ? std::clamp<std::int64_t>(done * 100 / total, 0, 100) : 0;
    if (terminal_) {
        const auto full = static_cast<std::size_t>(share * bar_width / 100);
        std::fprintf(stderr, "\r[%s%s] %3d%% %s  ", std::string(full, '#').c_str(),
                     std::string(bar_width - full, '.').c_str(), static_cast<int>(share),
                     words.c_str());
        drawn_ = true;
    } else if (share >= told_ + line_every) {
        told_ = share - share % line_every;
        std::fprintf(stderr, "%s: %d%%, %s\n", name_.c_str(), static_cast<int>(share),
                     words.c_str());
    }
    std::fflush(stderr);
}

void Progress::end() {
    if (drawn_) std::fputc('\n', stderr);
    drawn_ = false;
    told_ = 0;
}

}  // namespace otklik
