#pragma once
// SMTP: hands one letter to the mail server of the company (RFC 5321, submission RFC 6409), by
// libcurl. One connection a letter. The certificate is always verified; without TLS only this
// computer is spoken to. Owns: nothing. Thread: any; it waits up to mail_time_max for the server.
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "base/fields.h"
#include "base/time.h"

namespace otklik {

enum class MailTls {
    starttls,  // required, never given up
    implicit,
    none,  // this computer only
};
template <>
inline constexpr std::pair<MailTls, std::string_view> enum_words<MailTls>[3] = {
    {MailTls::starttls, "starttls"}, {MailTls::implicit, "implicit"}, {MailTls::none, "none"}};

struct SmtpServer {
    std::string host;
    std::int64_t port = 587;
    MailTls tls = MailTls::starttls;
    std::string login, password;  // no login: none is tried
    std::string authority;        // PEM; empty: those of the system
    std::string from_address;
};

enum class MailOutcome {
    sent,     // the server took it upon itself
    later,    // this letter: asked to come again (4xx)
    refused,  // this letter: never (5xx)
    trouble,  // any letter: the server is away, the password is wrong …
    unknown,  // it had the letter and did not answer: it may be on its way
};
struct MailAnswer {
    MailOutcome outcome = MailOutcome::sent;
    std::string code;   // "mail.<code>" of the catalogue says what happened and what to do
    std::string words;  // the server's own last answer, or the library's; printable, bounded
};

inline constexpr Duration mail_connect_max = Duration::seconds(15);
inline constexpr Duration mail_time_max = Duration::seconds(60);
struct MailPatience {
    Duration connect = mail_connect_max, whole = mail_time_max;
    std::stop_token stop = {};  // asked about once a second
};

/// `letter`: a whole message of letter.h. Never throws for what a server does.
MailAnswer send_mail(const SmtpServer& server, const std::string& to, const std::string& letter,
                     MailPatience patience = {});
/// "localhost", 127.x.x.x, ::1.
bool is_this_computer(std::string_view host);

}  // namespace otklik
