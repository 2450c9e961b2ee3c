#pragma once
// Imports: tables that people bring in: staff, forms from a sheet, scores of an earlier system, a
// production calendar, contacts, the press log of another system. A file is first a draft whose
// preview says row by row what would happen; started, it is a batch: slices of rows, each in one
// transaction with the count of what is done, so that it goes on after a restart and can be
// cancelled; every row remembers what it did, so that the whole can be taken back, but for rows
// that somebody changed since. Owns: sheet_import, sheet_import_file, sheet_import_row, past_score,
// logged_press, contact. Facts: import.wanted, import.changed. Thread: any; look() on a stage
// worker.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fields.h"
#include "base/id.h"
#include "base/time.h"
#include "forms/form_body.h"
#include "imports/row_plan.h"
#include "kinds/kinds.h"
#include "people/people.h"
#include "signals/signal.h"

namespace otklik {

class Checks;
class Clips;
class Forms;
class Messages;
class Recording;
class Signals;
class Sites;
class Store;
class Tx;

enum class ImportKind { staff, form, past_scores, calendar, contacts, presses };
template <>
inline constexpr std::pair<ImportKind, std::string_view> enum_words<ImportKind>[6] = {
    {ImportKind::staff, "staff"},
    {ImportKind::form, "form"},
    {ImportKind::past_scores, "past_scores"},
    {ImportKind::calendar, "calendar"},
    {ImportKind::contacts, "contacts"},
    {ImportKind::presses, "presses"}};
enum class ImportState { draft, waiting, running, done, cancelled, failed, undoing, undone };
template <>
inline constexpr std::pair<ImportState, std::string_view> enum_words<ImportState>[8] = {
    {ImportState::draft, "draft"},         {ImportState::waiting, "waiting"},
    {ImportState::running, "running"},     {ImportState::done, "done"},
    {ImportState::cancelled, "cancelled"}, {ImportState::failed, "failed"},
    {ImportState::undoing, "undoing"},     {ImportState::undone, "undone"}};
/// A field of ours and the column of the file it comes from.
struct ColumnChoice {
    std::string field;
    std::int64_t column = 0;  // from 0
    void fields(FieldSink& f);
};
/// What the person chose; guessed from the file at first.
struct ImportSettings {
    std::int64_t sheet = 0;       // of the workbook, from 0
    std::int64_t header_row = 1;  // as the person's program counts
    std::vector<ColumnChoice> columns;
    std::optional<Id<Unit>> unit;     // staff without a place, calendar: absent is the company
    std::optional<std::string> name;  // form
    std::optional<Purpose> purpose;   // form
    std::optional<std::int64_t> scale_max;        // past scores without a per cent sign
    std::optional<std::int64_t> year;             // calendar
    std::optional<std::int64_t> service_minutes;  // contacts: how long service takes at most
    std::optional<SignalKind> button_kind;        // presses: of buttons that are not known here
    std::optional<bool> to_inbox;                 // presses without words: to be worked through
    void fields(FieldSink& f);
};

struct SheetImport {
    Id<SheetImport> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;  // the company's root, or what its maker sees of it
    ImportKind import_kind = ImportKind::staff;
    ImportState state = ImportState::draft;
    std::string file_name;
    std::string sha256;  // raw
    ImportSettings settings;
    std::int64_t rows_total = 0, rows_done = 0;
    RowCounts counts;
    std::int64_t undone = 0, kept = 0;  // rows
    std::int64_t result_id = 0;         // the calendar or the draft of a form that came of it
    std::string reason;                 // why it failed, a code of the catalogue
    std::string created_by;             // actor
    Id<Account> account_id;             // 0: the console
    Instant created_at;
    std::optional<Instant> ended_at;
    std::int64_t version = 1;
};
template <>
inline constexpr std::string_view id_prefix<SheetImport> = "import";

struct PastScore {
    Id<PastScore> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<SheetImport> import_id;
    Id<Person> person_id;
    std::int64_t day = 0;
    std::string form_name, comment;
    std::int64_t score_num = 0, score_den = 1;
};
template <>
inline constexpr std::string_view id_prefix<PastScore> = "past";

struct ContactTag {};  // ids of contacts
template <>
inline constexpr std::string_view id_prefix<ContactTag> = "contact";

inline constexpr std::size_t import_bytes_max = 20 << 20;

/// The rooms below that an import reads and writes through.
struct ImportUses {
    People& people;
    Sites& sites;
    Recording& recording;
    Signals& signals;
    Clips& clips;
    Checks& checks;
};

class Imports {
public:
    Imports(Store& store, const ImportUses& uses, const Messages& messages)
        : store_(store), uses_(uses), messages_(messages) {}

    struct NewImport {
        ImportKind import_kind = ImportKind::staff;
        std::string file_name;
        std::string bytes;
        std::string created_by;
    };
    /// Reads the file, guesses the settings, keeps both. Error{"sheet.…"} of paper/sheet.h.
    Id<SheetImport> make(const Scope& scope, const NewImport& wanted);
    std::optional<SheetImport> find(const Scope& scope, Tx& tx, Id<SheetImport> id) const;
    SheetImport get(const Scope& scope, Tx& tx, Id<SheetImport> id) const;  // Error{not_found}
    /// An earlier one of the same bytes and kind that was carried out and not taken back.
    std::optional<SheetImport> same_before(const Scope& scope, Tx& tx,
                                           const SheetImport& import) const;
    std::vector<SheetImport> list(const Scope& scope, Tx& tx, std::optional<PageKey> after,
                                  int count_max, std::optional<PageKey>& next) const;
    /// Only a draft: Error{conflict, "import.not_draft"}; Error{precondition, "row.changed"}.
    void change(const Scope& scope, Tx& tx, Id<SheetImport> id, std::int64_t version,
                const ImportSettings& settings);
    /// Of a draft: what each row would do now. Outside of transactions; at most some seconds.
    ImportPreview preview(const Scope& scope, const SheetImport& import, const RowsWish& wish);
    /// Of one that ran: what each row did.
    ImportPreview rows(const Scope& scope, Tx& tx, const SheetImport& import,
                       const RowsWish& wish) const;
    /// Error{conflict, "import.not_draft"}; Error{invalid, "import.unmatched"}.
    void start(const Scope& scope, Tx& tx, Id<SheetImport> id);
    /// A draft is gone; one that runs stops after its slice and keeps what it did.
    void cancel(const Scope& scope, Tx& tx, Id<SheetImport> id);
    /// Error{conflict, "import.nothing_to_undo"}.
    void undo(const Scope& scope, Tx& tx, Id<SheetImport> id);
    /// Stage imports.run: carries out or takes back, whichever the row asks for.
    std::optional<Instant> look(std::int64_t id);
    std::optional<PastScore> past_score(const Scope& scope, Tx& tx, Id<PastScore> id) const;

private:
    void run(const SheetImport& import);
    void run_back(const SheetImport& import);
    Scope scope_of(Tx& tx, const SheetImport& import) const;
    Id<Unit> widest_unit(Tx& tx, const Scope& scope) const;

    Store& store_;
    const ImportUses uses_;
    const Messages& messages_;
};

extern const std::span<const Kind> import_kinds;

}  // namespace otklik
