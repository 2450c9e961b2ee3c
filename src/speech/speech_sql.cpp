#include "speech/speech_sql.h"

namespace otklik::speech_sql {

const Sql insert_transcript{
    "insert into transcript (id, company_id, unit, session_id, channel, begin_sample, end_sample,"
    " source, engine, language, content_hash, created_at) values (:id, :company, :unit, :session,"
    " :channel, :begin, :end, :source, :engine, :language, :hash, :at)"};
const Sql same_transcript{
    "select id, replaced_at from transcript where session_id = :session and channel = :channel"
    " and engine = :engine and begin_sample = :begin and end_sample = :end"
    " and content_hash = :hash"};
const Sql restore_transcript{
    "update transcript set replaced_at = null, created_at = :at where id = :id"};
const Sql replace_within{
    "update transcript set replaced_at = :at where session_id = :session and channel = :channel"
    " and engine = :engine and begin_sample >= :begin and end_sample <= :end"
    " and replaced_at is null and id <> :id"};
const Sql insert_word{
    "insert into word (transcript_id, ordinal, session_id, begin_sample, end_sample, text,"
    " speaker, confidence) values (:transcript, :ordinal, :session, :begin, :end, :text, :speaker,"
    " :confidence)"};
const Sql words_of_transcript{
    "select text, begin_sample, end_sample, speaker, confidence from word"
    " where transcript_id = :transcript and begin_sample < :end and end_sample > :begin"
    " order by ordinal"};
const Sql delete_words{
    "delete from word where session_id = :session and begin_sample < :end"
    " and end_sample > :begin"};
const Sql delete_transcripts{
    "delete from transcript where session_id = :session and begin_sample >= :begin"
    " and end_sample <= :end"};
const Sql transcripts_meeting{
    "select id, company_id, unit, session_id, channel, begin_sample, end_sample, source, engine,"
    " language, created_at from transcript where session_id = :session and channel = :channel"
    " and begin_sample < :end and end_sample > :begin and replaced_at is null"
    " order by created_at desc, id desc"};
const Sql transcripts_of_session{
    "select id, company_id, unit, session_id, channel, begin_sample, end_sample, source, engine,"
    " language, created_at from transcript where session_id = :session and replaced_at is null"
    " order by created_at desc, id desc"};
const Sql place_of_transcript{"select company_id, unit from transcript where id = :id"};

}  // namespace otklik::speech_sql
