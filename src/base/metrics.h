#pragma once
// Metrics: counters, gauges and histograms by name and labels, printed in Prometheus' text format
// (0.0.4). Label values come from small fixed sets, never from outside: each new one is memory for
// ever. Thread: any. A handle lives as long as its Metrics.
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace otklik {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
public:
    void add(std::int64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

class Gauge {
public:
    void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
    double value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<double> value_{0};
};

class Histogram {
public:
    /// `bounds`: rising upper bounds; +Inf is added.
    explicit Histogram(std::vector<double> bounds);
    void observe(double value) noexcept;
    const std::vector<double>& bounds() const { return bounds_; }
    /// Observations in the bucket (not summed up), the last is +Inf's.
    std::int64_t in_bucket(std::size_t i) const {
        return buckets_[i].load(std::memory_order_relaxed);
    }
    double sum() const { return sum_.load(std::memory_order_relaxed); }

private:
    std::vector<double> bounds_;
    std::vector<std::atomic<std::int64_t>> buckets_;
    std::atomic<double> sum_{0};
};

class Metrics {
public:
    Metrics();
    ~Metrics();
    /// The same name and labels give the same handle. A name has one kind and one text.
    Counter& counter(std::string_view name, std::string_view about, const Labels& labels = {});
    Gauge& gauge(std::string_view name, std::string_view about, const Labels& labels = {});
    Histogram& histogram(std::string_view name, std::string_view about, std::vector<double> bounds,
                         const Labels& labels = {});
    std::string text() const;

private:
    struct Family;
    Family& family(std::string_view name, std::string_view about, std::string_view kind);
    mutable std::mutex mutex_;
    std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;
};

}  // namespace otklik
