#pragma once
// People: the company, its units, people who work there, their accounts and browser sessions.
// Owns: company, unit, unit_ancestor, person, account, account_grant, web_session,
// sign_in_throttle, setting, person_pin. Thread: any; no locks, the transaction is the lock.
// Passwords are hashed outside of transactions.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/person_name.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "kinds/rights.h"

namespace otklik {

class Store;
class Tx;

struct Company {
    Id<Company> id;
    std::string name;
};
struct Unit {
    Id<Unit> id;
    std::int64_t company_id = 0;
    Id<Unit> parent_id;
    std::string kind;  // company | site | team
    std::string name;
};
struct Person {
    Id<Person> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    std::string name;                             // whole; made of the parts when it is empty
    std::optional<std::string> personnel_number;  // one person's in a company; zeros in front stay
    std::optional<std::string> position;
    std::optional<Instant> archived_at;
    PersonName parts;                  // of the name; read from it when all are empty
    std::optional<std::string> phone;  // E.164, base/phone.h
    std::optional<std::string> email;
};
enum class Language { ru, en };
template <>
inline constexpr std::pair<Language, std::string_view> enum_words<Language>[2] = {
    {Language::ru, "ru"}, {Language::en, "en"}};
struct Account {
    Id<Account> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Person> person_id;
    std::string login;
    Role role = Role::employee;
    Language language = Language::ru;
    bool must_change_password = false;
    std::int64_t version = 1;
    std::optional<Instant> disabled_at;
    std::vector<std::int64_t> units;  // granted; what lies below comes with them
};
struct WebSession {
    Id<WebSession> id;
    Id<Account> account_id;
    std::string csrf;
    Instant expires_at;
};
template <>
inline constexpr std::string_view id_prefix<Company> = "company";
template <>
inline constexpr std::string_view id_prefix<Unit> = "unit";
template <>
inline constexpr std::string_view id_prefix<Person> = "person";
template <>
inline constexpr std::string_view id_prefix<Account> = "account";
template <>
inline constexpr std::string_view id_prefix<WebSession> = "session";

class People {
public:
    // Units.
    std::optional<Company> company(
        Tx& tx) const;  // the one company of a box; nothing before first run
    Id<Company> make_company(Tx& tx, std::string_view name);
    void rename_company(Tx& tx, std::int64_t company_id, std::string_view name);
    Id<Unit> make_unit(Tx& tx, std::int64_t company_id, Id<Unit> parent, std::string_view kind,
                       std::string_view name);
    void rename_unit(Tx& tx, Id<Unit> unit, std::string_view name);
    Id<Unit> root_unit(Tx& tx, std::int64_t company_id) const;
    std::vector<Unit> units(const Scope& scope, Tx& tx) const;
    /// Settings of the company by name ("speech.engine"); every name stands in docs/operating.md.
    std::optional<std::string> setting(Tx& tx, std::int64_t company_id,
                                       std::string_view name) const;
    void set_setting(Tx& tx, std::int64_t company_id, std::string_view name, std::string_view value,
                     std::string_view by);
    // People.
    // Both: Error{conflict, "person.number_taken"} at personnel_number, with who has it.
    Id<Person> make_person(Tx& tx, const Person& person);  // id is ignored
    void change_person(const Scope& scope, Tx& tx, const Person& person);
    /// Takes back a person nothing refers to; the caller has made sure of that.
    void drop_person(Tx& tx, Id<Person> id);
    /// Whether the person has an account other than this one, or a PIN.
    bool is_used(Tx& tx, Id<Person> id, Id<Account> but) const;
    std::optional<Person> find_person(const Scope& scope, Tx& tx, Id<Person> id) const;
    std::vector<Person> people(const Scope& scope, Tx& tx) const;
    std::string person_name(Tx& tx, Id<Person> id) const;  // empty when there is none
    // Accounts. `password_hash` comes from hash_password.
    Id<Account> make_account(Tx& tx, const Account& account, std::string_view password_hash);
    void change_account(const Scope& scope, Tx& tx,
                        const Account& account);  // Error{precondition} on version
    void set_language(Tx& tx, Id<Account> id, Language language);
    void set_password(Tx& tx, Id<Account> id, std::string_view password_hash, bool must_change);
    std::optional<Account> find_account(const Scope& scope, Tx& tx, Id<Account> id) const;
    std::vector<Account> accounts(const Scope& scope, Tx& tx) const;
    /// Takes back an account that nobody has used since: false when somebody has.
    bool drop_unused_account(Tx& tx, Id<Account> id);
    std::optional<Account> account_of_login(Tx& tx, std::string_view login) const;
    // Signing in.
    struct SignIn {
        Account account;
        WebSession session;
        std::string token;  // for the cookie; only its hash is stored
    };
    /// Checks throttle and password (argon2id, outside of transactions), opens a session.
    /// Error{unauthorized, "sign_in.wrong"} with the same work and words for an unknown login;
    /// Error{busy, "sign_in.throttled"}.
    SignIn sign_in(Store& store, std::string_view login, std::string_view password,
                   std::string_view peer, std::string_view agent);
    struct SignedIn {
        Account account;
        WebSession session;
        std::string person_name;
        Scope scope;
    };
    /// The session of a cookie; nothing when unknown, expired or the account is disabled. Touches
    /// seen_at at most once a minute (through Store::write, so never inside a transaction).
    std::optional<SignedIn> find_session(Store& store, std::string_view token);
    /// Whether the password is the account's; for changing it.
    bool knows_password(Store& store, Id<Account> id, std::string_view password);
    void sign_out(Tx& tx, Id<WebSession> id);
    void close_sessions(Tx& tx, Id<Account> account, std::optional<Id<WebSession>> but);
    Scope scope_of(Tx& tx, const Account& account) const;
    // PINs of a shift: 4 to 8 digits, typed at a panel (pins.cpp).
    /// `pin_hash` comes from hash_pin; empty takes the PIN away.
    void set_pin(Tx& tx, const Person& person, std::string_view pin_hash, std::string_view by);
    std::vector<Id<Person>> people_with_pin(Tx& tx, std::int64_t company_id) const;
    /// Who may start a shift in a unit: people of it and of the units above, with a PIN.
    std::vector<Person> shift_people(const Scope& scope, Tx& tx, Id<Unit> unit) const;
    /// Counts the try, then compares outside of transactions. Error{unauthorized, "pin.wrong"},
    /// the same for a person without one; Error{busy, "pin.throttled"} with the seconds.
    void require_pin(Store& store, Id<Person> person, std::string_view pin);
    /// One more try at a secret of few letters. Error{busy, code} with the seconds while locked.
    void count_try(Tx& tx, const std::string& key, std::string_view code);
    void forget_tries(Tx& tx, const std::string& key);
};

/// argon2id (libsodium, interactive limits: 64 MiB, 2 passes; RFC 9106). About 60 ms of one core.
/// Error{invalid, "password.short"} under 10 characters.
std::string hash_password(std::string_view password);
/// The same for any length; hash_password and hash_pin say what is too short.
std::string hash_secret(std::string_view secret);
/// For journeys alone, which make and sign in many people: from here on new secrets cost 8 KiB and
/// one pass. A hash says its own cost, so that both kinds are compared.
void hash_cheaply();
/// Error{invalid, "pin.digits"} when it is not 4 to 8 digits.
std::string hash_pin(std::string_view pin);
bool password_fits(std::string_view hash, std::string_view password);
/// A readable first password: 4 groups of 5 letters and digits, about 95 bits.
std::string make_password();

extern const std::span<const Kind> people_kinds;

}  // namespace otklik
