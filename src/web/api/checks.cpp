// Checks: starting, filling, finishing; one's own.
#include "checks/checks.h"

#include "base/calendar.h"
#include "base/messages.h"
#include "store/store.h"
#include "web/api/check_view.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct CheckInterval {
    Id<RecordingSession> recording_id;
    std::int64_t begin_sample = 0, end_sample = 0;
    void fields(FieldSink& f) {
        f.id("recording_id", recording_id);
        f.integer("begin_sample", begin_sample, {.min = 0});
        f.integer("end_sample", end_sample, {.min = 0});
    }
};
struct CheckRequest {
    Id<Form> form_id;
    std::optional<Id<Clip>> clip_id;
    std::optional<Id<Draw>> draw_id;
    std::optional<CheckInterval> interval;
    void fields(FieldSink& f) {
        f.id("form_id", form_id);
        f.id("clip_id", clip_id, "of a press: a signal form");
        f.id("draw_id", draw_id, "a drawn interval: a standard form");
        f.object("interval", interval, "made by hand: always refused, with the reason");
    }
};
struct AnswersRequest {
    std::vector<CheckAnswerFields> items;
    void fields(FieldSink& f) { f.list("items", items, 300); }
};
struct EvidenceRequest {
    std::string item;
    std::optional<Id<RecordingSession>> recording_id;
    std::optional<std::int64_t> channel, media_sample, clip_sample;
    std::optional<std::string> quote;
    void fields(FieldSink& f) {
        f.text("item", item, {.bytes_max = 40});
        f.id("recording_id", recording_id);
        f.integer("channel", channel, {.min = 0, .max = 1});
        f.integer("media_sample", media_sample, {.min = 0}, "in the recording; or clip_sample");
        f.integer("clip_sample", clip_sample, {.min = 0}, "in the clip or the drawn interval");
        f.text("quote", quote, {.bytes_max = 1000}, "words said within 30 s of it");
    }
};

CheckView start_check(Call& call, CheckRequest& in) {
    if (int(in.clip_id.has_value()) + int(in.draw_id.has_value()) + int(in.interval.has_value()) !=
        1)
        throw Error(Fault::invalid, "check.one_subject").at("clip_id");
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        Checks& checks = call.rooms.checks;
        if (in.interval)
            checks.refuse_interval(call.scope, tx, in.interval->recording_id,
                                   {in.interval->begin_sample, in.interval->end_sample});
        const auto id = in.clip_id ? checks.start_on_clip(call.scope, tx, in.form_id, *in.clip_id)
                                   : checks.start_on_draw(call.scope, tx, in.form_id, *in.draw_id);
        const Check check = checks.get(call.scope, tx, id);
        if (check.started_at == tx.now())
            journal(call, tx, "check.started", "check", id.value, check.unit.value);
        return check_view(call, tx, id);
    });
}

CheckView show_check(Call& call) {
    return call.rooms.store.read([&](Tx& tx) { return check_view(call, tx, call.id<Check>()); });
}

CheckView put_answers(Call& call, AnswersRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const Check check = call.rooms.checks.get(call.scope, tx, call.id<Check>());
        call.require_version(check.version);
        std::vector<CheckAnswer> answers;
        for (const CheckAnswerFields& each : in.items)
            answers.push_back({each.item, each.answer, each.comment.value_or("")});
        call.rooms.checks.set_answers(call.scope, tx, check.id, check.version, answers);
        return check_view(call, tx, check.id);
    });
}

CheckView add_check_evidence(Call& call, EvidenceRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto id = call.id<Check>();
        call.rooms.checks.add_evidence(
            call.scope, tx, id,
            {.item = in.item,
             .clip_sample = in.clip_sample,
             .session_id = in.recording_id.value_or(Id<RecordingSession>{}),
             .media_sample = in.media_sample,
             .channel = in.channel.value_or(0),
             .quote = in.quote.value_or("")});
        return check_view(call, tx, id);
    });
}

CheckView remove_check_evidence(Call& call) {
    return call.rooms.store.write([&](Tx& tx) {
        const auto id = call.id<Check>();
        call.rooms.checks.remove_evidence(call.scope, tx, id, call.id<Evidence>("evidence_id"));
        return check_view(call, tx, id);
    });
}

struct GiveUpRequest {
    Unassessed reason = Unassessed::bad_sound;
    std::optional<std::string> note;
    void fields(FieldSink& f) {
        f.choice("reason", reason);
        f.text("note", note, {.bytes_max = 1000}, "needed where the reason says nothing by itself");
    }
};

