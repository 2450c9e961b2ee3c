"""A PostgreSQL cluster of the tests' own: temporary, one unprivileged user, a unix socket only. Each test makes a
database and none kills this server or cuts its power, so it lies in memory where there is room and syncs nothing;
figures and whole fault campaigns ask for the disk and for syncs.

With a root shell the server runs as the system user `otklik-test`, since initdb refuses root.
"""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time

USER = "otklik-test"
STARTING_S_MAX = 30
MEMORY, MEMORY_BYTES_MIN = "/dev/shm", 6 << 30
making_user = threading.Lock()  # shards start their clusters at once


def binaries() -> str | None:
    """The folder of initdb and postgres of Debian's newest server, or nothing."""
    base = "/usr/lib/postgresql"
    versions = sorted(os.listdir(base), key=float) if os.path.isdir(base) else []
    for version in reversed(versions):
        if os.path.exists(f"{base}/{version}/bin/initdb"):
            return f"{base}/{version}/bin"
    return None


def unprivileged() -> list[str]:
    """The words before a command that make it run without root's rights; the user is made when missing."""
    if os.getuid() != 0:
        return []
    with making_user:
        try:
            pwd.getpwnam(USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--user-group", "--no-create-home",
                            "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER], check=True)
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups",
            "--pdeathsig", "QUIT", "--"]


def has_room() -> bool:
    return os.path.isdir(MEMORY) and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN


class Cluster:
    """`with Cluster() as cluster:` gives cluster.dsn; the server and its folder go at the end."""

    def __init__(self, on_disk: bool = False) -> None:
        self.on_disk = on_disk
        self.folder = ""
        self.process: subprocess.Popen | None = None
        self.dsn = ""

    def __enter__(self) -> "Cluster":
        programs = binaries()
        if programs is None:
            raise RuntimeError("no PostgreSQL server is installed (package postgresql-15)")
        before = unprivileged()
        in_memory = not self.on_disk and has_room()
        self.folder = tempfile.mkdtemp(prefix="otklik-pg-", dir=MEMORY if in_memory else "/tmp")
        if before:
            shutil.chown(self.folder, USER, USER)
        data = f"{self.folder}/data"
        quiet = {"cwd": self.folder, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        made = subprocess.run(before + [f"{programs}/initdb", "-D", data, "-U", "otklik", "-A", "trust",
                                        "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
                              stdout=subprocess.PIPE, text=True, **quiet)
        if made.returncode != 0:
            self.__exit__()
            raise RuntimeError("initdb failed: " + made.stdout[-2000:])
        with open(f"{self.folder}/log", "wb") as log:
            self.process = subprocess.Popen(
                before + [f"{programs}/postgres", "-D", data, "-k", self.folder, "-h", "",
                          "-c", f"fsync={'on' if self.on_disk else 'off'}",
                          "-c", "max_connections=200", "-c", "timezone=UTC",
                          "-c", "log_min_messages=warning", "-c", "shared_buffers=64MB",
                          *(["-c", "max_wal_size=256MB"] if in_memory else [])],
                stdout=log, **quiet)
        self.dsn = f"host={self.folder} dbname=postgres user=otklik"
        until = time.monotonic() + STARTING_S_MAX
        while subprocess.run([f"{programs}/pg_isready", "-q", "-h", self.folder]).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > until:
                with open(f"{self.folder}/log", encoding="utf-8", errors="replace") as log:
                    text = log.read()[-2000:]
                self.__exit__()
                raise RuntimeError("PostgreSQL did not start: " + text)
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # fast shutdown: open sessions are ended
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
