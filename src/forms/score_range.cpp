// What a draft can still become: the least and the greatest score over every way to answer the
// rest, N/A included where it is allowed. Exact without trying all ways: a mean is moved furthest
// by taking its parts in order of their value.
#include <algorithm>

#include "forms/score.h"

namespace otklik::score_detail {
namespace {

/// An unanswered item seen from one end.
struct Open {
    Mark mark;            // of the worst or the best answer
    bool may_go = false;  // N/A takes it out of the sums
};

Mark end_mark(const FormBody& body, const FormItem& item, bool best) {
    std::optional<Mark> found;
    for (const FormAnswer& answer : item.answers) {
        const Mark mark = mark_of(body, item, answer.key);
        if (!found || (best ? found->earned < mark.earned : mark.earned < found->earned))
            found = mark;
    }
    return *found;
}

/// Which sections and whether the check are brought to 0 at this end.
struct Fallen {
    bool section = false;
    bool check = false;
};

Fallen fallen_by(const FormItem& item, const Mark& mark) {
    if (!mark.failed) return {};
    return {item.critical_level() == Critical::section,
            item.critical_level() == Critical::check && !item.keep_score.value_or(false)};
}

/// One end of the range for percentage and points.
std::optional<Ratio> fraction_end(const FormBody& body, const Answers& answers, bool best) {
    Ratio earned, full;
    bool check_fallen = false;
    bool plain = false;  // something but N/A is or can be answered
    std::vector<Mark> optional;
    for (const FormSection& section : body.sections) {
        Fallen fallen;
        std::vector<Open> open;
        Ratio section_earned;
        for (const FormItem& item : section.items) {
            const auto given = answers.find(item.key);
            const bool answered = given != answers.end();
            const Mark mark =
                answered ? mark_of(body, item, given->second) : end_mark(body, item, best);
            plain |= !answered || given->second != na_answer;
            const Fallen by = fallen_by(item, mark);
            fallen.section |= by.section;
            check_fallen |= by.check;
            if (!answered) {
                open.push_back({mark, item.may_be_na() && body.na == NaPolicy::remove});
            } else if (mark.counts) {
                section_earned = section_earned + mark.earned;
                full = full + mark.full;
            }
        }
        for (Open& each : open) {
            if (fallen.section) each.mark.earned = {};
            if (each.may_go) {
                optional.push_back(each.mark);
                continue;
            }
            section_earned = section_earned + each.mark.earned;
            full = full + each.mark.full;
        }
        if (!fallen.section) earned = earned + section_earned;
    }
    if (!plain) return std::nullopt;
    std::sort(optional.begin(), optional.end(), [&](const Mark& a, const Mark& b) {
        const Ratio left = a.earned / a.full, right = b.earned / b.full;
        return best ? right < left : left < right;
    });
    for (const Mark& mark : optional) {
        const Ratio value = mark.earned / mark.full;
        if (full.num > 0 && (best ? value <= earned / full : value >= earned / full)) break;
        earned = earned + mark.earned;
        full = full + mark.full;
    }
    if (check_fallen) return Ratio{};
    return earned / full;
}

Ratio sum_end(const FormBody& body, const Answers& answers, bool best) {
    Ratio total;
    bool check_fallen = false;
    bool plain = false;
    std::optional<Ratio> least_step;  // from N/A to an answer, where N/A was better
    for (const FormSection& section : body.sections) {
        Ratio sum;
        bool section_fallen = false;
        for (const FormItem& item : section.items) {
            const auto given = answers.find(item.key);
            Mark mark = given != answers.end() ? mark_of(body, item, given->second)
                                               : end_mark(body, item, best);
            // N/A is worth 0, which may be less than the worst answer (the best is never below 0).
            if (given == answers.end() && item.may_be_na() && Ratio{} < mark.earned && !best) {
                least_step = std::min(least_step.value_or(mark.earned), mark.earned);
                mark = {};
            } else {
                plain |= given == answers.end() || given->second != na_answer;
            }
            sum = sum + mark.earned;
            const Fallen by = fallen_by(item, mark);
            section_fallen |= by.section;
            check_fallen |= by.check;
        }
        total = total + (section_fallen ? std::min(sum, Ratio{}) : sum);
    }
    if (!plain && least_step) total = total + *least_step;  // N/A alone would be no score
    return check_fallen ? std::min(total, Ratio{}) : total;
}

bool only_na(const Answers& answers, const FormBody& body) {
    return answers.size() == body.items_count() &&
           std::all_of(answers.begin(), answers.end(),
                       [](const auto& each) { return each.second == na_answer; });
}

}  // namespace

void set_range(const FormBody& body, const Answers& answers, Score& score) {
    if (only_na(answers, body)) return;
    if (body.scoring == Scoring::zero_norm) {
        score.min = sum_end(body, answers, false);
        score.max = sum_end(body, answers, true);
        return;
    }
    score.min = fraction_end(body, answers, false);
    score.max = fraction_end(body, answers, true);
}

}  // namespace otklik::score_detail
