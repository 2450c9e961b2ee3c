// Every registered figure against brute force over the rooms' own functions, in random worlds on
// both databases.
#include "insight/insight.h"

#include <algorithm>
#include <functional>
#include <iostream>
#include <random>
#include <set>

#include "base/calendar.h"
#include "base/messages.h"
#include "checks/test_desk.h"
#include "imports/imports.h"
#include "insight/roll_up.h"

namespace otklik {

class InsightOf : public DeskTest {
protected:
    /// What a figure must list, found without it.
    struct Expected {
        std::set<std::int64_t> counted, missing;
        std::map<std::string, std::set<std::int64_t>> missing_by;
        double sum = 0;
    };
    using Oracle = std::function<void(InsightOf&, Tx&, const FigureQuery&, Expected&)>;
    static const std::map<std::string_view, Oracle>& oracles();

    std::uint64_t below(std::uint64_t n) { return random() % n; }

    void random_step() {
        if (below(6) == 0) roll();
        switch (below(8)) {
            case 0:
            case 1:
                random_press();
                break;
            case 2:
                random_undo();
                break;
            case 7:
                random_coding();
                break;
            case 3:
                late_upload();
                break;
            case 4:
            case 5:
                random_check();
                break;
            default:
                change_check();
                break;
        }
    }
    /// One look of the roll-up, as the pipeline asks for it; what it has not seen is read from
    /// rows.
    void roll() {
        FigureRollUp sums(store());
        if (below(2) == 0)
            sums.fill(world->company);
        else
            sums.roll();
    }
    void roll_all() {
        FigureRollUp sums(store());
        while (sums.fill(world->company)) {
        }
        while (sums.roll()) {
        }
    }
    /// Every day that has presses is answered from its sums.
    void expect_rolled() {
        store().read([&](Tx& tx) {
            const auto days = days_rolled(tx, world->company, -1'000'000, 1'000'000);
            for (auto day = next_day_of_presses(tx, world->company, -1'000'000); day;
                 day = next_day_of_presses(tx, world->company, *day))
                EXPECT_TRUE(days.contains(*day)) << *day;
        });
    }
    void random_press() {
        const auto second = static_cast<double>(below(4 * 86'400)) - 3 * 86'400;
        const std::string key = below(8) == 0 ? "9" : std::to_string(1 + below(4));
        const auto id = press_signal(second, key);
        signals.push_back(id);
        if (key == "9") return;
        clip_ids.push_back(store().write([&](Tx& tx) { return clips->want(tx, id); }));
        clips->cut(clip_ids.back().value);
    }
    void random_undo() {
        if (signals.empty()) return;
        const auto id = signals[below(signals.size())];
        store().write([&](Tx& tx) {
            world->signals.undo(Scope::system(), tx, id, "test");
            clips->follow_signal(tx, id);
        });
    }
    void random_coding() {
        if (signals.empty()) return;
        const Signal signal = world->find(signals[below(signals.size())]);
        if (signal.undone) return;
        store().write([&](Tx& tx) {
            world->signals.set_state(world->reader(), tx, signal.id, SignalState::done,
                                     signal.version, "the tyre was flat");
        });
    }
    /// A recording that comes after its presses; clips it meets are cut again.
    void late_upload() {
        if (signals.empty() || sessions.size() >= 12) return;
        const Signal near = world->find(signals[below(signals.size())]);
        const auto second =
            (near.pressed_at - noon).us / 1'000'000 - static_cast<std::int64_t>(below(240));
        sessions.push_back(record(second, 240));
        for (const auto clip : clip_ids) clips->cut(clip.value);
    }
    void random_check() {
        const bool by_draw = below(2) == 0;
        Id<Check> id;
        try {
            if (by_draw && !sessions.empty()) {
                id = start(below(4) == 0 ? zero_norm : standard,
                           draw(-4 * 86'400, 2 * 86'400, std::to_string(random()), 20).id);
            } else if (!clip_ids.empty()) {
                id = start(signal_form, clip_ids[below(clip_ids.size())]);
            }
        } catch (const Error& error) {
            ASSERT_EQ(error.fault(), Fault::conflict) << error.code();
        }
        if (!id || find(id).state != CheckState::draft) return;
        // An open draft of the same thing is given again, not made anew.
        if (std::find(check_ids.begin(), check_ids.end(), id) == check_ids.end())
            check_ids.push_back(id);
        fill(id);
    }
    void import_past_scores() {
        const std::int64_t today = local_day(noon, world->point.zone);
        std::string table = "Date;Employee;Form;Score\n";
        for (std::int64_t i = 0; i < 8; ++i) {
            const PastRow row{0, today - static_cast<std::int64_t>(below(9)),
                              static_cast<std::int64_t>(below(21))};
            past_scores.push_back(row);
            table += format_day(row.day) + ";" + world->person.name + ";Form " + std::to_string(i) +
                     ";" + std::to_string(row.num) + "/20\n";
        }
        const Messages messages;
        Imports imports(store(),
                        {world->people, world->sites, *recording, world->signals, *clips, *checks},
                        messages);
        const Scope scope = Scope::console(world->company);
        const auto id = imports.make(scope, {ImportKind::past_scores, "past.csv", table, "test"});
        store().write([&](Tx& tx) { imports.start(scope, tx, id); });
        imports.look(id.value);
        const auto rows = store().read(
            [&](Tx& tx) { return imports.rows(scope, tx, imports.get(scope, tx, id), {}); });
        ASSERT_EQ(rows.rows.size(), past_scores.size());
        for (std::size_t i = 0; i < past_scores.size(); ++i)
            past_scores[i].id = rows.rows[i].subject_id;
    }
    /// Receipts of the same days as the presses; service takes up to four hours.
    void import_contacts() {
        std::string table = "Date;Receipt;Amount\n";
        for (std::int64_t i = 0; i < 40; ++i) {
            const Instant at =
                noon + Duration::seconds(static_cast<std::int64_t>(below(4 * 86'400)) - 3 * 86'400);
            table += format_local(at, world->point.zone).substr(0, 19) + ";" + std::to_string(i) +
                     ";10\n";
            contacts.push_back({0, local_day(at, world->point.zone), at});
        }
        const Messages messages;
        Imports imports(store(),
                        {world->people, world->sites, *recording, world->signals, *clips, *checks},
                        messages);
        const Scope scope = Scope::console(world->company);
        const auto id = imports.make(scope, {ImportKind::contacts, "till.csv", table, "test"});
        store().write([&](Tx& tx) {
            const SheetImport import = imports.get(scope, tx, id);
            ImportSettings settings = import.settings;
            settings.service_minutes = 240;
            imports.change(scope, tx, id, import.version, settings);
            imports.start(scope, tx, id);
        });
        imports.look(id.value);
        const auto rows = store().read(
            [&](Tx& tx) { return imports.rows(scope, tx, imports.get(scope, tx, id), {}); });
        ASSERT_EQ(rows.rows.size(), contacts.size());
        for (std::size_t i = 0; i < contacts.size(); ++i) contacts[i].id = rows.rows[i].subject_id;
    }
    /// Each press takes the contact that ends first of those that are free: contact by press.
    std::map<std::int64_t, std::int64_t> served(Tx& tx, const FigureQuery& query) {
        std::vector<Signal> pressed;
        for (const auto id : signals)
            pressed.push_back(world->signals.get(Scope::system(), tx, id));
        std::sort(pressed.begin(), pressed.end(), [](const Signal& a, const Signal& b) {
            return std::pair(a.pressed_at, a.id) < std::pair(b.pressed_at, b.id);
        });
        std::map<std::int64_t, std::int64_t> by_contact;
        for (const Signal& press : pressed) {
            const ContactRow* best = nullptr;
            for (const ContactRow& each : contacts) {
                if (each.day < query.day_from - 1 || each.day > query.day_to + 1) continue;
                if (by_contact.contains(each.id) || press.undone) continue;
                if (press.local_day < query.day_from - 1 || press.local_day > query.day_to + 1)
                    continue;
                if (press.pressed_at < each.at - Duration::hours(4) ||
                    press.pressed_at > each.at + Duration::seconds(180))
                    continue;
                if (!best || std::pair(each.at, each.id) < std::pair(best->at, best->id))
                    best = &each;
            }
            if (best) by_contact[best->id] = press.id.value;
        }
        return by_contact;
    }
    void fill(Id<Check> id) {
        const FormBody body =
            store().read([&](Tx& tx) { return checks->form_of(tx, find(id)).body; });
        std::vector<CheckAnswer> answers;
        for (const FormSection& section : body.sections)
            for (const FormItem& item : section.items) {
                const auto n = below(item.answers.size() + 1);
                answers.push_back(
                    {item.key, n == item.answers.size() ? "na" : item.answers[n].key, ""});
            }
        answer(id, answers);
        if (below(5) == 0) return give_up(id);
        for (const CheckAnswer& each : answers)
            if (code_of([&] { show(id, each.item, 48'000); }) == "evidence.in_gap")
                return;  // stays a draft
        if (below(5) != 0) finish(id);
    }
    void give_up(Id<Check> id) {
        const auto all = unassessed_reasons();
        const auto version = find(id).version;
        store().write([&](Tx& tx) {
            checks->give_up(boris(), tx, id, version, all[below(all.size())].reason, "why");
        });
    }
    void change_check() {
        if (check_ids.empty()) return;
        const auto id = check_ids[below(check_ids.size())];
        const CheckState state = find(id).state;
        if (state == CheckState::withdrawn) {
            const auto code =
                code_of([&] { store().write([&](Tx& tx) { checks->restore(boris(), tx, id); }); });
            EXPECT_TRUE(code.empty() || code == "check.begun_again") << code;
            return;
        }
        store().write([&](Tx& tx) {
            if (below(3) == 0) return checks->withdraw(boris(), tx, id);
            if (state == CheckState::done) checks->reopen(boris(), tx, id);
        });
        if (find(id).state == CheckState::draft) fill(id);
    }

    void expect_figure(Tx& tx, const FigureDef& figure, const FigureQuery& query) {
        SCOPED_TRACE(std::string(figure.name));
        Expected expected;
        oracles().at(figure.name)(*this, tx, query, expected);
        const Insight insight(world->sites);
        const auto n = static_cast<std::int64_t>(expected.counted.size());
        for (const auto by :
             {Grouping::day, Grouping::point, Grouping::button, Grouping::kind, Grouping::person}) {
            const FigureResult result = insight.compute(world->reader(), tx, figure, query, by);
            EXPECT_EQ(result.value.n, n);
            EXPECT_EQ(result.value.missing, static_cast<std::int64_t>(expected.missing.size()));
            if (figure.mean && n > 0) {
                EXPECT_NEAR(*result.value.value, expected.sum / static_cast<double>(n), 1e-9);
            }
            if (figure.mean && n == 0) {
                EXPECT_FALSE(result.value.value);
            }
            if (!figure.mean) {
                EXPECT_EQ(*result.value.value, static_cast<double>(n));
            }
            expect_groups(tx, figure, query, by, result, expected);
        }
        EXPECT_EQ(listed(tx, figure, {.query = query, .count_max = 7}), expected.counted);
        EXPECT_EQ(listed(tx, figure, {.query = query, .part = RowPart::missing, .count_max = 7}),
                  expected.missing);
        expect_reasons(tx, figure, query, expected);
    }
    /// Why rows are missing: the counts add up, and each reason lists exactly its own.
    void expect_reasons(Tx& tx, const FigureDef& figure, const FigureQuery& query,
                        const Expected& expected) {
        const FigureValue value =
            Insight(world->sites).compute(world->reader(), tx, figure, query, {}).value;
        std::int64_t sum = 0;
        for (const auto& [reason, n] : value.missing_by) {
            sum += n;
            const auto found = expected.missing_by.find(reason);
            ASSERT_NE(found, expected.missing_by.end()) << reason;
            EXPECT_EQ(static_cast<std::int64_t>(found->second.size()), n) << reason;
            EXPECT_EQ(
                listed(
                    tx, figure,
                    {.query = query, .part = RowPart::missing, .reason = reason, .count_max = 3}),
                found->second)
                << reason;
        }
        EXPECT_EQ(sum, value.missing);
    }
    void expect_groups(Tx& tx, const FigureDef& figure, const FigureQuery& query, Grouping by,
                       const FigureResult& result, const Expected& expected) {
        const bool by_press = by == Grouping::button || by == Grouping::kind;
        if ((by_press && !figure.has_buttons) || (by == Grouping::point && !figure.has_points)) {
            EXPECT_TRUE(result.groups.empty());
            return;
        }
        std::set<std::int64_t> together;
        std::int64_t sum = 0, missing = 0;
        for (const FigureGroup& group : result.groups) {
            const auto rows =
                listed(tx, figure, {.query = query, .by = by, .group = group.key, .count_max = 5});
            EXPECT_EQ(static_cast<std::int64_t>(rows.size()), group.value.n) << group.key;
            expect_filter(tx, figure, query, by, group, rows);
            together.insert(rows.begin(), rows.end());
            sum += group.value.n;
            missing += group.value.missing;
        }
        EXPECT_EQ(together, expected.counted);
        EXPECT_EQ(sum, result.value.n);
        EXPECT_EQ(missing, result.value.missing);
    }
    /// A filter for a group gives the group's own numbers and rows.
    void expect_filter(Tx& tx, const FigureDef& figure, FigureQuery query, Grouping by,
                       const FigureGroup& group, const std::set<std::int64_t>& rows) {
        if (by == Grouping::button) query.button = group.key;
        if (by == Grouping::kind) query.signal_kind = parse_enum<SignalKind>(group.key);
        if (by == Grouping::kind && !query.signal_kind) return;  // "none" is no kind
        if (by == Grouping::day) query.day_from = query.day_to = *parse_day(group.key);
        if (by == Grouping::point) query.point_id = Id<Point>{*parse_id_word("point", group.key)};
        const Insight insight(world->sites);
        const FigureValue value = insight.compute(world->reader(), tx, figure, query, {}).value;
        EXPECT_EQ(value.n, group.value.n) << group.key;
        EXPECT_EQ(value.missing, group.value.missing) << group.key;
        EXPECT_EQ(value.left_out, group.value.left_out) << group.key;
        EXPECT_EQ(value.value, group.value.value) << group.key;
        EXPECT_EQ(listed(tx, figure, {.query = query, .count_max = 9}), rows) << group.key;
    }
    void expect_cells(Tx& tx, const FigureQuery& query) {
        const Insight insight(world->sites);
        const FigureDef& figure = get_figure("signals");
        std::int64_t sum = 0;
        for (const Insight::Cell& cell : insight.cells(world->reader(), tx, figure, query)) {
            const FigureQuery own{cell.local_day, cell.local_day, {cell.point_id}, {}, cell.button};
            EXPECT_EQ(static_cast<std::int64_t>(
                          listed(tx, figure, {.query = own, .count_max = 9}).size()),
                      cell.n);
            sum += cell.n;
        }
        EXPECT_EQ(sum, insight.compute(world->reader(), tx, figure, query, {}).value.n);
    }
    std::set<std::int64_t> listed(Tx& tx, const FigureDef& figure, Insight::RowsWish wish) {
        const Insight insight(world->sites);
        std::set<std::int64_t> ids;
        for (;;) {
            const FigurePage page = insight.rows(world->reader(), tx, figure, wish);
            for (const auto& item : page.items) EXPECT_TRUE(ids.insert(item.row.id).second);
            if (!page.next) {
                EXPECT_EQ(page.total, static_cast<std::int64_t>(ids.size()));
                return ids;
            }
            wish.after = page.next;
        }
    }

    std::mt19937_64 random;
    Id<Form> zero_norm;
    std::vector<Id<Signal>> signals;
    std::vector<Id<Clip>> clip_ids;
    std::vector<Id<RecordingSession>> sessions;
    std::vector<Id<Check>> check_ids;
    struct PastRow {
        std::int64_t id = 0, day = 0, num = 0;  // of 20
    };
    std::vector<PastRow> past_scores;
    struct ContactRow {
        std::int64_t id = 0, day = 0;
        Instant at;  // of the receipt
    };
    std::vector<ContactRow> contacts;

private:
    static bool within(const FigureQuery& query, std::int64_t day, Id<Point> point) {
        return day >= query.day_from && day <= query.day_to &&
               (!query.point_id || query.point_id == point);
    }
    static void clips_in(InsightOf& test, Tx& tx, const FigureQuery& query,
                         const std::set<ClipState>& states, Expected& out) {
        for (const auto id : test.clip_ids) {
            const Clip clip = test.clips->find(Scope::system(), tx, id).value();
            const Signal signal = test.world->signals.get(Scope::system(), tx, clip.signal_id);
            if (states.contains(clip.state) && !signal.undone &&
                within(query, signal.local_day, signal.point_id))
                out.counted.insert(id.value);
        }
    }
    static void answered(InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
        const auto by_contact = test.served(tx, query);
        for (const auto& each : test.contacts)
            if (within(query, each.day, test.world->point.id)) {
                out.counted.insert(each.id);
                out.sum += by_contact.contains(each.id) ? 100 : 0;
            }
    }
    static void outside(InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
        std::set<std::int64_t> known, inside;
        for (const auto& each : test.contacts) known.insert(each.day);
        for (const auto& [contact, press] : test.served(tx, query)) inside.insert(press);
        for (const auto id : test.signals) {
            const Signal signal = test.world->signals.get(Scope::system(), tx, id);
            if (!signal.undone && within(query, signal.local_day, signal.point_id) &&
                known.contains(signal.local_day) && !inside.contains(id.value))
                out.counted.insert(id.value);
        }
    }
    static void checks_in(InsightOf& test, Tx& tx, const FigureQuery& query, Purpose purpose,
                          Expected& out) {
        for (const auto id : test.check_ids) {
            const Check check = test.checks->get(Scope::system(), tx, id);
            if (check.state != CheckState::done || check.purpose != purpose ||
                !within(query, check.local_day, check.point_id))
                continue;
            if (check.clip_id && test.clips->find(Scope::system(), tx, check.clip_id)->undone)
                continue;
            const Score score = test.checks->score(tx, check);
            const bool fraction =
                test.checks->form_of(tx, check).body.scoring != Scoring::zero_norm && score.value;
            (fraction ? out.counted : out.missing).insert(id.value);
            if (check.outcome == Outcome::cannot_assess)
                out.missing_by["cannot_assess." + std::string(enum_word(*check.reason))].insert(
                    id.value);
            else if (!fraction)
                out.missing_by[score.value ? "no_scale" : "no_score"].insert(id.value);
            if (fraction)
                out.sum += 100.0 * static_cast<double>(score.value->num) /
                           static_cast<double>(score.value->den);
        }
    }
};
OTKLIK_BOTH_DATABASES(InsightOf);

const std::map<std::string_view, InsightOf::Oracle>& InsightOf::oracles() {
    static const std::map<std::string_view, Oracle> all{
        {"signals",
         [](InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
             for (const auto id : test.signals) {
                 const Signal signal = test.world->signals.get(Scope::system(), tx, id);
                 if (!signal.undone && within(query, signal.local_day, signal.point_id))
                     out.counted.insert(id.value);
             }
         }},
        {"signals_waiting",
         [](InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
             clips_in(test, tx, query, {ClipState::waiting_tail, ClipState::waiting_upload}, out);
         }},
        {"signals_failed",
         [](InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
             clips_in(test, tx, query, {ClipState::failed}, out);
         }},
        {"coding_complete",
         [](InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
             for (const auto id : test.signals) {
                 const Signal signal = test.world->signals.get(Scope::system(), tx, id);
                 if (signal.undone || !within(query, signal.local_day, signal.point_id)) continue;
                 out.counted.insert(id.value);
                 out.sum += signal.what.empty() ? 0 : 100;
             }
         }},
        {"check_score_standard",
         [](InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
             checks_in(test, tx, query, Purpose::standard, out);
         }},
        {"check_score_signal",
         [](InsightOf& test, Tx& tx, const FigureQuery& query, Expected& out) {
             checks_in(test, tx, query, Purpose::signal, out);
         }},
        {"past_score",
         [](InsightOf& test, Tx&, const FigureQuery& query, Expected& out) {
             for (const auto& past : test.past_scores) {
                 if (query.point_id || past.day < query.day_from || past.day > query.day_to)
                     continue;
                 out.counted.insert(past.id);
                 out.sum += 100.0 * static_cast<double>(past.num) / 20.0;
             }
         }},
        {"response", &InsightOf::answered},
        {"signals_outside", &InsightOf::outside},
    };
    return all;
}

TEST_P(InsightOf, drill_down_of_every_figure_lists_exactly_its_rows) {
    const std::uint64_t seed = std::random_device{}();
    std::cout << "seed " << seed << "\n";
    RecordProperty("seed", std::to_string(seed));
    random.seed(seed);
    store().write([&](Tx& tx) {
        FormBody body = parse_body(R"({"scoring":"zero_norm","na":"remove","sections":[{"key":"s",
            "title":"S","items":[{"key":"z","text":"Z","weight":1,"answers":[
            {"key":"up","label":"","points":1},{"key":"down","label":"","points":-2}]}]}]})");
        zero_norm = forms.make(tx, {.company_id = world->company,
                                    .unit = world->root,
                                    .name = "sums",
                                    .purpose = Purpose::standard,
                                    .body = body,
                                    .made_by = {1}});
    });
    for (int i = 0; i < 10; ++i) random_press();
    import_past_scores();
    import_contacts();
    late_upload();
    for (int round = 0; round < 4; ++round) {
        for (int step = 0; step < 25; ++step) random_step();
        if (round == 2) {  // nobody waits for ever: what has no recording fails
            clock.advance(Duration::hours(30));
            for (const auto clip : clip_ids) clips->cut(clip.value);
        }
        if (round % 2 == 1) {
            roll_all();
            expect_rolled();
        }
        const std::int64_t today = local_day(noon, world->point.zone);
        store().read([&](Tx& tx) {
            for (const FigureDef& figure : figures()) {
                ASSERT_TRUE(oracles().contains(figure.name)) << "no oracle for " << figure.name;
                expect_figure(tx, figure, {today - 5, today + 5, {}, {}, {}});
                expect_figure(tx, figure, {today - 1, today, world->point.id, {}, {}});
                expect_figure(tx, figure, {today - 300, today - 200, {}, {}, {}});
            }
            expect_cells(tx, {today - 5, today + 5, {}, {}, {}});
        });
        ASSERT_FALSE(HasFailure()) << "seed " << seed << " round " << round;
    }
}

TEST_P(InsightOf, sums_hold_only_while_no_press_of_the_day_changed) {
    const auto id = press_signal(10);
    press_signal(11);
    roll_all();
    const std::int64_t today = local_day(noon, world->point.zone);
    const auto rolled = [&] {
        return store().read([&](Tx& tx) { return days_rolled(tx, world->company, today, today); });
    };
    EXPECT_EQ(rolled(), std::set<std::int64_t>{today});
    store().write([&](Tx& tx) { world->signals.undo(Scope::system(), tx, id, "test"); });
    EXPECT_TRUE(rolled().empty()) << "the sum does not know of the undo yet";
    roll_all();
    EXPECT_EQ(rolled().size(), 1U);
    store().read([&](Tx& tx) {
        const auto cells = cells_of_days(tx, world->company, 0, today, today);
        ASSERT_EQ(cells.size(), 1U);
        EXPECT_EQ(cells[0].n, 1);
        EXPECT_EQ(cells[0].left_out, 1);
    });
}

// 20 presses against 10, both days rolled up or not: 10 ± 1.96·√30 = 10 ± 10.74 is no news.
TEST_P(InsightOf, a_change_within_its_margin_is_not_clear) {
    const FigureDef& figure = get_figure("signals");
    const auto change = [&](std::int64_t now, std::int64_t before) {
        return change_of(figure, {.value = static_cast<double>(now), .n = now},
                         {.value = static_cast<double>(before), .n = before});
    };
    EXPECT_FALSE(change(20, 10).is_clear());
    EXPECT_NEAR(change(20, 10).interval->high, 10 + 10.7352, 1e-3);
    EXPECT_TRUE(change(40, 10).is_clear());
    EXPECT_FALSE(change(0, 0).is_clear());
    const FigureDef& mean = get_figure("check_score_signal");
    EXPECT_FALSE(change_of(mean, {.value = 50, .n = 1}, {.value = 40, .n = 1}).interval);
    EXPECT_FALSE(change_of(mean, {}, {.value = 40, .n = 1}).difference);
}

TEST_P(InsightOf, a_reader_of_another_unit_counts_nothing) {
    press_signal(10);
    roll_all();
    const Scope stranger = Scope::of(world->company, Role::checker, 7, 1, {42}, {42});
    const std::int64_t today = local_day(noon, world->point.zone);
    store().read([&](Tx& tx) {
        const Insight insight(world->sites);
        const FigureDef& figure = get_figure("signals");
        EXPECT_EQ(insight.compute(stranger, tx, figure, {today - 3, today, {}, {}, {}}, {}).value.n,
                  0);
        EXPECT_EQ(insight.compute(world->reader(), tx, figure, {today - 3, today, {}, {}, {}}, {})
                      .value.n,
                  1);
        EXPECT_THROW(insight.compute(stranger, tx, figure, {today, today + 400, {}, {}, {}}, {}),
                     Error);
    });
}

}  // namespace otklik
