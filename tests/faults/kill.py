"""SIGKILL at random moments under load: what a client in another process saw acknowledged is there exactly once."""
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

from presser import FILE_S, press_body
from server import READY_S_MAX, Client, Server, World

HERE = os.path.dirname(os.path.abspath(__file__))
THREADS = 4
SETTLE_S_MAX = 60
WITHOUT_CLIP = ("select id from signal where id not in (select signal_id from clip_signal)"
                " and id not in (select signal_id from signal_undo)")


class Seen:
    """What the client's journal says."""

    def __init__(self, path: str) -> None:
        self.sent, self.stored, self.undone, self.uploaded = set(), {}, set(), {}
        self.wrong: list[str] = []
        if not os.path.exists(path):
            return
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.split()
                if words[0] == "sent":
                    self.sent.add(words[1])
                elif words[0] == "stored":
                    earlier = self.stored.setdefault(words[1], words[2])
                    if earlier != words[2]:
                        self.wrong.append(f"press {words[1]} was answered as {earlier} and {words[2]}")
                elif words[0] == "undone":
                    self.undone.add(words[1])
                elif words[0] == "uploaded":
                    self.uploaded[int(words[1])] = words[2]
                else:
                    self.wrong.append(line.strip())

    @property
    def unknown(self) -> list[str]:
        return sorted(self.sent - set(self.stored))


