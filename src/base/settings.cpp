#include "base/settings.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace otklik {
namespace {

[[noreturn]] void refuse(std::string_view code, std::string_view key,
                         const std::string& detail = {}) {
    throw Error(Fault::invalid, code, {{"key", std::string(key)}}).at(key).because(detail);
}

const SettingRow& row_of(std::string_view key) {
    for (const SettingRow& row : setting_rows())
        if (row.key == key) return row;
    refuse("setting.unknown", key);
}

void put_number(ServerSettings& settings, const SettingRow& row, std::int64_t value) {
    if (value < row.min || value > row.max)
        refuse("setting.bad", row.key, std::to_string(row.min) + ".." + std::to_string(row.max));
    settings.*row.number = value;
}

void put_text(ServerSettings& settings, const SettingRow& row, const std::string& value) {
    if (row.text) {
        settings.*row.text = value;
        return;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (value.empty() || error != std::errc() || end != value.data() + value.size())
        refuse("setting.bad", row.key, "a whole number is wanted");
    put_number(settings, row, number);
}

void put_file(ServerSettings& settings, const std::string& toml_text) {
    try {
        for (const auto& [key, node] : toml::parse(toml_text)) {
            const SettingRow& row = row_of(key.str());
            if (row.number && node.is_integer())
                put_number(settings, row, node.as_integer()->get());
            else if (row.text && node.is_string())
                settings.*row.text = node.as_string()->get();
            else
                refuse("setting.bad", row.key, "another type is wanted");
        }
    } catch (const toml::parse_error& error) {
        const std::string line = std::to_string(error.source().begin.line);
        throw Error(Fault::invalid, "setting.file", {{"line", line}}).because(error.description());
    }
}

std::string variable_of(std::string_view key) {
    std::string name = "OTKLIK_";
    for (const char c : key) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

}  // namespace

const std::vector<SettingRow>& setting_rows() {
    using S = ServerSettings;
    constexpr std::int64_t many = std::int64_t{1} << 50;
    static const std::vector<SettingRow> rows{
        {"listen", "address to listen on; 0.0.0.0 for all", &S::listen},
        {"port", "port; 0 takes any free one", nullptr, &S::port, 0, 65535},
        {"data", "folder of the database and the media", &S::data},
        {"keys", "folder of the keys; never inside a backup", &S::keys},
        {"database", "sqlite:<file> or postgres:<connection>; empty: SQLite in the data folder",
         &S::database},
        {"decode", "the program otklik-decode; empty: beside this program", &S::decode},
        {"web", "folder of the screens; empty: beside the program", &S::web},
        {"backups", "folder of the backups; empty: the data folder's name with -backups",
         &S::backups},
        {"workers", "threads that answer requests", nullptr, &S::workers, 1, 256},
        {"stage_threads", "threads that cut, transcribe and count", nullptr, &S::stage_threads, 1,
         64},
        {"import_complexity",
         "effort in packing imported sound: 0 takes half of the time, 10 sounds best", nullptr,
         &S::import_complexity, 0, 10},
        {"queue_max", "requests that may wait for a worker; over it 503", nullptr, &S::queue_max, 1,
         100'000},
        {"connections_max", "open connections", nullptr, &S::connections_max, 1, 100'000},
        {"connections_per_address_max", "of them from one address", nullptr,
         &S::connections_per_address_max, 1, 100'000},
        {"reserve_bytes", "space kept for presses when the disk is full", nullptr,
         &S::reserve_bytes, 0, many},
        {"press_rate", "presses a second of one device; 0: no limit", nullptr, &S::press_rate, 0,
         1'000'000},
        {"press_burst", "presses of one device at once", nullptr, &S::press_burst, 1, 1'000'000},
        {"link_hours_max", "hours that a link to a fragment may hold; 0: nobody makes any", nullptr,
         &S::link_hours_max, 0, 8'760},
        {"trusted_proxy",
         "addresses or networks whose X-Forwarded-For and -Proto are believed, by commas",
         &S::trusted_proxy},
        {"tls", "auto: https with a certificate of our own; off: plain http", &S::tls},
        {"tls_name", "further names that the own certificate is for, by commas", &S::tls_name},
        {"tls_cert", "https with this certificate and its chain, PEM", &S::tls_cert},
        {"tls_key", "its key, PEM without a password", &S::tls_key},
        {"hsts_days", "browsers refuse plain http for so long; only with tls_cert", nullptr,
         &S::hsts_days, 0, 730},
        {"http_listen", "ADDRESS:PORT that only leads to the https address", &S::http_listen},
        {"plain_http", "local: plain http for this computer and proxies; anyway: for a network too",
         &S::plain_http},
        {"hook_listen", "ADDRESS:PORT of plain http for buttons: /hook/button and nothing else",
         &S::hook_listen},
        {"hook_allow", "addresses or networks that may use it, by commas", &S::hook_allow},
        {"watch_folder", "files put here are imported: one sub-folder per recorder, by its name",
         &S::watch_folder},
        {"log_level", "debug, info, warning or error", &S::log_level},
    };
    return rows;
}

std::string SettingRow::flag() const {
    std::string word = "--" + std::string(key);
    std::replace(word.begin(), word.end(), '_', '-');
    return word;
}

std::vector<std::string> split_setting(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        if (const std::string_view part = trim(text.substr(0, comma)); !part.empty())
            parts.emplace_back(part);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return parts;
}

std::string setting_default(const SettingRow& row) {
    const ServerSettings plain;
    return row.text ? "\"" + plain.*row.text + "\"" : std::to_string(plain.*row.number);
}

ServerSettings read_settings(
    const std::optional<std::string>& toml_text,
    const std::function<std::optional<std::string>(const std::string&)>& environment,
    const SettingPairs& flags) {
    ServerSettings settings;
    if (toml_text) put_file(settings, *toml_text);
    for (const SettingRow& row : setting_rows())
        if (const auto value = environment(variable_of(row.key))) put_text(settings, row, *value);
    for (const auto& [key, value] : flags) put_text(settings, row_of(key), value);
    const std::string& level = settings.log_level;
    if (level != "debug" && level != "info" && level != "warning" && level != "error")
        refuse("setting.bad", "log_level", level);
    const auto one_of = [](std::string_view key, const std::string& value, std::string_view a,
                           std::string_view b) {
        if (value != a && value != b) refuse("setting.bad", key, value);
    };
    one_of("tls", settings.tls, "off", "auto");
    one_of("plain_http", settings.plain_http, "local", "anyway");
    return settings;
}

}  // namespace otklik
