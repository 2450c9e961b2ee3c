#pragma once
// Files of a folder that a dictaphone or a line recorder fills, and of folders inside it (many make
// one a day): each that stands still is carried to the server in pieces, and moved to done/ or
// refused/ beside it once the server says what became of it. What people have to answer first (a
// start, a placement) waits in the folder. Killed in any step, a file is neither lost nor imported
// twice. Thread: whoever calls look(), one.
#include <map>
#include <string>

#include "agent/sender.h"
#include "base/clock.h"
#include "base/drop_folder.h"

namespace otklik {

class FolderFiles {
public:
    /// `piece_bytes`: of one request; the server takes 8 MiB.
    FolderFiles(std::string path, SendRequest send, std::string token, const Clock& clock,
                std::size_t piece_bytes = 4 << 20);
    struct Round {
        int carried = 0;    // that left the folder
        int refused = 0;    // of them, with a reason beside them
        int waiting = 0;    // that still grow, are read, or wait for a person
        bool away = false;  // the server could not be reached, or could not take more now
    };
    /// One look at every file. Throws Error{unavailable, "folder.unreadable",
    /// "folder.not_writable"}.
    Round look();

private:
    struct Said;
    void carry_or_wait(const Fd& folder, const DropFile& file, Round& round);
    void carry(const Fd& folder, const DropFile& file, Round& round);
    Said announce(const DropFile& file);
    Said send_pieces(const Fd& folder, const DropFile& file, Said said);
    Said ask(std::string_view method, const std::string& target, const std::string& type,
             const std::string& body);

    const std::string path_;
    SendRequest send_;
    const std::string token_;
    const Clock& clock_;
    const std::size_t piece_bytes_;
    StillFiles still_;
    std::map<std::string, Instant> not_before_;  // by mark: those that wait for a person
};

}  // namespace otklik