class KillCampaign:
    def __init__(self, kills: int, seed: int, postgres: str = "", plant: str = "") -> None:
        self.kills, self.postgres, self.plant = kills, postgres, plant
        self.dice = random.Random(seed)
        self.problems: list[str] = []
        self.ready_s, self.cut = 0.0, 0
        self.uploads = list(range(max(4, kills * 2)))
        self.dice.shuffle(self.uploads)

    def run(self) -> str:
        """An account of the campaign; problems are collected."""
        with tempfile.TemporaryDirectory(prefix="otklik-kill-") as folder:
            self.journal = f"{folder}/journal"
            self.server = Server(folder, self.postgres).start()
            try:
                self.world = World(self.server)
                self.base = time.time() - 4 * 3600
                for number in range(self.kills):
                    self.round(folder, number)
                if self.plant == "drop":
                    self.drop_one()
                self.finish(folder)
            finally:
                self.server.stop()
        seen = self.last
        return (f"{len(seen.stored)} presses and {len(seen.uploaded)} uploads acknowledged, "
                f"{len(seen.undone)} undone, {self.cut} cuts, slowest start {self.ready_s * 1000:.0f} ms")

    def load(self, folder: str, number: int) -> subprocess.Popen:
        seen = Seen(self.journal)
        task = {"address": list(self.server.tcp), "socket": f"{self.server.data}/otklik.sock",
                "token": self.world.token, "recorder": self.world.recorder, "journal": self.journal,
                "prefix": f"r{number}", "base": self.base, "span_s": len(self.uploads) * FILE_S,
                "again": seen.unknown, "threads": THREADS,
                "uploads": [each for each in self.uploads if each not in seen.uploaded]}
        path = f"{folder}/task.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(task, file)
        return subprocess.Popen([sys.executable, f"{HERE}/presser.py", path], cwd=HERE)

    def round(self, folder: str, number: int) -> None:
        if number % 10 != 9:  # each tenth: killed again right after its start, while it takes up its work
            client = self.load(folder, number)
            try:
                # A house that knows no file yet takes none for its own (sweep_leftovers).
                until = time.monotonic() + SETTLE_S_MAX
                while number == 0 and not Seen(self.journal).uploaded and time.monotonic() < until:
                    time.sleep(0.05)
                time.sleep(self.dice.uniform(0.15, 0.9))
                self.server.kill()
                client.wait(20)
            finally:
                if client.poll() is None:
                    client.kill()
                    client.wait()
        else:
            self.server.kill()
        self.server.start()
        self.ready_s = max(self.ready_s, self.server.ready_s)
        if self.server.ready_s > READY_S_MAX:
            self.problems.append(f"kill {number}: ready only after {self.server.ready_s:.1f} s")
        self.compare(f"kill {number}")
        self.files(f"kill {number}")

    def drop_one(self) -> None:
        """The planted fault: an acknowledged press is taken out of the database behind the program's back."""
        victim = min(Seen(self.journal).stored)
        self.server.stop()
        self.change(f"delete from signal where press_id = '{victim}'")
        self.server.start()

    def change(self, statement: str) -> None:
        """Of rows, while no server runs."""
        if self.postgres:
            self.server.sql(statement)
            return
        rows = sqlite3.connect(f"{self.server.data}/otklik.db")
        rows.execute(statement)
        rows.commit()
        rows.close()

    def compare(self, when: str) -> None:
        seen = Seen(self.journal)
        self.last = seen
        rows = [str(row[0]) for row in self.server.sql("select press_id from signal")]
        kept = set(rows)
        lost = sorted(set(seen.stored) - kept)
        if lost:
            self.problems.append(f"{when}: {len(lost)} acknowledged presses are lost: {lost[:5]}")
        if len(rows) != len(kept):
            self.problems.append(f"{when}: {len(rows) - len(kept)} presses are doubled")
        if kept - seen.sent:
            self.problems.append(f"{when}: presses that nobody sent: {sorted(kept - seen.sent)[:5]}")
        undone = {str(row[0]) for row in self.server.sql(
            "select press_id from signal join signal_undo on signal_undo.signal_id = signal.id")}
        if seen.undone - undone:
            self.problems.append(f"{when}: acknowledged undos are lost: {sorted(seen.undone - undone)[:5]}")
        for what, statement in (
                ("signals with two clips", "select signal_id from clip_signal group by signal_id having count(*) > 1"),
                ("clips made twice", "select signal_id from clip group by signal_id having count(*) > 1"),
                ("clips of no signal", "select id from clip where signal_id not in (select id from signal)"),
                ("uploads made twice", "select started_at from original group by started_at having count(*) > 1")):
            found = self.server.sql(statement)
            if found:
                self.problems.append(f"{when}: {len(found)} {what}")
        if self.server.number("select count(*) from original") < len(seen.uploaded):
            self.problems.append(f"{when}: acknowledged uploads are lost")
        self.problems += [f"{when}: {each}" for each in seen.wrong]

    def files(self, when: str) -> None:
        """Every file has its row and its bytes; what the killed run left behind is swept by the new one."""
        until = time.monotonic() + 5
        while True:
            found = self.server.fsck()
            if not found or time.monotonic() > until:
                break
            time.sleep(0.1)
        if found:
            self.problems.append(f"{when}: fsck finds {len(found)}: {found[:3]}")

    def settled(self) -> bool:
        """Every press has its clip and no job is due."""
        due = ("select count(*) from job where state = 'running' or (state = 'open' and not_before <= "
               f"{int(time.time() * 1e6)})")
        return not self.server.sql(WITHOUT_CLIP) and self.server.number(due) == 0

    def finish(self, folder: str) -> None:
        """What was under way is sent again until it is known; then the work is let run dry and all is compared."""
        client = self.load(folder, self.kills)
        until, done = time.monotonic() + SETTLE_S_MAX, 0
        while time.monotonic() < until:
            seen = Seen(self.journal)
            if len(seen.uploaded) == len(self.uploads) and len(seen.unknown) <= THREADS:
                break
            if len(seen.uploaded) > done:  # a slow machine is not a stuck one
                until, done = time.monotonic() + SETTLE_S_MAX, len(seen.uploaded)
            time.sleep(0.2)
        self.server.stop()
        client.wait(30)
        self.server.start()
        until = time.monotonic() + SETTLE_S_MAX
        while not self.settled() and time.monotonic() < until:
            time.sleep(0.2)
        self.compare("at the end")
        self.files("at the end")
        waiting = self.server.sql(WITHOUT_CLIP)
        if waiting:
            self.problems.append(f"at the end: {len(waiting)} presses have no clip")
        if len(self.last.uploaded) != len(self.uploads):
            self.problems.append(f"at the end: {len(self.last.uploaded)} of {len(self.uploads)} uploads are in")
        parked = self.server.sql("select stage, reason_code from job where state = 'parked'")
        if parked:
            self.problems.append(f"at the end: {len(parked)} parked jobs: {parked[:3]}")
        self.cut = self.server.number("select count(*) from clip_version")
        if self.cut == 0:
            self.problems.append("at the end: no clip was cut")
        self.repeat_some()

    def repeat_some(self) -> None:
        """A press sent again long after has the answer of the first time."""
        client = Client(self.server.tcp, self.world.token)
        some = self.dice.sample(sorted(self.last.stored), min(20, len(self.last.stored)))
        for press_id in some:
            answer = client.call("POST", "/presses",
                                 press_body(press_id, self.base, len(self.uploads) * FILE_S))
            if answer.status != 200 or answer.json["signal_id"] != self.last.stored[press_id]:
                self.problems.append(f"press {press_id} sent again: {answer.status} {answer.body[:200]!r}")
