// Words of figures and reasons stand in both languages.
#include <gtest/gtest.h>

#include "base/messages.h"
#include "checks/checks.h"
#include "insight/insight.h"

namespace otklik {
namespace {

TEST(Insight, every_reason_has_its_words_in_both_languages) {
    const Messages messages;
    for (const auto& each : unassessed_reasons())
        for (const std::string_view language : {"ru", "en"})
            EXPECT_TRUE(
                messages.has(language, "check.reason." + std::string(enum_word(each.reason))));
}

TEST(Insight, every_figure_has_its_words_in_both_languages) {
    const Messages messages;
    for (const FigureDef& figure : figures())
        for (const std::string_view language : {"ru", "en"})
            for (const std::string_view part : {".title", ".formula"})
                EXPECT_TRUE(messages.has(language,
                                         "figure." + std::string(figure.name) + std::string(part)))
                    << figure.name << part << " " << language;
}

}  // namespace
}  // namespace otklik