CheckView give_up_check(Call& call, GiveUpRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const Check check = call.rooms.checks.get(call.scope, tx, call.id<Check>());
        call.require_version(check.version);
        call.rooms.checks.give_up(call.scope, tx, check.id, check.version, in.reason,
                                  in.note.value_or(""));
        journal(call, tx, "check.given_up", "check", check.id.value, check.unit.value);
        return check_view(call, tx, check.id);
    });
}

enum class Decision { finish, reopen, withdraw, restore };

template <Decision decision>
CheckView decide(Call& call) {
    return call.rooms.store.write([&](Tx& tx) {
        Checks& checks = call.rooms.checks;
        const Check check = checks.get(call.scope, tx, call.id<Check>());
        std::string_view verb = "check.done";
        if constexpr (decision == Decision::finish) {
            call.require_version(check.version);
            checks.finish(call.scope, tx, check.id, check.version);
        } else if constexpr (decision == Decision::reopen) {
            verb = "check.reopened";
            checks.reopen(call.scope, tx, check.id);
        } else if constexpr (decision == Decision::restore) {
            verb = "check.restored";
            checks.restore(call.scope, tx, check.id);
        } else {
            verb = "check.withdrawn";
            checks.withdraw(call.scope, tx, check.id);
        }
        journal(call, tx, verb, "check", check.id.value, check.unit.value);
        return check_view(call, tx, check.id);
    });
}

struct CheckListItem {
    Id<Check> id;
    std::string form_name;
    Purpose purpose = Purpose::signal;
    CheckState state = CheckState::draft;
    std::string point_name, zone, checker_name;
    std::optional<std::string> person_name;
    std::optional<double> percent;
    std::optional<Outcome> outcome;
    std::optional<std::string> reason_text;
    std::int64_t local_day = 0;
    Instant started_at;
    std::optional<Instant> done_at;
    std::optional<Id<Clip>> clip_id;
    std::optional<Id<Draw>> draw_id;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("form_name", form_name);
        f.choice("purpose", purpose);
        f.choice("state", state);
        f.text("point_name", point_name);
        f.text("zone", zone);
        f.text("checker_name", checker_name);
        f.text("person_name", person_name);
        f.number("percent", percent);
        f.choice("outcome", outcome);
        f.text("reason_text", reason_text, {}, "why it could not be assessed");
        f.day("local_day", local_day);
        f.instant("started_at", started_at);
        f.instant("done_at", done_at);
        f.id("clip_id", clip_id);
        f.id("draw_id", draw_id);
    }
};
struct CheckList {
    std::vector<CheckListItem> items;
    std::optional<std::string> next;
    void fields(FieldSink& f) {
        f.list("items", items);
        f.text("next", next);
    }
};

CheckListItem list_item(Call& call, Tx& tx, const Check& check) {
    const auto form = call.rooms.forms.find(Scope::system(), tx, check.form_id);
    const auto point = call.rooms.sites.find_point(Scope::system(), tx, check.point_id);
    CheckListItem item;
    item.id = check.id;
    item.form_name = form ? form->name : "";
    item.purpose = check.purpose;
    item.state = check.state;
    item.point_name = point ? point->name : "";
    item.zone = point ? point->zone : "UTC";
    item.checker_name = call.rooms.people.person_name(tx, check.checker_id);
    if (check.person_id) item.person_name = call.rooms.people.person_name(tx, check.person_id);
    if (check.score)
        item.percent = percent_of(call.rooms.checks.form_of(tx, check).body, check.score);
    item.outcome = check.outcome;
    item.reason_text = reason_text(call, check);
    item.local_day = check.local_day;
    item.started_at = check.started_at;
    item.done_at = check.done_at;
    if (check.clip_id) item.clip_id = check.clip_id;
    if (check.draw_id) item.draw_id = check.draw_id;
    return item;
}

CheckList list_checks(Call& call) {
    Checks::Filter filter;
    filter.state = call.query_choice<CheckState>("state");
    filter.purpose = call.query_choice<Purpose>("purpose");
    filter.outcome = call.query_choice<Outcome>("outcome");
    filter.day_from = call.query_day("from");
    filter.day_to = call.query_day("to");
    if (call.query_integer("mine", 0, 1).value_or(0) == 1)
        filter.checker_id = {call.scope.person_id()};
    const int limit = static_cast<int>(call.query_integer("limit", 1, 200).value_or(50));
    return call.rooms.store.read([&](Tx& tx) {
        const auto page = call.rooms.checks.list(call.scope, tx, filter, call.query_page(), limit);
        CheckList list;
        for (const Check& check : page.items) list.items.push_back(list_item(call, tx, check));
        if (page.next) list.next = page_word(*page.next);
        return list;
    });
}

