#pragma once
// A check as the desk sees it: form, answers, evidence, score so far and what stands against
// finishing.
#include <optional>
#include <string>
#include <vector>

#include "checks/checks.h"
#include "web/api/draw_view.h"
#include "web/api/route.h"

namespace otklik {

struct CheckForm {
    Id<Form> id;
    std::string name;
    Purpose purpose = Purpose::signal;
    std::int64_t number = 1;
    FormBody body;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("name", name);
        f.choice("purpose", purpose);
        f.integer("number", number);
        f.object("body", body);
    }
};
struct CheckAnswerFields {
    std::string item, answer;
    std::optional<std::string> comment;
    void fields(FieldSink& f) {
        f.text("item", item, {.bytes_max = 40});
        f.text("answer", answer, {.bytes_max = 40},
               "key of the answer, na, or empty: not answered");
        f.text("comment", comment, {.bytes_max = 4000});
    }
};
struct CheckAnswerHeld : CheckAnswerFields {
    Instant answered_at;
    void fields(FieldSink& f) {
        CheckAnswerFields::fields(f);
        f.instant("answered_at", answered_at, "when the server took it");
    }
};
struct CheckEvidence {
    Id<Evidence> id;
    std::string item;
    Id<RecordingSession> recording_id;
    std::int64_t channel = 0, media_sample = 0;
    std::string quote;
    std::optional<std::int64_t> clip_sample;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("item", item);
        f.id("recording_id", recording_id);
        f.integer("channel", channel);
        f.integer("media_sample", media_sample, {}, "in the recording, 48 kHz");
        f.text("quote", quote);
        f.integer("clip_sample", clip_sample, {}, "in the clip or the drawn interval");
    }
};
struct CheckSectionScore {
    std::string key;
    std::optional<std::int64_t> num, den;
    bool zeroed = false;
    void fields(FieldSink& f) {
        f.text("key", key);
        f.integer("num", num);
        f.integer("den", den);
        f.flag("zeroed", zeroed, "by a failed critical item");
    }
};
struct CheckScore {
    std::optional<std::int64_t> num, den, kept_num, kept_den;
    std::optional<double> percent, kept_percent, min_percent, max_percent;
    std::optional<Outcome> outcome;
    std::int64_t answered = 0, total = 0;
    std::vector<CheckSectionScore> sections;
    std::vector<std::string> critical;
    void fields(FieldSink& f) {
        f.integer("num", num, {}, "exact; of the answers so far while a draft");
        f.integer("den", den);
        f.number("percent", percent, "rounded once, to one decimal; absent in zero_norm");
        f.integer("kept_num", kept_num, {}, "as computed before a failed critical item made it 0");
        f.integer("kept_den", kept_den);
        f.number("kept_percent", kept_percent);
        f.choice("outcome", outcome);
        f.number("min_percent", min_percent, "the least that can still be reached");
        f.number("max_percent", max_percent);
        f.integer("answered", answered);
        f.integer("total", total);
        f.list("sections", sections);
        f.texts("critical", critical, 1000, {}, "failed critical items");
    }
};
struct CheckHindrance {
    std::string code, item;
    void fields(FieldSink& f) {
        f.text("code", code);
        f.text("item", item);
    }
};
struct CheckView {
    Id<Check> id;
    CheckState state = CheckState::draft;
    std::int64_t version = 1;
    CheckForm form;
    std::optional<Id<Clip>> clip_id;
    std::optional<DrawView> draw;
    std::string point_name, zone, checker_name;
    std::optional<std::string> person_name;
    bool mine = false;
    std::vector<CheckAnswerHeld> answers;
    std::vector<CheckEvidence> evidence;
    CheckScore score;
    std::int64_t local_day = 0;
    Instant started_at;
    std::optional<Instant> done_at;
    std::optional<Unassessed> reason;
    std::optional<std::string> reason_text, reason_note;
    std::vector<CheckHindrance> reason_no_finish;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.choice("state", state);
        f.integer("version", version);
        f.object("form", form);
        f.id("clip_id", clip_id);
        f.object("draw", draw);
        f.text("point_name", point_name);
        f.text("person_name", person_name);
        f.text("zone", zone);
        f.text("checker_name", checker_name);
        f.flag("mine", mine, "the reader fills it");
        f.list("answers", answers);
        f.list("evidence", evidence);
        f.object("score", score);
        f.day("local_day", local_day, "of the service, by the site's zone");
        f.instant("started_at", started_at);
        f.instant("done_at", done_at);
        f.choice("reason", reason, "why it could not be assessed");
        f.text("reason_text", reason_text, {}, "in the reader's language");
        f.text("reason_note", reason_note);
        f.list("reason_no_finish", reason_no_finish);
    }
};
/// Why it ended without a score, in the reader's language; nothing when it has or may have one.
std::optional<std::string> reason_text(const Call& call, const Check& check);
/// Sets the ETag too. Error{not_found}.
CheckView check_view(Call& call, Tx& tx, Id<Check> id);

}  // namespace otklik
