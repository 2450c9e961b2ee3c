#pragma once
// The mailman: takes lines of the outbox that are due, joins those of one account into a letter,
// and gives it to the mail server. What the server puts off waits 1, 2, 5, 10, 20 … 60 minutes; a
// server that is away or refuses the password is left alone for so long for all letters, and its
// trouble is written down for the settings page. A letter whose outcome nobody knows (the program
// died, the server fell silent after the text) goes again under the same Message-ID, so that mail
// programs know it for the same. Thread: a thread of its own; send_due is safe for one at a time in
// a process, other processes pass by what it took.
#include <memory>
#include <optional>

#include "base/clock.h"
#include "notices/notices.h"

namespace otklik {

class Store;

class Mailman {
public:
    Mailman(Store& store, People& people, Notices& notices, const Messages& messages,
            const Clock& clock);
    ~Mailman();  // stops
    void start();
    void stop();
    /// Sends what is due now; returns how many letters were tried.
    int send_due();
    /// One letter at once, to see whether it goes; no row is written. The words of the letter are
    /// of the language.
    MailAnswer send_test(const MailServer& server, const std::string& to,
                         std::string_view language) const;
    /// Time limits of a talk, shorter for tests.
    void be_patient(MailPatience patience);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// How long a letter waits after so many tries.
Duration mail_wait(std::int64_t attempts);

}  // namespace otklik
