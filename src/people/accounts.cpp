#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "people/people.h"
#include "people/people_sql.h"
#include "people/throttle.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace people_sql;

constexpr std::size_t password_bytes_max = 1000;  // argon2id is fed no more
constexpr std::size_t password_letters_min = 10;
constexpr Duration session_length = Duration::days(14);
constexpr Duration touch_every = Duration::seconds(60);

Account account_of(Tx& tx, const Row& row) {
    Account account;
    account.id = row.id<Account>(0);
    account.company_id = row.integer(1);
    account.unit = row.id<Unit>(2);
    account.person_id = row.id<Person>(3);
    account.login = row.text(4);
    account.role = parse_enum<Role>(row.text(5)).value();
    account.language = parse_enum<Language>(row.text(6)).value();
    account.must_change_password = row.flag(7);
    account.version = row.integer(8);
    account.disabled_at = row.maybe_instant(9);
    for (const Row& grant : tx.rows(grants_of_account, {{"account", account.id}}))
        account.units.push_back(grant.integer(0));
    return account;
}

Place place_of(const Account& account) {
    return {account.company_id, account.unit.value, account.person_id.value};
}

void put_grants(Tx& tx, Id<Account> id, const std::vector<std::int64_t>& units) {
    tx.run(clear_grants, {{"account", id}});
    for (const std::int64_t unit : std::set<std::int64_t>(units.begin(), units.end()))
        tx.run(insert_grant, {{"account", id}, {"unit", unit}});
}

Bytes token_hash(std::string_view token) {
    return {sha256(token)};
}

std::atomic<bool> hashes_cheaply = false;

/// The same work for a login that does not exist, so that time tells nothing.
const std::string& nobody_hash() {
    static const std::string hash = hash_password("nobody has this password");
    return hash;
}

}  // namespace

void hash_cheaply() {
    hashes_cheaply = true;
}

