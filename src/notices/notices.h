#pragma once
// Notices: letters to people about what happened. Whoever tells writes a line into the outbox in
// the transaction of the cause (post); the mailman joins the lines that are due for one account
// into one letter and hands it to the company's mail server, again and again until the server takes
// it, refuses it, or it is too old. Lines hold no personal data: what, where, since when. The
// address is that of the account's person at the moment of sending, and so are its rights.
// Owns: mail_server, notice_choice, notice. Thread: any; the transaction is the lock.
// States: waiting -> sending -> sent | failed (with a reason); waiting -> dropped, when what it
// told of is over before anybody was told.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/messages.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "notices/smtp.h"
#include "people/people.h"
#include "store/secrets.h"

namespace otklik {

/// What a letter may be about; each account chooses.
enum class Topic { recording, sound, files, cleared, response, server };
template <>
inline constexpr std::pair<Topic, std::string_view> enum_words<Topic>[6] = {
    {Topic::recording, "recording"}, {Topic::sound, "sound"},       {Topic::files, "files"},
    {Topic::cleared, "cleared"},     {Topic::response, "response"}, {Topic::server, "server"}};
/// Who may be told of it: those who could read the same in the desk.
constexpr Right right_of(Topic topic) noexcept {
    return topic == Topic::server ? Right::operate : Right::see_recording;
}

/// How the company sends mail. The password is never read back: only whether there is one.
struct MailServer {
    std::int64_t company_id = 0;
    SmtpServer smtp;  // its password is filled in by server_to_send alone
    std::string from_name;
    std::string desk_url;  // where links lead: "https://otklik.shop.example"
    std::int64_t quiet_begin_min =
        std::int64_t{22} * 60;  // of the day, by the site's clock; equal: none
    std::int64_t quiet_end_min = std::int64_t{8} * 60;
    bool sends = true;
    bool has_password = false;
    std::int64_t version = 0;  // 0: not set up yet
    std::optional<Instant> sent_at;
    std::string trouble_code, trouble_words;  // empty: none since the last letter
    std::optional<Instant> trouble_since;
};
/// What somebody wants done with the kept password.
struct NewPassword {
    std::optional<std::string> word;  // nothing: it stays; empty: it goes
};

struct NoticeChoice {
    Topic topic = Topic::recording;
    bool at_night = false;  // also within the quiet hours
};

/// One thing to tell. `key` is a message of the catalogue, a line of the letter.
struct News {
    Place place;
    Topic topic = Topic::recording;
    std::string_view subject_kind;
    std::int64_t subject = 0;
    std::string_view key;
    ErrorParams params;
    std::string zone;  // of its site, for the quiet hours
};

enum class NoticeState { waiting, sending, sent, failed, dropped };
template <>
inline constexpr std::pair<NoticeState, std::string_view> enum_words<NoticeState>[5] = {
    {NoticeState::waiting, "waiting"},
    {NoticeState::sending, "sending"},
    {NoticeState::sent, "sent"},
    {NoticeState::failed, "failed"},
    {NoticeState::dropped, "dropped"}};
struct Notice {
    Id<Notice> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Account> account_id;
    Topic topic = Topic::recording;
    std::string line;
    Instant made_at, not_before, expires_at;
    NoticeState state = NoticeState::waiting;
    Id<Notice> letter_id;  // the first line of its letter
    std::int64_t attempts = 0;
    std::optional<Instant> settled_at;
    std::string reason, reason_words;  // as MailAnswer, and no_address, no_right, old, over
};
template <>
inline constexpr std::string_view id_prefix<Notice> = "notice";

inline constexpr int notices_waiting_max = 5'000;  // of a company; over it nothing more is taken
inline constexpr Duration notice_life = Duration::hours(48);  // older news is no news

class Notices {
public:
    Notices(People& people, const Messages& messages, const Secrets& secrets)
        : people_(people), messages_(messages), secrets_(secrets) {}

    std::optional<MailServer> server(Tx& tx, std::int64_t company_id) const;
    /// With the password, for sending; Error{conflict, "mail.password_lost"} when it cannot be
    /// opened.
    std::optional<MailServer> server_to_send(Tx& tx, std::int64_t company_id) const;
    /// Error{invalid, "mail.host" | "mail.plain" | "mail.address" | "mail.url" | "mail.authority" |
    /// "mail.login"} with the field; Error{precondition, "row.changed"} on the version.
    void set_server(Tx& tx, const MailServer& server, const NewPassword& password,
                    std::string_view by);
    /// What a server is allowed to be; set_server asks it too.
    static void check(const MailServer& server);

    std::vector<NoticeChoice> choices(Tx& tx, Id<Account> account) const;
    /// Error{forbidden, "right.missing"} for a role without the topic's right; Error{conflict,
    /// "notice.no_address"} when the account's person has no mail address.
    void choose(Tx& tx, const Account& account, const std::vector<NoticeChoice>& choices);
    /// Whether letters can reach the account's person.
    std::string address_of(Tx& tx, Id<Account> account) const;

    /// Writes a line for each account that chose the topic and may see the place. Nothing where no
    /// mail server is set up. Returns how many.
    int post(Tx& tx, const News& news);
    /// What is over before it was told needs no letter. Returns how many lines were dropped.
    int withdraw(Tx& tx, std::string_view subject_kind, std::int64_t subject);
    /// Newest first.
    std::vector<Notice> newest(const Scope& scope, Tx& tx, int count_max) const;

private:
    People& people_;
    const Messages& messages_;
    const Secrets& secrets_;
};

/// When a line made now may go: at once, or when the quiet hours of the zone are over.
Instant quiet_until(const MailServer& server, std::string_view zone, Instant at);

extern const std::span<const Kind> notice_kinds;

}  // namespace otklik
