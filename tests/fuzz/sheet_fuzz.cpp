// Tables of people: whatever comes in is read or refused in words; nothing larger than the limits
// comes out, and what was read as a list of staff is matched without a fault of ours.
#include <cstdlib>

#include "base/error.h"
#include "base/messages.h"
#include "imports/table.h"
#include "paper/sheet.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace otklik;
    static const Messages messages;
    static const ImportWords words(messages);
    const SheetLimits limits{.bytes_max = 1 << 20,
                             .rows_max = 1000,
                             .columns_max = 50,
                             .cell_bytes_max = 10'000,
                             .text_bytes_max = 1 << 20,
                             .parts_max = 50,
                             .part_bytes_max = 4 << 20,
                             .sheets_max = 20};
    try {
        const SheetFile file =
            read_sheet({reinterpret_cast<const char*>(data), size}, std::nullopt, limits);
        std::size_t bytes = 0;
        if (file.sheet.rows.size() > limits.rows_max) std::abort();
        for (const SheetRow& row : file.sheet.rows) {
            if (row.size() > limits.columns_max) std::abort();
            for (const std::string& cell : row) bytes += cell.size();
        }
        if (bytes > 2 * limits.text_bytes_max) std::abort();
        for (const auto& [kind, word] : enum_words<ImportKind>) {
            const ImportSettings settings = guess_settings(kind, file, words);
            const ImportTable table(kind, file, settings);
            for (std::size_t i = 0; i < table.size(); ++i) {
                day_of_text(table.value(i, "day"), file.format);
                decimal_of_text(table.value(i, "score"));
            }
        }
    } catch (const Error& error) {
        if (error.fault() != Fault::invalid && error.fault() != Fault::too_large) std::abort();
    }
    return 0;
}
