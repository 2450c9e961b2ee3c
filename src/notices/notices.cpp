#include "notices/notices.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/calendar.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "notices/letter.h"
#include "notices/notices_sql.h"
#include "notices/rows_inside.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace notices_sql;

constexpr std::string_view password_use = "mail.password";
constexpr std::int64_t day_min = std::int64_t{24} * 60;

MailServer server_of(const Row& row) {
    MailServer server;
    server.company_id = row.integer(0);
    server.smtp.host = row.text(1);
    server.smtp.port = row.integer(2);
    server.smtp.tls = parse_enum<MailTls>(row.text(3)).value_or(MailTls::starttls);
    server.smtp.login = row.text(4);
    server.has_password = !row.is_null(5);
    server.smtp.authority = row.text(6);
    server.smtp.from_address = row.text(7);
    server.from_name = row.text(8);
    server.desk_url = row.text(9);
    server.quiet_begin_min = row.integer(10);
    server.quiet_end_min = row.integer(11);
    server.sends = row.flag(12);
    server.version = row.integer(13);
    server.sent_at = row.maybe_instant(14);
    server.trouble_code = row.maybe_text(15).value_or("");
    server.trouble_words = row.maybe_text(16).value_or("");
    server.trouble_since = row.maybe_instant(17);
    return server;
}

[[noreturn]] void refuse(std::string_view code, std::string_view field) {
    throw Error(Fault::invalid, code).at(field);
}

bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 253 && host.front() != '-' &&
           std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-' || c == ':';
           });
}

bool is_web_address(std::string_view url) {
    const bool scheme = url.starts_with("https://") || url.starts_with("http://");
    return scheme && url.size() <= 300 && url.size() > 8 &&
           std::all_of(url.begin(), url.end(), [](char c) {
               return c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>';
           });
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

constexpr std::string_view notice_verbs[] = {"mail.changed", "mail.tested", "notices.chosen"};
constexpr PersonalColumn notice_columns[] = {
    {"mail_server", "changed_by", "who set the mail server", "keep"},
    {"notice_choice", "account_id", "which letters a person asked for", "delete_row"},
    {"notice", "account_id", "to whom a line was sent", "delete_row"},
    {"notice", "reason_words", "a server's answer may name the address", "blank"},
};
const Kind kinds[] = {
    {"notice", "notice", "", "journal", notice_verbs, notice_columns, &place_by<place_of_notice>},
};

}  // namespace

const std::span<const Kind> notice_kinds{kinds};

Instant quiet_until(const MailServer& server, std::string_view zone, Instant at) {
    const std::int64_t begin = server.quiet_begin_min, end = server.quiet_end_min;
    if (begin == end) return at;
    const LocalTime time = local_time(zone, at);
    const std::int64_t minute = time.hour * 60 + time.minute;
    const bool over_midnight = begin > end;
    const bool quiet =
        over_midnight ? minute >= begin || minute < end : minute >= begin && minute < end;
    if (!quiet) return at;
    const std::int64_t day = time.day + (over_midnight && minute >= begin ? 1 : 0);
    return std::max(
        at, local_instant({day, static_cast<int>(end / 60), static_cast<int>(end % 60), 0}, zone));
}

std::optional<MailServer> Notices::server(Tx& tx, std::int64_t company_id) const {
    const auto row = tx.row(find_server, {{"company", company_id}});
    return row ? std::optional(server_of(*row)) : std::nullopt;
}

std::optional<MailServer> Notices::server_to_send(Tx& tx, std::int64_t company_id) const {
    const auto row = tx.row(find_server, {{"company", company_id}});
    if (!row) return std::nullopt;
    MailServer server = server_of(*row);
    if (!server.has_password) return server;
    const auto word = secrets_.open(password_use, row->blob(5));
    if (!word) throw Error(Fault::conflict, "mail.password_lost");
    server.smtp.password = *word;
    return server;
}

