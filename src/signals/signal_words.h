#pragma once
// Finding signals by the words of what exactly was said, and by who was on duty. Owns: signal_word.
// Thread: any; the transaction is the lock.
#include <string_view>
#include <vector>

#include "signals/signals.h"

namespace otklik {

/// Signals of whose «what exactly» a word begins so (folded), newest first, at most count_max
/// (200 at most). A short beginning meets many words: of the first 64 of them the newest signals
/// are given.
std::vector<Id<Signal>> signals_by_word(const Scope& scope, Tx& tx, std::string_view beginning,
                                        int count_max);
/// Signals of a person's newest duties, newest first, at most count_max.
std::vector<Id<Signal>> signals_by_person(const Scope& scope, Tx& tx, Id<Person> person,
                                          int count_max);
/// The words of a signal are those of the text from now on.
void write_signal_words(Tx& tx, const Signal& signal, std::string_view text);
/// Words of signals that were processed before there was a search: from the newest to the oldest,
/// in slices, so that the oldest says whether all are done. Returns how many. At start, by the
/// house.
int write_missing_words(Store& store);

}  // namespace otklik
