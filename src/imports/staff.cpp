// Staff: each row is a person, found again by the personnel number, else by phone and last name,
// else by the whole name. An empty cell leaves what is there.
#include <map>

#include "base/email.h"
#include "base/error.h"
#include "base/phone.h"
#include "base/text.h"
#include "imports/places.h"
#include "imports/staff_state.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::size_t number_bytes_max = 50, name_bytes_max = 100, position_bytes_max = 200;
constexpr std::size_t login_bytes_max = 100;

class StaffPlanner : public Planner {
public:
    explicit StaffPlanner(const PlannerParts& parts) : parts_(parts), table_(parts.table) {
        // One secret that nobody is told: whoever is to sign in gets a password on the page of
        // people. Hashed here, since nothing slow may stand in a transaction.
        if (table_.has("login") && !parts.preview) hash_ = hash_password(make_password());
        for (std::size_t i = 0; i < table_.size(); ++i) {
            const std::string key = own_key(i);
            if (!key.empty()) first_row_.emplace(key, table_.row_number(i));
        }
    }

    void open(Tx& tx) override {
        places_.read(tx, parts_);
        people_.clear();
        by_number_.clear();
        by_phone_.clear();
        by_name_.clear();
        logins_.clear();
        for (Person& person : parts_.uses.people.people(parts_.scope, tx)) {
            const std::size_t at = people_.size();
            if (person.personnel_number) by_number_.emplace(*person.personnel_number, at);
            if (person.phone) by_phone_[*person.phone].push_back(at);
            by_name_[fold(person.name)].push_back(at);
            people_.push_back(std::move(person));
        }
        for (const Account& account : parts_.uses.people.accounts(parts_.scope, tx))
            logins_.emplace(fold(account.login), account.person_id.value);
    }

    RowPlan plan(std::size_t i) override {
        RowPlan plan;
        plan.row = table_.row_number(i);
        Wanted wanted = read(i, plan);
        plan.title =
            joined_name({wanted.state.last_name, wanted.state.first_name, wanted.state.patronymic});
        if (plan.faults.empty()) wanted.person = match(wanted, plan);
        if (plan.faults.empty()) compare(i, wanted, plan);
        if (!plan.faults.empty()) plan.action = RowAction::bad;
        wanted_ = std::move(wanted);
        return plan;
    }

    RowTrace write(Tx& tx, std::size_t, RowPlan& plan) override {
        RowTrace trace;
        // Whoever has the login may be somebody whom this reader does not see.
        if (!wanted_.login.empty() && parts_.uses.people.account_of_login(tx, wanted_.login)) {
            plan.faults.push_back(table_.fault("login", "login.taken", {{"login", wanted_.login}}));
            plan.action = RowAction::bad;
            return trace;
        }
        try {
            Person person = wanted_.person ? *wanted_.person : Person{};
            if (wanted_.person) trace.before = to_json(state_of(person));
            put_state(wanted_.state, person, tx.now());
            if (plan.action == RowAction::made) {
                person.company_id = parts_.import.company_id;
                person.id = parts_.uses.people.make_person(tx, person);
            } else {
                parts_.uses.people.change_person(parts_.scope, tx, person);
            }
            StaffState after =
                state_of(*parts_.uses.people.find_person(parts_.scope, tx, person.id));
            if (!wanted_.login.empty()) after.account_id = make_account(tx, person);
            trace.subject_id = person.id.value;
            trace.after = to_json(after);
        } catch (const Error& error) {
            // So may whoever has the number; nothing was written yet.
            if (error.code() != "person.number_taken") throw;
            plan.faults.push_back(table_.fault("personnel_number", "number.taken", error.params()));
            plan.action = RowAction::bad;
        }
        return trace;
    }

private:
    struct Wanted {
        StaffState state;
        std::optional<Person> person;
        std::string login;
        Role role = Role::employee;
        bool unit_said = false;
    };

