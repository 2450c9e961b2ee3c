#pragma once
// What a child program is started with: posix_spawn's lists, freed with their owner, and a pipe.
// Thread: any.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"

namespace otklik {

struct Pipe {
    Fd read_end;
    Fd write_end;
};

/// Both ends closed in a child that is not given them.
inline Pipe make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe");
    return {Fd(ends[0]), Fd(ends[1])};
}

class SpawnActions {
public:
    SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

private:
    posix_spawn_file_actions_t actions_;
};

class SpawnSettings {
public:
    /// The child starts with the default answer to SIGPIPE and nothing blocked.
    SpawnSettings() {
        ::posix_spawnattr_init(&settings_);
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&settings_, &none);
        ::posix_spawnattr_setsigdefault(&settings_, &all);
        ::posix_spawnattr_setflags(&settings_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnSettings() { ::posix_spawnattr_destroy(&settings_); }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    const posix_spawnattr_t* get() const { return &settings_; }

private:
    posix_spawnattr_t settings_;
};

/// Whether the child ends within so many milliseconds; it is still to be waited for.
inline bool ends_within(pid_t pid, int ms) {
    const Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    pollfd end{handle.get(), POLLIN, 0};
    return !handle || ::poll(&end, 1, ms) != 0;
}

}  // namespace otklik
