#include "notices/mailman.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>

#include "base/calendar.h"
#include "base/error.h"
#include "base/every.h"
#include "base/log.h"
#include "base/thread.h"
#include "notices/letter.h"
#include "notices/notices_sql.h"
#include "notices/rows_inside.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace notices_sql;

constexpr Duration look_every = Duration::seconds(10);
constexpr Duration look_after_news = Duration::seconds(2);  // a burst of facts is one look
constexpr Duration wait_step = Duration::seconds(1);
constexpr Duration lease = Duration::seconds(180);  // three times the longest talk
constexpr int letters_at_once = 100;                // of one look
constexpr int attempts_max = 12;                    // of a letter nobody answers for
constexpr Duration kept_for = Duration::days(90);
constexpr Duration forget_every = Duration::hours(1);
constexpr int slices_at_once = 100;
constexpr std::size_t lines_max = 50;

/// A letter on its way.
struct Load {
    Id<Notice> letter_id;
    Id<Account> account;
    std::vector<Notice> lines;
};

}  // namespace

Duration mail_wait(std::int64_t attempts) {
    constexpr std::array<std::int64_t, 6> minutes{1, 2, 5, 10, 20, 60};
    const auto at = static_cast<std::size_t>(std::clamp<std::int64_t>(attempts - 1, 0, 5));
    return Duration::seconds(minutes[at] * 60);
}

struct Mailman::Inside {
    Store& store;
    People& people;
    Notices& notices;
    const Messages& messages;
    const Clock& clock;
    MailPatience patience;
    Instant server_rests_until{};
    std::int64_t server_failures = 0;
    std::int64_t server_version = 0;
    Every forgetting{forget_every};
    std::jthread thread = {};

    std::optional<MailServer> ready_server() {
        return store.read([&](Tx& tx) -> std::optional<MailServer> {
            const auto company = people.company(tx);
            if (!company) return std::nullopt;
            auto held = notices.server(tx, company->id.value);
            if (!held || !held->sends) return std::nullopt;
            if (!tx.row(due_notice, {{"company", held->company_id}, {"at", clock.now()}}) &&
                !tx.row(lost_letter, {{"company", held->company_id}, {"at", clock.now()}}))
                return std::nullopt;
            return held;
        });
    }

    /// A letter that was lost on its way, else the lines of whoever waits longest.
    std::optional<Load> take(std::int64_t company) {
        return store.write([&](Tx& tx) -> std::optional<Load> {
            const Instant until = tx.now() + lease;
            Load load;
            if (const auto row = tx.row(lost_letter, {{"company", company}, {"at", tx.now()}})) {
                load.letter_id = row->id<Notice>(0);
                if (tx.run(take_letter_again, {{"letter", load.letter_id},
                                               {"lease_until", until},
                                               {"at", tx.now()}}) == 0)
                    return std::nullopt;
            } else {
                const auto due = tx.row(due_notice, {{"company", company}, {"at", tx.now()}});
                if (!due) return std::nullopt;
                for (const Row& each :
                     tx.rows(due_of_account, {{"account", due->integer(0)}, {"at", tx.now()}})) {
                    if (!load.letter_id) load.letter_id = each.id<Notice>(0);
                    tx.run(take_notice, {{"id", each.integer(0)},
                                         {"letter", load.letter_id},
                                         {"lease_until", until}});
                }
            }
            for (const Row& row : tx.rows(lines_of_letter, {{"letter", load.letter_id}}))
                load.lines.push_back(notice_of(row));
            if (load.lines.empty()) return std::nullopt;
            std::sort(load.lines.begin(), load.lines.end(),
                      [](const Notice& a, const Notice& b) { return a.id < b.id; });
            load.account = load.lines.front().account_id;
            return load;
        });
    }

    void settle(const Load& load, NoticeState state, std::string_view reason,
                std::string_view words) {
        store.write([&](Tx& tx) {
            tx.run(settle_letter, {{"letter", load.letter_id},
                                   {"state", enum_word(state)},
                                   {"at", tx.now()},
                                   {"reason", reason},
                                   {"words", words}});
        });
    }
    void put_off(const Load& load, Duration wait, const MailAnswer& answer) {
        store.write([&](Tx& tx) {
            tx.run(put_off_letter, {{"letter", load.letter_id},
                                    {"not_before", tx.now() + wait},
                                    {"reason", answer.code},
                                    {"words", answer.words}});
        });
    }

