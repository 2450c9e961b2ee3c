#pragma once
// A list that is asked for as a file. Thread: belongs to one call.
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "paper/list_table.h"

namespace otklik {

enum class ListFormat { csv, xlsx };
template <>
inline constexpr std::pair<ListFormat, std::string_view> enum_words<ListFormat>[2] = {
    {ListFormat::csv, "csv"}, {ListFormat::xlsx, "xlsx"}};

/// A list on its way into one file, page by page.
struct ListExport {
    static constexpr std::size_t rows_max = 100'000;
    ListTable table;
    std::optional<std::string> next;  // the page to go on with
    bool cut = false;                 // a page did not fit
};

}  // namespace otklik
