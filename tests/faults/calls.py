"""The n-th open, write, sync, rename, … below the data folder fails, for every n of a short script: the program says
so in its answer or in its log, never acknowledges what is not durable, and stops when a sync fails."""
import errno
import json
import os
import random
import re
import signal
import tempfile
import time

from day import CHUNK_PACKETS, CUT, OF_PRESS, ORIGINAL, RECEIVED, SETTING, UPLOADED, Day, chunk_batch
from heard import HeardClient
from presser import FILE_S, instant, press_body, wav_of
from server import Answer, Refused
from shim import Shim
from tus import TusUpload

MEMORY = "/dev/shm"
SHORT_WRITE = -1  # half of the bytes, no error
# By kind of call: what may befall it. A program must not notice those of TRANSPARENT.
ERRORS = {"open": (errno.EIO, errno.ENOSPC, errno.EMFILE), "write": (errno.EIO, errno.ENOSPC, errno.EINTR, SHORT_WRITE),
          "sync": (errno.EIO, errno.ENOSPC), "rename": (errno.EIO, errno.ENOSPC), "unlink": (errno.EIO,),
          "make_folder": (errno.EIO, errno.ENOSPC), "cut": (errno.EIO, errno.ENOSPC)}
TRANSPARENT = (errno.EINTR, SHORT_WRITE)
OTHER_ERRORS = 0.25  # of the calls that meet the first error of their kind meet each of the others
DYING_S_MAX, SAYING_S_MAX, LOG_FORGETS_S = 10, 3, 11
SETTLE_S_MAX = 30
# SQLite (which alone calls open64, and fdatasync for a folder) syncs a folder after it made a log there, and goes on
# when that fails; the store and the backup sync it once more themselves. It opens a database for reading only where
# it cannot for writing, and a reader needs no more. Drafts and the socket go at the next start. The list of kept
# backups is only looked at.
NOT_HEEDED = re.compile(r"^(open64 (data|backup-\d+)(/otklik\.db(-wal)?)?|fdatasync .*/(data|backup-\d+)"
                        r"|(unlink|ftruncate) .*-(wal|journal)|unlink data/(tmp/.*|otklik\.sock)|openat data-backups)$")
WORDS = re.compile(rb'"level":"(warning|error)"|fatal: |otklik: ')


