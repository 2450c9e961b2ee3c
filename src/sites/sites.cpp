#include "sites/sites.h"

#include "base/calendar.h"
#include "base/error.h"
#include "base/text.h"
#include "sites/sites_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace sites_sql;

constexpr Duration give_up_min = Duration::seconds(60);
constexpr Duration give_up_max = Duration::days(90);

Site site_of(const Row& row) {
    Site site;
    site.id = row.id<Site>(0);
    site.company_id = row.integer(1);
    site.unit = row.id<Unit>(2);
    site.name = row.text(3);
    site.zone = row.text(4);
    site.address = row.text(5);
    site.version = row.integer(6);
    site.archived_at = row.maybe_instant(7);
    return site;
}

Point point_of(const Row& row) {
    Point point;
    point.id = row.id<Point>(0);
    point.company_id = row.integer(1);
    point.unit = row.id<Unit>(2);
    point.site_id = row.id<Site>(3);
    point.name = row.text(4);
    point.zone = row.text(5);
    point.give_up_after = row.duration(6);
    point.version = row.integer(7);
    point.archived_at = row.maybe_instant(8);
    point.profile.area = row.text(9);
    point.profile.type = parse_enum<PointType>(row.text(10)).value_or(PointType::unstated);
    point.profile.flow = parse_enum<FlowClass>(row.text(11)).value_or(FlowClass::unstated);
    point.profile.hours = hours_of_text(row.text(12));
    return point;
}

template <class T>
Place place_of(const T& thing) {
    return {thing.company_id, thing.unit.value, 0};
}

constexpr std::string_view site_verbs[] = {"site.made", "site.changed"};
constexpr std::string_view point_verbs[] = {"point.made", "point.changed", "pause.begun",
                                            "pause.ended"};
constexpr std::string_view basis_verbs[] = {"basis.confirmed", "basis.revoked"};
constexpr std::string_view duty_verbs[] = {"duty.begun", "duty.ended"};
constexpr std::string_view question_verbs[] = {"question.made", "question.changed"};
constexpr std::string_view plan_verbs[] = {"plan.made", "plan.dropped"};
constexpr std::string_view calendar_verbs[] = {"calendar.dropped"};
constexpr PersonalColumn basis_columns[] = {
    {"basis_card", "confirmed_by", "who answers for the lawful basis", "keep"}};
constexpr PersonalColumn duty_columns[] = {
    {"duty", "person_id", "who served the customer at a moment", "keep"}};
const Kind kinds[] = {
    {"site", "site", "/settings/sites", "settings", site_verbs, {}, &place_by<place_of_site>},
    {"point", "point", "/settings/sites", "settings", point_verbs, {}, &place_by<place_of_point>},
    {"basis", "basis_card", "/settings/sites", "journal", basis_verbs, basis_columns,
     &place_by<place_of_basis>},
    {"duty", "duty", "", "work", duty_verbs, duty_columns, &place_by<place_of_duty>},
    {"question",
     "question",
     "/settings/questions",
     "settings",
     question_verbs,
     {},
     &place_by<place_of_question>},
    {"plan",
     "question_plan",
     "/settings/questions",
     "settings",
     plan_verbs,
     {},
     &place_by<place_of_plan>},
    {"calendar",
     "work_calendar",
     "/settings/import",
     "settings",
     calendar_verbs,
     {},
     &place_by<place_of_calendar>},
};

void require_zone(const std::string& zone) {
    if (!zone_is_known(zone))
        throw Error(Fault::invalid, "zone.unknown", {{"zone", zone}}).at("zone");
}

void require_give_up(Duration d) {
    if (d < give_up_min || d > give_up_max)
        throw Error(Fault::invalid, "field.range", {{"field", "give_up_after_ms"}})
            .at("give_up_after_ms");
}

void require_prompts(const Question& question) {
    if (!prompts_are_few(question.prompts))
        throw Error(Fault::invalid, "question.prompts").at("prompts");
}

}  // namespace

const std::span<const Kind> site_kinds{kinds};

