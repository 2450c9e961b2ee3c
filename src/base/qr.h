#pragma once
// QR pictures of short texts, for a camera. Pure; any thread.
#include <string>
#include <string_view>

namespace otklik {

/// An <svg> of black cells on white with the quiet zone of four; empty when the text does not fit
/// (over about 2 000 bytes).
std::string qr_svg(std::string_view text);

}  // namespace otklik
