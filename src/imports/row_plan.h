#pragma once
// What the rows of an import would do or did, and how the file was read: the preview. Thread:
// values.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/fields.h"

namespace otklik {

enum class RowAction { made, changed, same, bad };
template <>
inline constexpr std::pair<RowAction, std::string_view> enum_words<RowAction>[4] = {
    {RowAction::made, "made"},
    {RowAction::changed, "changed"},
    {RowAction::same, "same"},
    {RowAction::bad, "bad"}};

struct RowCounts {
    std::int64_t made = 0, changed = 0, same = 0, bad = 0;
};

/// Why a row cannot be taken; words stand under "import.fault.<code>".
struct RowFault {
    std::string field;   // ours; empty: the whole row
    std::string column;  // as the file heads it
    std::string code;
    ErrorParams params;
};
struct RowChange {
    std::string field, before, after;
};
/// What a row does or did.
struct RowPlan {
    std::int64_t row = 0;  // as the person's program counts
    RowAction action = RowAction::made;
    std::string title;  // whom or what it is about
    std::vector<RowFault> faults;
    std::vector<RowChange> changes;
    std::string undo;             // "undone", or "kept": changed since
    std::int64_t subject_id = 0;  // what it made or changed; 0 before it ran
};

/// A field that can be matched, and what is matched with it now.
struct ImportField {
    std::string_view name;
    bool required = false;
    std::optional<std::int64_t> column;
};
struct FileColumn {
    std::string title;
    std::vector<std::string> samples;
};
/// The file as it was read.
struct FileLook {
    std::string format;    // csv | xlsx
    std::string encoding;  // of CSV
    std::vector<std::string> sheet_names;
    std::vector<FileColumn> columns;
    std::vector<ImportField> fields;
    std::int64_t formulas_without_value = 0;
};
/// A name in the file and what it was taken for.
struct ImportMatch {
    std::string field;   // ours
    std::string said;    // as the file writes it
    std::string is;      // ours; empty: not known
    std::int64_t n = 0;  // rows
};
struct ImportPreview {
    FileLook look;
    RowCounts counts;
    std::int64_t total = 0;
    std::vector<RowPlan> rows;         // of the action asked for, in the order of the file
    std::optional<std::int64_t> next;  // the row to go on after
    std::vector<RowFault> faults;      // of the whole: a field that must be matched and is not
    std::vector<ImportMatch> matches;  // what is not known first, then by rows; 100 at most
};
struct RowsWish {
    std::optional<RowAction> action;
    bool kept = false;  // only rows that the undo left
    std::int64_t after = 0;
    int count_max = 100;
};

}  // namespace otklik