Id<Site> Sites::make_site(Tx& tx, const Site& site) {
    require_zone(site.zone);
    const auto root = people_.root_unit(tx, site.company_id);
    const auto unit = people_.make_unit(tx, site.company_id, root, "site", site.name);
    const auto id = tx.make_id<Site>();
    tx.run(insert_site, {{"id", id},
                         {"company", site.company_id},
                         {"unit", unit},
                         {"name", site.name},
                         {"fold", fold(site.name)},
                         {"zone", site.zone},
                         {"address", site.address},
                         {"at", tx.now()}});
    return id;
}

void Sites::change_site(const Scope& scope, Tx& tx, const Site& site) {
    const auto before = find_site(scope, tx, site.id);
    if (!before) throw Error(Fault::not_found, "not_found");
    require_zone(site.zone);
    const auto changed = tx.run(update_site, {{"id", site.id},
                                              {"name", site.name},
                                              {"fold", fold(site.name)},
                                              {"zone", site.zone},
                                              {"address", site.address},
                                              {"archived", site.archived_at},
                                              {"version", site.version}});
    if (changed == 0) throw Error(Fault::precondition, "row.changed");
    people_.rename_unit(tx, before->unit, site.name);
}

std::optional<Site> Sites::find_site(const Scope& scope, Tx& tx, Id<Site> id) const {
    const auto row = tx.row(sites_sql::find_site, {{"id", id}});
    if (!row) return std::nullopt;
    Site site = site_of(*row);
    if (!allows(scope, place_of(site))) return std::nullopt;
    return site;
}

std::vector<Site> Sites::sites(const Scope& scope, Tx& tx) const {
    std::vector<Site> result;
    for (const Row& row : tx.rows(sites_of_company, {{"company", scope.company_id()}})) {
        Site site = site_of(row);
        if (allows(scope, place_of(site))) result.push_back(std::move(site));
    }
    return result;
}

std::string Sites::home_zone(Tx& tx, std::int64_t company_id) const {
    const auto row = tx.row(sites_of_company, {{"company", company_id}});
    return row ? site_of(*row).zone : "UTC";
}

Id<Point> Sites::make_point(Tx& tx, const Point& point) {
    const auto site = find_site(Scope::system(), tx, point.site_id);
    if (!site) throw Error(Fault::not_found, "not_found").at("site_id");
    require_give_up(point.give_up_after);
    auto hours = point.profile.hours;
    require_hours(hours);
    const auto id = tx.make_id<Point>();
    tx.run(insert_point, {{"id", id},
                          {"company", site->company_id},
                          {"unit", site->unit},
                          {"site", site->id},
                          {"name", point.name},
                          {"fold", fold(point.name)},
                          {"give_up", point.give_up_after},
                          {"area", point.profile.area},
                          {"type", enum_word(point.profile.type)},
                          {"flow", enum_word(point.profile.flow)},
                          {"hours", text_of_hours(hours)},
                          {"at", tx.now()}});
    return id;
}

void Sites::change_point(const Scope& scope, Tx& tx, const Point& point) {
    if (!find_point(scope, tx, point.id)) throw Error(Fault::not_found, "not_found");
    require_give_up(point.give_up_after);
    auto hours = point.profile.hours;
    require_hours(hours);
    const auto changed = tx.run(update_point, {{"id", point.id},
                                               {"name", point.name},
                                               {"fold", fold(point.name)},
                                               {"give_up", point.give_up_after},
                                               {"area", point.profile.area},
                                               {"type", enum_word(point.profile.type)},
                                               {"flow", enum_word(point.profile.flow)},
                                               {"hours", text_of_hours(hours)},
                                               {"archived", point.archived_at},
                                               {"version", point.version}});
    if (changed == 0) throw Error(Fault::precondition, "row.changed");
}

std::optional<Point> Sites::find_point(const Scope& scope, Tx& tx, Id<Point> id) const {
    const auto row = tx.row(sites_sql::find_point, {{"id", id}});
    if (!row) return std::nullopt;
    Point point = point_of(*row);
    if (!allows(scope, place_of(point))) return std::nullopt;
    return point;
}

Point Sites::get_point(const Scope& scope, Tx& tx, Id<Point> id) const {
    auto point = find_point(scope, tx, id);
    if (!point) throw Error(Fault::not_found, "not_found");
    return std::move(*point);
}

std::vector<Point> Sites::points(const Scope& scope, Tx& tx) const {
    std::vector<Point> result;
    for (const Row& row : tx.rows(points_of_company, {{"company", scope.company_id()}})) {
        Point point = point_of(row);
        if (allows(scope, place_of(point))) result.push_back(std::move(point));
    }
    return result;
}

