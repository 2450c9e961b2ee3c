#include "imports/table.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/calendar.h"
#include "base/messages.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr std::size_t header_looked_at = 20;  // titles and notes may stand above the header
constexpr std::size_t samples_max = 3;
constexpr std::size_t sample_letters_max = 40;
constexpr std::string_view languages[] = {"ru", "en"};

constexpr FieldDef staff_fields[] = {
    {"full_name"}, {"last_name"}, {"first_name"}, {"patronymic"}, {"personnel_number"},
    {"position"},  {"unit"},      {"site"},       {"point"},      {"phone"},
    {"email"},     {"login"},     {"role"}};
constexpr FieldDef form_fields[] = {{"item", true}, {"section"}, {"weight"},
                                    {"critical"},   {"na"},      {"hint"}};
constexpr FieldDef past_score_fields[] = {{"day", true},  {"full_name"},   {"personnel_number"},
                                          {"form", true}, {"score", true}, {"score_max"},
                                          {"comment"}};
constexpr FieldDef contact_fields[] = {{"day", true}, {"time"},  {"until"},  {"point"},
                                       {"site"},      {"count"}, {"number"}, {"amount"}};
constexpr FieldDef press_fields[] = {
    {"day", true},        {"time"}, {"point"}, {"site"}, {"button"}, {"signal_kind"}, {"full_name"},
    {"personnel_number"}, {"what"}, {"file"}};
constexpr FieldDef calendar_fields[] = {{"day"},     {"kind"},     {"hours"},    {"year"},
                                        {"month_1"}, {"month_2"},  {"month_3"},  {"month_4"},
                                        {"month_5"}, {"month_6"},  {"month_7"},  {"month_8"},
                                        {"month_9"}, {"month_10"}, {"month_11"}, {"month_12"}};

std::string key_of_field(ImportKind kind, std::string_view field) {
    return "import.field." + std::string(enum_word(kind)) + "." + std::string(field);
}

bool is_blank(const SheetRow& row) {
    return std::all_of(row.begin(), row.end(), [](const auto& cell) { return cell.empty(); });
}

