#include "align/fft.h"

#include <kiss_fft.h>
#include <kiss_fftr.h>

#include <new>

namespace otklik::align {
namespace {

// The standard lets a complex number be read as two values side by side, which is kiss_fft_cpx.
static_assert(sizeof(Complex) == sizeof(kiss_fft_cpx));
const kiss_fft_cpx* plain(const Complex* values) {
    return reinterpret_cast<const kiss_fft_cpx*>(values);
}
kiss_fft_cpx* plain(Complex* values) {
    return reinterpret_cast<kiss_fft_cpx*>(values);
}

struct Free {
    template <class T>
    void operator()(T* plan) const {
        kiss_fft_free(plan);
    }
};
template <class T>
using Plan = std::unique_ptr<T, Free>;

template <class T>
Plan<T> plan_of(T* made) {
    if (!made) throw std::bad_alloc();
    return Plan<T>(made);
}

}  // namespace

struct Fft::Inside {
    Plan<kiss_fft_state> forward, back;
};
Fft::Fft(std::size_t length)
    : length_(length),
      inside_(std::make_unique<Inside>(
          Inside{plan_of(kiss_fft_alloc(static_cast<int>(length), 0, nullptr, nullptr)),
                 plan_of(kiss_fft_alloc(static_cast<int>(length), 1, nullptr, nullptr))})) {}
Fft::~Fft() = default;
void Fft::forward(const Complex* in, Complex* out) const {
    kiss_fft(inside_->forward.get(), plain(in), plain(out));
}
void Fft::back(const Complex* in, Complex* out) const {
    kiss_fft(inside_->back.get(), plain(in), plain(out));
}

struct RealFft::Inside {
    Plan<kiss_fftr_state> forward;
};
RealFft::RealFft(std::size_t length)
    : inside_(std::make_unique<Inside>(
          Inside{plan_of(kiss_fftr_alloc(static_cast<int>(length), 0, nullptr, nullptr))})) {}
RealFft::~RealFft() = default;
void RealFft::forward(const float* in, Complex* out) const {
    // KissFFT uses its plan as a scratch pad, so one plan belongs to one thread at a time.
    kiss_fftr(inside_->forward.get(), in, plain(out));
}

}  // namespace otklik::align