Id<BasisCard> Sites::confirm_basis(Tx& tx, const Point& point, const BasisCard& card) {
    revoke_basis(tx, point);
    const auto id = tx.make_id<BasisCard>();
    tx.run(insert_basis, {{"id", id},
                          {"company", point.company_id},
                          {"unit", point.unit},
                          {"point", point.id},
                          {"ground", card.ground},
                          {"notice", card.notice},
                          {"signage", card.signage},
                          {"consent", card.consent},
                          {"days", card.retention_days},
                          {"clip_days", card.clip_days},
                          {"original_days", card.original_days},
                          {"by", card.confirmed_by.value},
                          {"at", tx.now()}});
    return id;
}

void Sites::revoke_basis(Tx& tx, const Point& point) {
    tx.run(sites_sql::revoke_basis, {{"point", point.id}, {"at", tx.now()}});
}

std::optional<BasisCard> Sites::basis(const Scope& scope, Tx& tx, Id<Point> id) const {
    if (!find_point(scope, tx, id)) return std::nullopt;
    const auto row = tx.row(basis_of_point, {{"point", id}});
    if (!row) return std::nullopt;
    BasisCard card;
    card.id = row->id<BasisCard>(0);
    card.point_id = row->id<Point>(1);
    card.ground = row->text(2);
    card.notice = row->text(3);
    card.signage = row->text(4);
    card.consent = row->text(5);
    card.retention_days = row->integer(6);
    card.confirmed_by = row->id<Person>(7);
    card.confirmed_at = row->instant(8);
    card.revoked_at = row->maybe_instant(9);
    card.clip_days = row->integer(10);
    card.original_days = row->integer(11);
    return card;
}

std::optional<Sites::KeptDays> Sites::kept_days(Tx& tx, Id<Point> id) const {
    std::optional<KeptDays> kept;
    for (const Row& row :
         tx.rows(days_of_point, {{"point", id}, {"since", tx.now() - Duration::hours(24)}})) {
        if (!kept) kept.emplace();
        kept->recordings = std::max(kept->recordings, row.integer(0));
        kept->clips = std::max(kept->clips, row.integer(1));
        kept->originals = std::max(kept->originals, row.integer(2));
    }
    // Of a file nothing may stay that its recording must not keep.
    if (kept) kept->originals = std::min(kept->originals, kept->recordings);
    return kept;
}

void Sites::require_basis(Tx& tx, const Point& point) const {
    if (!tx.row(basis_of_point, {{"point", point.id}}))
        throw Error(Fault::conflict, "basis.missing", {{"point", point.name}});
}

Id<Question> Sites::make_question(Tx& tx, const Question& question) {
    require_prompts(question);
    const auto id = tx.make_id<Question>();
    const auto root = people_.root_unit(tx, question.company_id);
    tx.run(insert_question, {{"id", id},
                             {"company", question.company_id},
                             {"unit", root},
                             {"text", question.text},
                             {"prompts", text_of_lines(question.prompts)},
                             {"organic", question.organic},
                             {"at", tx.now()}});
    return id;
}

void Sites::change_question(Tx& tx, const Question& question) {
    require_prompts(question);
    if (tx.run(update_question, {{"id", question.id},
                                 {"company", question.company_id},
                                 {"prompts", text_of_lines(question.prompts)},
                                 {"organic", question.organic}}) == 0)
        throw Error(Fault::not_found, "not_found");
}

std::vector<Question> Sites::questions(const Scope& scope, Tx& tx) const {
    // Questions belong to the whole company: whoever may read settings sees them all.
    std::vector<Question> result;
    for (const Row& row : tx.rows(questions_of_company, {{"company", scope.company_id()}}))
        result.push_back({row.id<Question>(0), row.integer(1), row.text(2), row.maybe_instant(3),
                          lines_of(row.text(5)), row.flag(6)});
    return result;
}

std::string Sites::question_text(Tx& tx, Id<Question> id) const {
    if (!id) return {};
    const auto row = tx.row(sites_sql::question_text, {{"id", id}});
    return row ? row->text(0) : std::string();
}

}  // namespace otklik
