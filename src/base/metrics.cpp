#include "base/metrics.h"

#include <fmt/format.h>

#include <cassert>
#include <iterator>

namespace otklik {
namespace {

std::string escaped(std::string_view text, bool quotes) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '"' && quotes)
            out += "\\\"";
        else
            out += c;
    }
    return out;
}

/// a="1",b="2"
std::string label_text(const Labels& labels) {
    std::string out;
    for (const auto& [name, value] : labels)
        out += (out.empty() ? "" : ",") + name + "=\"" + escaped(value, true) + "\"";
    return out;
}

std::string braces(const std::string& labels) {
    return labels.empty() ? "" : "{" + labels + "}";
}

}  // namespace

struct Metrics::Family {
    std::string about;
    std::string kind;
    std::map<std::string, std::unique_ptr<Counter>> counters;
    std::map<std::string, std::unique_ptr<Gauge>> gauges;
    std::map<std::string, std::unique_ptr<Histogram>> histograms;
};

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), buckets_(bounds_.size() + 1) {}

void Histogram::observe(double value) noexcept {
    std::size_t i = 0;
    while (i < bounds_.size() && value > bounds_[i]) ++i;
    buckets_[i].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Metrics::Family& Metrics::family(std::string_view name, std::string_view about,
                                 std::string_view kind) {
    auto& slot = families_[std::string(name)];
    if (!slot) {
        slot = std::make_unique<Family>();
        slot->about = about;
        slot->kind = kind;
    }
    assert(slot->kind == kind);
    return *slot;
}

Counter& Metrics::counter(std::string_view name, std::string_view about, const Labels& labels) {
    const std::lock_guard lock(mutex_);
    auto& slot = family(name, about, "counter").counters[label_text(labels)];
    if (!slot) slot = std::make_unique<Counter>();
    return *slot;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view about, const Labels& labels) {
    const std::lock_guard lock(mutex_);
    auto& slot = family(name, about, "gauge").gauges[label_text(labels)];
    if (!slot) slot = std::make_unique<Gauge>();
    return *slot;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view about,
                              std::vector<double> bounds, const Labels& labels) {
    const std::lock_guard lock(mutex_);
    auto& slot = family(name, about, "histogram").histograms[label_text(labels)];
    if (!slot) slot = std::make_unique<Histogram>(std::move(bounds));
    return *slot;
}

std::string Metrics::text() const {
    const std::lock_guard lock(mutex_);
    std::string out;
    const auto to = std::back_inserter(out);
    for (const auto& [name, family] : families_) {
        fmt::format_to(to, "# HELP {} {}\n# TYPE {} {}\n", name, escaped(family->about, false),
                       name, family->kind);
        for (const auto& [labels, counter] : family->counters)
            fmt::format_to(to, "{}{} {}\n", name, braces(labels), counter->value());
        for (const auto& [labels, gauge] : family->gauges)
            fmt::format_to(to, "{}{} {}\n", name, braces(labels), gauge->value());
        for (const auto& [labels, histogram] : family->histograms) {
            std::int64_t count = 0;
            const std::string comma = labels.empty() ? "" : labels + ",";
            for (std::size_t i = 0; i <= histogram->bounds().size(); ++i) {
                count += histogram->in_bucket(i);
                const bool last = i == histogram->bounds().size();
                const std::string bound = last ? "+Inf" : fmt::format("{}", histogram->bounds()[i]);
                fmt::format_to(to, "{}_bucket{{{}le=\"{}\"}} {}\n", name, comma, bound, count);
            }
            fmt::format_to(to, "{}_sum{} {}\n{}_count{} {}\n", name, braces(labels),
                           histogram->sum(), name, braces(labels), count);
        }
    }
    return out;
}

}  // namespace otklik
