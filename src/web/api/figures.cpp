// Figures, their rows, and the board's series.
#include <algorithm>

#include "base/calendar.h"
#include "base/messages.h"
#include "desk/my_day.h"
#include "forms/ratio.h"
#include "insight/insight.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

/// How it was in the days it is compared with, and what changed since.
struct ChangeView {
    std::optional<double> before, difference, low, high;
    std::int64_t before_n = 0;
    bool clear = false;
    void fields(FieldSink& f) {
        f.number("before", before);
        f.integer("before_n", before_n);
        f.number("difference", difference, "now less before; absent: one of both is undefined");
        f.number("low", low, "95 % interval of the difference");
        f.number("high", high);
        f.flag("clear", clear, "the interval leaves out 0");
    }
};
struct FigureGroupView {
    std::string key, label;
    std::optional<double> value, low, high;
    std::int64_t n = 0, missing = 0, left_out = 0;
    bool few = false;
    std::optional<ChangeView> change;
    void fields(FieldSink& f) {
        f.text("key", key);
        f.text("label", label);
        f.number("value", value);
        f.integer("n", n);
        f.integer("missing", missing);
        f.integer("left_out", left_out);
        f.number("low", low);
        f.number("high", high);
        f.flag("few", few);
        f.object("change", change);
    }
};
struct MissingView {
    std::string reason, text;
    std::int64_t n = 0;
    void fields(FieldSink& f) {
        f.text("reason", reason, {}, "?reason= of the rows");
        f.text("text", text, {}, "in the reader's language");
        f.integer("n", n);
    }
};
struct FigureView {
    std::string name, title, formula, unit, row_kind;
    std::optional<double> value, low, high;
    std::int64_t n = 0, missing = 0, left_out = 0;
    bool few = false;
    std::int64_t n_wanted = figure_n_few;
    std::optional<std::string> undefined_reason;
    std::optional<std::int64_t> goal;
    std::optional<ChangeView> change;
    std::vector<MissingView> missing_by;
    std::vector<FigureGroupView> groups;
    void fields(FieldSink& f) {
        f.text("name", name);
        f.text("title", title);
        f.text("formula", formula, {.bytes_max = 4000});
        f.text("unit", unit, {}, "count or percent");
        f.text("row_kind", row_kind, {}, "what its rows are: signal, clip or check");
        f.number("value", value, "not rounded; absent: undefined, see undefined_reason");
        f.integer("n", n);
        f.integer("missing", missing, {}, "rows that should count but have no value");
        f.integer("left_out", left_out, {}, "withdrawn presses, in no number");
        f.number("low", low, "95 % interval");
        f.number("high", high);
        f.flag("few", few, "n is below n_wanted: the mean says little yet");
        f.integer("n_wanted", n_wanted);
        f.text("undefined_reason", undefined_reason);
        f.integer("goal", goal, {}, "percent that it should reach; null: none was set");
        f.object("change", change, "against ?with_from to ?with_to");
        f.list("missing_by", missing_by, 100, "why they have none; the sum is `missing`");
        f.list("groups", groups, 100'000);
    }
};
struct FigureList {
    std::int64_t day_from = 0, day_to = 0;
    std::vector<FigureView> items;
    void fields(FieldSink& f) {
        f.day("from", day_from);
        f.day("to", day_to);
        f.list("items", items);
    }
};
struct FigureRowView {
    std::string kind, id, path, title;
    Instant at;
    std::optional<double> value;
    std::optional<std::string> missing_text;
    void fields(FieldSink& f) {
        f.text("kind", kind);
        f.text("id", id);
        f.text("path", path, {}, "of its page in the desk");
        f.text("title", title);
        f.instant("at", at);
        f.number("value", value);
        f.text("missing_text", missing_text, {}, "why it has no value");
    }
};
struct FigureRows {
    std::vector<FigureRowView> items;
    std::optional<std::string> next;
    std::int64_t total = 0;
    void fields(FieldSink& f) {
        f.list("items", items);
        f.text("next", next);
        f.integer("total", total, {}, "the figure's n, or its missing or left_out rows");
    }
};

template <class View>
void put_value(View& view, const FigureDef& figure, const FigureValue& value) {
    view.value = value.value;
    view.n = value.n;
    view.missing = value.missing;
    view.left_out = value.left_out;
    view.few = figure.mean && value.n < figure_n_few;
    if (!value.interval) return;
    view.low = value.interval->low;
    view.high = value.interval->high;
}

std::string text_of(const Call& call, const std::string& key) {
    return call.rooms.messages.message(enum_word(call.actor.language), key);
}

constexpr std::string_view given_up = "cannot_assess.";

std::string missing_text(const Call& call, const std::string& reason) {
    if (!reason.starts_with(given_up)) return text_of(call, "figure.missing." + reason);
    return text_of(call, "check.reason." + reason.substr(given_up.size()));
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    return all;
}

/// ?from, ?to, ?point, ?kind, ?button (the key of a group of buttons); the last 30 days of the
/// first site's calendar when no day is given.
FigureQuery query_of(Call& call, Tx& tx) {
    const auto sites = call.rooms.sites.sites(call.scope, tx);
    const std::string zone = sites.empty() ? "UTC" : sites.front().zone;
    FigureQuery query;
    query.day_to = call.query_day("to").value_or(local_day(tx.now(), zone));
    query.day_from = call.query_day("from").value_or(query.day_to - 29);
    if (const auto point = call.query_id<Point>("point")) {
        call.rooms.sites.get_point(call.scope, tx, *point);
        query.point_id = *point;
    }
    query.signal_kind = call.query_choice<SignalKind>("kind");
    query.button = call.request.query_value("button").value_or("");
    if (!query.button.empty()) {
        const auto keys = call.rooms.insight.button_keys(call.scope, tx);
        if (std::find(keys.begin(), keys.end(), query.button) == keys.end())
            Call::refuse_choice("button", joined(keys));
    }
    check_figure_query(query);
    return query;
}

/// The days to compare with, of the same length, so that counts can be: the query with these days.
std::optional<FigureQuery> compared_with(const Call& call, const FigureQuery& query) {
    const auto from = call.query_day("with_from"), to = call.query_day("with_to");
    if (!from && !to) return std::nullopt;
    if (!from || !to || *to - *from != query.day_to - query.day_from)
        throw Error(Fault::invalid, "figure.compare").at("with_from");
    FigureQuery before = query;
    before.day_from = *from;
    before.day_to = *to;
    return before;
}

ChangeView change_view(const FigureDef& figure, const FigureValue& now, const FigureValue& before) {
    const FigureChange change = change_of(figure, now, before);
    ChangeView view{before.value, change.difference, {}, {}, before.n, change.is_clear()};
    if (change.interval) {
        view.low = change.interval->low;
        view.high = change.interval->high;
    }
    return view;
}

FigureView view_of(Call& call, Tx& tx, const FigureDef& figure, const FigureQuery& query,
                   std::optional<Grouping> by) {
    const FigureResult result = call.rooms.insight.compute(call.scope, tx, figure, query, by);
    const auto with = compared_with(call, query);
    FigureResult before;
    if (with) before = call.rooms.insight.compute(call.scope, tx, figure, *with, by);
    const std::string key = "figure." + std::string(figure.name);
    FigureView view;
    view.name = figure.name;
    view.title = text_of(call, key + ".title");
    view.formula = text_of(call, key + ".formula");
    view.unit = figure.unit;
    view.row_kind = figure.kind;
    if (figure.name == "response") view.goal = call.rooms.day.goals(call.scope, tx).response;
    put_value(view, figure, result.value);
    if (with) view.change = change_view(figure, result.value, before.value);
    for (const auto& [reason, n] : result.value.missing_by)
        view.missing_by.push_back({reason, missing_text(call, reason), n});
    if (!result.value.value) view.undefined_reason = text_of(call, "figure.undefined");
    for (const FigureGroup& group : result.groups) {
        FigureGroupView each{.key = group.key, .label = group.label};
        if (each.label.empty())
            each.label = text_of(call, "figure.group.none");
        else if (by == Grouping::kind)
            each.label = text_of(call, "signal.kind." + group.key);
        put_value(each, figure, group.value);
        const auto was =
            std::find_if(before.groups.begin(), before.groups.end(),
                         [&](const FigureGroup& earlier) { return earlier.key == group.key; });
        if (was != before.groups.end()) each.change = change_view(figure, group.value, was->value);
        view.groups.push_back(std::move(each));
    }
    return view;
}

std::vector<std::string> figure_names() {
    std::vector<std::string> names;
    for (const FigureDef& figure : figures()) names.emplace_back(figure.name);
    return names;
}

bool is_figure(std::string_view name) {
    const auto names = figure_names();
    return std::find(names.begin(), names.end(), name) != names.end();
}

FigureList list_figures(Call& call) {
    const auto by = call.query_choice<Grouping>("by");
    const auto name = call.request.query_value("name");
    if (name && !is_figure(*name)) Call::refuse_choice("name", joined(figure_names()));
    return call.rooms.store.read([&](Tx& tx) {
        const FigureQuery query = query_of(call, tx);
        FigureList list{query.day_from, query.day_to, {}};
        for (const FigureDef& figure : figures()) {
            if (name && *name != figure.name) continue;
            FigureView view = view_of(call, tx, figure, query, by);
            if (!name && figure.on_demand && view.n == 0) continue;
            list.items.push_back(std::move(view));
        }
        return list;
    });
}

RowPart part_of(Call& call) {
    const auto part = call.request.query_value("part");
    if (!part || part->empty() || *part == "counted") return RowPart::counted;
    if (*part == "missing") return RowPart::missing;
    if (*part == "left_out") return RowPart::left_out;
    Call::refuse_choice("part", "counted, missing, left_out");
}

FigureRowView row_view(const Call& call, const FigureDef& figure, const FigurePage::Item& item) {
    FigureRowView view;
    view.kind = figure.kind;
    view.id = id_word(figure.kind, item.row.id);  // a kind's name is its prefix
    view.path = "/" + view.id;
    if (const Kind* kind = find_kind(figure.kind)) {
        view.path = kind->path;
        if (const auto at = view.path.find("{id}"); at != std::string::npos)
            view.path.replace(at, 4, view.id);
    }
    view.title = item.point_name;
    if (!item.button_label.empty()) view.title += " \u00b7 " + item.button_label;
    view.at = item.row.at;
    view.value = item.row.value;
    if (!item.row.reason.empty()) view.missing_text = missing_text(call, item.row.reason);
    return view;
}

FigureRows figure_rows(Call& call) {
    const auto found = call.request.params.find("name");
    const FigureDef& figure = get_figure(found == call.request.params.end() ? "" : found->second);
    Insight::RowsWish wish;
    wish.by = call.query_choice<Grouping>("group_by");
    wish.group = call.request.query_value("group").value_or("");
    wish.part = part_of(call);
    wish.reason = call.request.query_value("reason").value_or("");
    wish.after = call.query_page();
    wish.count_max = static_cast<int>(call.query_integer("limit", 1, 500).value_or(50));
    return call.rooms.store.read([&](Tx& tx) {
        wish.query = query_of(call, tx);
        const FigurePage page = call.rooms.insight.rows(call.scope, tx, figure, wish);
        FigureRows rows;
        rows.total = page.total;
        if (page.next) rows.next = page_word(*page.next);
        for (const FigurePage::Item& item : page.items)
            rows.items.push_back(row_view(call, figure, item));
        return rows;
    });
}

struct BoardCell {
    std::int64_t day = 0;
    Id<Point> point_id;
    std::string point_name;
    std::int64_t n = 0;
    void fields(FieldSink& f) {
        f.day("day", day);
        f.id("point_id", point_id);
        f.text("point_name", point_name);
        f.integer("n", n);
    }
};
struct BoardButtonCell {
    Insight::Cell cell;
    void fields(FieldSink& f) {
        f.day("day", cell.local_day);
        Id<Point> point{cell.point_id};
        f.id("point_id", point);
        f.text("point_name", cell.point_name);
        std::string kind = cell.button.substr(0, cell.button.find(':'));
        f.text("kind", kind, {}, "answer, idea, complaint, praise, or none");
        f.text("button", cell.button, {}, "?button= of the figures and their rows");
        f.text("button_label", cell.button_label);
        f.integer("n", cell.n);
    }
};
struct BoardView {
    std::int64_t day_from = 0, day_to = 0;
    std::vector<BoardCell> signals_by_day;
    std::vector<BoardButtonCell> cells;
    void fields(FieldSink& f) {
        f.day("from", day_from);
        f.day("to", day_to);
        f.list("signals_by_day", signals_by_day, 100'000, "cells without signals are left out");
        f.list("cells", cells, 100'000,
               "the same signals by local day, point, kind and button; without empty ones");
    }
};

BoardView show_board(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const FigureQuery query = query_of(call, tx);
        BoardView board{query.day_from, query.day_to, {}, {}};
        // The rows of the figure `signals` itself, so that the board cannot differ from it.
        for (auto& cell : call.rooms.insight.cells(call.scope, tx, get_figure("signals"), query)) {
            auto& days = board.signals_by_day;
            if (days.empty() || days.back().day != cell.local_day ||
                days.back().point_id.value != cell.point_id)
                days.push_back({cell.local_day, {cell.point_id}, cell.point_name, 0});
            days.back().n += cell.n;
            board.cells.push_back({std::move(cell)});
        }
        return board;
    });
}

constexpr Route figure_table[] = {
    route<&list_figures>(
        "GET", "/figures", Right::see_figures,
        "Figures of the days with n, missing and interval; ?by=day|point|button|kind|person, "
        "?from, ?to, ?point, ?kind, ?button, ?name; against ?with_from, ?with_to."),
    route<&figure_rows>(
        "GET", "/figures/{name}/rows", Right::see_figures,
        "Exactly the rows behind a figure or a group; ?part=counted|missing|left_out, ?reason, "
        "?group_by and ?group, and what /figures filters by."),
    route<&show_board>("GET", "/board", Right::see_figures,
                       "Signals by local day, point, kind and button; filters as of /figures."),
};

}  // namespace

const std::span<const Route> figure_routes = figure_table;

}  // namespace otklik
