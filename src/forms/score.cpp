#include "forms/score.h"

#include <algorithm>

#include "base/error.h"

namespace otklik {
namespace score_detail {

Mark mark_of(const FormBody& body, const FormItem& item, std::string_view answer) {
    Mark mark;
    std::int64_t best = 0;
    for (const FormAnswer& each : item.answers) best = std::max(best, each.points.value_or(0));
    if (body.scoring == Scoring::percentage) best = item.weight;
    if (body.scoring == Scoring::zero_norm) best = 0;
    mark.full = {best, 1};
    if (answer == na_answer) {
        mark.earned = mark.full;
        mark.counts = body.na == NaPolicy::full;
        return mark;
    }
    const FormAnswer& given = *item.find_answer(answer);
    if (body.scoring == Scoring::percentage) {
        mark.earned = mark.full * Ratio::of(*given.value_num, *given.value_den);
    } else {
        mark.earned = {*given.points, 1};
    }
    const bool low = body.scoring == Scoring::zero_norm ? *given.points < 0
                                                        : mark.earned * Ratio{2, 1} < mark.full;
    mark.failed = low && item.critical_level() != Critical::none;
    return mark;
}

}  // namespace score_detail

namespace {

using score_detail::Mark;
using score_detail::mark_of;

/// The two sums of a section or a check.
struct Sums {
    Ratio earned;
    Ratio full;
    bool any = false;  // an item counts
};

std::optional<Ratio> value_of(const FormBody& body, const Sums& sums) {
    if (!sums.any) return std::nullopt;
    if (body.scoring == Scoring::zero_norm) return sums.earned;
    return sums.earned / sums.full;
}

/// What a walk over the answers finds about the whole.
struct Walk {
    Sums sums;
    bool plain_answer = false;  // anything but N/A
    bool check_failed = false;
    bool score_falls = false;  // a failed check that does not keep its score
};

void walk_section(const FormBody& body, const FormSection& section, const Answers& answers,
                  Walk& walk, Score& score) {
    Sums sums;
    SectionScore result{.key = section.key};
    for (const FormItem& item : section.items) {
        ++score.total;
        const auto given = answers.find(item.key);
        if (given == answers.end()) continue;
        ++score.answered;
        walk.plain_answer |= given->second != na_answer;
        const Mark mark = mark_of(body, item, given->second);
        if (mark.counts) {
            sums.earned = sums.earned + mark.earned;
            sums.full = sums.full + mark.full;
            sums.any = true;
        }
        if (!mark.failed) continue;
        score.critical.push_back(item.key);
        result.zeroed |= item.critical_level() == Critical::section;
        if (item.critical_level() != Critical::check) continue;
        walk.check_failed = true;
        walk.score_falls |= !item.keep_score.value_or(false);
    }
    if (result.zeroed) sums.earned = std::min(sums.earned, Ratio{});
    result.value = value_of(body, sums);
    walk.sums.earned = walk.sums.earned + sums.earned;
    walk.sums.full = walk.sums.full + sums.full;
    walk.sums.any |= sums.any;
    score.sections.push_back(std::move(result));
}

}  // namespace

Score score_of(const FormBody& body, const Answers& answers) {
    for (const auto& [item, answer] : answers) check_answer(body, item, answer);
    Score score;
    Walk walk;
    for (const FormSection& section : body.sections)
        walk_section(body, section, answers, walk, score);
    if (walk.plain_answer) score.kept = value_of(body, walk.sums);
    score.value = score.kept;
    if (score.value) score.outcome = Outcome::scored;
    if (walk.check_failed) score.outcome = Outcome::failed_critical;
    if (walk.score_falls && score.value) score.value = std::min(*score.value, Ratio{});
    score_detail::set_range(body, answers, score);
    return score;
}

bool is_fault(const FormBody& body, const FormItem& item, std::string_view answer) {
    if (answer == na_answer) return false;
    const Mark mark = mark_of(body, item, answer);
    return mark.earned < mark.full;
}

std::optional<double> percent_of(const FormBody& body, const std::optional<Ratio>& value) {
    if (!value || body.scoring == Scoring::zero_norm) return std::nullopt;
    return shown_percent(*value);
}

namespace {

struct AnswerLine {
    std::string item;
    std::string answer;
    void fields(FieldSink& f) {
        f.text("item", item, {.bytes_max = 40});
        f.text("answer", answer, {.bytes_max = 40});
    }
};
struct AnswerFile {
    std::vector<AnswerLine> answers;
    void fields(FieldSink& f) { f.list("answers", answers, 300); }
};
struct SectionLine {
    std::string key;
    std::optional<std::int64_t> num, den;
    bool zeroed = false;
    void fields(FieldSink& f) {
        f.text("key", key);
        f.integer("num", num);
        f.integer("den", den);
        f.flag("zeroed", zeroed);
    }
};
struct ScoreLine {
    Outcome outcome = Outcome::no_score;
    std::optional<std::int64_t> num, den, kept_num, kept_den;
    std::optional<double> percent, kept_percent, min_percent, max_percent;
    std::int64_t answered = 0, total = 0;
    std::vector<SectionLine> sections;
    std::vector<std::string> critical;
    void fields(FieldSink& f) {
        f.choice("outcome", outcome);
        f.integer("num", num);
        f.integer("den", den);
        f.number("percent", percent);
        f.integer("kept_num", kept_num);
        f.integer("kept_den", kept_den);
        f.number("kept_percent", kept_percent);
        f.number("min_percent", min_percent);
        f.number("max_percent", max_percent);
        f.integer("answered", answered);
        f.integer("total", total);
        f.list("sections", sections);
        f.texts("critical", critical);
    }
};

void split(const std::optional<Ratio>& ratio, std::optional<std::int64_t>& num,
           std::optional<std::int64_t>& den) {
    if (!ratio) return;
    num = ratio->num;
    den = ratio->den;
}

}  // namespace

std::string score_command(std::string_view form_json, std::string_view answers_json) {
    const FormBody body = parse_body(form_json);
    Answers answers;
    for (const AnswerLine& line : from_json<AnswerFile>(answers_json).answers)
        if (!answers.emplace(line.item, line.answer).second)
            throw Error(Fault::invalid, "answer.twice", {{"item", line.item}}).at("answers");
    const Score score = score_of(body, answers);
    ScoreLine line{.outcome = score.outcome};
    split(score.value, line.num, line.den);
    split(score.kept, line.kept_num, line.kept_den);
    line.percent = percent_of(body, score.value);
    line.kept_percent = percent_of(body, score.kept);
    line.min_percent = percent_of(body, score.min);
    line.max_percent = percent_of(body, score.max);
    line.answered = score.answered;
    line.total = score.total;
    line.critical = score.critical;
    for (const SectionScore& section : score.sections) {
        SectionLine each{.key = section.key, .zeroed = section.zeroed};
        split(section.value, each.num, each.den);
        line.sections.push_back(std::move(each));
    }
    return to_json(line);
}

}  // namespace otklik
