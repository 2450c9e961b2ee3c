// How both databases run every statement of the product when the house is large: no full scan and
// no sort of a table that grows, and pages go by key. Statements are read from the sources, so a
// new one is held without anybody naming it here.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <boost/json.hpp>
#include <iostream>
#include <regex>
#include <set>

#include "store/inside.h"
#include "store/test_plan.h"
#include "store/test_store.h"

namespace otklik {
namespace {

namespace json = boost::json;

/// What a plan does that grows with the house.
struct Step {
    enum class What { scan, sort } what;
    std::string text;  // as the database says it
};

constexpr Sql any_row{"select name from migration limit 1"};
constexpr double sorted_max = 2'000;  // rows that may be sorted, by the planner's own estimate

/// Results of `with` and the like are no tables of the house.
bool grows(const std::string& table) {
    return growing_tables().contains(table);
}

/// Name or alias in a statement -> table.
std::map<std::string, std::string> tables_of(const std::string& text) {
    static const std::regex place(R"(\b(?:from|join|update|into)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?)");
    static const std::set<std::string> words{"where", "set",   "left", "join", "on",
                                             "order", "group", "for",  "limit"};
    std::map<std::string, std::string> tables;
    for (std::sregex_iterator at(text.begin(), text.end(), place), end; at != end; ++at) {
        tables[(*at)[1]] = (*at)[1];
        const std::string alias = (*at)[2];
        if (!alias.empty() && !words.contains(alias)) tables[alias] = (*at)[1];
    }
    return tables;
}

std::vector<Step> read_sqlite(const NamedStatement& statement, const std::vector<Row>& plan) {
    auto tables = tables_of(statement.text);
    std::vector<Step> steps;
    bool big = false;  // a sort stands behind the tables it sorts
    for (const Row& row : plan) {
        const std::string& text = row.text(3);
        static const std::regex visit(R"((SCAN|SEARCH) (\w+)(.*))");
        std::smatch found;
        if (std::regex_match(text, found, visit)) {
            const std::string table = tables[found[2]];
            if (!grows(table)) continue;
            big = true;
            // All rows of a box belong to one company.
            const std::string how = found[3];
            if (found[1] == "SCAN" || how.find("AUTOMATIC") != std::string::npos ||
                how.ends_with("(company_id=?)"))
                steps.push_back({Step::What::scan, text});
        } else if (big && text.find("TEMP B-TREE") != std::string::npos) {
            steps.push_back({Step::What::sort, text});
        }
    }
    return steps;
}

void read_node(const json::object& node, bool limited, std::vector<Step>& steps) {
    const auto word = [&](const char* key) {
        const auto* value = node.if_contains(key);
        return value ? std::string(value->as_string()) : std::string();
    };
    const std::string type = word("Node Type"), table = word("Relation Name");
    const bool whole = !node.if_contains("Index Cond") && type.find("Index") != std::string::npos;
    // A limit may stop the walk of an index from its end, unless rows are passed over on the way.
    if (grows(table) &&
        (type == "Seq Scan" || (whole && !(limited && !node.if_contains("Filter")))))
        steps.push_back({Step::What::scan, type + " of all of " + table});
    const auto rows = node.at("Plan Rows").to_number<double>();
    if (type.ends_with("Sort") && rows > sorted_max)
        steps.push_back({Step::What::sort, type + " of " + std::to_string(std::llround(rows))});
    if (const auto* below = node.if_contains("Plans"))
        for (const json::value& each : below->as_array())
            read_node(each.as_object(), limited || type == "Limit", steps);
}

class Plans : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        fill_large_house(store());
        if (!store().is_sqlite()) connect();
    }
    void TearDown() override { connection.reset(); }