    /// Why it need not go at all; empty: it may.
    std::string reason_to_keep(const Load& load) {
        const Instant now = clock.now();
        if (std::all_of(load.lines.begin(), load.lines.end(),
                        [&](const Notice& each) { return each.expires_at <= now; }))
            return "old";
        if (load.lines.front().attempts > attempts_max) return "no_answer";
        return store.read([&](Tx& tx) -> std::string {
            const auto account = people.find_account(Scope::system(), tx, load.account);
            if (!account) return "no_right";
            for (const Notice& line : load.lines)
                if (!may_be_told(people, tx, *account, {line.company_id, line.unit.value, 0},
                                 line.topic))
                    return "no_right";
            return notices.address_of(tx, load.account).empty() ? "no_address" : "";
        });
    }

    Letter letter_of(const Load& load, const MailServer& server) {
        Letter letter;
        std::string language = "ru";
        store.read([&](Tx& tx) {
            letter.to_address = notices.address_of(tx, load.account);
            if (const auto account = people.find_account(Scope::system(), tx, load.account))
                language = enum_word(account->language);
        });
        const auto& first = load.lines.front();
        const std::string count = std::to_string(load.lines.size());
        letter.subject =
            load.lines.size() == 1
                ? messages.message(language, "mail.subject.one", {{"line", first.line}})
                : messages.message(language, "mail.subject.many", {{"n", count}});
        for (std::size_t i = 0; i < std::min(load.lines.size(), lines_max); ++i)
            letter.body += load.lines[i].line + "\n\n";
        letter.body +=
            messages.message(language, "mail.body.open", {{"url", server.desk_url + "/points"}}) +
            "\n\n" +
            messages.message(language, "mail.body.why",
                             {{"url", server.desk_url + "/settings/letters"}}) +
            "\n";
        dress(letter, server, word(load.letter_id));
        return letter;
    }
    void dress(Letter& letter, const MailServer& server, const std::string& id) const {
        letter.from_address = server.smtp.from_address;
        letter.from_name = server.from_name;
        letter.at = clock.now();
        letter.message_id =
            id + server.smtp.from_address.substr(server.smtp.from_address.rfind('@'));
    }

    void note(std::int64_t company, const MailAnswer& answer) {
        const bool good = answer.outcome != MailOutcome::trouble;
        if (good) {
            server_failures = 0;
            server_rests_until = {};
        } else {
            server_rests_until = clock.now() + mail_wait(++server_failures);
            log_warning("mail.trouble", {{"code", answer.code}});
        }
        store.write([&](Tx& tx) {
            if (answer.outcome == MailOutcome::sent)
                tx.run(note_sent, {{"company", company}, {"at", tx.now()}});
            else if (!good)
                tx.run(note_trouble, {{"company", company},
                                      {"code", answer.code},
                                      {"words", answer.words},
                                      {"at", tx.now()}});
        });
    }

    void finish(const Load& load, const MailAnswer& answer) {
        const Duration wait = mail_wait(load.lines.front().attempts);
        switch (answer.outcome) {
            case MailOutcome::sent:
                settle(load, NoticeState::sent, "", answer.words);
                break;
            case MailOutcome::refused:
                settle(load, NoticeState::failed, answer.code, answer.words);
                break;
            case MailOutcome::later:
            case MailOutcome::trouble:
                put_off(load, wait, answer);
                break;
            case MailOutcome::unknown:  // under the same id, not before its wait
                store.write([&](Tx& tx) {
                    tx.run(leave_letter, {{"letter", load.letter_id},
                                          {"lease_until", tx.now() + wait},
                                          {"reason", answer.code},
                                          {"words", answer.words}});
                });
                break;
        }
    }

