#pragma once
// The verbs of the program. Each is one function; the table of verbs is in commands.cpp.
// Thread: main.
#include <string>
#include <vector>

#include "app/parts.h"
#include "base/settings.h"

namespace otklik {

struct DiskPlan;

/// Runs the program; returns the exit status: 0 done, 1 refused or failed with words on stderr, 2
/// wrong usage.
int run_program(int argc, char** argv);

/// Folders and parts that every verb shares.
struct VerbOptions {
    PartsConfig parts;
    bool json = false;
    ServerSettings settings;  // serve and demo: what the listener needs
};

int serve_verb(const VerbOptions& options);
int import_verb(const VerbOptions& options, const std::vector<std::string>& files,
                const std::string& recorder, const std::string& starts_at, long uncertainty_ms);
int press_verb(const VerbOptions& options, const std::string& device, const std::string& key,
               const std::string& at, const std::string& press_id);
int clock_fit_verb(const VerbOptions& options, const std::string& recording);
/// Press, clocks, cuts and reasons of a clip.
int explain_verb(const VerbOptions& options, const std::string& clip);
int clip_verb(const VerbOptions& options, const std::string& clip, const std::string& out_path);
int user_reset_verb(const VerbOptions& options, const std::string& login);
int backup_verb(const VerbOptions& options, const std::string& folder);
int restore_verb(const VerbOptions& options, const std::string& folder);
/// `mends`: does about each finding what can be done; 0 when nothing is left.
int fsck_verb(const VerbOptions& options, int level, bool mends);
int audit_verify_verb(const VerbOptions& options);
int score_verb(const std::string& form_path, const std::string& answers_path);
/// Bytes on the disk for a plan; `json`: exact numbers.
int calc_disk_verb(const DiskPlan& plan, bool json);
int openapi_verb(const std::string& out_path);
/// A week of a car service, or its last day alone.
int demo_verb(VerbOptions options, int days, bool serve);

}  // namespace otklik
