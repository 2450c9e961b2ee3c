// Mail: the company's mail server, a letter to try it, what lies in the outbox, and which letters
// the reader wants.
#include "base/text.h"
#include "notices/letter.h"
#include "notices/mailman.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr int outbox_rows = 50;
constexpr std::size_t authority_bytes_max = 20'000;
constexpr std::size_t password_bytes_max = 500;

struct MailView {
    bool is_set = false;
    MailServer server;
    std::string own_address;
    void fields(FieldSink& f) {
        f.flag("is_set", is_set, "a server was set up");
        f.text("host", server.smtp.host);
        f.integer("port", server.smtp.port);
        f.choice("tls", server.smtp.tls, "none: only for a server on this computer");
        f.text("login", server.smtp.login);
        f.flag("has_password", server.has_password, "it is never given back");
        f.text("authority", server.smtp.authority, {}, "PEM; empty: those of the system");
        f.text("from_address", server.smtp.from_address);
        f.text("from_name", server.from_name);
        f.text("desk_url", server.desk_url, {}, "where links of letters lead");
        f.integer("quiet_begin_min", server.quiet_begin_min, {},
                  "minutes of the day, by the site's clock; equal to the end: no quiet hours");
        f.integer("quiet_end_min", server.quiet_end_min);
        f.flag("sends", server.sends, "false: nothing is posted or sent");
        f.integer("version", server.version);
        f.instant("sent_at", server.sent_at, "the last letter that a server took");
        f.text("trouble_code", server.trouble_code, {},
               "why letters wait: no_host, no_connection, slow, login, certificate …; empty: none");
        f.text("trouble_words", server.trouble_words, {}, "as the server put it");
        f.instant("trouble_since", server.trouble_since);
        f.text("own_address", own_address, {}, "of the reader, where a trial letter goes");
    }
};
struct MailRequest {
    MailServer server;
    std::optional<std::string> password;
    void fields(FieldSink& f) {
        f.text("host", server.smtp.host, {.bytes_max = 253, .may_be_empty = false});
        f.integer("port", server.smtp.port, {1, 65'535});
        f.choice("tls", server.smtp.tls);
        f.text("login", server.smtp.login, {.bytes_max = 254});
        f.text("password", password, {.bytes_max = password_bytes_max},
               "absent: the kept one stays; empty: it goes");
        f.text("authority", server.smtp.authority, {.bytes_max = authority_bytes_max});
        f.text("from_address", server.smtp.from_address, {.bytes_max = 254});
        f.text("from_name", server.from_name, {.bytes_max = 100});
        f.text("desk_url", server.desk_url, {.bytes_max = 300});
        f.integer("quiet_begin_min", server.quiet_begin_min, {0, 1'439});
        f.integer("quiet_end_min", server.quiet_end_min, {0, 1'439});
        f.flag("sends", server.sends);
    }
};
struct MailTestRequest {
    std::string to;
    void fields(FieldSink& f) {
        f.text("to", to, {.bytes_max = 254, .may_be_empty = false}, "who gets the letter");
    }
};
struct MailTestView {
    bool sent = false;
    std::string code, words;
    void fields(FieldSink& f) {
        f.flag("sent", sent, "the server took it; whether it arrives, the mailbox tells");
        f.text("code", code, {}, "what happened, as trouble_code");
        f.text("words", words, {}, "the server's own answer");
    }
};

struct OutboxRow {
    Notice notice;
    std::string to_name;
    void fields(FieldSink& f) {
        f.id("id", notice.id);
        f.text("to_name", to_name, {}, "whose account it is for");
        f.choice("topic", notice.topic);
        f.text("line", notice.line);
        f.instant("made_at", notice.made_at);
        f.instant("not_before", notice.not_before);
        f.choice("state", notice.state);
        f.integer("attempts", notice.attempts);
        f.instant("settled_at", notice.settled_at);
        f.text("reason", notice.reason, {}, "why it waits, failed or was dropped");
        f.text("reason_words", notice.reason_words, {}, "the server's own answer");
    }
};
struct OutboxView {
    std::vector<OutboxRow> items;
    void fields(FieldSink& f) { f.list("items", items, outbox_rows, "newest first"); }
};

struct ChoiceView {
    NoticeChoice choice;
    void fields(FieldSink& f) {
        f.choice("topic", choice.topic);
        f.flag("at_night", choice.at_night, "also within the quiet hours");
    }
};
struct ChoicesView {
    bool mail_is_set = false;
    std::string address;
    std::int64_t quiet_begin_min = 0, quiet_end_min = 0;
    std::vector<ChoiceView> items;
    void fields(FieldSink& f) {
        f.flag("mail_is_set", mail_is_set, "the company sends letters");
        f.text("address", address, {}, "of the reader's person; empty: there is none");
        f.integer("quiet_begin_min", quiet_begin_min);
        f.integer("quiet_end_min", quiet_end_min);
        f.list("items", items, 20);
    }
};
struct ChoicesRequest {
    std::vector<ChoiceView> items;
    void fields(FieldSink& f) { f.list("items", items, 20, "all that are wanted"); }
};

std::int64_t root_of(Call& call, Tx& tx) {
    return call.rooms.people.root_unit(tx, call.company_id()).value;
}

MailView show_mail(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        MailView view;
        if (auto server = call.rooms.notices.server(tx, call.company_id())) {
            view.is_set = true;
            view.server = std::move(*server);
            call.set_version(view.server.version);
        }
        view.own_address = call.rooms.notices.address_of(tx, call.account_id());
        return view;
    });
}

void journal_mail(Call& call, Tx& tx, std::string_view verb, std::string_view detail = "{}") {
    journal(call, tx, verb, "company", call.company_id(), root_of(call, tx), detail);
}

MailView set_mail(Call& call, MailRequest& in) {
    in.server.smtp.host = trim(in.server.smtp.host);
    in.server.smtp.from_address = trim(in.server.smtp.from_address);
    in.server.desk_url = trim(in.server.desk_url);
    while (in.server.desk_url.ends_with('/')) in.server.desk_url.pop_back();
    call.rooms.store.write([&](Tx& tx) {
        in.server.company_id = call.company_id();
        const auto held = call.rooms.notices.server(tx, call.company_id());
        in.server.version = held ? held->version : 0;
        if (held) call.require_version(held->version);
        call.rooms.notices.set_server(tx, in.server, {in.password}, call.actor.word);
        journal_mail(call, tx, "mail.changed");
    });
    return show_mail(call);
}

MailTestView test_mail(Call& call, MailTestRequest& in) {
    const std::string to(trim(in.to));
    if (!is_mail_address(to)) throw Error(Fault::invalid, "mail.address").at("to");
    const auto server = call.rooms.store.write([&](Tx& tx) {
        call.rooms.people.count_try(tx, "mail.test:" + call.actor.word, "mail.test_often");
        auto found = call.rooms.notices.server_to_send(tx, call.company_id());
        if (!found) throw Error(Fault::conflict, "mail.not_set");
        return *found;
    });
    const MailAnswer answer =
        call.rooms.mailman.send_test(server, to, enum_word(call.actor.language));
    const bool sent = answer.outcome == MailOutcome::sent;
    call.rooms.store.write([&](Tx& tx) {
        if (sent) call.rooms.people.forget_tries(tx, "mail.test:" + call.actor.word);
        journal_mail(call, tx, "mail.tested", "{\"answer\":\"" + answer.code + "\"}");
    });
    return {sent, answer.code, answer.words};
}

OutboxView show_outbox(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        OutboxView view;
        for (Notice& notice : call.rooms.notices.newest(call.scope, tx, outbox_rows)) {
            OutboxRow row{std::move(notice), {}};
            if (const auto account =
                    call.rooms.people.find_account(call.scope, tx, row.notice.account_id))
                row.to_name = call.rooms.people.person_name(tx, account->person_id);
            view.items.push_back(std::move(row));
        }
        return view;
    });
}

ChoicesView show_choices(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        ChoicesView view;
        if (const auto server = call.rooms.notices.server(tx, call.company_id())) {
            view.mail_is_set = server->sends;
            view.quiet_begin_min = server->quiet_begin_min;
            view.quiet_end_min = server->quiet_end_min;
        }
        if (!call.account_id()) return view;
        view.address = call.rooms.notices.address_of(tx, call.account_id());
        for (const NoticeChoice& each : call.rooms.notices.choices(tx, call.account_id()))
            view.items.push_back({each});
        return view;
    });
}

