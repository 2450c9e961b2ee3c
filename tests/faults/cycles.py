"""A small disk that runs full again and again under presses and a live recorder: each time the refusal says so, each
time everything goes on once there is room, and what was acknowledged before, between and after is there."""
import os
import random
import sqlite3
import subprocess
import tempfile
import time

from disk import SmallDisk
from presser import instant, wav_of
from recorder import Recorder, RecorderCheck
from server import READY_S_MAX, Client, Refused, Server, World, free_port

DISK_BYTES = 64 << 20
RESERVE = 2 << 20
LEFT_BYTES = (60 << 10, 400 << 10)  # what the ballast leaves free
BATCH_MAX = 40
BATCHES_MAX = 4_000  # until the disk is full
RESUME_S_MAX = 20
RESERVE_EVERY = 5    # cycles between two that begin with the reserve made again: the house looks every 5 s
KILL_EVERY = 5       # cycles between two in which the server dies on the full disk and starts on it


class Cycles:
    def __init__(self, folder: str, seed: int, plant: str = "") -> None:
        self.disk = SmallDisk(folder, DISK_BYTES, journaling=True)
        self.dice, self.plant = random.Random(seed), plant
        self.problems: list[str] = []
        self.server = Server(folder, reserve=RESERVE, data=f"{self.disk.path}/data", port=free_port())
        self.reserve = f"{self.disk.path}/data/reserve"
        self.folder, self.base = folder, time.time() - 7200
        self.count, self.refused, self.deaths, self.slowest = 0, 0, 0, 0.0
        self.stored: set[str] = set()
        self.unknown: set[str] = set()
        self.recorder: Recorder | None = None

    def check(self, good: bool, what: str) -> None:
        if not good:
            self.problems.append(what)

    def press(self, count: int):
        """So many at once; all of them are stored, or none."""
        ids = [f"c{self.count + each}" for each in range(count)]
        self.count += count
        client = Client(self.server.tcp, self.world.token)
        try:
            answer = client.call("POST", "/presses/batch", {"presses": [
                {"press_id": each, "key": "1", "pressed_at": instant(self.base, self.dice.uniform(0, 3600))}
                for each in ids]})
        except Refused:
            self.unknown.update(ids)
            raise
        finally:
            client.close()
        if answer.status == 200:
            self.stored.update(each["press_id"] for each in answer.json["items"] if each["answer"] == "stored")
        return answer

    def says_full(self, answer, what: str) -> None:
        self.check(answer.status == 507 and answer.code in ("disk.full", "disk.scarce"),
                   f"{what}: {answer.status} {answer.code}")
        told = answer.json if answer.body.startswith(b"{") else {}
        self.check(bool(told.get("title") or told.get("detail")), f"{what}: refused without a word")

    def press_until_full(self, when: str) -> None:
        """The reserve is given to presses; what it gave is taken by somebody else."""
        for _ in range(BATCHES_MAX):
            answer = self.press(self.dice.randint(1, BATCH_MAX))
            if answer.status != 200:
                self.says_full(answer, f"{when}: presses")
                self.refused += 1
                return
            if not os.path.exists(self.reserve):
                self.disk.fill(self.dice.randrange(*LEFT_BYTES))
        self.problems.append(f"{when}: never full")

    def lives(self, when: str) -> None:
        door, client = self.server.admin(), Client(self.server.tcp)
        for path in ("/signals", "/points", "/recordings"):
            answer = door.call("GET", path)
            self.check(answer.status == 200, f"{when}: GET {path} is answered {answer.status} {answer.code}")
        answer = client.call("GET", "//healthz")
        self.check(answer.status == 200, f"{when}: not healthy: {answer.status}")
        answer = door.call("POST", f"/recorders/{self.world.recorder}/recordings?name=p.wav&starts_at="
                           + instant(self.base, 0), wav_of(1))
        self.says_full(answer, f"{when}: an upload")
        door.close()
        client.close()

    def die(self, when: str) -> None:
        """Killed on the full disk, it starts on the full disk."""
        self.server.kill()
        self.deaths += 1
        try:
            self.server.start()
        except RuntimeError as error:
            self.problems.append(f"{when}: does not start on the full disk: {str(error)[-400:]}")
            self.disk.relieve()
            self.server.start()
            return
        self.check(self.server.ready_s <= READY_S_MAX, f"{when}: ready only after {self.server.ready_s:.1f} s")
        self.lives(f"{when}, started anew")

    def resume(self, when: str) -> None:
        if os.path.exists(f"{self.disk.path}/ballast"):
            self.disk.relieve()
        began = time.monotonic()
        answer = self.press(1)
        while answer.status != 200 and time.monotonic() < began + RESUME_S_MAX:
            time.sleep(0.05)
            answer = self.press(1)
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.check(answer.status == 200, f"{when}: presses do not resume: {answer.status} {answer.code}")

    def cycle(self, number: int) -> None:
        when = f"cycle {number}"
        until = time.monotonic() + RESUME_S_MAX
        while number % RESERVE_EVERY == 0 and not os.path.exists(self.reserve) and time.monotonic() < until:
            time.sleep(0.1)
        self.check(number % RESERVE_EVERY != 0 or os.path.exists(self.reserve), f"{when}: no reserve is made again")
        time.sleep(self.dice.uniform(0, 0.3))
        self.disk.fill(self.dice.randrange(*LEFT_BYTES))
        self.press_until_full(when)
        self.lives(when)
        if number % KILL_EVERY == KILL_EVERY - 1:
            self.die(when)
        self.resume(when)
        self.compare(when)

    def compare(self, when: str) -> None:
        kept = {row[0] for row in self.server.sql("select press_id from signal")}
        lost = self.stored - kept
        self.check(not lost, f"{when}: {len(lost)} acknowledged presses are lost: {sorted(lost)[:5]}")
        more = kept - self.stored - self.unknown
        self.check(not more, f"{when}: {len(more)} refused presses are stored: {sorted(more)[:5]}")

    def run(self, cycles: int) -> list[str]:
        self.server.start()
        self.world = World(self.server, window_ms=1000)
        self.recorder = Recorder(self.server, self.folder, self.world.point, 1).start()
        for number in range(cycles):
            self.cycle(number)
        self.check(self.recorder.finish() == 0, f"the recorder did not end well: {self.recorder.log_tail()}")
        self.server.stop()
        if self.plant == "drop":
            rows = sqlite3.connect(f"{self.server.data}/otklik.db")
            rows.execute("delete from signal where press_id = ?", (min(self.stored),))
            rows.commit()
            rows.close()
        self.server.start()
        self.end()
        print(f"  {cycles} times full, {len(self.stored)} presses in {self.refused} times refused, "
              f"{self.deaths} deaths on the full disk, went on within {self.slowest:.2f} s, "
              f"{sum(run.count for run in self.recorder.runs.values())} chunks")
        return self.problems

    def end(self) -> None:
        until = time.monotonic() + RESUME_S_MAX
        while (self.server.number("select count(*) from live_session where state <> 'sealed'") > 0 or
               self.server.fsck()) and time.monotonic() < until:
            time.sleep(0.2)
        self.compare("at the end")
        found = self.server.fsck()
        self.check(not found, f"at the end: fsck finds {found[:3]}")
        parked = self.server.sql("select stage, reason_code from job where state = 'parked'")
        self.check(not parked, f"at the end: {len(parked)} jobs are parked: {parked[:3]}")
        self.problems += RecorderCheck(self.server, self.recorder, "the recorder").run()

    def close(self) -> None:
        if self.recorder and self.recorder.process and self.recorder.process.poll() is None:
            self.recorder.kill()
        self.server.stop()
        self.disk.unmount()
        try:
            self.disk.check()
        except RuntimeError as error:
            self.problems.append(str(error)[-500:])


def run(cycles: int, seed: int, plant: str = "") -> list[str]:
    with tempfile.TemporaryDirectory(prefix="otklik-cycles-") as folder:
        campaign = Cycles(folder, seed, plant)
        try:
            campaign.run(cycles)
        except (Refused, RuntimeError, subprocess.SubprocessError) as error:
            campaign.problems.append(f"{error}; the server's log: {campaign.server.log_tail()[-1000:]}")
        finally:
            campaign.close()
        return campaign.problems
