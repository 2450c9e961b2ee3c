// Questions that staff ask customers, and the plan of which shift asks which.
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::size_t prompts_bytes_max = 700;

struct QuestionChange {
    std::optional<std::string> prompts;
    std::optional<bool> organic;
    void fields(FieldSink& f) {
        f.text("prompts", prompts, {.bytes_max = prompts_bytes_max}, "up to three lines to ask on");
        f.flag("organic", organic, "customers raise it by themselves: may be asked daily");
    }
};
struct QuestionRequest : QuestionChange {
    std::string text;
    void fields(FieldSink& f) {
        f.text("text", text, {.bytes_max = 500, .may_be_empty = false});
        QuestionChange::fields(f);
    }
};
struct QuestionView {
    Id<Question> id;
    std::string text, prompts;
    bool organic = false;
    std::optional<Instant> archived_at;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("text", text);
        f.text("prompts", prompts, {}, "a line each");
        f.flag("organic", organic);
        f.instant("archived_at", archived_at);
    }
};
struct QuestionList {
    std::vector<QuestionView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct PlanRequest {
    Id<Question> question_id;
    std::optional<Id<Point>> point_id;
    std::optional<std::int64_t> weekdays, day_from, day_to;
    void fields(FieldSink& f) {
        f.id("question_id", question_id);
        f.id("point_id", point_id, "every point when absent");
        f.integer("weekdays", weekdays, {1, every_weekday}, "bit 0 is Monday; every day if absent");
        f.day("day_from", day_from);
        f.day("day_to", day_to, "included");
    }
};
struct PlanView : PlanRequest {
    Id<PlannedQuestion> id;
    std::string question_text;
    std::optional<std::string> point_name;
    void fields(FieldSink& f) {
        f.id("id", id);
        PlanRequest::fields(f);
        f.text("question_text", question_text);
        f.text("point_name", point_name);
    }
};
struct PlanList {
    std::vector<PlanView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};

QuestionView view_of(const Question& question) {
    return {question.id, question.text, text_of_lines(question.prompts), question.organic,
            question.archived_at};
}

/// Questions and their plan belong to the whole company: who changes them must see all of it.
Id<Unit> require_company(Call& call, Tx& tx) {
    const auto root = call.rooms.people.root_unit(tx, call.company_id());
    require(call.scope, {call.company_id(), root.value, 0});
    return root;
}

QuestionList list_questions(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        QuestionList list;
        for (const Question& question : call.rooms.sites.questions(call.scope, tx))
            list.items.push_back(view_of(question));
        return list;
    });
}

QuestionView make_question(Call& call, QuestionRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto root = require_company(call, tx);
        Question question{{}, call.company_id(), in.text, std::nullopt};
        question.prompts = lines_of(in.prompts.value_or(""));
        question.organic = in.organic.value_or(false);
        question.id = call.rooms.sites.make_question(tx, question);
        journal(call, tx, "question.made", "question", question.id.value, root.value);
        return view_of(question);
    });
}

QuestionView change_question(Call& call, QuestionChange& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const auto root = require_company(call, tx);
        for (Question& question : call.rooms.sites.questions(call.scope, tx)) {
            if (question.id != call.id<Question>()) continue;
            if (in.prompts) question.prompts = lines_of(*in.prompts);
            question.organic = in.organic.value_or(question.organic);
            call.rooms.sites.change_question(tx, question);
            journal(call, tx, "question.changed", "question", question.id.value, root.value);
            return view_of(question);
        }
        throw Error(Fault::not_found, "not_found");
    });
}

PlanView view_of(Call& call, Tx& tx, const PlannedQuestion& planned) {
    PlanView view;
    view.id = planned.id;
    view.question_id = planned.question_id;
    view.question_text = call.rooms.sites.question_text(tx, planned.question_id);
    if (planned.point_id) {
        view.point_id = planned.point_id;
        const auto point = call.rooms.sites.find_point(call.scope, tx, planned.point_id);
        if (point) view.point_name = point->name;
    }
    view.weekdays = planned.weekdays;
    view.day_from = planned.day_from;
    view.day_to = planned.day_to;
    return view;
}

PlanList list_plan(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        PlanList list;
        for (const auto& planned : call.rooms.sites.question_plan(tx, call.company_id()))
            list.items.push_back(view_of(call, tx, planned));
        return list;
    });
}

PlanView plan_question(Call& call, PlanRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto root = require_company(call, tx);
        PlannedQuestion planned;
        planned.company_id = call.company_id();
        planned.question_id = in.question_id;
        planned.point_id = in.point_id.value_or(Id<Point>{});
        if (in.point_id && !call.rooms.sites.find_point(call.scope, tx, *in.point_id))
            throw Error(Fault::not_found, "not_found").at("point_id");
        planned.weekdays = in.weekdays.value_or(every_weekday);
        planned.day_from = in.day_from;
        planned.day_to = in.day_to;
        planned.id = call.rooms.sites.plan_question(tx, planned, call.actor.word);
        journal(call, tx, "plan.made", "plan", planned.id.value, root.value);
        return view_of(call, tx, planned);
    });
}

Nothing drop_planned(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const auto root = require_company(call, tx);
        const auto id = call.id<PlannedQuestion>();
        call.rooms.sites.drop_planned(tx, call.company_id(), id);
        journal(call, tx, "plan.dropped", "plan", id.value, root.value);
    });
    return {};
}

constexpr Route questions_table[] = {
    route<&list_questions>("GET", "/questions", Right::signed_in, "Questions staff ask customers."),
    route<&make_question>("POST", "/questions", Right::manage, "A new question."),
    route<&change_question>("PUT", "/questions/{id}", Right::manage,
                            "Its prompts and whether it may be asked daily."),
    route<&list_plan>("GET", "/question-plan", Right::manage, "Which shift asks which question."),
    route<&plan_question>("POST", "/question-plan", Right::manage,
                          "Plans a question by point, days of the week and dates."),
    route<&drop_planned>("DELETE", "/question-plan/{id}", Right::manage,
                         "Takes a line out of the plan; what was asked keeps its question."),
};

}  // namespace

const std::span<const Route> question_routes{questions_table};

}  // namespace otklik
