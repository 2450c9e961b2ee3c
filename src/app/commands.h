#pragma once
// The verbs of the program. Each is one function; the table of verbs is in commands.cpp.
// Thread: main.
#include <string>
#include <vector>

#include "app/parts.h"

namespace otklik {

/// Runs the program; returns the exit status: 0 done, 1 refused or failed with words on stderr, 2
/// wrong usage.
int run_program(int argc, char** argv);

/// Folders and parts that every verb shares.
struct VerbOptions {
    PartsConfig parts;
    bool json = false;
    std::vector<std::string> trusted_proxy;  // serve and demo: see ServerConfig
};

int serve_verb(const VerbOptions& options, const std::string& address, int port, int workers);
int import_verb(const VerbOptions& options, const std::vector<std::string>& files,
                const std::string& recorder, const std::string& starts_at, long uncertainty_ms);
int press_verb(const VerbOptions& options, const std::string& device, const std::string& key,
               const std::string& at, const std::string& press_id);
int clip_verb(const VerbOptions& options, const std::string& clip, const std::string& out_path);
int user_reset_verb(const VerbOptions& options, const std::string& login);
int backup_verb(const VerbOptions& options, const std::string& folder);
int restore_verb(const VerbOptions& options, const std::string& folder);
int fsck_verb(const VerbOptions& options, int level);
int audit_verify_verb(const VerbOptions& options);
int score_verb(const std::string& form_path, const std::string& answers_path);
int openapi_verb(const std::string& out_path);
int demo_verb(VerbOptions options, const std::string& address, int port, bool serve);

}  // namespace otklik