class CallsCampaign:
    def __init__(self, folder: str, share: float, seed: int) -> None:
        self.shim = Shim(folder, writes_log=False)
        self.share, self.dice = share, random.Random(seed)
        self.problems: list[str] = []
        self.day = Day(self.shim)
        self.server = self.day.server
        self.number = 0      # of the request, so that each is another
        self.aborted = False  # at its stop, before it was started again
        self.runs, self.fired, self.refused, self.stopped, self.told = 0, 0, 0, 0, 0
        self.acknowledged: dict[str, tuple[str, str, str]] = {}  # name: statement, value, expected

    # The steps: each does one thing and gives the answers that it was given.

    def press(self) -> list[Answer]:
        """In the middle of a file, so that its clip is whole."""
        press_id = f"p{self.number}"
        answer = self.day.button.call("POST", "/presses", press_body(press_id, self.day.base + 8, FILE_S - 16))
        return self.note(answer, (200, 201), press_id, OF_PRESS, press_id)

    def cut_clip(self) -> list[Answer]:
        """A press and the whole way behind it."""
        answers = self.press()
        if answers[0].status == 201:
            of_press = CUT.replace(":it", f"'p{self.number}'")
            self.wait(lambda: self.server.sql(of_press) == [("final",)])
        return answers

    def batch(self) -> list[Answer]:
        ids = [f"b{self.number}-{each}" for each in range(3)]
        bodies = [press_body(press_id, self.day.base, FILE_S) for press_id in ids]
        answer = self.day.button.call("POST", "/presses/batch", {"presses": bodies})
        for press_id in ids:
            self.note(answer, (200,), press_id, OF_PRESS, press_id)
        return [answer]

    def chunk(self) -> list[Answer]:
        """Seconds enough that each minute is sealed by one of twelve."""
        sequence = self.day.sequence
        body = chunk_batch(7, sequence, 1, self.day.live_end + sequence * CHUNK_PACKETS / 50)
        answer = self.day.agent.call("POST", "/agent/chunks", body, {"Content-Type": "application/octet-stream"})
        if answer.status == 200:
            self.day.sequence += 1
        return self.note(answer, (200,), "live sound", RECEIVED, str(sequence + 1))

    def import_file(self) -> list[Answer]:
        name = f"i{self.number}.wav"
        answer = self.day.door.call("POST", f"/recorders/{self.day.world.recorder}/recordings?name={name}&starts_at="
                                    + instant(self.day.base, (2 + self.number) * FILE_S), wav_of(self.number)[:100_044])
        return self.note(answer, (200, 201), name, ORIGINAL, name)

    def upload(self) -> list[Answer]:
        body, name = wav_of(self.number)[:100_044], f"u{self.number}.wav"
        tus = TusUpload(self.day.desk, self.day.world.recorder, name,
                        instant(self.day.base, (2 + self.number) * FILE_S), len(body))
        answers = self.note(tus.begun, (201,), name, UPLOADED.format(0), name)
        if tus.begun.status == 201:
            self.acknowledged.pop(name)
            piece = tus.piece(0, body[:50_000])
            answers += self.note(piece, (204,), name, UPLOADED.format(50_000), name)
        if answers[-1].status == 204:
            self.acknowledged.pop(name)
            piece = tus.piece(50_000, body[50_000:])
            answers += self.note(piece, (204,), name, UPLOADED.format(len(body)), name)
            self.settle()
        return answers

    def end_uploads(self) -> None:
        """Those that broke off, before they are too many of one person."""
        for each in self.day.desk.call("GET", "/uploads").json["items"]:
            if each["state"] == "open":
                self.day.desk.call("DELETE", f"/uploads/{each['id']}", b"", {"Tus-Resumable": "1.0.0"})
                self.acknowledged.pop(each["name"], None)

    def goal(self) -> list[Answer]:
        self.acknowledged.pop("the goals", None)
        minutes = 1_000 + self.number
        answer = self.day.desk.call("PUT", "/settings/day-goals",
                                    {"signal_min": minutes, "complaint_min": 30, "check_min": 60})
        return self.note(answer, (200,), "the goals", SETTING, str(minutes))

    def backup(self) -> list[Answer]:
        answer = self.day.door.call("POST", "/backups", {"folder": f"{self.shim.top}/backup-{self.number}"})
        self.wait(lambda: self.day.door.call("GET", "/backups").json["newest"]["state"] != "running")
        return [answer]

    def restart(self) -> list[Answer]:
        """Its stop and its start; clients come again after it."""
        self.aborted = self.server.stop() == -signal.SIGABRT
        self.server.start()
        return []

    STEPS = ("press", "batch", "cut_clip", "chunk", "import_file", "upload", "goal", "backup", "restart")

    def note(self, answer: Answer, good: tuple[int, ...], name: str, statement: str, value: str,
             expected: str = "1") -> list[Answer]:
        if answer.status in good:
            self.acknowledged[name] = (statement, value, expected)
        return [answer]

    # What is around them.

    def begin(self) -> None:
        if self.server.process.poll() is not None:
            self.server.start()
        self.day.connect()
        if hasattr(self.day, "agent"):
            self.day.agent = HeardClient(self.server.tcp, self.day.agent.token)

    def wait(self, done) -> None:
        """For what the program does behind; it may die over it."""
        until = time.monotonic() + SETTLE_S_MAX
        while not done():
            if self.server.process.poll() is not None:
                raise Refused("it died")
            if time.monotonic() > until:
                raise Refused(f"not done within {SETTLE_S_MAX} s")
            time.sleep(0.01)

    def settle(self) -> None:
        now = "select count(*) from job where state = 'running' or (state = 'open' and not_before <= {})"
        self.wait(lambda: self.server.number(now.format(int(time.time() * 1e6))) == 0)

    def log_since(self, at: int) -> bytes:
        with open(self.server.log, "rb") as log:
            log.seek(at)
            return log.read()

    def run(self) -> list[str]:
        self.day.open()
        self.day.import_file(0)
        self.day.begin_live()
        self.day.chunks(1)
        try:
            for step in self.STEPS:
                seen = self.count(step)
                for kind, errors in ERRORS.items():
                    for error in errors:
                        self.walk(step, kind, error, seen[kind])
        finally:
            self.shim.order("none", 0, 0)
            self.server.stop()
        return self.problems

    def count(self, step: str) -> dict[str, int]:
        """How many calls of each kind the step makes when nothing fails."""
        self.shim.order("none", 0, 0)
        self.number += 1
        getattr(self, step)()
        seen = self.shim.seen()
        if step == "restart":
            self.begin()
        self.settle()
        return seen

    def walk(self, step: str, kind: str, error: int, count: int) -> None:
        """Every n until the step is done before it comes to the n-th call; of a share of them."""
        share = self.share if error == ERRORS[kind][0] else self.share * OTHER_ERRORS
        chosen = [n for n in range(1, count + 1) if self.dice.random() < share]
        if not chosen and count and self.dice.random() < 4 * share:
            chosen = [self.dice.randint(1, count)]
        for n in chosen:
            self.one(step, kind, error, n)

    def one(self, step: str, kind: str, error: int, n: int) -> None:
        """What seems silent is done once more when the log has forgotten its lines: it leaves out equal ones."""
        before = len(self.problems)
        self.once(step, kind, error, n)
        if len(self.problems) > before and all("silent" in each for each in self.problems[before:]):
            del self.problems[before:]
            time.sleep(LOG_FORGETS_S)
            self.once(step, kind, error, n)

    def once(self, step: str, kind: str, error: int, n: int) -> None:
        self.number += 1
        self.runs += 1
        self.aborted = False
        if step == "upload":
            self.end_uploads()
        at = os.path.getsize(self.server.log)
        answers, broke = [], ""
        self.shim.order(kind, error, n)
        try:
            answers = getattr(self, step)()
        except (Refused, RuntimeError, OSError) as raised:
            broke = str(raised)
            self.let_end()
        fired, what = self.shim.account()
        self.shim.order("none", 0, 0)
        if fired:
            self.fired += 1
            self.judge(f"{step}, {kind} {n} ({what}) with {name_of(error)}", what, error, answers, broke, at)
        elif broke:
            self.problems.append(f"{step} without a fault: {broke}")
        if step == "restart" or self.server.process.poll() is not None:
            self.begin()
            self.all_is_there(f"after {step}, {kind} {n} with {name_of(error)}")

    @property
    def is_dead(self) -> bool:
        return self.aborted or self.server.process.poll() is not None

    def let_end(self) -> None:
        """A connection breaks some moments before the process is gone."""
        until = time.monotonic() + 1
        while self.server.process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)

    def judge(self, case: str, what: str, error: int, answers: list[Answer], broke: str, at: int) -> None:
        is_sync = what.startswith(("fsync", "fdatasync"))
        until = time.monotonic() + DYING_S_MAX
        heeded = not NOT_HEEDED.match(what)
        while is_sync and heeded and not self.is_dead and time.monotonic() < until:
            time.sleep(0.005)
        refused = [each for each in answers if each.status >= 500]
        worded = WORDS.search(self.log_since(at)) is not None
        until = time.monotonic() + (SAYING_S_MAX if error not in TRANSPARENT and heeded and not refused else 0)
        while not worded and time.monotonic() < until:  # what runs behind speaks a little later
            time.sleep(0.005)
            worded = WORDS.search(self.log_since(at)) is not None
        log, died = self.log_since(at), self.is_dead
        self.refused += bool(refused)
        self.stopped += died
        self.told += worded
        if is_sync and heeded and not died:
            self.problems.append(f"{case}: a failed sync did not stop the process")
        if died and not worded:
            self.problems.append(f"{case}: it died without a word: {log[-300:]!r}")
        for each in answers:
            if each.status >= 400 and (each.status < 500 or not each.code):
                self.problems.append(f"{case}: answered {each.status} {each.body[:200]!r}")
        if error in TRANSPARENT:
            if refused or died or broke:
                self.problems.append(f"{case}: noticed, {[each.status for each in refused]} {broke}")
        elif not (worded or refused or not heeded):
            self.problems.append(f"{case}: silent, {[each.status for each in answers]} {broke}")
        if broke and not died:
            self.problems.append(f"{case}: {broke}, and it lives on; {log[-300:]!r}")

    def all_is_there(self, when: str) -> None:
        for name, (statement, value, expected) in self.acknowledged.items():
            found = self.server.sql(statement.replace(":it", f"'{value}'"))
            if not found or str(found[0][0]) != expected:
                self.problems.append(f"{when}: {name} is lost: {found}")
        until = time.monotonic() + 5
        while found := self.server.fsck():
            if time.monotonic() > until:
                self.problems.append(f"{when}: fsck finds {json.dumps(found[:3])}")
                return
            time.sleep(0.05)


def name_of(error: int) -> str:
    return "half a write" if error == SHORT_WRITE else errno.errorcode[error]


def run(share: float, seed: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="otklik-calls-", dir=MEMORY) as folder:
        campaign = CallsCampaign(folder, share, seed)
        problems = campaign.run()
        print(f"  {campaign.runs} runs, {campaign.fired} with a fault: {campaign.refused} refused, {campaign.stopped} "
              f"stopped, {campaign.told} told in the log; {len(campaign.acknowledged)} acknowledged, seed {seed}")
        return problems