    std::vector<Step> steps_of(const NamedStatement& statement) {
        if (!store().is_sqlite()) return postgres_steps(statement);
        const NumberedSql numbered = number_params(statement.text, Dialect::sqlite);
        // SQLite does not plan an old EXPLAIN again after a change, and looks at what changed only
        // when it reads rows.
        const std::string text =
            "explain query plan " + statement.text + " -- " + std::to_string(++asked);
        Params nulls;
        for (const auto& name : numbered.names) nulls.emplace_back(name, nullptr);
        return read_sqlite(statement, store().read([&](Tx& tx) {
            tx.rows(any_row);
            return tx.rows(Sql{text}, nulls);
        }));
    }
    void drop_index(const std::string& name) {
        const std::string text = "drop index " + name;
        store().write([&](Tx& tx) { tx.run(Sql{text}); });
    }

private:
    struct Close {
        void operator()(PGconn* each) const { PQfinish(each); }
    };
    std::string ask(const std::string& text) {
        PGresult* result = PQexec(connection.get(), text.c_str());
        const auto status = PQresultStatus(result);
        std::string value;
        if (status == PGRES_TUPLES_OK) value = PQgetvalue(result, 0, 0);
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
            ADD_FAILURE() << text << "\n" << PQresultErrorMessage(result);
        PQclear(result);
        return value;
    }
    void connect() {
        connection.reset(PQconnectdb(test_store->url().substr(9).c_str()));
        ask("analyze");
    }
    std::string literal(const Value& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
        if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
        if (const auto* bytes = std::get_if<Bytes>(&value))
            return "convert_to('" + bytes->value + "', 'UTF8')";
        return "null";
    }
    /// Both plans of a prepared statement: for these values, and the one for any values.
    std::vector<Step> postgres_steps(const NamedStatement& statement) {
        const NumberedSql numbered = number_params(statement.text, Dialect::postgres);
        std::string types, values;
        for (const auto& name : numbered.names) {
            const Value value = sample_value(statement.name, name);
            const char* const words[] = {"unknown", "bigint", "double precision", "text", "bytea"};
            types += (types.empty() ? "(" : ", ") + std::string(words[value.index()]);
            values += (values.empty() ? "(" : ", ") + literal(value);
        }
        if (!types.empty()) types += ")", values += ")";
        ask("deallocate all");
        ask("prepare it" + types + " as " + numbered.text);
        std::vector<Step> steps;
        for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
            ask(std::string("set plan_cache_mode = ") + mode);
            const std::string plan = ask("explain (format json) execute it" + values);
            if (!plan.empty())
                read_node(json::parse(plan).as_array().at(0).at("Plan").as_object(), false, steps);
        }
        return steps;
    }

    std::unique_ptr<PGconn, Close> connection;
    int asked = 0;
};
OTKLIK_BOTH_DATABASES(Plans);

bool has_a_plan(const NamedStatement& statement, bool is_sqlite) {
    if (statement.text.find("create table") != std::string::npos) return false;
    if (statement.text.starts_with("fetch ")) return false;  // of a cursor that reads a whole table
    const bool inserts = statement.text.find("insert into") < 3;
    if (inserts && statement.text.find("select") == std::string::npos) return false;
    return !statement.name.ends_with(is_sqlite ? "_postgres" : "_sqlite") &&
           statement.name != (is_sqlite ? "store.settle_foreign_facts" : "store.sqlite_fact_table");
}

enum class On { sqlite, postgres, both };
struct Exception {
    const char* statement;
    Step::What what;
    On on;
    const char* reason;
};
constexpr auto scan = Step::What::scan, sort = Step::What::sort;
constexpr Exception exceptions[] = {
    {"clips.clips_meeting", sort, On::sqlite, "clips of one point within a recording"},
    {"clips.open_clips_meeting", sort, On::sqlite, "clips of one point within a recording"},
    {"recording.gaps_meeting", sort, On::sqlite, "gaps that begin in the same microsecond"},
    {"recording.sessions_meeting", sort, On::sqlite, "sessions that begin in the same microsecond"},
    {"speech.transcripts_meeting", sort, On::sqlite, "transcripts of one track"},
    {"speech.transcripts_of_session", sort, On::sqlite, "transcripts of one recording"},
    {"store.forget_facts_sqlite", scan, On::sqlite, "the oldest 5 000, from the primary key"},
    {"store.forget_facts_postgres", scan, On::postgres,
     "may remove thousands of rows, for which one pass is cheaper at this size"},
    {"store.forget_request_keys", scan, On::postgres,
     "may remove thousands of rows, for which one pass is cheaper at this size"},
    {"store.settle_foreign_facts", scan, On::postgres,
     "changes them all, once, after a database came from another cluster"},
    {"store.crashed_jobs", sort, On::sqlite, "as many as workers run"},
    {"store.jobs_of_worker", sort, On::sqlite, "as many as one program runs"},
    {"store.signs_of_life", sort, On::sqlite, "as many as workers run"},
    {"clips.count_waiting", sort, On::sqlite, "waiting clips of the days asked for, grouped"},
    {"signals.count_signals", sort, On::sqlite, "presses of the days asked for, grouped"},
    {"desk.forget_marks", scan, On::postgres,
     "may remove thousands of rows, for which one pass is cheaper at this size"},
    {"desk.jobs_parked_counted", scan, On::postgres, "all of the index of parked jobs alone"},
    {"desk.refusals_since", scan, On::postgres,
     "refusals of a month, which are all there are in the house of this test"},
    {"insight.count_cells", scan, On::postgres,
     "words of the presses of a day: at this size one pass is cheaper than a thousand looks"},
    {"desk.clips_of_days", sort, On::sqlite, "what is lost or late within a month, grouped"},
    {"desk.open_signals_counted", sort, On::sqlite, "the open queue is what it counts"},
    {"desk.refusals_since", sort, On::sqlite, "refusals of a month, grouped by device"},
    {"insight.count_cells", sort, On::sqlite, "presses of one day, grouped"},
    {"store.look_sooner", scan, On::postgres, "once at a start, and when a clock was put back"},
    {"store.job_counts", scan, On::both, "the backlog is what it counts; a job goes when done"},
    {"store.job_counts", sort, On::sqlite, "a row per stage and state"},
    {"store.unsealed_count", scan, On::both, "audit verify reads the whole journal by intent"},
    {"store.company_of_audit", scan, On::sqlite, "the last row, from the end of the primary key"},
    {"store.last_seal", scan, On::sqlite, "the last row, from the end of the primary key"},
};