/// Fields by the words of one row; a field takes the first column that fits it best.
std::vector<ColumnChoice> match(ImportKind kind, const SheetRow& header, const ImportWords& words) {
    std::vector<std::string> heads;
    for (const std::string& cell : header) heads.push_back(plain_header(cell));
    std::set<std::size_t> taken;
    std::vector<ColumnChoice> columns;
    std::set<std::string_view> matched;
    // Whole headers first; then headers that begin with a name ("phone (mobile)").
    for (const bool whole : {true, false})
        for (const FieldDef& field : fields_of(kind)) {
            if (matched.contains(field.name)) continue;
            for (const std::string& name : words.names(key_of_field(kind, field.name))) {
                const auto fits = [&](const std::string& head) {
                    return whole ? head == name : head.starts_with(name + " ");
                };
                std::size_t at = 0;
                while (at < heads.size() && (taken.contains(at) || !fits(heads[at]))) ++at;
                if (at == heads.size()) continue;
                taken.insert(at);
                matched.insert(field.name);
                columns.push_back({std::string(field.name), static_cast<std::int64_t>(at)});
                break;
            }
        }
    return columns;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::span<const FieldDef> fields_of(ImportKind kind) {
    if (kind == ImportKind::staff) return staff_fields;
    if (kind == ImportKind::form) return form_fields;
    if (kind == ImportKind::past_scores) return past_score_fields;
    if (kind == ImportKind::contacts) return contact_fields;
    if (kind == ImportKind::presses) return press_fields;
    return calendar_fields;
}

std::string plain_header(std::string_view text) {
    std::string plain;
    bool space = false;
    const std::string folded = fold(text);
    for (std::string_view rest = folded; !rest.empty();) {
        const std::size_t n = std::max<std::size_t>(utf8_length(rest), 1);
        const std::string_view letter = rest.substr(0, n);
        rest.remove_prefix(n);
        const bool sign =
            n == 1 && std::string_view(" \t\r\n.,:;*()[]\"'/\\-_?!").find(letter[0]) !=
                          std::string_view::npos;
        if (sign || letter == "\u00a0") {
            space = !plain.empty();
            continue;
        }
        if (space) plain += ' ';
        space = false;
        plain += letter;
    }
    return plain;
}

std::vector<std::string> ImportWords::names(std::string_view key) const {
    std::vector<std::string> names;
    for (const std::string_view language : languages) {
        const std::string text = messages_.message(language, key);
        for (std::string_view rest = text; !rest.empty();) {
            const auto end = std::min(rest.find('|'), rest.size());
            names.push_back(plain_header(rest.substr(0, end)));
            rest = end < rest.size() ? rest.substr(end + 1) : std::string_view();
        }
    }
    return names;
}

bool ImportWords::means(std::string_view key, std::string_view text) const {
    const std::string plain = plain_header(text);
    const auto all = names(key);
    return std::find(all.begin(), all.end(), plain) != all.end();
}

std::string ImportWords::title(std::string_view language, std::string_view key) const {
    const std::string text = messages_.message(language, key);
    return text.substr(0, text.find('|'));
}

ImportSettings guess_settings(ImportKind kind, const SheetFile& file, const ImportWords& words) {
    ImportSettings settings;
    settings.sheet = static_cast<std::int64_t>(file.chosen);
    const auto& rows = file.sheet.rows;
    for (std::size_t i = 0; i < std::min(rows.size(), header_looked_at); ++i) {
        auto columns = match(kind, rows[i], words);
        if (columns.size() <= settings.columns.size()) continue;
        settings.columns = std::move(columns);
        settings.header_row = static_cast<std::int64_t>(i) + 1;
    }
    if (settings.columns.empty())
        for (std::size_t i = 0; i < rows.size() && is_blank(rows[i]); ++i)
            settings.header_row = static_cast<std::int64_t>(i) + 2;
    return settings;
}

ImportTable::ImportTable(ImportKind kind, const SheetFile& file, const ImportSettings& settings)
    : kind_(kind), file_(file), header_(static_cast<std::size_t>(settings.header_row)) {
    for (const ColumnChoice& each : settings.columns)
        columns_.emplace(each.field, static_cast<std::size_t>(each.column));
    const auto& rows = file.sheet.rows;
    for (std::size_t i = header_; i < rows.size(); ++i)
        for (const auto& [field, column] : columns_)
            if (column < rows[i].size() && !rows[i][column].empty()) {
                rows_.push_back(i);
                break;
            }
}

std::int64_t ImportTable::row_number(std::size_t i) const {
    return static_cast<std::int64_t>(rows_[i]) + 1;
}

std::string_view ImportTable::value(std::size_t i, std::string_view field) const {
    const auto column = columns_.find(field);
    if (column == columns_.end()) return {};
    const SheetRow& row = file_.sheet.rows[rows_[i]];
    return column->second < row.size() ? std::string_view(row[column->second]) : std::string_view();
}

std::string ImportTable::column_title(std::string_view field) const {
    const auto column = columns_.find(field);
    const auto& rows = file_.sheet.rows;
    if (column == columns_.end() || header_ == 0 || header_ > rows.size()) return {};
    const SheetRow& header = rows[header_ - 1];
    return column->second < header.size() ? header[column->second] : std::string();
}

std::vector<FileColumn> ImportTable::columns() const {
    const auto& rows = file_.sheet.rows;
    std::size_t count = 0;
    for (const SheetRow& row : rows) count = std::max(count, row.size());
    std::vector<FileColumn> columns(count);
    for (std::size_t c = 0; c < count; ++c) {
        if (header_ > 0 && header_ <= rows.size() && c < rows[header_ - 1].size())
            columns[c].title = rows[header_ - 1][c];
        for (std::size_t r = header_; r < rows.size() && columns[c].samples.size() < samples_max;
             ++r)
            if (c < rows[r].size() && !rows[r][c].empty())
                columns[c].samples.emplace_back(cut_characters(rows[r][c], sample_letters_max));
    }
    return columns;
}

std::vector<ImportField> ImportTable::fields() const {
    std::vector<ImportField> fields;
    for (const FieldDef& def : fields_of(kind_)) {
        ImportField field{def.name, def.required, std::nullopt};
        if (const auto at = columns_.find(def.name); at != columns_.end())
            field.column = static_cast<std::int64_t>(at->second);
        fields.push_back(field);
    }
    return fields;
}

std::vector<RowFault> ImportTable::unmatched() const {
    std::vector<RowFault> faults;
    const auto need = [&](bool met, std::string_view field) {
        if (!met) faults.push_back({std::string(field), "", "column.unmatched", {}});
    };
    for (const FieldDef& def : fields_of(kind_))
        if (def.required) need(has(def.name), def.name);
    if (kind_ == ImportKind::staff) need(has("full_name") || has("last_name"), "full_name");
    if (kind_ == ImportKind::past_scores)
        need(has("full_name") || has("personnel_number"), "full_name");
    if (kind_ == ImportKind::presses) need(has("button") || has("signal_kind"), "button");
    if (kind_ == ImportKind::calendar) {
        const bool months = has("year") && has("month_1") && has("month_12");
        need(months || (has("day") && (has("kind") || has("hours"))), "day");
    }
    return faults;
}

RowFault ImportTable::fault(std::string_view field, std::string code, ErrorParams params) const {
    return {std::string(field), column_title(field), std::move(code), std::move(params)};
}

std::optional<std::int64_t> day_of_text(std::string_view text, SheetFormat format) {
    text = trim(text);
    if (format == SheetFormat::xlsx)
        if (const auto serial = whole_number(text))
            return day_of_serial(static_cast<double>(*serial));
    const auto digits = [&](std::size_t from, std::size_t n) {
        return text.size() >= from + n ? whole_number(text.substr(from, n)) : std::nullopt;
    };
    // What stands behind the date is a time.
    const auto ends = [&](std::size_t n) {
        return text.size() == n || text[n] == ' ' || text[n] == 'T';
    };
    if (text.size() >= 10 && text[4] == '-' && ends(10)) return parse_day(text.substr(0, 10));
    const auto first = text.find_first_of("./");
    if (first == std::string_view::npos || first == 0 || first > 2) return std::nullopt;
    const auto second = text.find(text[first], first + 1);
    if (second == std::string_view::npos || second - first < 2 || second - first > 3)
        return std::nullopt;
    const auto day = digits(0, first), month = digits(first + 1, second - first - 1);
    std::size_t year_digits = 0;
    while (second + 1 + year_digits < text.size() && text[second + 1 + year_digits] >= '0' &&
           text[second + 1 + year_digits] <= '9' && year_digits < 5)
        ++year_digits;
    auto year = digits(second + 1, year_digits);
    if (!day || !month || !year || (year_digits != 2 && year_digits != 4)) return std::nullopt;
    if (!ends(second + 1 + year_digits)) return std::nullopt;
    if (year_digits == 2) *year += 2000;
    if (*day < 1 || *day > 31 || *month < 1 || *month > 12) return std::nullopt;
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return parse_day(std::to_string(*year) + "-" + two(*month) + "-" + two(*day));
}

std::optional<int> seconds_of_text(std::string_view text) {
    text = trim(text);
    if (const auto space = text.find_last_of(" T"); space != std::string_view::npos)
        text = trim(text.substr(space + 1));
    int parts[3] = {0, 0, 0};
    int count = 0;
    for (std::string_view rest = text;; ++count) {
        if (count == 3) return std::nullopt;
        const auto colon = std::min(rest.find(':'), rest.size());
        const auto number = whole_number(rest.substr(0, colon));
        const bool two = colon == 2 || (count == 0 && colon == 1);
        if (!two || !number || *number < 0 || *number > (count == 0 ? 23 : 59)) return std::nullopt;
        parts[count] = static_cast<int>(*number);
        if (colon == rest.size()) break;
        rest = rest.substr(colon + 1);
    }
    if (count == 0) return std::nullopt;  // a number alone
    return parts[0] * 3'600 + parts[1] * 60 + parts[2];
}

std::optional<Decimal> decimal_of_text(std::string_view text) {
    constexpr int decimals_max = 6;
    constexpr std::int64_t num_max = 1'000'000'000'000;
    Decimal value;
    bool minus = false, point = false, any = false;
    int decimals = 0;
    text = trim(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (i == 0 && c == '-') {
            minus = true;
        } else if ((c == ',' || c == '.') && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            any = true;
            if (point && ++decimals > decimals_max) {
                if (c != '0') return std::nullopt;
                continue;
            }
            value.num = value.num * 10 + (c - '0');
            if (point) value.den *= 10;
            if (value.num > num_max) return std::nullopt;
        } else if (c == ' ' && any && !point) {
            continue;  // thousands
        } else if (text.substr(i).starts_with("\u00a0") && any && !point) {
            ++i;
        } else {
            return std::nullopt;
        }
    }
    if (!any) return std::nullopt;
    if (minus) value.num = -value.num;
    return value;
}

}  // namespace otklik
