#pragma once
// What the sources of the room share. Private to it. Thread: any; the transaction is the lock.
#include "notices/notices.h"
#include "store/store.h"

namespace otklik {

inline Notice notice_of(const Row& row) {
    Notice notice;
    notice.id = row.id<Notice>(0);
    notice.company_id = row.integer(1);
    notice.unit = row.id<Unit>(2);
    notice.account_id = row.id<Account>(3);
    notice.topic = parse_enum<Topic>(row.text(4)).value_or(Topic::recording);
    notice.line = row.text(5);
    notice.made_at = row.instant(6);
    notice.not_before = row.instant(7);
    notice.expires_at = row.instant(8);
    notice.state = parse_enum<NoticeState>(row.text(9)).value_or(NoticeState::failed);
    notice.letter_id = row.id<Notice>(10);
    notice.attempts = row.integer(11);
    notice.settled_at = row.maybe_instant(12);
    notice.reason = row.text(13);
    notice.reason_words = row.text(14);
    return notice;
}

inline bool may_be_told(const People& people, Tx& tx, const Account& account, const Place& place,
                        Topic topic) {
    return !account.disabled_at && role_has(account.role, right_of(topic)) &&
           allows(people.scope_of(tx, account), place);
}

}  // namespace otklik