class Excused {
public:
    explicit Excused(bool is_sqlite) : is_sqlite_(is_sqlite) {}
    bool operator()(const std::string& statement, const Step& step) {
        for (const Exception& each : exceptions) {
            if (statement != each.statement || step.what != each.what || !holds(each)) continue;
            used_.insert(&each);
            return true;
        }
        return false;
    }
    void expect_all_needed() const {
        for (const Exception& each : exceptions)
            EXPECT_TRUE(!holds(each) || used_.contains(&each))
                << each.statement << " needs its exception no more";
    }

private:
    bool holds(const Exception& each) const {
        return each.on == On::both || (each.on == On::sqlite) == is_sqlite_;
    }
    bool is_sqlite_;
    std::set<const Exception*> used_;
};

TEST_P(Plans, no_statement_reads_or_sorts_a_whole_table_that_grows) {
    Excused excused(store().is_sqlite());
    int count = 0;
    for (const NamedStatement& each : all_statements()) {
        if (!has_a_plan(each, store().is_sqlite())) continue;
        ++count;
        for (const Step& step : steps_of(each))
            EXPECT_TRUE(excused(each.name, step)) << each.name << ": " << step.text;
    }
    EXPECT_GT(count, 200);
    excused.expect_all_needed();

    // The same reading finds what is missing when an index is.
    const std::pair<const char*, const char*> planted[] = {
        {"recording_session_original", "recording.same_original"},
        {"signal_company_day", "insight.signals_of_days"},
        {"clip_signal_signal", "clips.clip_of_signal"},
    };
    for (const auto& [index, name] : planted) {
        drop_index(index);
        const auto all = all_statements();
        const auto statement = std::find_if(all.begin(), all.end(),
                                            [&](const auto& each) { return each.name == name; });
        ASSERT_NE(statement, all.end()) << name;
        EXPECT_FALSE(steps_of(*statement).empty()) << name << " without " << index;
    }
}

TEST(PlanTexts, pages_go_on_by_the_key_they_are_sorted_by) {
    static const std::regex page(R"(order by (?:\w+\.)?(\w+).* limit :)"),
        claim(R"(skip locked|delete from)");
    int pages = 0;
    for (const NamedStatement& each : all_statements()) {
        EXPECT_FALSE(std::regex_search(each.text, std::regex(R"(\boffset\b)"))) << each.name;
        std::smatch found;
        if (!std::regex_search(each.text, found, page) || std::regex_search(each.text, claim))
            continue;
        ++pages;
        const std::string key = found[1];
        const std::regex goes_on("\\b" + key + R"((, (?:\w+\.)?\w+\))? [<>]=? [:(])");
        EXPECT_TRUE(std::regex_search(each.text, goes_on)) << each.name << " by " << key;
    }
    EXPECT_GE(pages, 9);
}

}  // namespace
}  // namespace otklik
