"""SIGKILL of the server and of live recorders at random moments under load: what other processes saw acknowledged, and
every second a recorder ever wrote down, is there exactly once."""
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

from presser import FILE_S, press_body
from recorder import Recorder, RecorderCheck
from server import READY_S_MAX, Client, Server, World, free_port, must

HERE = os.path.dirname(os.path.abspath(__file__))
THREADS = 3
PAUSE_S = 0.04  # of each thread between two presses
RECORDERS = 2
UPLOADS_A_KILL = 0.4
LIFE_S = (0.1, 0.6)  # between two kills
SERVER_SHARE = 0.6   # of the kills; the others are recorders'
AT_ONCE_SHARE = 0.2  # of the kills of the server: killed again while it takes up its work
WHOLE_EVERY = 20     # kills between two looks at everything
SETTLE_S_MAX = 60
WITHOUT_CLIP = ("select id from signal where id not in (select signal_id from clip_signal)"
                " and id not in (select signal_id from signal_undo)")
AT_MOST_ONCE = (
    ("signals with two clips", "select signal_id from clip_signal group by signal_id having count(*) > 1"),
    ("clips made twice", "select signal_id from clip group by signal_id having count(*) > 1"),
    ("clips of no signal", "select id from clip where signal_id not in (select id from signal)"),
    ("uploads made twice", "select started_at from original group by started_at having count(*) > 1"))


class Seen:
    """What the client's journal says; update() reads on and gives the presses that were acknowledged since."""

    def __init__(self, path: str) -> None:
        self.path, self.at = path, 0
        self.sent, self.stored, self.undone, self.uploaded = set(), {}, set(), {}
        self.wrong: list[str] = []

    def update(self) -> list[str]:
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as file:
            file.seek(self.at)
            text = file.read()
        whole = text[:text.rfind("\n") + 1]
        self.at += len(whole.encode())
        fresh = []
        for line in whole.splitlines():
            words = line.split()
            if words[0] == "sent":
                self.sent.add(words[1])
            elif words[0] == "stored":
                self.stored[words[1]] = words[2]
                fresh.append(words[1])
            elif words[0] == "undone":
                self.undone.add(words[1])
            elif words[0] == "uploaded":
                self.uploaded[int(words[1])] = words[2]
            else:
                self.wrong.append(line)
        return fresh


