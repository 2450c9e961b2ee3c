#pragma once
// Checks: a form filled for a piece of recording.
// Two kinds never mix (design.md section 10): a `signal` form is filled for the clip of a press, a
// `standard` form, which judges staff, only for an interval drawn by chance; a press is chosen by a
// customer and would make the score unfair. Owns: check_sheet, check_answer, evidence. Facts:
// check.changed, check.done. States: draft -> done -> draft (reopened) …, withdrawn from both.
// Thread: any; the transaction is the lock.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "checks/unassessed.h"
#include "clips/clips.h"
#include "forms/forms.h"
#include "kinds/kinds.h"
#include "recording/recording.h"
#include "sampling/sampling.h"

namespace otklik {

class Signals;
class Speech;

enum class CheckState { draft, done, withdrawn };
template <>
inline constexpr std::pair<CheckState, std::string_view> enum_words<CheckState>[3] = {
    {CheckState::draft, "draft"}, {CheckState::done, "done"}, {CheckState::withdrawn, "withdrawn"}};

struct Check {
    Id<Check> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;  // of the point
    Id<Form> form_id;
    Id<FormVersion> form_version_id;
    Purpose purpose = Purpose::signal;
    Id<Clip> clip_id;  // one of both
    Id<Draw> draw_id;
    Id<Point> point_id;
    Id<Person> person_id;  // whose work it is: on duty then; 0: nobody known
    Id<Person> checker_id;
    CheckState state = CheckState::draft;
    std::optional<Outcome> outcome;  // when done
    std::optional<Ratio> score;      // when done and there is one
    std::optional<Ratio> kept;
    std::optional<Unassessed> reason;  // with outcome cannot_assess
    std::string reason_note;
    std::int64_t local_day = 0;  // of the service that is checked, by the site's zone
    std::int64_t version = 1;
    Instant started_at;
    std::optional<Instant> done_at;
};
struct CheckAnswer {
    std::string item;
    std::string answer;  // empty: not answered
    std::string comment;
    Instant answered_at;  // when the server took it
};
struct Evidence {
    Id<Evidence> id;
    std::string item;
    Id<RecordingSession> session_id;
    std::int64_t channel = 0;
    std::int64_t media_sample = 0;
    std::string quote;
};
template <>
inline constexpr std::string_view id_prefix<Check> = "check";
template <>
inline constexpr std::string_view id_prefix<Evidence> = "evidence";

class Checks {
public:
    struct Uses {
        Forms& forms;
        Sampling& sampling;
        Clips& clips;
        Signals& signals;
        Recording& recording;
        Sites& sites;
        const Speech& speech;
    };
    explicit Checks(Uses uses) : uses_(uses) {}

    /// A draft by the reader for a press clip; the reader's open draft of the same form when there
    /// is one. Error{conflict}: "check.standard_on_press", "check.own_work", "check.press_undone",
    /// "check.nothing_to_hear", "check.done_before", "form.archived". Error{not_found}.
    Id<Check> start_on_clip(const Scope& scope, Tx& tx, Id<Form> form, Id<Clip> clip);
    /// The same for a drawn interval. Error{conflict, "check.signal_on_draw"};
    /// "check.standard_on_press" when the recording is a press clip that left the house and came
    /// back (Clips::returned_clip); "draw.recording_moved": it was put at another point since.
    Id<Check> start_on_draw(const Scope& scope, Tx& tx, Id<Form> form, Id<Draw> draw);
    /// An interval made by hand is never checked: always throws Error{conflict,
    /// "check.interval_over_press"} when it meets the window of a press, else
    /// "check.interval_not_drawn".
    [[noreturn]] void refuse_interval(const Scope& scope, Tx& tx, Id<RecordingSession> session,
                                      SampleRange samples);