    /// By what a row is told from the others of the file.
    std::string own_key(std::size_t i) const {
        const std::string_view number = table_.value(i, "personnel_number");
        if (!number.empty()) return "n:" + std::string(number);
        const auto phone = phone_of(table_.value(i, "phone"));
        const std::string name = fold(joined_name(name_of(i)));
        return name.empty() ? "" : "p:" + name + "|" + phone.value_or("");
    }
    PersonName name_of(std::size_t i) const {
        PersonName name = split_name(table_.value(i, "full_name"));
        for (const auto& [field, part] :
             {std::pair{"last_name", &name.last}, std::pair{"first_name", &name.first},
              std::pair{"patronymic", &name.patronymic}})
            if (const auto text = table_.value(i, field); !text.empty()) *part = text;
        return name;
    }
    void bounded(std::size_t i, std::string_view field, std::size_t max, RowPlan& plan) const {
        if (table_.value(i, field).size() > max)
            plan.faults.push_back(
                table_.fault(field, "text.long", {{"max", std::to_string(max / 2)}}));
    }

    Wanted read(std::size_t i, RowPlan& plan) {
        Wanted wanted;
        const PersonName name = name_of(i);
        wanted.state.last_name = name.last;
        wanted.state.first_name = name.first;
        wanted.state.patronymic = name.patronymic;
        const char* name_field = table_.has("full_name") ? "full_name" : "last_name";
        if (name.last.empty())
            plan.faults.push_back(table_.fault(name_field, "name.missing"));
        else if (name.first.empty())
            plan.faults.push_back(table_.fault(name_field, "name.one_word"));
        for (const std::string* part : {&name.last, &name.first, &name.patronymic})
            if (part->size() > name_bytes_max)
                plan.faults.push_back(table_.fault(name_field, "text.long",
                                                   {{"max", std::to_string(name_bytes_max / 2)}}));
        bounded(i, "personnel_number", number_bytes_max, plan);
        bounded(i, "position", position_bytes_max, plan);
        bounded(i, "login", login_bytes_max, plan);
        const auto said = [&](std::string_view field) -> std::optional<std::string> {
            const auto text = table_.value(i, field);
            return text.empty() ? std::nullopt : std::optional(std::string(text));
        };
        wanted.state.personnel_number = said("personnel_number");
        wanted.state.position = said("position");
        read_ways(i, wanted, plan);
        const std::int64_t unit = places_.find(table_, i, plan.faults);
        wanted.unit_said = unit != 0;
        wanted.state.unit =
            unit ? Id<Unit>{unit} : parts_.import.settings.unit.value_or(parts_.root);
        if (const std::string key = own_key(i); !key.empty() && first_row_.at(key) != plan.row)
            plan.faults.push_back(table_.fault(key[0] == 'n' ? "personnel_number" : name_field,
                                               "row.twice",
                                               {{"row", std::to_string(first_row_.at(key))}}));
        return wanted;
    }

    void read_ways(std::size_t i, Wanted& wanted, RowPlan& plan) const {
        if (const auto text = table_.value(i, "phone"); !text.empty()) {
            wanted.state.phone = phone_of(text);
            if (!wanted.state.phone)
                plan.faults.push_back(
                    table_.fault("phone", "phone.bad", {{"text", std::string(text)}}));
        }
        if (const auto text = table_.value(i, "email"); !text.empty()) {
            wanted.state.email = std::string(text);
            if (!is_email(text))
                plan.faults.push_back(
                    table_.fault("email", "email.bad", {{"text", std::string(text)}}));
        }
        wanted.login = table_.value(i, "login");
        if (const auto text = table_.value(i, "role"); !text.empty()) {
            bool known = false;
            for (const auto& [role, word] : enum_words<Role>)
                if (parts_.words.means("import.role." + std::string(word), text)) {
                    wanted.role = role;
                    known = true;
                }
            if (!known)
                plan.faults.push_back(
                    table_.fault("role", "role.unknown", {{"text", std::string(text)}}));
        }
    }

