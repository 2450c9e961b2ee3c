#pragma once
// Every statement of the room speech; private to it.
#include "store/store.h"

namespace otklik::speech_sql {

extern const Sql insert_transcript, same_transcript, restore_transcript, replace_within;
extern const Sql insert_word, words_of_transcript, delete_words, delete_transcripts;
extern const Sql transcripts_meeting, transcripts_of_session;
extern const Sql place_of_transcript;

}  // namespace otklik::speech_sql
