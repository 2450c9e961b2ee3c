"""A stored release: a small data folder that an earlier version made by itself, packed, and what was true of it then.

    tests/releases/VERSION/schema.sql       db/schema.sql of that version
    tests/releases/VERSION/sqlite.tar.gz    data/ and keys/ as that version left them
    tests/releases/VERSION/postgres.tar.gz  the same without a database in data/, and dump.sql by pg_dump
    tests/releases/VERSION/expected.json    per database: rows, clips, check, audit; and how to sign in
"""
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "faults"))
from server import Answer, Client, Server, must  # noqa: E402

DATABASES = ("sqlite", "postgres")
LOGIN, PASSWORD = "admin", "correct horse battery"
CLIP_S_MAX = 60
# Rows that come and go by themselves: facts live 30 days, jobs until they are done, sessions, throttles and request
# keys some hours, cursors and migrations follow the program.
PASSING = {"fact", "fact_cursor", "job", "web_session", "sign_in_throttle", "request_key", "migration"}


class Desk:
    """The administrator at the public door."""

    def __init__(self, server: Server) -> None:
        self.client = Client(server.tcp)
        answer = self.client.call("POST", "/session", {"login": LOGIN, "password": PASSWORD})
        self.headers = {"X-CSRF-Token": must(answer)["csrf"],
                        "Cookie": answer.headers["set-cookie"].split(";")[0]}

    def call(self, method: str, path: str, body=None, version: int = 0) -> Answer:
        more = {"If-Match": f'"{version}"'} if version else {}
        return self.client.call(method, path, body, self.headers | more)

    def get(self, path: str):
        return must(self.call("GET", path))

    def clip_of(self, signal: str) -> str:
        """Its id, once nothing more will come."""
        until = time.monotonic() + CLIP_S_MAX
        while time.monotonic() < until:
            seen = self.get(f"/signals/{signal}")
            if seen.get("clip_state") == "final":
                return seen["clip_id"]
            time.sleep(0.05)
        raise RuntimeError(f"no final clip of {signal} within {CLIP_S_MAX} s: {self.get('/signals/' + signal)}")

    def sound_hash(self, clip: str) -> str:
        answer = self.call("GET", f"/clips/{clip}/audio?channel=0")
        if answer.status != 200 or not answer.body.startswith(b"OggS"):
            raise RuntimeError(f"{clip} gives no Ogg file: {answer.status} {answer.body[:200]!r}")
        return hashlib.sha256(answer.body).hexdigest()

    def truth(self, clips: list[str], check: str) -> dict:
        """What a later version must say too."""
        seen = self.get(f"/checks/{check}")
        score = [seen["score"][key] for key in ("outcome", "num", "den")]
        return {"clips": {clip: self.sound_hash(clip) for clip in clips},
                "check": {"id": check, "state": seen["state"], "score": score}}


def verb(server: Server, *words: str) -> subprocess.CompletedProcess:
    """A verb on the folders of a server that does not run."""
    more = ["--database", "postgres:" + server.postgres] if server.postgres else []
    return subprocess.run([os.environ["OTKLIK_BIN"], *words, "--data", server.data, "--keys", server.keys, *more,
                           "--json"], capture_output=True, text=True, timeout=120)


def audit_verdict(server: Server) -> dict:
    made = verb(server, "audit", "verify")
    try:
        verdict = json.loads(made.stdout)
    except ValueError as error:
        raise RuntimeError(f"audit verify: {made.returncode} {made.stdout} {made.stderr}") from error
    return {"sealed": verdict["sealed"], "reason": verdict.get("reason", "")}


def rows_of(server: Server) -> dict[str, int]:
    """Rows of every table that keeps its rows."""
    tables = [name for (name,) in server.sql(
        "select tablename from pg_tables where schemaname = 'public' order by 1" if server.postgres else
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by 1")]
    return {name: server.number(f"select count(*) from {name}") for name in tables if name not in PASSING}


def pack(folder: str, names: list[str], path: str) -> None:
    """The same files give the same bytes."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in names:
            archive.add(os.path.join(folder, name), name, filter=plain)
    with open(path, "wb") as file:
        file.write(gzip.compress(raw.getvalue(), 9, mtime=0))


def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Without what the program makes again: lock, reserve, socket, and what SQLite keeps beside an open file."""
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
    passing = entry.name.startswith("data/") and entry.name.endswith(("/lock", "/reserve", "-shm", "-wal"))
    return entry if entry.isdir() or (entry.isfile() and not passing) else None


def unpack(path: str, folder: str) -> None:
    with tarfile.open(path) as archive:
        archive.extractall(folder)


def load_dump(dsn: str, path: str) -> None:
    made = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", path, dsn], capture_output=True,
                          text=True, timeout=120)
    if made.returncode != 0:
        raise RuntimeError("psql: " + made.stderr[-2000:])