    /// Nothing when there is none or the reader may not see it; employees see their own when done.
    std::optional<Check> find(const Scope& scope, Tx& tx, Id<Check> id) const;
    Check get(const Scope& scope, Tx& tx, Id<Check> id) const;  // Error{not_found}
    struct Filter {
        std::optional<CheckState> state;
        std::optional<Purpose> purpose;
        std::optional<Outcome> outcome;
        std::optional<std::int64_t> day_from, day_to;  // local days of the service, both included
        Id<Person> checker_id;
    };
    struct Page {
        std::vector<Check> items;
        std::optional<PageKey> next;
    };
    Page list(const Scope& scope, Tx& tx, const Filter& filter, std::optional<PageKey> after,
              int count_max) const;
    /// Done checks of the reader's own work, the newest day of service first and within it the one
    /// done last; of the 200 done last.
    std::vector<Check> own(const Scope& scope, Tx& tx) const;
    std::vector<Check> of_clip(const Scope& scope, Tx& tx, Id<Clip> clip) const;
    /// Those with evidence in the recording or on an interval drawn from it, newest first, at most
    /// 200.
    std::vector<Check> on_recording(const Scope& scope, Tx& tx, Id<RecordingSession> id) const;
    std::vector<CheckAnswer> answers(Tx& tx, const Check& check) const;
    std::vector<Evidence> evidence(Tx& tx, const Check& check) const;
    FormVersion form_of(Tx& tx, const Check& check) const;
    Score score(Tx& tx, const Check& check) const;

    /// Filling; only the checker, only a draft: Error{forbidden, "check.not_yours"},
    /// Error{conflict, "check.not_draft"}. `version` is the one the reader saw: Error{precondition,
    /// "row.changed"}.
    void set_answers(const Scope& scope, Tx& tx, Id<Check> id, std::int64_t version,
                     const std::vector<CheckAnswer>& answers);
    /// Where in the recording the reason is. Either a sample of the clip or drawn interval, or of a
    /// session.
    struct EvidencePlace {
        std::string item;
        std::optional<std::int64_t> clip_sample;
        Id<RecordingSession> session_id;
        std::optional<std::int64_t> media_sample;
        std::int64_t channel = 0;
        std::string quote;  // said around that second, or empty
    };
    /// Error{conflict, "evidence.in_gap"}, Error{invalid, "evidence.outside" | "evidence.channel" |
    /// "answer.unknown_item" | "evidence.quote_unknown"}.
    Id<Evidence> add_evidence(const Scope& scope, Tx& tx, Id<Check> id, const EvidencePlace& place);
    void remove_evidence(const Scope& scope, Tx& tx, Id<Check> id, Id<Evidence> evidence);
    /// Where evidence lies in the clip or interval of the check; nothing when the newest cut does
    /// not hold it.
    std::optional<std::int64_t> clip_sample_of(const Scope& scope, Tx& tx, const Check& check,
                                               const Evidence& evidence) const;

    struct Hindrance {
        std::string code;  // "check.unanswered" | "check.no_evidence"
        std::string item;
    };
    /// What stands against finishing, in the order of the form.
    std::vector<Hindrance> hindrances(Tx& tx, const Check& check) const;
    /// Stores outcome and score. Error{conflict} with the first hindrance.
    void finish(const Scope& scope, Tx& tx, Id<Check> id, std::int64_t version);
    /// Ends it without a score: in figures it is missing, with the reason. Unanswered items do not
    /// hinder it. Error{invalid, "check.reason_note"}: this reason needs a note.
    void give_up(const Scope& scope, Tx& tx, Id<Check> id, std::int64_t version, Unassessed reason,
                 std::string_view note);
    void reopen(const Scope& scope, Tx& tx, Id<Check> id);    // the checker or an administrator
    void withdraw(const Scope& scope, Tx& tx, Id<Check> id);  // the same
    /// Takes a withdrawal back: draft or done as it was. Twice is once. Error{conflict,
    /// "check.begun_again"}: its checker has another check of the same by the same form.
    void restore(const Scope& scope, Tx& tx, Id<Check> id);

    /// Points of whose sound checkers complained, by local days of the service, both included.
    struct BadSound {
        Id<Point> point_id;
        std::vector<Id<Check>> checks;  // newest first
    };
    std::vector<BadSound> bad_sound(const Scope& scope, Tx& tx, std::int64_t day_from,
                                    std::int64_t day_to) const;

private:
    struct Subject;
    Id<Check> start(const Scope& scope, Tx& tx, const Form& form, const Subject& subject);
    void pin_sound(Tx& tx, const Check& check);
    void unpin_sound(Tx& tx, const Check& check);
    Check draft_of(const Scope& scope, Tx& tx, Id<Check> id) const;
    Check decided_by(const Scope& scope, Tx& tx, Id<Check> id) const;
    Evidence resolve(const Scope& scope, Tx& tx, const Check& check,
                     const EvidencePlace& place) const;

    Uses uses_;
};

/// Whether the quote's words stand in `words` one after the other; case, punctuation and io/ie do
/// not matter.
bool quote_fits(const std::vector<std::string>& words, std::string_view quote);

extern const std::span<const Kind> check_kinds;

}  // namespace otklik
