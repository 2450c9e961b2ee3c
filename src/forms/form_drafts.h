#pragma once
// Drafts of forms: what an import has read and nobody has published yet. No check can use one; a
// person opens it in the editor, publishes it as a new form or as the next version of one, or
// throws it away. Owns: form_draft. Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <vector>

#include "forms/forms.h"

namespace otklik {

struct FormDraft {
    Id<FormDraft> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Form> form_id;  // whose next version it would be; 0: a new form
    std::string name;
    Purpose purpose = Purpose::standard;
    FormBody body;
    std::string created_by;  // actor
    Instant created_at;
};
template <>
inline constexpr std::string_view id_prefix<FormDraft> = "fdraft";

/// Error{invalid, "form.…"} by check_body.
Id<FormDraft> keep_form_draft(Tx& tx, const FormDraft& draft);
std::optional<FormDraft> find_form_draft(const Scope& scope, Tx& tx, Id<FormDraft> id);
/// Newest first.
std::vector<FormDraft> form_drafts(const Scope& scope, Tx& tx);
/// False when it is gone already.
bool drop_form_draft(Tx& tx, Id<FormDraft> id);

}  // namespace otklik
