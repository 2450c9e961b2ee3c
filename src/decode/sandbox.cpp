#include "decode/sandbox.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "media/decode_wire.h"

namespace otklik::decode {

namespace {

constexpr rlim_t address_space_max = rlim_t{512}
                                     << 20;  // 192 MB is enough for every format measured

bool limit(__rlimit_resource resource, rlim_t value) {
    const rlimit both{value, value};
    return setrlimit(resource, &both) == 0;
}

bool allow(scmp_filter_ctx filter, int call) {
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
}

bool allow_on(scmp_filter_ctx filter, int call, int fd) {
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                            SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(fd))) == 0;
}

/// Seen after the lock in all formats, and what libc may need (reference/audio.md section 3).
bool add_rules(scmp_filter_ctx filter) {
    constexpr int calls[] = {SCMP_SYS(munmap),  SCMP_SYS(mremap),       SCMP_SYS(brk),
                             SCMP_SYS(futex),   SCMP_SYS(exit_group),   SCMP_SYS(exit),
                             SCMP_SYS(madvise), SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime)};
    for (const int call : calls) {
        if (!allow(filter, call)) return false;
    }
    // Memory only: no file behind it, never executable.
    const bool memory =
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                         SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                         SCMP_A4(SCMP_CMP_MASKED_EQ, 0xFFFFFFFFu, 0xFFFFFFFFu)) == 0;
    return memory && allow_on(filter, SCMP_SYS(pread64), wire::input_fd) &&
           allow_on(filter, SCMP_SYS(write), wire::pcm_fd) &&
           allow_on(filter, SCMP_SYS(write), wire::status_fd);
}

}  // namespace

bool lock_in(std::int64_t cpu_seconds) {
    const bool limited = limit(RLIMIT_AS, address_space_max) &&
                         limit(RLIMIT_CPU, static_cast<rlim_t>(cpu_seconds)) &&
                         limit(RLIMIT_NOFILE, 8) && limit(RLIMIT_CORE, 0) &&
                         limit(RLIMIT_NPROC, 0) && limit(RLIMIT_FSIZE, 0);
    if (!limited || prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return false;
    }
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) return false;
    const bool locked = add_rules(filter) && seccomp_load(filter) == 0;
    // The context is left to the end of the process: freeing it may want a call that is closed now.
    return locked;
}

}  // namespace otklik::decode
