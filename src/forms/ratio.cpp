#include "forms/ratio.h"

#include <cassert>
#include <limits>

#include "base/error.h"

namespace otklik {
namespace {

__extension__ using Wide = __int128;

Wide common_divisor(Wide a, Wide b) {
    if (a < 0) a = -a;
    while (b != 0) {
        const Wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

Ratio lowest(Wide num, Wide den) {
    assert(den != 0);
    if (den < 0) {
        num = -num;
        den = -den;
    }
    const Wide divisor = common_divisor(num, den);
    num /= divisor;
    den /= divisor;
    constexpr Wide max = std::numeric_limits<std::int64_t>::max();
    if (num > max || num < -max || den > max) throw Error(Fault::invalid, "score.too_fine");
    return {static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

}  // namespace

Ratio Ratio::of(std::int64_t num, std::int64_t den) {
    return lowest(num, den);
}

std::strong_ordering Ratio::operator<=>(const Ratio& other) const {
    const Wide left = Wide(num) * other.den;
    const Wide right = Wide(other.num) * den;
    return left < right   ? std::strong_ordering::less
           : left > right ? std::strong_ordering::greater
                          : std::strong_ordering::equal;
}

Ratio operator+(Ratio a, Ratio b) {
    // Over the common denominator: each product stays below 2^126, their sum below 2^127.
    const Wide divisor = common_divisor(a.den, b.den);
    return lowest(a.num * (b.den / divisor) + b.num * (a.den / divisor), a.den / divisor * b.den);
}

Ratio operator*(Ratio a, Ratio b) {
    return lowest(Wide(a.num) * b.num, Wide(a.den) * b.den);
}

Ratio operator/(Ratio a, Ratio b) {
    return lowest(Wide(a.num) * b.den, Wide(a.den) * b.num);
}

std::int64_t rounded(Ratio ratio, std::int64_t scale) {
    const Wide doubled = Wide(ratio.num) * scale * 2 + ratio.den;
    const Wide den = Wide(ratio.den) * 2;
    Wide result = doubled / den;
    if (doubled % den < 0) --result;  // C++ truncates towards 0, we want the floor
    return static_cast<std::int64_t>(result);
}

double shown_percent(Ratio ratio) {
    return static_cast<double>(rounded(ratio, 1000)) / 10;
}

}  // namespace otklik
