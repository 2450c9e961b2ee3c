// Verbs that open no server: restore, score, calc, openapi.
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
#include "media/disk_need.h"
#include "store/backup.h"
#include "web/api/router.h"

namespace otklik {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

}  // namespace

int restore_verb(const VerbOptions& options, const std::string& folder) {
    const SystemClock clock;
    const BackupReport report =
        restore_backup(folder,
                       {options.parts.data_folder, options.parts.database_url,
                        options.parts.keys_folder, console_name()},
                       clock);
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

int calc_disk_verb(const DiskPlan& plan, bool json) {
    const DiskNeed need = disk_need(plan);
    if (json) {
        fmt::print(R"({{"point_hour_bytes":{},"point_month_bytes":{},"sound_bytes":{},)"
                   R"("clip_bytes":{},"total_bytes":{}}})"
                   "\n",
                   need.point_hour_bytes, need.point_month_bytes, need.sound_bytes, need.clip_bytes,
                   need.total_bytes);
        return 0;
    }
    const auto gigabytes = [](std::int64_t bytes) { return static_cast<double>(bytes) / 1e9; };
    fmt::print("an hour of a point: {:.1f} MB\n", static_cast<double>(need.point_hour_bytes) / 1e6);
    fmt::print("a point and month ({} days): {:.2f} GB\n", plan.days_per_month,
               gigabytes(need.point_month_bytes));
    fmt::print("sound of {} points, {} days: {:.2f} GB\n", plan.points, plan.retention_days,
               gigabytes(need.sound_bytes));
    fmt::print("clips, {} days: {:.2f} GB\n", plan.clip_days, gigabytes(need.clip_bytes));
    fmt::print("together: {:.2f} GB (1 GB = 1 000 000 000 bytes)\n", gigabytes(need.total_bytes));
    return 0;
}

int openapi_verb(const std::string& out_path) {
    const std::string document = openapi_yaml(all_routes(), program_version);
    if (out_path.empty())
        std::printf("%s", document.c_str());
    else
        write_file_durably(out_path, document);
    return 0;
}

}  // namespace otklik
