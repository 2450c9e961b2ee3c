#pragma once
// The watched folder: one sub-folder per recorder, by its name, with folders inside as it likes. A
// file that stopped growing is copied into an upload and becomes a recording like any other; then
// it moves to done/ or refused/ beside it, a refused one with its reason in words. One that asks
// for its start stays until a person answers in the desk. Killed in any step, a file is neither
// lost nor imported twice: it leaves the folder only after its outcome is a row.
// Who writes into the folder is not trusted: no symbolic link is followed, no name becomes a path.
// Thread: look() by one (the folder's own), state() by any.
#include <string>
#include <vector>

#include "base/drop_folder.h"
#include "base/files.h"
#include "recording/uploads.h"

namespace otklik {

class Messages;

struct FolderState {
    std::string path;     // empty: none is watched
    std::string problem;  // code of the catalogue; empty: it can be read and moved in
    ErrorParams problem_params;
    // Names in it that nobody takes: no such recorder, too deep, no files.
    std::vector<std::string> strange;
    int files_waiting = 0;  // that still grow, are read, or ask
    std::optional<Instant> looked_at;
};

class WatchedFolder {
public:
    WatchedFolder(std::string path, Store& store, Uploads& uploads, Recording& recording,
                  People& people, const Messages& messages, const Clock& clock);
    bool is_watched() const { return !path_.empty(); }
    /// One round: takes what stands still, moves what is settled. Throws nothing that belongs to
    /// one file: that is tried again in the next round.
    void look();
    FolderState state();

private:
    void look_at_recorder(const Recorder& recorder, const std::string& name, const Fd& root);
    void look_at_file(const Recorder& recorder, const Fd& folder, const DropFile& file);
    void take(const Recorder& recorder, const Fd& folder, const DropFile& file);
    void move(const Fd& folder, const DropFile& file, std::string_view into,
              const std::string& words) const;
    std::string words_of(const Upload& upload) const;

    const std::string path_;
    Store& store_;
    Uploads& uploads_;
    Recording& recording_;
    People& people_;
    const Messages& messages_;
    const Clock& clock_;
    StillFiles still_;
    FolderState next_;  // of the round that runs
    Guarded<FolderState, 31> state_;
};

}  // namespace otklik