class KillCampaign:
    def __init__(self, kills: int, seed: int, postgres: str = "", plant: str = "") -> None:
        self.kills, self.postgres, self.plant = kills, postgres, plant
        self.dice = random.Random(seed)
        self.problems: list[str] = []
        self.ready_s, self.cut, self.chunks, self.parked = 0.0, 0, 0, 0
        self.uploads = list(range(max(4, round(kills * UPLOADS_A_KILL))))
        self.dice.shuffle(self.uploads)
        self.client: subprocess.Popen | None = None
        self.recorders: list[Recorder] = []

    def run(self) -> str:
        """An account of the campaign; problems are collected."""
        with tempfile.TemporaryDirectory(prefix="otklik-kill-") as folder:
            self.seen = Seen(f"{folder}/journal")
            self.server = Server(folder, self.postgres, port=free_port()).start()
            try:
                self.world = World(self.server)
                self.base = time.time() - 4 * 3600
                self.begin_load(folder)
                self.kill_all()
                self.finish()
            finally:
                self.end_by_force()
        seen, deaths = self.seen, sum(each.deaths for each in self.recorders)
        return (f"{self.kills - deaths} of the server, {deaths} of recorders; {len(seen.stored)} presses, "
                f"{len(seen.uploaded)} uploads and {self.chunks} chunks acknowledged, {len(seen.undone)} undone, "
                f"{self.cut} cuts, {self.parked} jobs killed thrice and opened again, "
                f"slowest start {self.ready_s * 1000:.0f} ms")

    def begin_load(self, folder: str) -> None:
        task = {"address": list(self.server.tcp), "socket": f"{self.server.data}/otklik.sock",
                "token": self.world.token, "recorder": self.world.recorder, "journal": self.seen.path,
                "base": self.base, "span_s": len(self.uploads) * FILE_S, "threads": THREADS, "pause_s": PAUSE_S,
                "uploads": self.uploads, "upload_pause_s": 0.5}
        path = f"{folder}/task.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(task, file)
        self.client = subprocess.Popen([sys.executable, f"{HERE}/presser.py", path], cwd=HERE)
        self.recorders = [Recorder(self.server, folder, self.world.point, number) for number in range(RECORDERS)]
        for recorder in self.recorders:
            recorder.start()
        # A house that knows no file yet takes none for its own (sweep_leftovers).
        until = time.monotonic() + SETTLE_S_MAX
        while not self.seen.uploaded and time.monotonic() < until:
            time.sleep(0.05)
            self.seen.update()

    def kill_all(self) -> None:
        for number in range(self.kills):
            at_once = number > 0 and self.was_server and self.dice.random() < AT_ONCE_SHARE
            if not at_once:
                time.sleep(self.dice.uniform(*LIFE_S))
            self.was_server = at_once or self.dice.random() < SERVER_SHARE
            if self.was_server:
                self.kill_server(f"kill {number}")
            else:
                recorder = self.dice.choice(self.recorders)
                recorder.kill()
                recorder.start()
            if number % WHOLE_EVERY == WHOLE_EVERY - 1:
                self.compare(f"kill {number}")
                self.files(f"kill {number}", 2)

    def kill_server(self, when: str) -> None:
        self.server.kill()
        self.server.start()
        self.ready_s = max(self.ready_s, self.server.ready_s)
        if self.server.ready_s > READY_S_MAX:
            self.problems.append(f"{when}: ready only after {self.server.ready_s:.1f} s")
        self.fresh(when)

    def fresh(self, when: str) -> None:
        """What was acknowledged since the last look; all of it is looked at in compare()."""
        stored = self.seen.update()
        words = ",".join(f"'{each}'" for each in stored)
        kept = {str(row[0]) for row in self.server.sql(
            f"select press_id from signal where press_id in ({words})")} if stored else set()
        if len(kept) != len(set(stored)):
            lost = sorted(set(stored) - kept)
            self.problems.append(f"{when}: {len(lost)} acknowledged presses are lost: {lost[:5]}")

    def compare(self, when: str) -> None:
        self.seen.update()
        seen, stored = self.seen, dict(self.seen.stored)  # what is stored meanwhile is there too
        rows = [(str(row[0]), str(row[1])) for row in self.server.sql("select press_id, id from signal")]
        kept = {row[0] for row in rows}
        lost = sorted(set(stored) - kept)
        if lost:
            self.problems.append(f"{when}: {len(lost)} acknowledged presses are lost: {lost[:5]}")
        if len(rows) != len(kept):
            self.problems.append(f"{when}: {len(rows) - len(kept)} presses are doubled")
        undone = {str(row[0]) for row in self.server.sql(
            "select press_id from signal join signal_undo on signal_undo.signal_id = signal.id")}
        if seen.undone - undone:
            self.problems.append(f"{when}: acknowledged undos are lost: {sorted(seen.undone - undone)[:5]}")
        for what, statement in AT_MOST_ONCE:
            found = self.server.sql(statement)
            if found:
                self.problems.append(f"{when}: {len(found)} {what}")
        if self.server.number("select count(*) from original") < len(seen.uploaded):
            self.problems.append(f"{when}: acknowledged uploads are lost")
        seen.update()
        if kept - seen.sent:
            self.problems.append(f"{when}: presses that nobody sent: {sorted(kept - seen.sent)[:5]}")
        self.problems += [f"{when}: {each}" for each in seen.wrong]
        seen.wrong.clear()

    def files(self, when: str, level: int) -> None:
        """Every file has its row and its bytes. What is being written has none yet, so only what stays counts; what
        a killed run left behind is swept by the next."""
        until, stays = time.monotonic() + 10, None
        while True:
            found = {json.dumps(each, sort_keys=True) for each in self.server.fsck(level)}
            stays = found if stays is None else stays & found
            if not stays or time.monotonic() > until:
                break
            time.sleep(0.2)
        if stays:
            self.problems.append(f"{when}: fsck finds {len(stays)}: {sorted(stays)[:3]}")

    def drop_some(self) -> None:
        """The planted fault: an acknowledged press, a second of a recorder and a piece of its sound are taken out of
        the database behind the program's back."""
        self.server.stop()
        self.change(f"delete from signal where press_id = '{min(self.seen.stored)}'")
        self.change("delete from chunk_run where id in (select min(id) from chunk_run)")
        self.change("delete from segment where id in (select min(segment.id) from segment join track on"
                    " track.id = track_id join live_session on live_session.session_id = track.session_id)")
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

    def settled(self) -> bool:
        """Every press has its clip, every run of a recorder is sealed and no job is due."""
        due = ("select count(*) from job where state = 'running' or (state = 'open' and not_before <= "
               f"{int(time.time() * 1e6)})")
        return (not self.server.sql(WITHOUT_CLIP) and self.server.number(due) == 0
                and self.server.number("select count(*) from live_session where state <> 'sealed'") == 0)

    def settle(self) -> None:
        until = time.monotonic() + SETTLE_S_MAX
        while not self.settled() and time.monotonic() < until:
            time.sleep(0.2)

    def open_parked(self) -> None:
        """A job that was killed three times is parked, since nothing tells it from one that kills; a person opens it
        again, and then it goes through."""
        door = self.server.admin()
        for job in must(door.call("GET", "/jobs/parked"))["items"]:
            if job["reason_code"] == "job.crashed":
                must(door.call("POST", f"/jobs/{job['id']}/retry"))
                self.parked += 1
        door.close()
        if self.parked:
            self.settle()

    def end_load(self) -> None:
        """What was under way is sent again until it is known."""
        until, done = time.monotonic() + SETTLE_S_MAX, 0
        while len(self.seen.uploaded) < len(self.uploads) and time.monotonic() < until:
            time.sleep(0.2)
            self.seen.update()
            if len(self.seen.uploaded) > done:  # a slow machine is not a stuck one
                until, done = time.monotonic() + SETTLE_S_MAX, len(self.seen.uploaded)
        self.client.terminate()
        for recorder in self.recorders:
            if recorder.finish() != 0:
                self.problems.append(f"a recorder did not end well: {recorder.log_tail()}")
        try:
            self.client.wait(SETTLE_S_MAX)
        except subprocess.TimeoutExpired:
            self.problems.append("the client has presses that get no answer")
        self.seen.update()
        if set(self.seen.stored) != self.seen.sent:
            self.problems.append(f"{len(self.seen.sent) - len(self.seen.stored)} presses have no answer")

    def finish(self) -> None:
        """The work is let run dry, and all is compared."""
        self.end_load()
        self.server.stop()
        self.server.start()
        self.settle()
        self.open_parked()
        if self.plant == "drop":
            self.drop_some()
        self.compare("at the end")
        self.files("at the end", 3)
        for number, recorder in enumerate(self.recorders):
            self.problems += RecorderCheck(self.server, recorder, f"recorder {number}").run()
            self.chunks += sum(run.count for run in recorder.runs.values())
        for what, statement in (
                ("presses have no clip", WITHOUT_CLIP),
                ("runs of recorders are not sealed", "select session_id from live_session where state <> 'sealed'"),
                ("chunks were refused", "select refused_code from agent where refused_count > 0"),
                ("parked jobs", "select stage, reason_code from job where state = 'parked'")):
            found = self.server.sql(statement)
            if found:
                self.problems.append(f"at the end: {len(found)} {what}: {found[:3]}")
        if len(self.seen.uploaded) != len(self.uploads):
            self.problems.append(f"at the end: {len(self.seen.uploaded)} of {len(self.uploads)} uploads are in")
        self.cut = self.server.number("select count(*) from clip_version")
        if self.cut == 0 or self.chunks == 0:
            self.problems.append(f"at the end: {self.cut} clips were cut, {self.chunks} chunks came")
        self.repeat_some()

    def repeat_some(self) -> None:
        """A press sent again long after has the answer of the first time."""
        client = Client(self.server.tcp, self.world.token)
        some = self.dice.sample(sorted(self.seen.stored), min(20, len(self.seen.stored)))
        for press_id in some:
            answer = client.call("POST", "/presses",
                                 press_body(press_id, self.base, len(self.uploads) * FILE_S))
            if self.plant == "" and (answer.status != 200
                                     or answer.json["signal_id"] != self.seen.stored[press_id]):
                self.problems.append(f"press {press_id} sent again: {answer.status} {answer.body[:200]!r}")

    def end_by_force(self) -> None:
        if self.client and self.client.poll() is None:
            self.client.kill()
            self.client.wait()
        for recorder in self.recorders:
            if recorder.process and recorder.process.poll() is None:
                recorder.kill()
        self.server.stop()
