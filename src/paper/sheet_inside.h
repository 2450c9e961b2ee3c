#pragma once
// What the readers of this room share. Private to it.
#include "base/error.h"
#include "paper/sheet.h"

namespace otklik {

/// Collects the cells of one sheet and holds the limits.
class SheetBuilder {
public:
    explicit SheetBuilder(const SheetLimits& limits) : limits_(limits) {}
    /// Row and column from 0.
    void put(std::size_t row, std::size_t column, std::string text);
    void require_row(std::size_t row) const;
    Sheet& sheet() { return sheet_; }
    Sheet finish() &&;

private:
    const SheetLimits& limits_;
    Sheet sheet_;
    std::size_t text_bytes_ = 0;
};

struct DecodedText {
    std::string text;  // UTF-8 without a byte order mark
    std::string encoding;
};
/// Error{invalid, "sheet.binary"} when it is no text in any of the encodings.
DecodedText decode_text(std::string_view bytes);

SheetFile read_csv_sheet(std::string_view bytes, const SheetLimits& limits);
SheetFile read_xlsx_sheet(std::string_view bytes, std::optional<std::size_t> chosen,
                          const SheetLimits& limits);

inline Error too_large(std::string_view code, std::size_t max) {
    return Error(Fault::too_large, code, {{"max", std::to_string(max)}});
}

}  // namespace otklik