std::string hash_secret(std::string_view secret) {
    if (sodium_init() < 0) throw Error(Fault::internal, "internal").because("sodium_init");
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    const bool cheap = hashes_cheaply;
    if (crypto_pwhash_str_alg(
            hash.data(), secret.data(), secret.size(),
            cheap ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE,
            cheap ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE,
            crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw Error(Fault::busy, "sign_in.no_memory").because("argon2id could not get its memory");
    return hash.data();
}

std::string hash_password(std::string_view password) {
    if (utf8_count(password) < password_letters_min)
        throw Error(Fault::invalid, "password.short",
                    {{"min", std::to_string(password_letters_min)}})
            .at("password");
    if (password.size() > password_bytes_max)
        throw Error(Fault::invalid, "password.long").at("password");
    return hash_secret(password);
}

bool password_fits(std::string_view hash, std::string_view password) {
    if (hash.size() >= crypto_pwhash_STRBYTES || password.size() > password_bytes_max) return false;
    std::array<char, crypto_pwhash_STRBYTES> stored{};
    std::copy(hash.begin(), hash.end(), stored.begin());
    return crypto_pwhash_str_verify(stored.data(), password.data(), password.size()) == 0;
}

std::string make_password() {
    constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789";  // none that look alike
    if (sodium_init() < 0) throw Error(Fault::internal, "internal").because("sodium_init");
    std::string password;
    for (int i = 0; i < 20; ++i) {
        if (i > 0 && i % 5 == 0) password += '-';
        password += letters[randombytes_uniform(letters.size())];
    }
    return password;
}

Id<Account> People::make_account(Tx& tx, const Account& account, std::string_view password_hash) {
    const std::string login_fold = fold(account.login);
    if (tx.row(people_sql::account_of_login, {{"fold", login_fold}}))
        throw Error(Fault::conflict, "login.taken", {{"login", account.login}}).at("login");
    const auto id = tx.make_id<Account>();
    tx.run(insert_account, {{"id", id},
                            {"company", account.company_id},
                            {"unit", account.unit},
                            {"person", account.person_id},
                            {"login", account.login},
                            {"fold", login_fold},
                            {"hash", password_hash},
                            {"role", enum_word(account.role)},
                            {"language", enum_word(account.language)},
                            {"must_change", account.must_change_password},
                            {"at", tx.now()}});
    put_grants(tx, id, account.units);
    return id;
}

void People::change_account(const Scope& scope, Tx& tx, const Account& account) {
    if (!find_account(scope, tx, account.id)) throw Error(Fault::not_found, "not_found");
    const auto changed = tx.run(update_account, {{"id", account.id},
                                                 {"version", account.version},
                                                 {"role", enum_word(account.role)},
                                                 {"language", enum_word(account.language)},
                                                 {"unit", account.unit},
                                                 {"disabled", account.disabled_at}});
    if (changed == 0) throw Error(Fault::precondition, "row.changed");
    put_grants(tx, account.id, account.units);
    if (account.disabled_at) close_sessions(tx, account.id, std::nullopt);
}

void People::set_language(Tx& tx, Id<Account> id, Language language) {
    tx.run(people_sql::set_language, {{"id", id}, {"language", enum_word(language)}});
}

void People::set_password(Tx& tx, Id<Account> id, std::string_view password_hash,
                          bool must_change) {
    tx.run(people_sql::set_password,
           {{"id", id}, {"hash", password_hash}, {"must_change", must_change}});
}

std::optional<Account> People::find_account(const Scope& scope, Tx& tx, Id<Account> id) const {
    const auto row = tx.row(people_sql::find_account, {{"id", id}});
    if (!row) return std::nullopt;
    Account account = account_of(tx, *row);
    if (!allows(scope, place_of(account))) return std::nullopt;
    return account;
}

bool People::drop_unused_account(Tx& tx, Id<Account> id) {
    if (tx.run(delete_unused_account, {{"id", id}}) == 0) return false;
    tx.run(clear_grants, {{"account", id}});
    return true;
}

std::optional<Account> People::account_of_login(Tx& tx, std::string_view login) const {
    const auto row = tx.row(people_sql::account_of_login, {{"fold", fold(login)}});
    return row ? std::optional(account_of(tx, *row)) : std::nullopt;
}

std::vector<Account> People::accounts(const Scope& scope, Tx& tx) const {
    std::vector<Account> result;
    for (const Row& row : tx.rows(accounts_of_company, {{"company", scope.company_id()}})) {
        Account account = account_of(tx, row);
        if (allows(scope, place_of(account))) result.push_back(std::move(account));
    }
    return result;
}

People::SignIn People::sign_in(Store& store, std::string_view login, std::string_view password,
                               std::string_view peer, std::string_view agent) {
    const std::string login_key = "login:" + fold(login), peer_key = "peer:" + std::string(peer);
    struct Found {
        std::optional<Account> account;
        std::string hash;
    };
    // The try is counted before the password is looked at, so that parallel guesses cannot outrun
    // the throttle.
    const Found found = store.write([&](Tx& tx) {
        require_unlocked(tx, login_key, "sign_in.throttled");
        require_unlocked(tx, peer_key, "sign_in.throttled");
        count_failure(tx, login_key);
        count_failure(tx, peer_key);
        const auto row = tx.row(people_sql::account_of_login, {{"fold", fold(login)}});
        if (!row) return Found{std::nullopt, nobody_hash()};
        return Found{account_of(tx, *row), row->text(10)};
    });
    const bool fits = password_fits(found.hash, password);
    if (!fits || !found.account || found.account->disabled_at)
        throw Error(Fault::unauthorized, "sign_in.wrong");
    SignIn result{*found.account, {}, base64url(random_bytes(32))};
    return store.write([&](Tx& tx) {
        forget_failures(tx, login_key);
        forget_failures(tx, peer_key);
        tx.run(delete_expired_sessions, {{"at", tx.now()}});
        SignIn made = result;
        made.session.id = tx.make_id<WebSession>();
        made.session.account_id = made.account.id;
        made.session.csrf = base64url(random_bytes(24));
        made.session.expires_at = tx.now() + session_length;
        tx.run(insert_session, {{"id", made.session.id},
                                {"account", made.account.id},
                                {"hash", token_hash(made.token)},
                                {"csrf", made.session.csrf},
                                {"at", tx.now()},
                                {"expires", made.session.expires_at},
                                {"agent", std::string(cut_bytes(agent, 200))}});
        return made;
    });
}

std::optional<People::SignedIn> People::find_session(Store& store, std::string_view token) {
    bool stale = false;
    auto found = store.read([&](Tx& tx) -> std::optional<SignedIn> {
        const auto row = tx.row(session_of_token, {{"hash", token_hash(token)}});
        if (!row || row->instant(4) <= tx.now()) return std::nullopt;
        const auto account = find_account(Scope::system(), tx, row->id<Account>(1));
        if (!account || account->disabled_at) return std::nullopt;
        stale = row->instant(3) + touch_every < tx.now();
        return SignedIn{*account,
                        {row->id<WebSession>(0), account->id, row->text(2), row->instant(4)},
                        person_name(tx, account->person_id),
                        scope_of(tx, *account)};
    });
    if (found && stale)
        store.write([&](Tx& tx) {
            tx.run(touch_session, {{"id", found->session.id},
                                   {"at", tx.now()},
                                   {"expires", tx.now() + session_length}});
        });
    return found;
}

bool People::knows_password(Store& store, Id<Account> id, std::string_view password) {
    const auto hash = store.read([&](Tx& tx) {
        const auto row = tx.row(people_sql::find_account, {{"id", id}});
        return row ? row->text(10) : std::string();
    });
    return !hash.empty() && password_fits(hash, password);
}

void People::sign_out(Tx& tx, Id<WebSession> id) {
    tx.run(delete_session, {{"id", id}});
}

void People::close_sessions(Tx& tx, Id<Account> account, std::optional<Id<WebSession>> but) {
    tx.run(delete_sessions_of, {{"account", account}, {"but", but ? but->value : 0}});
}

Scope People::scope_of(Tx& tx, const Account& account) const {
    std::set<std::int64_t> granted(account.units.begin(), account.units.end());
    std::set<std::int64_t> units;
    for (const std::int64_t unit : granted)
        for (const Row& row : tx.rows(units_below, {{"ancestor", unit}}))
            units.insert(row.integer(0));
    return Scope::of(account.company_id, account.role, account.person_id.value, account.id.value,
                     std::move(granted), std::move(units));
}

}  // namespace otklik
