#include "base/settings.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace otklik {
namespace {

std::optional<std::string> no_environment(const std::string&) {
    return std::nullopt;
}

std::string told_refusal(const std::string& toml, const SettingPairs& flags = {}) {
    try {
        read_settings(toml, no_environment, flags);
        return "taken";
    } catch (const Error& error) {
        return error.code() + "@" + error.field();
    }
}

}  // namespace

TEST(Settings, the_last_word_wins) {
    const auto environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "OTKLIK_PORT") return "82";
        if (name == "OTKLIK_DATA") return "from-env";
        return std::nullopt;
    };
    const ServerSettings s =
        read_settings("port = 81\nlisten = '0.0.0.0'\n", environment, {{"data", "from-flag"}});
    EXPECT_EQ(s.listen, "0.0.0.0");
    EXPECT_EQ(s.port, 82);
    EXPECT_EQ(s.data, "from-flag");
    EXPECT_EQ(s.workers, 8);
}

TEST(Settings, what_is_not_understood_is_refused) {
    EXPECT_EQ(told_refusal("prot = 81"), "setting.unknown@prot");
    EXPECT_EQ(told_refusal("port = 'x'"), "setting.bad@port");
    EXPECT_EQ(told_refusal("port = 70000"), "setting.bad@port");
    EXPECT_EQ(told_refusal("listen = 1"), "setting.bad@listen");
    EXPECT_EQ(told_refusal("log_level = 'loud'"), "setting.bad@log_level");
    EXPECT_EQ(told_refusal("port = "), "setting.file@");
    EXPECT_EQ(told_refusal("", {{"port", "8x"}}), "setting.bad@port");
    EXPECT_EQ(told_refusal("", {{"nope", "1"}}), "setting.unknown@nope");
    for (const SettingRow& row : setting_rows())
        EXPECT_NE(row.text != nullptr, row.number != nullptr) << row.key;
}

TEST(Settings, a_list_is_divided_by_commas) {
    EXPECT_EQ(split_setting("10.0.0.2, 172.16.0.0/12,,"),
              (std::vector<std::string>{"10.0.0.2", "172.16.0.0/12"}));
    EXPECT_TRUE(split_setting("").empty());
    for (const SettingRow& row : setting_rows())
        EXPECT_EQ(row.flag().find('_'), std::string::npos) << row.flag();
}

}  // namespace otklik
