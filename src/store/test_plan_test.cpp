// The large house behind plan_test.cpp. Its name makes it a part of the tests and of no program.
#include "store/test_plan.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>

#include "base/files.h"

namespace otklik {
namespace {

constexpr int rows_many = 50'000;  // lists of people and stages walk these
constexpr int rows_some = 8'000;   // the rest: enough that reading all of it costs more
constexpr int rows_points = 40;    // points, devices, recorders

// :i runs from 1. A thousand things a day, the newest first; ids of one press and all that follows
// from it are the same number. {..} words as in every statement.
struct Filling {
    const char* table;
    int rows;
    const char* columns;
    const char* values;
};
constexpr Filling fillings[] = {
    {"company", 1, "id, name, created_at", "1, 'c', 0"},
    {"unit", 41, "id, company_id, parent_id, kind, name, name_fold, created_at",
     "i, 1, case when i = 1 then null else 1 end, 'site', 'u', 'u', 0"},
    {"unit_ancestor", 41, "unit, ancestor, depth", "i, i, 0"},
    {"unit_ancestor", 40, "unit, ancestor, depth", "i + 1, 1, 1"},
    {"person", 400, "id, company_id, unit, name, name_fold, created_at",
     "i, 1, 2 + i % 40, 'p' || i, 'p' || i, 0"},
    {"account", 200,
     "id, company_id, unit, person_id, login, login_fold, password_hash, role, language,"
     " created_at",
     "i, 1, 1, i, 'l' || i, 'l' || i, 'h', 'checker', 'ru', 0"},
    {"account_grant", 200, "account_id, unit", "i, 1"},
    {"person_pin", 400, "person_id, company_id, unit, pin_hash, set_by, set_at",
     "i, 1, 2 + i % 40, 'h', 'b', 0"},
    {"setting", 5, "company_id, name, value, changed_at, changed_by", "1, 's' || i, 'v', 0, 'b'"},
    {"site", 40, "id, company_id, unit, name, name_fold, zone, created_at",
     "i, 1, i + 1, 's', 's', 'Europe/Moscow', 0"},
    {"point", rows_points, "id, company_id, unit, site_id, name, name_fold, created_at",
     "i, 1, i + 1, i, 'p', 'p', 0"},
    {"basis_card", 80,
     "id, company_id, unit, point_id, ground, notice, signage, consent, retention_days,"
     " confirmed_by, confirmed_at, revoked_at",
     "i, 1, 1 + i % 40, 1 + i % 40, 'g', 'n', 's', 'c', 30, 1, 0,"
     " case when i > 40 then null else 1 end"},
    {"question", 60, "id, company_id, unit, text, created_at", "i, 1, 1, 'q', 0"},
    {"question_plan", 60, "id, company_id, unit, question_id, weekdays, created_by, created_at",
     "i, 1, 1, i, 127, 'b', 0"},
    {"form", 40, "id, company_id, unit, name, name_fold, purpose, created_at",
     "i, 1, 1, 'f', 'f', 'standard', 0"},
    {"form_version", 120, "id, company_id, unit, form_id, number, body, created_by, created_at",
     "i, 1, 1, 1 + i % 40, 1 + i / 40, '{}', 0, 0"},
    {"form_draft", 20, "id, company_id, unit, name, purpose, body, created_by, created_at",
     "i, 1, 1, 'f', 'standard', '{}', 'b', 0"},
    {"work_calendar", 40, "id, company_id, unit, year, file_name, created_by, created_at",
     "i, 1, 1, 2000 + i, 'f', 'b', 0"},
    {"work_calendar_day", rows_some, "calendar_id, day, kind", "1 + i % 40, i, 'off'"},
    {"sheet_import", rows_some,
     "id, company_id, unit, import_kind, state, file_name, sha256, settings, created_by,"
     " created_at",
     "i, 1, 1, 'staff', 'done', 'f', cast('h' || i as {blob}), '{}', 'b', i"},
    {"sheet_import_file", 40, "import_id, bytes", "i, cast('b' as {blob})"},
    {"sheet_import_row", rows_many, "import_id, row, action, title",
     "1 + i % 1000, i, 'made', 't'"},
    {"past_score", rows_many,
     "id, company_id, unit, import_id, person_id, local_day, at, form_name, score_num, score_den,"
     " comment, key",
     "i, 1, 1, 1 + i % 1000, 1 + i % 400, :day - i / 100, 0, 'f', 1, 2, 'c',"
     " cast('k' || i as {blob})"},
    {"contact", rows_many,
     "id, company_id, unit, point_id, import_id, first_id, source, at, begin_at, end_at, local_day,"
     " key",
     "i, 1, 2 + i % 40, 1 + i % 40, 1, i, 'receipt', :now - i * 86400000, :now - i * 86400000,"
     " :now, :day - i / 1000, cast('k' || i as {blob})"},
    {"logged_press", rows_many,
     "signal_id, company_id, unit, import_id, point_id, pressed_at, uncertainty_us, file_named,"
     " file_fold, named_by, fragment_begin_at, session_id",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 40, :now - i * 86400000, 1000, 'f', 'f' || i, 'log',"
     " i, case when i % 2 = 0 then null else i end"},
    {"comment_template", rows_some,
     "id, company_id, unit, form_id, item, owner_id, text, created_at",
     "i, 1, 1, 1 + i % 40, 'i' || (i % 10), i % 100, 't', 0"},
    {"form_default", 4, "company_id, signal_kind, form_id, changed_by, changed_at",
     "1, 'k' || i, i, 0, 0"},
    {"recorder", rows_points, "id, company_id, unit, name, name_fold, pickup, created_at",
     "i, 1, i + 1, 'r', 'r', 'upload', 0"},
    {"placement", 80, "id, company_id, unit, recorder_id, point_id, begin_at, end_at",
     "i, 1, 1, 1 + i % 40, 1 + i % 40, i, case when i > 40 then null else i + 40 end"},
    {"device", rows_points,
     "id, company_id, unit, point_id, name, name_fold, token_hash,"
     " created_at",
     "i, 1, i + 1, i, 'd', 'd', cast('t' || i as {blob}), 0"},
    {"button_map", 120,
     "id, company_id, unit, device_id, number, valid_from, created_by, created_at",
     "i, 1, 1, 1 + i % 40, 1 + i / 40, i, 'b', 0"},
    {"button", 480,
     "id, company_id, unit, map_id, key, label, signal_kind, window_before_us, window_after_us",
     "i, 1, 1, 1 + i / 4, 'k' || i, 'l', 'answer', 60000000, 60000000"},
    {"fact_cursor", 2, "reader, fact_id", "'r' || i, i + 49900"},
    {"worker", 4, "id, beats, seen_at", "i, i, 0"},

    {"signal", rows_many,
     "id, company_id, unit, point_id, device_id, press_id, key, content_hash, pressed_at,"
     " uncertainty_us, received_at, button_id, signal_kind, person_id, local_day, local_hour,"
     " undone, state",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 40, 'p' || i, '1', cast('h' || i as {blob}),"
     " :now - i * 86400000, 1000, :now - i * 86400000, 1 + i % 400, 'answer', 1 + i % 400,"
     " :day - i / 1000, i % 24, case when i % 50 = 0 then 1 else 0 end,"
     " case when i % 10 = 0 then 'new' else 'done' end"},
    {"signal_undo", rows_some, "id, company_id, unit, signal_id, undone_by, undone_at",
     "i, 1, 1, i, 'b', :now"},
    {"signal_score", rows_some, "id, company_id, unit, signal_id, score, scored_at",
     "i, 1, 1, i, 7, :now"},
    {"signal_coding", rows_many, "signal_id, company_id, unit, what, coded_at",
     "i, 1, 1, 'w', :now"},
    {"signal_word", rows_many, "unit, word, at, signal_id",
     "1, cast('w' || (i % 500) as {blob}), :now - i * 86400000, i"},
    {"press_refusal", rows_some,
     "id, company_id, unit, device_id, signal_id, press_id, field, received_at",
     "i, 1, 1, 1 + i % 40, i, 'p' || i, 'key', :now - i * 1000000"},
    {"device_pairing", rows_some,
     "id, company_id, unit, device_id, code_hash, created_by, created_at, expires_at, used_at",
     "i, 1, 1, 1 + i % 40, cast('c' || i as {blob}), 'b', i, i + 600, i + 1"},
    {"clip", rows_many,
     "id, company_id, unit, point_id, person_id, signal_id, asked_begin_at, asked_end_at,"
     " uncertainty_us, state, reason, give_up_at, version_id, undone, local_day, created_at,"
     " changed_at",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 400, i, :now - i * 86400000 - 60000000,"
     " :now - i * 86400000 + 60000000, 1000,"
     " case i % 200 when 0 then 'waiting_upload' when 1 then 'failed' when 2 then 'partial'"
     " else 'final' end, 'r', :now + 86400000000 - i * 86400000, i, 0, :day - i / 1000, :now,"
     " :now"},
    {"clip_signal", rows_some, "clip_id, signal_id", "i, i"},
    {"clip_version", rows_some,
     "id, company_id, unit, clip_id, number, begin_at, end_at, length_samples, missing_samples,"
     " state, rule_version, input_version, made_by, made_at",
     "i, 1, 1, i, 1, 0, 0, 5760000 + i % 500, 0, 'final', 1, 'v', 'b', 0"},
    {"clip_piece", rows_some,
     "id, company_id, unit, version_id, ordinal, kind, clip_sample, sample_count, begin_at,"
     " session_id",
     "i, 1, 1, i, 0, 'sound', 0, 1, 0, i"},
    {"clip_track", rows_some, "id, company_id, unit, version_id, channel, media_file_id",
     "i, 1, 1, i, 0, i"},
    {"clip_envelope", rows_some,
     "id, company_id, unit, version_id, channel, length_samples, loudness",
     "i, 1, 1, i, 0, 1000000 + i * 200, cast('e' as {blob})"},
    {"clip_return", rows_some,
     "session_id, company_id, unit, clip_id, begin_sample, likeness_milli, compared, looked_at",
     "i, 1, 1, i, 0, 900, 1, 0"},
    {"clip_link", rows_some,
     "id, company_id, unit, clip_id, version_id, token_hash, note, made_by, made_at, expires_at",
     "i, 1, 1, i, i, cast('l' || i as {blob}), 'n', 1, i, i + 1"},
    {"transcript", rows_some,
     "id, company_id, unit, session_id, channel, begin_sample, end_sample, source, engine,"
     " language, content_hash, created_at",
     "i, 1, 1, i, 0, 0, 5760000, 'engine', 'e', 'ru', cast('h' || i as {blob}), i"},
    {"word", rows_some, "transcript_id, ordinal, session_id, begin_sample, end_sample, text",
     "1 + i / 100, i % 100, 1 + i / 100, (i % 100) * 48000, (i % 100) * 48000 + 9000, 'w'"},
    {"draw", rows_some,
     "id, company_id, unit, seed, rule_version, frame, session_id, point_id, begin_sample,"
     " end_sample, begin_at, end_at, drawn_by, created_at",
     "i, 1, 2 + i % 40, 's', 1, '{}', i, 1 + i % 40, 0, 1, :now, :now, 1, :now - i"},
    {"check_sheet", rows_many,
     "id, company_id, unit, form_id, form_version_id, purpose, clip_id, point_id, person_id,"
     " checker_id, state, outcome, score_num, score_den, local_day, started_at, done_at, reason",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 120, 'signal', i, 1 + i % 40, 1 + i % 400,"
     " 1 + i % 100, case when i % 20 = 0 then 'draft' else 'done' end, 'scored', 1, 2,"
     " :day - i / 1000, :now - i * 86400000, :now - i * 86400000,"
     " case when i % 100 = 3 then 'bad_sound' end"},
    {"check_answer", rows_some, "check_id, item, answer, answered_at",
     "1 + i / 10, 'i' || (i % 10), 'yes', 0"},
    {"evidence", rows_some,
     "id, company_id, unit, check_id, item, session_id, channel, media_sample, created_at",
     "i, 1, 1, i, 'i', 1 + i % 400, 0, 0, 0"},
    {"original", rows_some,
     "id, company_id, unit, recorder_id, media_file_id, sha256, started_at, start_source,"
     " start_uncertainty_us, name, format, sample_rate, channels, length_samples, warnings,"
     " silent, imported_by, imported_at",
     "i, 1, 1, 1 + i % 40, i, cast('h' || i as {blob}), i, 'stated', 0, 'n', 'wav', 8000, 1, 1,"
     " '', 0, 'b', i"},
    {"recording_session", rows_some,
     "id, company_id, unit, recorder_id, point_id, original_id, begin_at, end_at,"
     " uncertainty_us, length_samples, state, created_at",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 40, i, :now - i * 2000000000,"
     " :now - i * 2000000000 + 1900000000, 0, 1, 'closed', i"},
    {"track", rows_some, "id, company_id, unit, session_id, channel, role, pre_skip",
     "i, 1, 1, i, 0, 'mix', 312"},
    {"segment", rows_some,
     "id, company_id, unit, track_id, media_file_id, byte_begin, byte_count, first_packet,"
     " packet_count, first_sample, sample_count, sha256, page_index",
     "i, 1, 1, 1 + i / 60, i, 0, 1, (i % 60) * 3000, 3000, (i % 60) * 2880000, 2880000,"
     " cast('h' as {blob}), cast('p' as {blob})"},
    {"agent", 40, "recorder_id, company_id, unit, token_hash",
     "i, 1, 2 + i % 40, cast('h' || i as {blob})"},
    {"agent_pairing", rows_some,
     "id, company_id, unit, recorder_id, code_hash, created_by, created_at, expires_at",
     "i, 1, 1, 1 + i % 40, cast('h' || i as {blob}), 'b', i, i"},
    {"live_session", rows_some,
     "session_id, company_id, unit, recorder_id, point_id, incarnation, channels, rate, state,"
     " next_sequence, next_packet, whole_sequence, whole_sample, heard_until, created_at",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 40, i, 1, 16000,"
     " case when i <= 40 then 'open' else 'sealed' end, 0, 0, 0, 0,"
     " :now - i * 2000000000 + 1900000000, i"},
    {"tail_chunk", rows_some,
     "id, company_id, unit, session_id, sequence, span, kind, packet_count, first_sample,"
     " sample_count, content, bytes, ended_at, created_at",
     "i, 1, 1, 1 + i / 60, i % 60, 1, 'sound', 50, (i % 60) * 48000, 48000, cast('c' as {blob}),"
     " cast('b' as {blob}), i, i"},
    {"chunk_run", rows_some,
     "id, company_id, unit, session_id, first_sequence, sequence_count, content",
     "i, 1, 1, 1 + i / 60, (i % 60) * 60, 60, cast('c' as {blob})"},
    {"silence", rows_some,
     "id, company_id, unit, session_id, begin_sample, end_sample, reason, made_at",
     "i, 1, 1, i, 0, 48000, 'r', i"},
    {"gap", rows_some,
     "id, company_id, unit, point_id, recorder_id, begin_at, end_at, cause, created_at",
     "i, 1, 1, 1 + i % 40, 1 + i % 40, :now - i * 2000000000,"
     " :now - i * 2000000000 + 100000000, 'off', i"},
    {"marker", rows_some,
     "id, company_id, unit, point_id, device_id, mark_id, code, played_at, uncertainty_us,"
     " latency_us, received_at",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 40, 'm' || i, i % 16, :now - i * 2000000000, 20000,"
     " 0, :now"},
    {"marker_search", rows_some, "session_id, company_id, unit, searched_at", "i, 1, 1, :now"},
    {"marker_heard", rows_some, "session_id, media_sample, code, score, alone",
     "i, i, i % 16, 900, 1"},
    {"scene_match", rows_some,
     "session_id, other_id, company_id, unit, turn, reason, pieces_agree, pieces, windows_agree,"
     " windows_clear, judged_at",
     "i, i + 1, 1, 1, 'used', '', 9, 24, 20, 20, :now"},
    {"marker_turn", rows_some, "session_id, marker_id, turn, reason, judged_at",
     "i, i, 'unheard', '', :now"},
    {"clock_anchor", rows_some,
     "id, company_id, unit, session_id, media_sample, at, uncertainty_us, source, created_at",
     "i, 1, 1, i, 0, 0, 0, 'stated', i"},
    {"clock_map", rows_some,
     "id, company_id, unit, session_id, number, points, anchors, uncertainty_us, created_at",
     "i, 1, 1, i, 1, '[]', '[]', 0, i"},
    {"repair", rows_some,
     "id, company_id, unit, session_id, number, recorder_before, recorder_id, point_before,"
     " point_id, map_before, map_id, reason, made_by, made_at",
     "i, 1, 1, i, 1, 1, 2, 1, 2, i, i, 'r', 'b', i"},
    {"repair_ask", rows_some,
     "id, company_id, unit, session_id, text, asked_by, asked_at, closed_at, closed_how",
     "i, 1, 1, i, 't', 1, i, case when i % 40 = 0 then null else i end, 'left'"},
    {"hold", 60,
     "id, company_id, unit, point_id, begin_at, end_at, reason, subject_kind, subject, made_by,"
     " made_at",
     "i, 1, 1, 1 + i % 40, :now - i * 86400000, :now, 'r', 'clip', i, 1, :now"},
    {"pin", rows_some,
     "id, company_id, unit, point_id, begin_at, end_at, reason, subject_kind, subject, created_at",
     "i, 1, 1, 1 + i % 40, :now - i * 86400000, :now - i * 86400000 + 120000000, 'press', 'clip',"
     " i, i"},
    {"bookmark", rows_some,
     "id, company_id, unit, session_id, channel, media_sample, text, person_id, created_at",
     "i, 1, 1, i, 0, 0, 't', 1, i"},
    {"pause", rows_some,
     "id, company_id, unit, point_id, device_id, pause_id, reason, begin_at, end_at,"
     " uncertainty_us, created_at",
     "i, 1, 1, 1 + i % 40, 1 + i % 40, 'p' || i, 'r', :now - i * 2000000000,"
     " :now - i * 2000000000 + 60000000, 0, i"},
    {"upload", rows_some,
     "id, company_id, unit, recorder_id, owner, state, name, bytes_total, bytes_done, metadata,"
     " uncertainty_us, path, created_at, changed_at, expires_at",
     "i, 1, 2 + i % 40, 1 + i % 40, 'account_' || (i % 40), case when i % 800 = 0 then 'open'"
     " when i % 40 = 1 then 'asking' else 'done' end, 'n', 1, 1, '', 0, 'p' || i, i, i, i"},
    {"duty", rows_some,
     "id, company_id, unit, point_id, person_id, begin_at, end_at, source, created_at",
     "i, 1, 1, 1 + i % 40, 1 + i % 400, :now - i * 700000000,"
     " :now - i * 700000000 + 28000000000, 'shift', i"},
    {"web_session", rows_some,
     "id, account_id, token_hash, csrf, created_at, seen_at, expires_at, agent",
     "i, 1 + i % 200, cast('s' || i as {blob}), 'c', i, i, :now - i * 60000000, 'a'"},
    {"sign_in_throttle", rows_some, "key, failures, first_at, locked_until", "'k' || i, 1, i, i"},
    {"fact", rows_many, "id, at, kind, subject, unit, company_id",
     "i, :now - (50001 - i) * 51900000, 'clip.final', i, 1, 1"},
    {"job", rows_many, "id, stage, subject, state, not_before, lease_until, created_at, changed_at",
     "i, case i % 4 when 0 then 'clips.want' when 1 then 'clips.meet' else 'clips.cut' end, i,"
     " case when i % 300 = 0 then 'parked' when i % 9999 = 0 then 'running' else 'open' end,"
     " :now - 3000000000 + i * 100000, case when i % 9999 = 0 then :now end, i, i"},
    {"media_file", rows_some, "id, company_id, kind, path, bytes, sha256, created_at",
     "i, 1, 'clip', 'p' || i, 1, cast('h' || i as {blob}), i"},
    {"garbage", rows_some, "id, path, reason, at", "i, 'p', 'r', i"},
    {"audit_entry", rows_many,
     "id, company_id, unit, at, actor, verb, subject, subject_kind, detail, minute_key",
     "i, 1, 1, i, 'a', 'clip.listen', i, 'clip', '{}', case when i % 2 = 0 then 'm' || i end"},
    {"audit_seal", 49'900, "number, entry_id, hash", "i, i, cast('h' as {blob})"},
    {"request_key", rows_some, "hash, request_hash, state, attempt, lease_until, created_at",
     "cast('k' || i as {blob}), cast('r' as {blob}), 'made', i, i, :now - i * 5000000"},
    {"mail_server", 1,
     "company_id, unit, host, port, tls, login, authority, from_address, from_name, desk_url,"
     " quiet_begin_min, quiet_end_min, sends, changed_at, changed_by",
     "1, 1, 'h', 587, 'starttls', '', '', 'a@b.c', '', 'u', 0, 0, 1, 0, 'b'"},
    {"notice_choice", 200, "account_id, topic, company_id, at_night, changed_at",
     "i, 'recording', 1, 0, 0"},
    {"notice", rows_some,
     "id, company_id, unit, account_id, topic, subject_kind, subject, line, made_at, not_before,"
     " expires_at, state, letter_id, settled_at",
     "i, 1, 2 + i % 40, 1 + i % 200, 'recording', 'alarm', i, 'l', :now - i * 86400000,"
     " :now - i * 86400000, :now, case when i % 100 = 0 then 'waiting' else 'sent' end,"
     " case when i % 100 = 0 then null else i end,"
     " case when i % 100 = 0 then null else :now - i * 86400000 end"},
    {"alarm", rows_some,
     "id, company_id, unit, point_id, recorder_id, subject, cause, local_day, since_at, raised_at,"
     " cleared_at, cleared_how",
     "i, 1, 2 + i % 40, 1 + i % 40, 1 + i % 40, case when i <= 40 then i else 1 + i % 40 end, "
     "'stopped', 0,"
     " :now - i * 86400000, :now - i * 86400000,"
     " case when i <= 40 then null else :now - i * 86400000 end,"
     " case when i <= 40 then null else 'mended' end"},
    {"due_mark", rows_some, "company_id, unit, account_id, item, stamp, marked_by, marked_at",
     "1, 1, i % 200, 'signal.' || i, 0, 'b', :now - i * 1000000"},
    {"saved_view", 400,
     "id, company_id, unit, account_id, list, name, query, shared, created_at, changed_at",
     "i, 1, 1, 1 + i % 200, 'inbox', 'v', 'kind=idea', case when i % 20 = 0 then 1 else 0 end, 0,"
     " 0"},
    {"view_default", 200, "account_id, list, company_id, view_id", "i, 'inbox', 1, i"},
    {"figure_day", 400, "company_id, local_day, counted_at", "1, :day - i, 0"},
    {"figure_cell", rows_many,
     "company_id, local_day, point_id, button_id, person_id, unit, n, left_out, coded",
     "1, :day - i / 125, 1 + i % 40, i, 0, 2 + i % 40, 1, 0, 0"},
    {"sight", rows_many, "unit, kind, at, id", "1, 'signal', :now - i * 86400000, i"},
    {"sight", rows_many, "unit, kind, at, id", "2 + i % 40, 'signal', :now - i * 86400000, i"},
    {"sight", rows_some, "unit, kind, at, id", "1, 'check', :now - i * 86400000, i"},
};

constexpr Sql tables_sqlite{
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"};
constexpr Sql tables_postgres{
    "select table_name from information_schema.tables where table_schema = 'public'"};

std::string source_folder() {
    const char* given = std::getenv("OTKLIK_SOURCE");
    return given ? given : (std::filesystem::path(__FILE__).parent_path() / "../..").string();
}

/// The text between the braces of a constant: raw, or quoted pieces side by side.
std::string literal(const std::string& source) {
    const auto raw = source.find("R\"(");
    if (raw != std::string::npos) return source.substr(raw + 3, source.find(")\"", raw) - raw - 3);
    std::string out;
    bool inside = false;
    for (const char c : source) {
        if (c == '"')
            inside = !inside;
        else if (inside)
            out += c;
    }
    return out;
}

void read_room(const std::filesystem::path& file, std::vector<NamedStatement>& out) {
    static const std::regex constant(R"(const Sql (\w+)\{([^;]*?)\};)");
    const std::string text = read_file(file.string(), 1 << 20);
    const std::string room = file.parent_path().filename().string();
    for (std::sregex_iterator at(text.begin(), text.end(), constant), end; at != end; ++at)
        out.push_back({room + "." + (*at)[1].str(), literal((*at)[2].str())});
}

std::set<std::string> declared(const std::filesystem::path& header) {
    static const std::regex list(R"(extern const Sql ([^;]*);)"), word(R"(\w+)");
    const std::string text = read_file(header.string(), 1 << 20);
    std::set<std::string> names;
    for (std::sregex_iterator at(text.begin(), text.end(), list), end; at != end; ++at) {
        const std::string names_text = (*at)[1].str();
        for (std::sregex_iterator name(names_text.begin(), names_text.end(), word); name != end;
             ++name)
            names.insert(name->str());
    }
    return names;
}

}  // namespace

std::vector<NamedStatement> all_statements() {
    std::vector<NamedStatement> all;
    for (const auto& room : std::filesystem::directory_iterator(source_folder() + "/src")) {
        if (!room.is_directory()) continue;
        for (const auto& file : std::filesystem::directory_iterator(room)) {
            const std::string name = file.path().filename().string();
            if (!name.ends_with("_sql.cpp")) continue;
            std::vector<NamedStatement> here;
            read_room(file.path(), here);
            std::set<std::string> found;
            const std::string prefix = room.path().filename().string() + ".";
            for (const auto& each : here) found.insert(each.name.substr(prefix.size()));
            auto header = file.path();
            EXPECT_EQ(found, declared(header.replace_extension(".h"))) << name;
            all.insert(all.end(), here.begin(), here.end());
        }
    }
    std::sort(all.begin(), all.end(),
              [](const NamedStatement& a, const NamedStatement& b) { return a.name < b.name; });
    return all;
}

const std::set<std::string>& growing_tables() {
    static const std::set<std::string> all = [] {
        std::set<std::string> big;
        for (const Filling& each : fillings)
            if (each.rows >= rows_some) big.insert(each.table);
        return big;
    }();
    return all;
}

void fill_large_house(Store& store) {
    std::set<std::string> known{"migration"};
    for (const Filling& each : fillings) {
        known.insert(each.table);
        // SQLite keeps no statistics here, as in the product: its plans are the same for any size.
        const int rows = store.is_sqlite() ? (each.rows + 49) / 50 : each.rows;
        const std::string text =
            "with recursive n(i) as (select cast(1 as {int}) union all select i + 1 from n"
            " where i < :rows) insert into " +
            std::string(each.table) + " (" + each.columns + ") select " + each.values + " from n";
        Params params{{"rows", rows}};
        if (text.find(":now") != std::string::npos) params.emplace_back("now", newest_at);
        if (text.find(":day") != std::string::npos) params.emplace_back("day", newest_day);
        const auto made = store.write([&](Tx& tx) { return tx.run(Sql{text}, params); });
        ASSERT_EQ(made, rows) << each.table;
    }
    std::set<std::string> tables;
    store.read([&](Tx& tx) {
        for (const Row& row : tx.rows(store.is_sqlite() ? tables_sqlite : tables_postgres))
            tables.insert(row.text(0));
    });
    EXPECT_EQ(tables, known) << "a new table needs rows here";
}

}  // namespace otklik
