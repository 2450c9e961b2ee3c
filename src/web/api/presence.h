#pragma once
// Who has a record or a check open now. The desk says so every 20 s; it is kept in memory only, for
// it is true only now. Thread: any; the lock is its own.
#include <map>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/id.h"
#include "base/time.h"

namespace otklik {

struct Account;

struct Here {
    Id<Account> account;
    std::string name;
    bool writing = false;  // not only looks
    Instant since, seen_at;
};

class Presence {
public:
    /// Notes that `me` is at the subject and gives the others, who came first standing first.
    /// A reader who left is gone at once, one who fell silent after 45 s.
    std::vector<Here> here(std::int64_t subject, const Here& me);
    void leave(std::int64_t subject, Id<Account> account);

private:
    using Subjects = std::map<std::int64_t, std::vector<Here>>;
    static void forget_silent(Subjects& subjects, Instant now);
    Guarded<Subjects, 60> subjects_;
};

}  // namespace otklik