CheckList list_own_checks(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        CheckList list;
        for (const Check& check : call.rooms.checks.own(call.scope, tx))
            list.items.push_back(list_item(call, tx, check));
        return list;
    });
}

struct ReasonView {
    Unassessed reason = Unassessed::bad_sound;
    std::string text;
    bool needs_note = false;
    void fields(FieldSink& f) {
        f.choice("reason", reason);
        f.text("text", text, {}, "in the reader's language");
        f.flag("needs_note", needs_note);
    }
};
struct ReasonList {
    std::vector<ReasonView> items;
    void fields(FieldSink& f) { f.list("items", items); }
};

ReasonList list_reasons(Call& call) {
    ReasonList list;
    for (const UnassessedReason& each : unassessed_reasons())
        list.items.push_back(
            {each.reason,
             call.rooms.messages.message(enum_word(call.actor.language),
                                         "check.reason." + std::string(enum_word(each.reason))),
             each.needs_note});
    return list;
}

struct BadSoundRow {
    Id<Point> point_id;
    std::string point_name;
    std::int64_t count = 0;
    Id<Check> newest_id;
    std::int64_t newest_day = 0;
    void fields(FieldSink& f) {
        f.id("point_id", point_id);
        f.text("point_name", point_name);
        f.integer("count", count, {}, "checks of these days that ended for their sound");
        f.id("newest_id", newest_id);
        f.day("newest_day", newest_day);
    }
};
struct BadSoundList {
    std::int64_t day_from = 0, day_to = 0;
    std::vector<BadSoundRow> items;
    void fields(FieldSink& f) {
        f.day("from", day_from);
        f.day("to", day_to);
        f.list("items", items, 100'000);
    }
};

constexpr std::int64_t bad_sound_days = 14;

BadSoundList list_bad_sound(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        BadSoundList list;
        list.day_to = call.query_day("to").value_or(local_day(tx.now(), "UTC") + 1);
        list.day_from = call.query_day("from").value_or(list.day_to - bad_sound_days);
        for (const auto& each :
             call.rooms.checks.bad_sound(call.scope, tx, list.day_from, list.day_to)) {
            const auto point = call.rooms.sites.find_point(call.scope, tx, each.point_id);
            if (!point) continue;
            const Check newest = call.rooms.checks.get(call.scope, tx, each.checks.front());
            list.items.push_back({each.point_id, point->name,
                                  static_cast<std::int64_t>(each.checks.size()), newest.id,
                                  newest.local_day});
        }
        return list;
    });
}

constexpr Route check_table[] = {
    route<&start_check>("POST", "/checks", Right::check,
                        "Starts a check, or gives the reader's open draft of the same."),
    route<&list_checks>("GET", "/checks", Right::check,
                        "Checks, newest first; ?state, ?purpose, ?outcome, ?mine=1, ?from, ?to."),
    route<&list_reasons>("GET", "/checks/reasons", Right::signed_in,
                         "Why a check may end without a score."),
    route<&list_bad_sound>("GET", "/checks/bad-sound", Right::check,
                           "Points whose sound made checks end without a score; ?from, ?to."),
    route<&show_check>("GET", "/checks/{id}", Right::signed_in,
                       "A check; employees see their own when done."),
    route<&put_answers>("PUT", "/checks/{id}/answers", Right::check, "Saves answers (If-Match)."),
    route<&add_check_evidence>("POST", "/checks/{id}/evidence", Right::check,
                               "Binds an answer to a second of the recording."),
    route<&remove_check_evidence>("DELETE", "/checks/{id}/evidence/{evidence_id}", Right::check,
                                  "Takes evidence back."),
    route<&decide<Decision::finish>>("POST", "/checks/{id}/finish", Right::check,
                                     "Finishes and stores the score (If-Match)."),
    route<&decide<Decision::reopen>>("POST", "/checks/{id}/reopen", Right::check,
                                     "A done check becomes a draft again."),
    route<&decide<Decision::withdraw>>("POST", "/checks/{id}/withdraw", Right::check,
                                       "Takes a check out of all figures."),
    route<&give_up_check>("POST", "/checks/{id}/give-up", Right::check,
                          "Ends it without a score, with the reason (If-Match)."),
    route<&decide<Decision::restore>>("POST", "/checks/{id}/restore", Right::check,
                                      "Takes a withdrawal back."),
    route<&list_own_checks>("GET", "/me/checks", Right::see_own, "Done checks of one's own work."),
};

}  // namespace

const std::span<const Route> check_routes = check_table;

}  // namespace otklik
