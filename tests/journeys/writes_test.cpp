// Every route that writes, with a body made from its own schema and ids of the first site: without
// a session, by who lacks the right, and by people of the second site. Refused, and no table
// changes.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "rights_house_inside.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/router.h"

namespace otklik::testkit {
namespace {

/// Tables that asking alone may touch: who was seen when, and failed tries.
constexpr std::string_view touched[] = {"web_session", "sign_in_throttle", "migration"};

constexpr std::string_view tables_sqlite =
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'";
constexpr std::string_view tables_postgres =
    "select table_name from information_schema.tables where table_schema = 'public'";

class Writes : public Rights {
protected:
    void SetUp() override {
        Rights::SetUp();
        if (IsSkipped()) return;
        document = json::parse(openapi_json(all_routes(), "test"));
        for (const auto& [word, prefix] : {std::pair("points", "point"),
                                           {"sites", "site"},
                                           {"clips", "clip"},
                                           {"signals", "signal"},
                                           {"recordings", "recording"},
                                           {"recorders", "recorder"},
                                           {"devices", "device"},
                                           {"checks", "check"},
                                           {"draws", "draw"},
                                           {"people", "person"},
                                           {"accounts", "account"},
                                           {"repair-asks", "ask"},
                                           {"bookmarks", "bookmark"},
                                           {"links", "link"},
                                           {"imports", "import"}})
            by_prefix[prefix] = ids.at(word);
        by_prefix["form"] = ids.at("forms");
        by_prefix["unit"] = text(boss.get("/points").at("items").at(0), "unit");
    }
    /// The value of a schema; `whole` fills in what may be left out too.
    json::value value_of(const json::value& schema, const std::string& name, bool whole) {
        const json::object& s = schema.as_object();
        if (const auto* link = s.if_contains("$ref")) {
            const std::string path(link->as_string());
            return value_of(document.at("components").at("schemas").at(path.substr(21)), name,
                            whole);
        }
        if (const auto* any = s.if_contains("anyOf")) return value_of(any->at(0), name, whole);
        if (const auto* words = s.if_contains("enum")) return words->at(0);
        const auto* type = s.if_contains("type");
        if (!type) return json::object();
        const std::string word(type->is_array() ? type->at(0).as_string() : type->as_string());
        if (word == "object") return object_of(s, whole);
        if (word == "array") return json::array{value_of(s.at("items"), name, whole)};
        if (word == "boolean") return false;
        if (word == "number") return 1.0;
        if (word == "integer")
            return std::clamp<std::int64_t>(1, s.at("minimum").to_number<std::int64_t>(),
                                            s.at("maximum").to_number<std::int64_t>());
        return text_of(s, name);
    }
    json::object object_of(const json::object& s, bool whole) {
        json::object made;
        const auto* required = s.if_contains("required");
        for (const auto& [name, schema] : s.at("properties").as_object()) {
            const bool must =
                required && std::any_of(required->as_array().begin(), required->as_array().end(),
                                        [&](const json::value& v) { return v == name; });
            if (must || whole) made[name] = value_of(schema, std::string(name), whole);
        }
        return made;
    }
    json::value text_of(const json::object& s, const std::string& name) {
        if (const auto* pattern = s.if_contains("pattern")) {
            const std::string word(pattern->as_string());
            const std::string prefix = word.substr(1, word.rfind('_') - 1);
            if (const auto found = by_prefix.find(prefix); found != by_prefix.end()) {
                is_foreign = is_foreign || prefix != "form";
                return json::value(found->second);
            }
            return json::value(prefix + "_0000000000001");
        }
        if (const auto* format = s.if_contains("format"))
            return json::value(*format == "date" ? "2026-11-18" : "2026-11-18T10:00:00Z");
        if (name == "zone") return "Europe/Moscow";
        if (name == "cause") return "off";
        return json::value("words that are long enough");
    }
    /// The body of a route; sets is_foreign when it names a thing of the first site.
    json::value body_of(const Route& route, bool whole) {
        if (!route.input) return nullptr;
        std::string method;
        for (const char c : route.method) method += static_cast<char>(c | 0x20);
        const json::value& schema = document.at("paths")
                                        .at(route.path)
                                        .at(method)
                                        .at("requestBody")
                                        .at("content")
                                        .at("application/json")
                                        .at("schema");
        return value_of(schema, "", whole);
    }
    /// One hash over every row of every table.
    std::map<std::string, std::string> digest() {
        Store& store = house.rooms().store;
        const bool sqlite = store.is_sqlite();
        return store.read([&](Tx& tx) {
            std::map<std::string, std::string> all;
            for (const Row& table : tx.rows({sqlite ? tables_sqlite : tables_postgres})) {
                const std::string& name = table.text(0);
                if (std::find(std::begin(touched), std::end(touched), name) != std::end(touched))
                    continue;
                const std::string statement =
                    sqlite ? rows_sqlite(tx, name)
                           : "select coalesce(string_agg(cast(t as text), ';' order by"
                             " cast(t as text)), '') from \"" +
                                 name + "\" t";
                all[name] = hex(sha256(tx.row({statement})->text(0)));
            }
            return all;
        });
    }
    static std::string rows_sqlite(Tx& tx, const std::string& table) {
        std::string cells;
        for (const Row& column :
             tx.rows({"select name from pragma_table_info(:table)"}, {{"table", table}}))
            cells += (cells.empty() ? "quote(" : "||','||quote(") + ("\"" + column.text(0)) + "\")";
        return "select coalesce(group_concat(" + cells + ", ';'), '') from \"" + table + "\"";
    }
    /// What changed between two digests, by name.
    static std::string changed(const std::map<std::string, std::string>& before,
                               const std::map<std::string, std::string>& after) {
        std::string names;
        for (const auto& [name, hash] : after)
            if (before.at(name) != hash) names += name + " ";
        return names;
    }
    template <class Each>
    static void each_write(Each&& each) {
        for (const auto& table : all_routes())
            for (const Route& route : table)
                if (route.method != "GET" && route.right != Right::anyone && !route.body.spool &&
                    !(route.path == "/session" && route.method == "DELETE"))
                    each(route);
    }
    Answer write(Client& who, const Route& route, const std::string& path, bool whole) {
        return who.ask(route.method, path, body_of(route, whole), {{"If-Match", "\"1\""}});
    }

