#pragma once
// A folder into which others put files: what stands in it, which of them no longer grow, and the
// way out to done/ or refused/ beside them. Who writes into it is not trusted: no symbolic link is
// followed, no name becomes a path. Thread: functions any, a StillFiles belongs to one.
#include <sys/stat.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/time.h"

namespace otklik {

inline constexpr std::string_view drop_done = "done", drop_refused = "refused";

struct DropFile {
    std::string below;  // "2026-11-20/": the folder inside it where the file stands; empty: none
    std::string name;   // any bytes
    std::string mark;   // another file of the same name has another
    std::int64_t bytes = 0;
    Instant modified_at;
    /// Nothing when it is no regular file.
    static std::optional<DropFile> of(const std::string& name, const struct stat& info);
    /// Folder and name as one word that every file system and column takes.
    std::string word() const;
};

/// Names in it, sorted, without hidden ones; 10 000 at most.
std::vector<std::string> names_in(const Fd& folder);
/// Invalid when it is not there, no folder, or a link.
Fd folder_below(const Fd& folder, const std::string& name);
/// As people may read it, whatever bytes the name has.
std::string shown_name(const std::string& name);
/// What an unfinished copy is called (.part, .tmp …).
bool is_unfinished_name(std::string_view name);
inline constexpr int drop_depth_max = 3;        // of folders inside it
inline constexpr int drop_files_max = 10'000;   // of one round
inline constexpr int drop_folders_max = 1'000;  // the same
/// Calls for its files, in order, and for those of folders inside it, each with the folder where it
/// stands; without done/, refused/, hidden and unfinished names. What is neither file nor folder,
/// and what lies too deep, goes to `strange`.
using EachFile = std::function<void(const Fd& folder, const DropFile& file)>;
void each_file(const Fd& folder, std::vector<std::string>& strange, const EachFile& each);
/// Moves it below done/ or refused/, with the words as a text beside it; durable when it returns,
/// and any step may be repeated. False: another file has its name by now, and stays. `path` is for
/// the message. Throws Error{unavailable, "folder.not_writable"}.
bool move_aside(const Fd& folder, const DropFile& file, std::string_view into,
                const std::string& words, const std::string& path);

/// Which files stand still: the same for ten seconds, for a copy over a slow share pauses for less.
class StillFiles {
public:
    /// A round looks at every file there is; what it did not see is forgotten at its end.
    void begin_round();
    bool stands_still(const std::string& key, const DropFile& file, Instant now);
    void end_round();

private:
    struct Seen {
        std::string mark;
        Instant since;
        bool now = false;  // in this round
    };
    std::map<std::string, Seen> seen_;
};

}  // namespace otklik
