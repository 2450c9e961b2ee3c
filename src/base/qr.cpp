#include "base/qr.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace otklik {
namespace {

constexpr int quiet = 4;  // cells, ISO/IEC 18004
constexpr int cell = 6;   // pixels

}  // namespace

std::string qr_svg(std::string_view text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code) return {};
    const int size = code->width + 2 * quiet;
    std::string path;
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            if (code->data[y * code->width + x] & 1)
                path += fmt::format("M{} {}h1v1h-1z", x + quiet, y + quiet);
    const std::string head = fmt::format(
        R"(<svg role="img" aria-label="QR" width="{0}" height="{0}" viewBox="0 0 {1} {1}" )",
        size * cell, size);
    return head +
           fmt::format(R"(shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/>)",
                       size) +
           "<path d=\"" + path + "\"/></svg>";
}

}  // namespace otklik
