#pragma once
// Fourier transforms over KissFFT (decisions/recording-markers.md). Private to the room.
// Thread: one plan belongs to one thread at a time; its buffers are the caller's.
#include <complex>
#include <cstddef>
#include <memory>
#include <vector>

namespace otklik::align {

using Complex = std::complex<float>;

/// Of one length, both ways; not scaled: back(forward(x)) = length * x.
class Fft {
public:
    explicit Fft(std::size_t length);
    ~Fft();
    Fft(const Fft&) = delete;
    Fft& operator=(const Fft&) = delete;
    std::size_t length() const { return length_; }
    /// `out` may not be `in`; both have length() values.
    void forward(const Complex* in, Complex* out) const;
    void back(const Complex* in, Complex* out) const;

private:
    struct Inside;
    std::size_t length_;
    std::unique_ptr<Inside> inside_;
};

/// Of real values, even length; length / 2 + 1 bins.
class RealFft {
public:
    explicit RealFft(std::size_t length);
    ~RealFft();
    RealFft(const RealFft&) = delete;
    RealFft& operator=(const RealFft&) = delete;
    void forward(const float* in, Complex* out) const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik::align