    json::value document;
    std::map<std::string, std::string> by_prefix;
    bool is_foreign = false;
};

TEST_P(Writes, who_lacks_the_right_changes_nothing) {
    const std::pair<Who, Client*> all[] = {{Who::nobody, &nobody},
                                           {Who::device, &device},
                                           {Who::employee, &employee},
                                           {Who::checker, &checker}};
    const auto before = digest();
    int refused = 0;
    each_write([&](const Route& route) {
        for (const auto& [who, client] : all) {
            if (has(who, route.right)) continue;
            for (const bool whole : {false, true}) {
                const Answer answer = write(*client, route, path_of(route), whole);
                EXPECT_EQ(answer.status(), who == Who::nobody ? 401 : 403)
                    << route.method << route.path << answer.http.body;
                ++refused;
            }
        }
    });
    EXPECT_GT(refused, 200);
    EXPECT_EQ(changed(before, digest()), "");
}

/// Forms and questions belong to the whole company.
bool is_of_company(const Route& route) {
    return route.path.starts_with("/forms") || route.path.starts_with("/questions");
}

TEST_P(Writes, things_of_another_site_are_not_there) {
    int asked = 0;
    auto before = digest();
    each_write([&](const Route& route) {
        if (is_of_company(route)) return;
        for (const auto& [who, client] :
             {std::pair(Who::checker, &stranger), {Who::administrator, &neighbour}})
            for (const bool whole : {false, true}) {
                is_foreign = false;
                bool path_is_foreign = false;
                const std::string path = path_of(route, &path_is_foreign);
                body_of(route, whole);
                if (!has(who, route.right) || (!is_foreign && !path_is_foreign)) continue;
                const Answer answer = write(*client, route, path, whole);
                // A made-up body may break a rule before its thing is looked for: 400.
                EXPECT_TRUE(answer.status() == 404 || answer.status() == 400)
                    << route.method << path << json::serialize(body_of(route, whole))
                    << answer.http.body;
                const auto after = digest();
                EXPECT_EQ(changed(before, after), "") << route.method << path;
                before = after;
                ++asked;
            }
    });
    EXPECT_GT(asked, 60);
}
OTKLIK_BOTH_DATABASES(Writes);

}  // namespace
}  // namespace otklik::testkit