    /// Whom the row means among those who are there.
    std::optional<Person> match(const Wanted& wanted, RowPlan& plan) const {
        const auto& number = wanted.state.personnel_number;
        if (number)
            if (const auto at = by_number_.find(*number); at != by_number_.end())
                return people_[at->second];
        // One with a number of their own is not this row's person, whatever the name.
        const auto may_be = [&](const Person& person) {
            return !number || !person.personnel_number;
        };
        std::vector<const Person*> found;
        if (wanted.state.phone)
            if (const auto at = by_phone_.find(*wanted.state.phone); at != by_phone_.end())
                for (const std::size_t each : at->second)
                    if (may_be(people_[each]) &&
                        fold(people_[each].parts.last) == fold(wanted.state.last_name))
                        found.push_back(&people_[each]);
        if (found.empty())
            if (const auto at = by_name_.find(fold(plan.title)); at != by_name_.end())
                for (const std::size_t each : at->second)
                    if (may_be(people_[each])) found.push_back(&people_[each]);
        if (found.size() > 1)
            plan.faults.push_back(table_.fault(table_.has("full_name") ? "full_name" : "last_name",
                                               "person.ambiguous",
                                               {{"n", std::to_string(found.size())}}));
        return found.size() == 1 ? std::optional(*found.front()) : std::nullopt;
    }

    void compare(std::size_t i, Wanted& wanted, RowPlan& plan) {
        StaffState& state = wanted.state;
        const StaffState before =
            wanted.person ? state_of(*wanted.person) : StaffState{.unit = state.unit};
        if (wanted.person && !wanted.unit_said) state.unit = before.unit;
        const auto keep = [](auto& field, const auto& old) {
            if (!field) field = old;
        };
        keep(state.personnel_number, before.personnel_number);
        keep(state.position, before.position);
        keep(state.phone, before.phone);
        keep(state.email, before.email);
        if (state.patronymic.empty()) state.patronymic = before.patronymic;
        const auto note = [&](const char* field, const std::string& old, const std::string& now) {
            if (old != now) plan.changes.push_back({field, old, now});
        };
        note("last_name", before.last_name, state.last_name);
        note("first_name", before.first_name, state.first_name);
        note("patronymic", before.patronymic, state.patronymic);
        note("personnel_number", before.personnel_number.value_or(""),
             state.personnel_number.value_or(""));
        note("position", before.position.value_or(""), state.position.value_or(""));
        note("phone", shown(before.phone), shown(state.phone));
        note("email", before.email.value_or(""), state.email.value_or(""));
        if (before.unit != state.unit)
            plan.changes.push_back(
                {"unit", "", std::string(table_.value(i, table_.has("unit") ? "unit" : "site"))});
        if (before.archived) plan.changes.push_back({"archived", "", ""});
        compare_login(wanted, plan);
        plan.action = !wanted.person         ? RowAction::made
                      : plan.changes.empty() ? RowAction::same
                                             : RowAction::changed;
    }

    void compare_login(Wanted& wanted, RowPlan& plan) const {
        if (wanted.login.empty()) return;
        const auto taken = logins_.find(fold(wanted.login));
        if (taken == logins_.end()) {
            plan.changes.push_back({"login", "", wanted.login});
        } else if (wanted.person && taken->second == wanted.person->id.value) {
            wanted.login.clear();  // there already; its role is changed on the page of people
        } else {
            plan.faults.push_back(table_.fault("login", "login.taken", {{"login", wanted.login}}));
        }
    }

    static std::string shown(const std::optional<std::string>& phone) {
        return phone ? shown_phone(*phone) : std::string();
    }

    Id<Account> make_account(Tx& tx, const Person& person) {
        Account account;
        account.company_id = parts_.import.company_id;
        account.unit = person.unit;
        account.person_id = person.id;
        account.login = wanted_.login;
        account.role = wanted_.role;
        account.must_change_password = true;
        account.units = {person.unit.value};
        return parts_.uses.people.make_account(tx, account, hash_);
    }

    const PlannerParts parts_;
    const ImportTable& table_;
    std::string hash_;
    std::map<std::string, std::int64_t> first_row_;
    Places places_;
    std::vector<Person> people_;
    std::map<std::string, std::size_t> by_number_;
    std::map<std::string, std::vector<std::size_t>> by_phone_, by_name_;
    std::map<std::string, std::int64_t> logins_;  // folded, to the person
    Wanted wanted_;                               // of the row planned last
};

}  // namespace

std::unique_ptr<Planner> make_staff_planner(const PlannerParts& parts) {
    return std::make_unique<StaffPlanner>(parts);
}

}  // namespace otklik