void Notices::check(const MailServer& server) {
    if (!is_host(server.smtp.host)) refuse("mail.host", "host");
    if (server.smtp.tls == MailTls::none && !is_this_computer(server.smtp.host))
        refuse("mail.plain", "tls");
    if (!is_mail_address(server.smtp.from_address)) refuse("mail.address", "from_address");
    if (!is_web_address(server.desk_url)) refuse("mail.url", "desk_url");
    if (has_control(server.smtp.login)) refuse("mail.login", "login");
    if (has_control(server.from_name)) refuse("mail.name", "from_name");
    const std::string& authority = server.smtp.authority;
    if (!authority.empty() && authority.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        refuse("mail.authority", "authority");
    for (const std::int64_t minute : {server.quiet_begin_min, server.quiet_end_min})
        if (minute < 0 || minute >= day_min) refuse("mail.quiet", "quiet_begin_min");
}

void Notices::set_server(Tx& tx, const MailServer& server, const NewPassword& password,
                         std::string_view by) {
    check(server);
    const auto held = tx.row(find_server, {{"company", server.company_id}});
    if ((held ? held->integer(13) : 0) != server.version)
        throw Error(Fault::precondition, "row.changed");
    Value sealed = nullptr;
    if (password.word && !password.word->empty()) {
        if (has_control(*password.word)) refuse("mail.login", "password");
        sealed = Bytes{secrets_.seal(password_use, *password.word)};
    } else if (!password.word && held && !held->is_null(5)) {
        // A word for another server is not sent to this one.
        const MailServer before = server_of(*held);
        if (before.smtp.host != server.smtp.host || before.smtp.login != server.smtp.login)
            refuse("mail.password_again", "password");
        sealed = Bytes{held->blob(5)};
    }
    Params row{{"company", server.company_id},
               {"host", server.smtp.host},
               {"port", server.smtp.port},
               {"tls", enum_word(server.smtp.tls)},
               {"login", server.smtp.login},
               {"password", nullptr},
               {"authority", server.smtp.authority},
               {"from", server.smtp.from_address},
               {"from_name", server.from_name},
               {"url", server.desk_url},
               {"quiet_begin", server.quiet_begin_min},
               {"quiet_end", server.quiet_end_min},
               {"sends", server.sends},
               {"at", tx.now()},
               {"by", by}};
    row[5].value = sealed;
    row.emplace_back(held ? "version" : "unit",
                     held ? server.version : people_.root_unit(tx, server.company_id).value);
    if (tx.run(held ? update_server : insert_server, row) == 0)
        throw Error(Fault::precondition, "row.changed");
}

std::vector<NoticeChoice> Notices::choices(Tx& tx, Id<Account> account) const {
    std::vector<NoticeChoice> found;
    for (const Row& row : tx.rows(choices_of_account, {{"account", account}}))
        if (const auto topic = parse_enum<Topic>(row.text(0)))
            found.push_back({*topic, row.flag(1)});
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.topic < b.topic; });
    return found;
}

void Notices::choose(Tx& tx, const Account& account, const std::vector<NoticeChoice>& choices) {
    const bool may = std::all_of(choices.begin(), choices.end(), [&](const NoticeChoice& each) {
        return role_has(account.role, right_of(each.topic));
    });
    if (!may || !role_has(account.role, Right::see_recording))
        throw Error(Fault::forbidden, "right.missing");
    if (!choices.empty() && address_of(tx, account.id).empty())
        throw Error(Fault::conflict, "notice.no_address");
    tx.run(delete_choices, {{"account", account.id}});
    std::vector<Topic> seen;
    for (const NoticeChoice& each : choices) {
        if (std::find(seen.begin(), seen.end(), each.topic) != seen.end()) continue;
        seen.push_back(each.topic);
        tx.run(insert_choice, {{"account", account.id},
                               {"topic", enum_word(each.topic)},
                               {"company", account.company_id},
                               {"at_night", each.at_night},
                               {"at", tx.now()}});
    }
}

std::string Notices::address_of(Tx& tx, Id<Account> id) const {
    const auto account = people_.find_account(Scope::system(), tx, id);
    if (!account || account->disabled_at || !account->person_id) return {};
    const auto person = people_.find_person(Scope::system(), tx, account->person_id);
    if (!person || person->archived_at || !person->email) return {};
    const std::string address(trim(*person->email));
    return is_mail_address(address) ? address : std::string();
}

int Notices::post(Tx& tx, const News& news) {
    const auto mail = server(tx, news.place.company_id);
    if (!mail || !mail->sends) return 0;
    const auto waiting = tx.row(count_waiting, {{"company", news.place.company_id}});
    if (waiting->integer(0) >= notices_waiting_max) {
        log_warning("notices.full", {{"waiting", std::to_string(waiting->integer(0))}});
        return 0;
    }
    int posted = 0;
    for (const Row& row : tx.rows(choices_of_topic, {{"company", news.place.company_id},
                                                     {"topic", enum_word(news.topic)}})) {
        const auto account = people_.find_account(Scope::system(), tx, row.id<Account>(0));
        if (!account || !may_be_told(people_, tx, *account, news.place, news.topic)) continue;
        const Instant not_before = row.flag(1) ? tx.now() : quiet_until(*mail, news.zone, tx.now());
        const std::string_view language = enum_word(account->language);
        tx.run(insert_notice, {{"id", tx.next_id()},
                               {"company", news.place.company_id},
                               {"unit", news.place.unit},
                               {"account", account->id},
                               {"topic", enum_word(news.topic)},
                               {"kind", news.subject_kind},
                               {"subject", news.subject},
                               {"line", messages_.message(language, news.key, news.params)},
                               {"at", tx.now()},
                               {"not_before", not_before},
                               {"expires", not_before + notice_life}});
        ++posted;
    }
    return posted;
}

int Notices::withdraw(Tx& tx, std::string_view subject_kind, std::int64_t subject) {
    return static_cast<int>(
        tx.run(drop_notices, {{"subject", subject}, {"kind", subject_kind}, {"at", tx.now()}}));
}

std::vector<Notice> Notices::newest(const Scope& scope, Tx& tx, int count_max) const {
    std::vector<Notice> found;
    for (const Row& row :
         tx.rows(newest_notices, {{"company", scope.company_id()},
                                  {"below", std::numeric_limits<std::int64_t>::max()},
                                  {"count", count_max}})) {
        Notice notice = notice_of(row);
        if (allows(scope, {notice.company_id, notice.unit.value, 0}))
            found.push_back(std::move(notice));
    }
    return found;
}

}  // namespace otklik
