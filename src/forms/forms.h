#pragma once
// Forms: questionnaires for checks, in versions. A version never changes; a check keeps the version
// it began with, so its wording and score stay. Forms are settings of the whole company: everybody
// of the company may read them. Owns: form, form_version, comment_template, form_default,
// form_draft (form_drafts.h). Facts: form.changed. Thread: any; the transaction is the lock.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "forms/form_body.h"
#include "forms/score.h"
#include "kinds/kinds.h"
#include "people/people.h"

namespace otklik {

class Tx;
struct FormVersion;

struct Form {
    Id<Form> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    std::string name;
    Purpose purpose = Purpose::signal;
    std::optional<Instant> archived_at;
    Id<FormVersion> version_id;  // the newest
    std::int64_t number = 1;     // of the newest version
};
struct FormVersion {
    Id<FormVersion> id;
    Id<Form> form_id;
    std::int64_t number = 1;
    FormBody body;
    Instant created_at;
};
template <>
inline constexpr std::string_view id_prefix<Form> = "form";
/// A ready comment to an item: a checker's own, or shared with all of them.
struct CommentTemplate {
    Id<CommentTemplate> id;
    Id<Form> form_id;
    std::string item;
    Id<Person> owner_id;  // 0: shared
    std::string text;
    bool removed = false;
};
/// The form proposed for signals of a kind; the kind is a word of signals/signals.h.
struct FormDefault {
    std::string signal_kind;
    Id<Form> form_id;
    std::string form_name;
};
template <>
inline constexpr std::string_view id_prefix<FormVersion> = "formver";
template <>
inline constexpr std::string_view id_prefix<CommentTemplate> = "template";

class Forms {
public:
    struct NewForm {
        std::int64_t company_id = 0;
        Id<Unit> unit;  // the company's root
        std::string name;
        Purpose purpose = Purpose::signal;
        FormBody body;        // checked here
        Id<Account> made_by;  // 0: the console
    };
    Id<Form> make(Tx& tx, const NewForm& form);
    /// A new version with the next number. Error{not_found}; Error{conflict, "form.archived"}.
    Id<FormVersion> add_version(const Scope& scope, Tx& tx, Id<Form> id, FormBody body,
                                Id<Account> by);
    /// No new checks; old ones stay as they are. Twice is once.
    void archive(const Scope& scope, Tx& tx, Id<Form> id);
    std::optional<Form> find(const Scope& scope, Tx& tx, Id<Form> id) const;
    Form get(const Scope& scope, Tx& tx, Id<Form> id) const;  // Error{not_found}
    /// Newest first, archived ones left out.
    std::vector<Form> list(const Scope& scope, Tx& tx, std::optional<Purpose> purpose) const;
    FormVersion version(const Scope& scope, Tx& tx, Id<FormVersion> id) const;  // Error{not_found}
    std::vector<FormVersion> versions(const Scope& scope, Tx& tx,
                                      Id<Form> id) const;  // newest first

    /// The reader's own ready comments, then the shared ones, each in the order they were made.
    std::vector<CommentTemplate> templates(const Scope& scope, Tx& tx, Id<Form> form) const;
    /// The same text for the same item and owner is one template. Error{forbidden,
    /// "template.shared"}: only those who may manage forms write shared ones. Error{invalid,
    /// "answer.unknown_item" | "field.empty"}, Error{conflict, "template.many"}.
    Id<CommentTemplate> add_template(const Scope& scope, Tx& tx, const CommentTemplate& wanted);
    /// Takes it away, or back when `removed` is false. Error{not_found}: also somebody else's own.
    void set_template_removed(const Scope& scope, Tx& tx, Id<Form> form, Id<CommentTemplate> id,
                              bool removed);

    /// Kinds without a default, or with an archived one, are absent.
    std::vector<FormDefault> defaults(const Scope& scope, Tx& tx) const;
    /// Form 0: none. Error{conflict, "form.archived" | "form.not_signal"}, Error{not_found}.
    void set_default(const Scope& scope, Tx& tx, std::string_view signal_kind, Id<Form> form);
};

/// Ready forms to begin with, from forms/starters/<key>.<language>.json: user data, so not in the
/// catalogue.
struct StarterForm {
    std::string key;
    std::optional<std::string> trade;  // salon, autoservice, shop, clinic, call_center; or for all
    std::string name;
    Purpose purpose = Purpose::signal;
    FormBody body;
    void fields(FieldSink& f);
};
std::vector<StarterForm> starter_forms(Language language);

extern const std::span<const Kind> form_kinds;

}  // namespace otklik
