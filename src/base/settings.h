#pragma once
// Settings of the server: defaults, then otklik.toml, then OTKLIK_… of the environment, then flags;
// the last word wins. An unknown key or a bad value is refused with its name, never passed over.
// Thread: values.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace otklik {

struct ServerSettings {
    std::string listen = "127.0.0.1";
    std::int64_t port = 8080;
    std::string data = "data";
    std::string keys = "keys";
    std::string database;  // empty: sqlite in the data folder
    std::string decode;    // empty: otklik-decode beside the program
    std::string web;       // empty: beside the program
    std::string backups;   // empty: beside the data folder
    std::int64_t workers = 8;
    std::int64_t stage_threads = 2;
    std::int64_t import_complexity = 5;
    std::int64_t queue_max = 512;
    std::int64_t connections_max = 8192;
    std::int64_t connections_per_address_max = 6000;
    std::int64_t reserve_bytes = 64 << 20;
    std::int64_t press_rate = 50;
    std::int64_t press_burst = 500;
    std::int64_t link_hours_max = 168;
    std::string trusted_proxy;  // several: a comma between
    std::string tls = "off";    // off or auto
    std::string tls_name;       // several: a comma between
    std::string tls_cert, tls_key;
    std::int64_t hsts_days = 0;
    std::string http_listen;           // ADDRESS:PORT
    std::string plain_http = "local";  // local or anyway
    std::string hook_listen;           // ADDRESS:PORT
    std::string hook_allow;            // several: a comma between
    std::string watch_folder;          // empty: none
    std::string log_level = "info";
};

/// One setting: what documents and --help print.
struct SettingRow {
    std::string_view key;  // "port"; in the environment OTKLIK_PORT
    std::string_view about;
    std::string ServerSettings::*text = nullptr;  // one of the two
    std::int64_t ServerSettings::*number = nullptr;
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::string flag() const;  // "--stage-threads"
};
const std::vector<SettingRow>& setting_rows();
/// The default as written in a file.
std::string setting_default(const SettingRow& row);

/// What is divided by commas, without the spaces around.
std::vector<std::string> split_setting(std::string_view text);

using SettingPairs = std::vector<std::pair<std::string, std::string>>;
/// Throws Error{invalid, "setting.unknown" | "setting.bad" | "setting.file"} with the key.
/// `environment` gives the value of a variable or nothing.
ServerSettings read_settings(
    const std::optional<std::string>& toml_text,
    const std::function<std::optional<std::string>(const std::string&)>& environment,
    const SettingPairs& flags);

}  // namespace otklik