ChoicesView set_choices(Call& call, ChoicesRequest& in) {
    if (!call.actor.signed_in) throw Error(Fault::forbidden, "right.missing");
    std::vector<NoticeChoice> choices;
    for (const ChoiceView& each : in.items) choices.push_back(each.choice);
    call.rooms.store.write([&](Tx& tx) {
        const Account& account = call.actor.signed_in->account;
        call.rooms.notices.choose(tx, account, choices);
        journal(call, tx, "notices.chosen", "account", account.id.value, account.unit.value);
    });
    return show_choices(call);
}

constexpr Route mail_table[] = {
    route<&show_mail>("GET", "/settings/mail", Right::operate,
                      "How the company sends mail, without the password."),
    route<&set_mail>("PUT", "/settings/mail", Right::operate,
                     "Sets the mail server; If-Match once there is one."),
    route<&test_mail>("POST", "/settings/mail/test", Right::operate,
                      "Sends one letter now and tells what the server answered; up to a minute.",
                      4096),
    route<&show_outbox>("GET", "/settings/mail/outbox", Right::operate,
                        "The newest letters and how they stand."),
    route<&show_choices>("GET", "/me/notices", Right::see_recording,
                         "Which letters the reader wants, and where they go."),
    route<&set_choices>("PUT", "/me/notices", Right::see_recording, "Chooses letters.", 4096),
};

}  // namespace

const std::span<const Route> mail_routes = mail_table;

}  // namespace otklik
