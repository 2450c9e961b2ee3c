#pragma once
// A mail server of another's making for journeys: tests/testkit/mail/server.py over Debian's
// python3-aiosmtpd, with a certificate of the house's own authority. Thread: one.
#include <sys/types.h>

#include <string>
#include <vector>

#include "testkit/program.h"

namespace otklik::testkit {

/// Empty when it can run here.
std::string why_no_mail_server();

class MailBox {
public:
    struct Wish {
        std::string tls = "none";        // starttls, implicit or none
        std::string login;               // NAME:PASSWORD
        std::string name = "localhost";  // what its certificate is for
        int port = 0;
    };
    MailBox() : MailBox(Wish{}) {}
    explicit MailBox(const Wish& wish);
    ~MailBox();
    int port() const { return port_; }
    /// What its certificate is signed by, PEM.
    const std::string& authority() const { return authority_; }
    /// ok, refuse, grey, slow, mute or full.
    void behave(const std::string& mode);
    /// Whole letters in the order they came.
    std::vector<std::string> letters() const;
    /// Waits until there are so many; false after ten seconds.
    bool wait_for(std::size_t count) const;

private:
    Folder folder_;
    std::string authority_;
    pid_t pid_ = -1;
    int port_ = 0;
};

/// A header of a letter, unfolded; empty: there is none.
std::string header_of(const std::string& letter, const std::string& name);
/// Its text, decoded.
std::string body_of(const std::string& letter);
/// A header's encoded words, decoded.
std::string decoded_words(const std::string& value);

}  // namespace otklik::testkit
