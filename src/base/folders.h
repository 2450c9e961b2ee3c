#pragma once
// Folders that outlive a power cut: a name is durable once the folder that holds it was synced.
// Owns: which folders this process has seen made durable. Thread: any.
#include <string>

namespace otklik {

/// Makes it and what is missing above it, for the owner only, each durable in its parent. One that
/// stood before is synced there at its first mention: who made it may have died, or be another
/// thread that is not done, before his sync. Throws Error{full | internal}; a failed sync stops the
/// process, as durable_folder does.
void make_folders(const std::string& folder);

}  // namespace otklik
