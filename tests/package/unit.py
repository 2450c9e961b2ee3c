#!/usr/bin/env python3
"""Starts the service of an installed tree as systemd would, without systemd: the same command, user, folders,
read-only root, empty capabilities, limits and list of system calls, all read from the unit that the package brought.

    unit.py ROOT    replaces itself by the ExecStart of ROOT/lib/systemd/system/otklik.service

Not copied: what hides more than the program could notice (ProtectProc, ProtectKernel..., RestrictNamespaces).
Root, in a mount namespace of its own.
"""
import ctypes
import os
import pwd
import resource
import shlex
import shutil
import subprocess
import sys

UNIT = "lib/systemd/system/otklik.service"
CLONE_NEWNS = 0x00020000
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
CAPABILITIES = 64
SCMP_ACT_ALLOW, SCMP_ACT_ERRNO_EPERM, SCMP_CMP_MASKED_EQ = 0x7FFF0000, 0x00050001, 7
WRITE, EXECUTE = 2, 4  # PROT_


class Argument(ctypes.Structure):  # scmp_arg_cmp
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("mask", ctypes.c_uint64), ("value", ctypes.c_uint64)]


def read_unit(text: str) -> dict[str, list[str]]:
    """Values by key, in order: a key may stand more than once."""
    unit: dict[str, list[str]] = {}
    for line in text.splitlines():
        if "=" in line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            unit.setdefault(key.strip(), []).append(value.strip())
    return unit


def sets_of_calls() -> dict[str, list[str]]:
    printed = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True).stdout
    sets: dict[str, list[str]] = {}
    for line in printed.splitlines():
        word = line.strip()
        if line.startswith("@"):
            name = word
            sets[name] = []
        elif word and not word.startswith("#"):
            sets[name].append(word)
    return sets


def allowed_calls(lines: list[str]) -> set[str]:
    """As systemd.exec(5): the first line makes it a list of what may, ~ takes away, a later line adds again."""
    sets, allowed = sets_of_calls(), set()

    def expand(word: str) -> set[str]:
        return {word} if not word.startswith("@") else set().union(*map(expand, sets[word]))
    for line in ["@default", *lines]:
        named = set().union(*map(expand, line.removeprefix("~").split()))
        allowed = allowed - named if line.startswith("~") else allowed | named
    return allowed


def make_folders(root: str, unit: dict[str, list[str]], owner: pwd.struct_passwd) -> list[str]:
    made = []
    for key, base in (("State", "/var/lib"), ("Logs", "/var/log")):
        mode = int(unit[key + "DirectoryMode"][0], 8)
        for name in unit[key + "Directory"][0].split():
            path = f"{base}/{name}"
            os.makedirs(root + path, exist_ok=True)
            os.chmod(root + path, mode)
            os.chown(root + path, owner.pw_uid, owner.pw_gid)
            made.append(path)
    return made


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def narrow_files(root: str, unit: dict[str, list[str]], writable: list[str]) -> None:
    """ProtectSystem=strict, ProtectHome, PrivateTmp, PrivateDevices."""
    for key, value in (("ProtectSystem", "strict"), ("ProtectHome", "yes"), ("PrivateTmp", "yes"),
                       ("PrivateDevices", "yes")):
        if unit.get(key) != [value]:
            raise SystemExit(f"unit.py: {key} is not {value}")
    writable += [p.lstrip("-") for p in unit["ReadWritePaths"][0].split() if os.path.isdir(root + p.lstrip("-"))]
    mount("--bind", root, root)
    mount("-o", "remount,bind,ro", root)
    for path in writable:
        mount("--bind", root + path, root + path)
        mount("-o", "remount,bind,rw", root + path)
    mount("-t", "proc", "proc", root + "/proc")
    for path in ("/tmp", "/var/tmp"):
        mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", root + path)
    for path in ("/home", "/root"):
        mount("-t", "tmpfs", "-o", "mode=000,ro", "tmpfs", root + path)
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", root + "/dev")
    for name in ("null", "zero", "full", "random", "urandom"):
        open(f"{root}/dev/{name}", "w", encoding="utf-8").close()
        mount("--bind", "/dev/" + name, f"{root}/dev/{name}")


def lock_calls(library: ctypes.CDLL, allowed: set[str], write_xor_execute: bool) -> None:
    """Everything not allowed answers EPERM; with MemoryDenyWriteExecute no page may be written and executed."""
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(SCMP_ACT_ERRNO_EPERM)))
    for name in sorted(allowed):
        number = library.seccomp_syscall_resolve_name(name.encode())
        rules = [[]]
        if write_xor_execute and name == "mmap":
            rules = [[Argument(2, SCMP_CMP_MASKED_EQ, WRITE | EXECUTE, v)] for v in (0, WRITE, EXECUTE)]
        elif write_xor_execute and name in ("mprotect", "pkey_mprotect"):
            rules = [[Argument(2, SCMP_CMP_MASKED_EQ, EXECUTE, 0)]]
        for rule in rules if number >= 0 else []:  # below 0: a call of another machine
            array = (Argument * len(rule))(*rule)
            if library.seccomp_rule_add_array(context, ctypes.c_uint32(SCMP_ACT_ALLOW), number, len(rule), array):
                raise SystemExit(f"unit.py: no rule for {name}")
    if library.seccomp_load(context):
        raise SystemExit("unit.py: the list of system calls was not taken")


def main(root: str) -> None:
    with open(os.path.join(root, UNIT), encoding="utf-8") as file:
        unit = read_unit(file.read())
    with open(os.path.join(root, "etc/passwd"), encoding="utf-8") as file:
        fields = next(line.rstrip("\n").split(":") for line in file if line.startswith(unit["User"][0] + ":"))
    owner = pwd.struct_passwd([*fields[:2], int(fields[2]), int(fields[3]), *fields[4:]])
    allowed = allowed_calls(unit["SystemCallFilter"])
    libc, seccomp = ctypes.CDLL(None, use_errno=True), ctypes.CDLL("libseccomp.so.2", use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise SystemExit("unit.py: no mount namespace")
    narrow_files(root, unit, make_folders(root, unit, owner))
    os.chroot(root)
    os.chdir(unit["WorkingDirectory"][0])
    os.umask(int(unit["UMask"][0], 8))
    for name, limit in (("NOFILE", resource.RLIMIT_NOFILE), ("CORE", resource.RLIMIT_CORE)):
        # A container may hold even root below what the unit asks for.
        most = resource.getrlimit(limit)[1]
        value = int(unit["Limit" + name][0])
        value = min(value, most) if most != resource.RLIM_INFINITY else value
        resource.setrlimit(limit, (value, value))
    if unit["CapabilityBoundingSet"] == [""]:
        for each in range(CAPABILITIES):
            libc.prctl(PR_CAPBSET_DROP, each, 0, 0, 0)  # a number the kernel does not know is refused: no matter
    os.setgroups([])
    os.setresgid(owner.pw_gid, owner.pw_gid, owner.pw_gid)
    os.setresuid(owner.pw_uid, owner.pw_uid, owner.pw_uid)
    if unit["NoNewPrivileges"] == ["yes"] and libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise SystemExit("unit.py: NoNewPrivileges was not taken")
    command = shlex.split(unit["ExecStart"][0])
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
                   "HOME": owner.pw_dir, "USER": owner.pw_name, "LOGNAME": owner.pw_name}
    lock_calls(seccomp, allowed, unit["MemoryDenyWriteExecute"] == ["yes"])
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        raise SystemExit("unit.py: needs systemd-analyze")
    main(os.path.abspath(sys.argv[1]))
