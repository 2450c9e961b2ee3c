#!/usr/bin/env python3
"""Keeps a release for the upgrade tests: ./dev release VERSION builds the program and calls this.

    release.py VERSION    writes tests/releases/VERSION anew

The program itself makes a small data folder through its public doors, once on SQLite and once on PostgreSQL: first run,
site, point, basis, recorder, device, buttons, three minutes of sound, two presses and a third withdrawn, final clips, a
draw, a check. What it then says of them is written beside it (tests/releases/stored.py). Needs flac, pg_dump and psql.
"""
import array
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "tools"), os.path.join(ROOT, "tests", "releases")]
import stored  # noqa: E402
import suite  # noqa: E402
from database import Database  # noqa: E402
from postgres import Cluster  # noqa: E402
from server import Client, Server, World, must  # noqa: E402

BEGIN, HOUR_LATER = "2026-11-20T07:00:00Z", "2026-11-20T08:00:00Z"  # of the sound; the same in every release
RATE, SOUND_S = 16_000, 180
BYTES_MAX, DUMP_BYTES_MAX = 400_000, 200_000
ANSWERS = [{"key": key, "label": key, "value_num": num, "value_den": 1} for key, num in (("yes", 1), ("no", 0))]
FORM = {"scoring": "percentage", "na": "remove", "sections": [{"key": "main", "title": "Main", "items": [
    {"key": "heard", "text": "Heard", "weight": 3, "answers": ANSWERS},
    {"key": "thanked", "text": "Thanked", "weight": 1, "answers": ANSWERS}]}]}


def sound(folder: str) -> bytes:
    """A beep of another pitch each six seconds, silence between; FLAC, since it is small and bit-exact."""
    samples = array.array("h")
    for second in range(SOUND_S):
        pitch = 300 + 10 * second
        length = RATE // 5 if second % 6 == 0 else 0
        samples.extend(round(8_000 * math.sin(2 * math.pi * pitch * i / RATE)) for i in range(length))
        samples.extend([0] * (RATE - length))
    raw, path = f"{folder}/sound.raw", f"{folder}/sound.flac"
    with open(raw, "wb") as file:
        file.write(samples.tobytes())
    subprocess.run(["flac", "-s", "-f", "--force-raw-format", "--endian=little", "--sign=signed", "--channels=1",
                    "--bps=16", f"--sample-rate={RATE}", "-o", path, raw], check=True)
    with open(path, "rb") as file:
        return file.read()


def press(device: Client, press_id: str, key: str, second: int) -> str:
    at = f"2026-11-20T07:{second // 60:02}:{second % 60:02}Z"
    return must(device.call("POST", "/presses", {"press_id": press_id, "key": key, "pressed_at": at}))["signal_id"]


def check_clip(desk: stored.Desk, clip: str) -> str:
    """A check of a press: 3 of 4."""
    form = must(desk.call("POST", "/forms", {"name": "Press", "purpose": "signal", "body": FORM}))["id"]
    check = must(desk.call("POST", "/checks", {"form_id": form, "clip_id": clip}))["id"]
    for item in ("heard", "thanked"):
        must(desk.call("POST", f"/checks/{check}/evidence", {"item": item, "channel": 0, "clip_sample": 48_000}))
    items = [{"item": item, "answer": answer, "comment": "so"}
             for item, answer in (("heard", "yes"), ("thanked", "no"))]
    saved = must(desk.call("PUT", f"/checks/{check}/answers", {"items": items},
                           desk.get(f"/checks/{check}")["version"]))
    must(desk.call("POST", f"/checks/{check}/finish", None, saved["version"]))
    return check


def live(server: Server, flac: bytes) -> dict:
    """The steps; what is true after them."""
    world = World(server, window_ms=12_000)
    desk = stored.Desk(server)
    must(desk.call("POST", f"/recorders/{world.recorder}/recordings?name=day.flac&starts_at={BEGIN}", flac))
    device = Client(server.tcp, world.token)
    signals = [press(device, "first", "1", 60), press(device, "second", "3", 100), press(device, "third", "2", 120)]
    must(device.call("POST", "/presses/undo", {"press_id": "third"}))
    clips = [desk.clip_of(signal) for signal in signals[:2]]
    must(desk.call("POST", "/draws", {"point_id": world.point, "from": BEGIN, "to": HOUR_LATER,
                                      "length_ms": 30_000, "seed": "release"}))
    truth = desk.truth(clips, check_clip(desk, clips[0]))
    return truth | {"device_token": world.token, "press": {"key": "1", "pressed_at": "2026-11-20T07:02:20Z"}}


def make(target: str, dsn: str, postgres: bool) -> dict:
    """One archive in `target`; what is true of it."""
    name = "postgres" if postgres else "sqlite"
    with tempfile.TemporaryDirectory(prefix="otklik-release-") as folder, \
            (Database(dsn) if postgres else nullcontext("")) as own:
        server = Server(folder, own).start()
        try:
            truth = live(server, sound(folder))
        finally:
            code = server.stop()
        if code != 0:
            raise RuntimeError(f"the server ended with {code}:\n{server.log_tail()}")
        found = stored.verb(server, "fsck", "--level", "3")
        if found.returncode != 0:
            raise RuntimeError("fsck: " + found.stdout + found.stderr)
        truth |= {"audit": stored.audit_verdict(server), "rows": stored.rows_of(server)}
        names = ["data", "keys"]
        if not postgres and os.path.exists(f"{server.data}/otklik.db-wal") and \
                os.path.getsize(f"{server.data}/otklik.db-wal"):
            raise RuntimeError("the database was not closed well: its log is not empty")
        if postgres:
            with open(f"{folder}/dump.sql", "wb") as file:
                subprocess.run(["pg_dump", "--no-owner", "--no-privileges", own], stdout=file, check=True)
            names.append("dump.sql")
            if os.path.getsize(f"{folder}/dump.sql") > DUMP_BYTES_MAX:
                raise RuntimeError(f"the dump has {os.path.getsize(f'{folder}/dump.sql')} bytes")
        stored.pack(folder, names, f"{target}/{name}.tar.gz")
    return truth


def main(words: list[str]) -> int:
    if len(words) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", words[0]):
        print(__doc__, file=sys.stderr)
        return 2
    os.environ.update(suite.surroundings("0.1"))
    target = os.path.join(ROOT, "tests", "releases", words[0])
    with tempfile.TemporaryDirectory(prefix="otklik-release-") as draft, Cluster() as cluster:
        shutil.copy(os.path.join(ROOT, "db", "schema.sql"), draft)
        expected = {"sqlite": make(draft, "", False), "postgres": make(draft, cluster.dsn, True)}
        with open(f"{draft}/expected.json", "w", encoding="utf-8") as file:
            json.dump(expected, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")
        size = sum(entry.stat().st_size for entry in os.scandir(draft))
        if size > BYTES_MAX:
            raise RuntimeError(f"{size} bytes are too many to keep; at most {BYTES_MAX}")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(draft, target)
    print(f"tests/releases/{words[0]}: {size} bytes; freeze its migrations by tools/tidy.py --seal")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
