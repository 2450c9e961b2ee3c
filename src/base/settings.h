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
    std::string web;       // empty: beside the program
    std::int64_t workers = 8;
    std::int64_t stage_threads = 2;
    std::int64_t queue_max = 512;
    std::int64_t connections_max = 8192;
    std::int64_t connections_per_address_max = 6000;
    std::int64_t upload_bytes_max = std::int64_t{8} << 30;
    std::int64_t reserve_bytes = 64 << 20;
    std::string trusted_proxy;
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
};
const std::vector<SettingRow>& setting_rows();
/// The default as written in a file.
std::string setting_default(const SettingRow& row);

using SettingPairs = std::vector<std::pair<std::string, std::string>>;
/// Throws Error{invalid, "setting.unknown" | "setting.bad" | "setting.file"} with the key.
/// `environment` gives the value of a variable or nothing.
ServerSettings read_settings(
    const std::optional<std::string>& toml_text,
    const std::function<std::optional<std::string>(const std::string&)>& environment,
    const SettingPairs& flags);

}  // namespace otklik