    /// False: leave the server alone.
    bool send_one(std::int64_t company, const MailServer& server, const Load& load) {
        if (const std::string reason = reason_to_keep(load); !reason.empty()) {
            settle(load, NoticeState::failed, reason, "");
            return true;
        }
        const Letter letter = letter_of(load, server);
        const MailAnswer answer =
            send_mail(server.smtp, letter.to_address, letter_text(letter), patience);
        note(company, answer);
        finish(load, answer);
        return answer.outcome != MailOutcome::trouble;
    }

    int look() {
        forget();
        const auto held = ready_server();
        if (!held) return 0;
        if (held->version != server_version) server_rests_until = {};  // set anew meanwhile
        server_version = held->version;
        if (clock.now() < server_rests_until) return 0;
        MailServer server;
        try {
            server =
                *store.read([&](Tx& tx) { return notices.server_to_send(tx, held->company_id); });
        } catch (const Error& error) {
            if (error.code() != "mail.password_lost") throw;
            note(held->company_id, {MailOutcome::trouble, "password_lost", {}});
            return 0;
        }
        int tried = 0;
        for (; tried < letters_at_once; ++tried) {
            const auto load = take(held->company_id);
            if (!load || !send_one(held->company_id, server, *load)) return tried + (load ? 1 : 0);
        }
        return tried;
    }
    bool forget_some() {
        return store.write(
            [&](Tx& tx) {
                std::vector<Params> old;
                for (const Row& row : tx.rows(old_notices, {{"before", tx.now() - kept_for}}))
                    old.push_back({{"id", row.integer(0)}});
                if (!old.empty()) tx.run_many(delete_notice, old);
                return !old.empty();
            },
            Lane::low);
    }
    void forget() {
        if (!forgetting.is_due(clock.now())) return;
        for (int slice = 0; slice < slices_at_once && forget_some(); ++slice) {
        }
    }

    /// Nobody else works on this database: what was being sent died with the program before.
    void bury_the_dead() {
        if (!store.is_sqlite()) return;
        store.write([&](Tx& tx) {
            if (const auto company = people.company(tx))
                tx.run(end_leases, {{"company", company->id}, {"at", tx.now()}});
        });
    }

    void run(std::stop_token stop) {
        name_thread("mailman");
        patience.stop = stop;
        std::uint64_t seen = 0;
        bool is_first = true;
        bool has_news = false;
        Every looking(look_every), telling(look_after_news);
        while (!stop.stop_requested()) {
            const Instant now = clock.now();
            if (looking.is_due(now) || (has_news && telling.is_due(now))) {
                has_news = false;
                try {
                    if (is_first) bury_the_dead();
                    is_first = false;
                    look();
                } catch (const std::exception& error) {  // the database is away: the next look
                    log_warning("mail.failed", {{"detail", error.what()}});
                }
            }
            const std::uint64_t newest = wait_for_fact(seen, wait_step);
            has_news = has_news || newest != seen;
            seen = newest;
        }
    }
};

Mailman::Mailman(Store& store, People& people, Notices& notices, const Messages& messages,
                 const Clock& clock)
    : inside_(std::make_unique<Inside>(Inside{store, people, notices, messages, clock, {}})) {}
Mailman::~Mailman() {
    stop();
}
void Mailman::start() {
    inside_->thread =
        std::jthread([inside = inside_.get()](std::stop_token stop) { inside->run(stop); });
}
void Mailman::stop() {
    inside_->thread.request_stop();
    wake_fact_waiters();
    if (inside_->thread.joinable()) inside_->thread.join();
}
int Mailman::send_due() {
    return inside_->look();
}
void Mailman::be_patient(MailPatience patience) {
    inside_->patience = patience;
}

MailAnswer Mailman::send_test(const MailServer& server, const std::string& to,
                              std::string_view language) const {
    Letter letter;
    letter.to_address = to;
    letter.subject = inside_->messages.message(language, "mail.test.subject");
    letter.body =
        inside_->messages.message(language, "mail.test.body", {{"url", server.desk_url}}) + "\n";
    inside_->dress(letter, server, "test_" + std::to_string(inside_->clock.now().us));
    return send_mail(server.smtp, to, letter_text(letter), inside_->patience);
}

}  // namespace otklik
