#pragma once
// Exact fractions, so that a score is rounded once, where it is shown.
// Always in lowest terms with den > 0. An overflow of int64 is Error{invalid, "score.too_fine"},
// never a wrong value. Thread: values.
#include <compare>
#include <cstdint>

namespace otklik {

struct Ratio {
    std::int64_t num = 0;
    std::int64_t den = 1;

    /// num / den in lowest terms; den must not be 0.
    static Ratio of(std::int64_t num, std::int64_t den);
    bool operator==(const Ratio&) const = default;
    std::strong_ordering operator<=>(const Ratio& other) const;
};
Ratio operator+(Ratio a, Ratio b);
Ratio operator*(Ratio a, Ratio b);
Ratio operator/(Ratio a, Ratio b);

/// num / den · scale to the nearest integer, halves up (towards plus infinity).
std::int64_t rounded(Ratio ratio, std::int64_t scale);
/// The percentage with one decimal, halves up: the only rounding of a score. 2/3 is 66.7.
double shown_percent(Ratio ratio);

}  // namespace otklik
