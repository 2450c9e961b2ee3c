#pragma once
// A list that is asked for as a file. Thread: belongs to one call.
#include <cstddef>
#include <optional>
#include <string>

#include "base/fields.h"

namespace otklik {

/// A list on its way into one CSV file, page by page.
struct CsvExport {
    static constexpr std::size_t rows_max = 10'000;
    CsvTable table;
    std::optional<std::string> next;  // the page to go on with
    bool cut = false;                 // a page did not fit
};

}  // namespace otklik
