// Verbs that open no server: restore, score, openapi.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "app/commands.h"
#include "app/door.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "forms/score.h"
#include "generated/version.h"
#include "store/backup.h"
#include "web/api/router.h"

namespace otklik {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

}  // namespace

int restore_verb(const VerbOptions& options, const std::string& folder) {
    const SystemClock clock;
    const BackupReport report = restore_backup(
        folder, {options.parts.data_folder, options.parts.keys_folder, console_name()}, clock);
    const std::string line =
        options.json ? fmt::format(R"({{"files":{},"bytes":{}}})", report.files, report.bytes)
                     : fmt::format("{} files, {} bytes", report.files, report.bytes);
    std::printf("%s\n", line.c_str());
    return 0;
}

int score_verb(const std::string& form_path, const std::string& answers_path) {
    const std::string scored = score_command(read_file(form_path, file_bytes_max),
                                             read_file(answers_path, file_bytes_max));
    std::printf("%s\n", scored.c_str());
    return 0;
}

int openapi_verb(const std::string& out_path) {
    const std::string document = openapi_yaml(all_routes(), version);
    if (out_path.empty())
        std::printf("%s", document.c_str());
    else
        write_file_durably(out_path, document);
    return 0;
}

}  // namespace otklik
