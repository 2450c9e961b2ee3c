#pragma once
// Rows of the tables of imports, and what the files here share. Private to imports.
#include <memory>
#include <string>
#include <vector>

#include "imports/planner.h"

namespace otklik {

class Row;

SheetImport import_of(const Row& row);
/// Faults and changes as they are kept: one JSON.
std::string faults_json(const std::vector<RowFault>& faults);
std::vector<RowFault> parse_faults(const std::string& json);

/// The file of an import, read and matched, with the planner that looks into it.
class ImportReading {
public:
    ImportReading(const Scope& scope, const SheetImport& import, std::string_view bytes,
                  const Messages& messages, const ImportUses& uses, bool preview);
    ImportReading(const ImportReading&) = delete;
    ImportReading& operator=(const ImportReading&) = delete;
    const SheetFile& file() const { return file_; }
    const ImportTable& table() const { return table_; }
    Planner& planner() { return *planner_; }

private:
    SheetImport import_;
    SheetFile file_;
    ImportTable table_;
    ImportWords words_;
    std::unique_ptr<Planner> planner_;
};

}  // namespace otklik
