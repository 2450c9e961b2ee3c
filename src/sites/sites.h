#pragma once
// Sites: places with a time zone, points of contact, the lawful basis of recording there, who was
// on duty, questions. Owns: site, point, basis_card, duty, question, question_plan; production
// calendars stand in work_calendars.h. Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "people/people.h"
#include "sites/point_profile.h"
#include "sites/question_plan.h"

namespace otklik {

struct Site {
    Id<Site> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;  // each site is a unit of its own
    std::string name;
    std::string zone;  // IANA, "Asia/Yekaterinburg"
    std::string address;
    std::int64_t version = 1;
    std::optional<Instant> archived_at;
};
struct Point {
    Id<Point> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Site> site_id;
    std::string name;
    std::string zone;  // of its site, for reading
    Duration give_up_after = Duration::hours(24);
    std::int64_t version = 1;
    std::optional<Instant> archived_at;
    PointProfile profile = {};
};
/// The lawful basis of recording at a point (R9): without a confirmed, unrevoked card no audio is
/// accepted.
struct BasisCard {
    Id<BasisCard> id;
    Id<Point> point_id;
    std::string ground;   // "participant", "consent", "contract", … free words of the lawyer
    std::string notice;   // what customers are told
    std::string signage;  // where the notice hangs
    std::string consent;  // employees' consent: document and date
    std::int64_t retention_days = 90;  // of recordings
    std::int64_t clip_days = 90;       // of cuts
    std::int64_t original_days = 30;   // of imported files, since they came
    Id<Person> confirmed_by;
    Instant confirmed_at;
    std::optional<Instant> revoked_at;
};
struct Duty {
    Id<Duty> id;
    Id<Point> point_id;
    Id<Person> person_id;
    Instant begin_at;
    std::optional<Instant> end_at;
    std::string source;  // api | settings | demo | panel | shift
};
struct Question {
    Id<Question> id;
    std::int64_t company_id = 0;
    std::string text;
    std::optional<Instant> archived_at;
    std::vector<std::string> prompts = {};  // what to ask on
    bool organic = false;                   // may be planned for every day
};
template <>
inline constexpr std::string_view id_prefix<Site> = "site";
template <>
inline constexpr std::string_view id_prefix<Point> = "point";
template <>
inline constexpr std::string_view id_prefix<BasisCard> = "basis";
template <>
inline constexpr std::string_view id_prefix<Duty> = "duty";
template <>
inline constexpr std::string_view id_prefix<Question> = "question";

class Sites {
public:
    explicit Sites(People& people) : people_(people) {}
    Id<Site> make_site(Tx& tx,
                       const Site& site);  // makes its unit too; Error{invalid, "zone.unknown"}
    void change_site(const Scope& scope, Tx& tx, const Site& site);
    std::optional<Site> find_site(const Scope& scope, Tx& tx, Id<Site> id) const;
    std::vector<Site> sites(const Scope& scope, Tx& tx) const;
    /// The zone of the company's first site, for what has no place of its own; "UTC" without one.
    std::string home_zone(Tx& tx, std::int64_t company_id) const;

    /// Unit and company come from the site. Error{invalid} of the hours.
    Id<Point> make_point(Tx& tx, const Point& point);
    void change_point(const Scope& scope, Tx& tx, const Point& point);
    std::optional<Point> find_point(const Scope& scope, Tx& tx, Id<Point> id) const;
    Point get_point(const Scope& scope, Tx& tx, Id<Point> id) const;  // Error{not_found}
    std::vector<Point> points(const Scope& scope, Tx& tx) const;

    Id<BasisCard> confirm_basis(Tx& tx, const Point& point,
                                const BasisCard& card);  // revokes the earlier one
    void revoke_basis(Tx& tx, const Point& point);
    std::optional<BasisCard> basis(const Scope& scope, Tx& tx, Id<Point> id) const;
    /// How many days sound of the point is kept: by the card in force, by the last one where none
    /// is. A card that shortens them counts a day after it was confirmed, so that a slip can be
    /// taken back before anything is gone. Nothing: the point never had a card.
    struct KeptDays {
        std::int64_t recordings = 0, clips = 0, originals = 0;
    };
    std::optional<KeptDays> kept_days(Tx& tx, Id<Point> id) const;
    /// Throws Error{conflict, "basis.missing", {point}} when there is no confirmed card: no audio
    /// may come in.
    void require_basis(Tx& tx, const Point& point) const;

    /// Ends an open duty of the point at begin_at. Error{conflict, "duty.overlap"} when a closed
    /// one overlaps.
    Id<Duty> begin_duty(Tx& tx, const Point& point, const Duty& duty);
    void end_duty(Tx& tx, const Point& point, Instant at);
    /// Who was on duty at the moment; id 0 when nobody is known.
    Id<Person> on_duty(Tx& tx, Id<Point> point, Instant at) const;
    /// Whether the person ever served a point.
    bool served(Tx& tx, Id<Person> person) const;
    std::vector<Duty> duties(const Scope& scope, Tx& tx, Id<Point> point, TimeRange range) const;

    Id<Question> make_question(Tx& tx, const Question& question);
    std::vector<Question> questions(const Scope& scope, Tx& tx) const;
    /// Error{invalid, "question.prompts"}.
    void change_question(Tx& tx, const Question& question);
    std::string question_text(Tx& tx, Id<Question> id) const;
    /// Error{not_found}; Error{invalid, "plan.daily"} for a question that is not organic.
    Id<PlannedQuestion> plan_question(Tx& tx, const PlannedQuestion& wanted, std::string_view by);
    void drop_planned(Tx& tx, std::int64_t company_id, Id<PlannedQuestion> id);
    std::vector<PlannedQuestion> question_plan(Tx& tx, std::int64_t company_id) const;

private:
    People& people_;
};

extern const std::span<const Kind> site_kinds;

}  // namespace otklik
