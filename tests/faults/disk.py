"""A disk that runs full: the reserve goes to the presses first, then 507 says so, and everything resumes."""
import errno
import os
import subprocess
import tempfile
import time

from presser import FILE_S, instant, press_body, wav_of
from server import Client, Refused, Server, World, must
from tus import TusUpload

DISK_BYTES = 512 << 20  # uploads keep some hundred megabytes clear of the edge; the cycles have a smaller disk
RESERVE = 6 << 20
LEFT_BYTES = 300 << 10  # what the ballast leaves free
PRESSES_MAX = 60_000
RESUME_S_MAX = 20


class SmallDisk:
    """A tmpfs, or ext4 in a file, mounted for the campaign; a ballast file fills it to the last kilobytes."""

    def __init__(self, folder: str, size: int, journaling: bool = False) -> None:
        self.path, self.image = f"{folder}/disk", f"{folder}/image" if journaling else ""
        os.mkdir(self.path)
        if journaling:
            with open(self.image, "wb") as image:
                image.truncate(size)
            if self.is_journaling():
                return
            self.image = ""
        self.call("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.path)

    def is_journaling(self) -> bool:
        """Mounted as ext4; a machine without loop devices has only memory to fill."""
        try:
            self.call("mkfs.ext4", "-q", "-m", "0", self.image)
            self.call("mount", "-o", "loop", self.image, self.path)
        except (OSError, RuntimeError) as reason:
            print(f"  a tmpfs instead of ext4: {str(reason).strip()}", flush=True)
            return False
        return True

    def call(self, *words: str) -> None:
        made = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        if made.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {made.stdout}")

    def unmount(self) -> None:
        self.call("umount", self.path)

    def check(self) -> None:
        """Of the file system itself, when it is no longer mounted."""
        if self.image:
            self.call("e2fsck", "-fn", self.image)

    def free(self) -> int:
        info = os.statvfs(self.path)
        return info.f_bavail * info.f_frsize

    def fill(self, left: int) -> None:
        with open(f"{self.path}/ballast", "ab", buffering=0) as ballast:
            while self.free() > left:
                try:
                    ballast.write(bytes(min(1 << 16, max(4096, self.free() - left))))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    return

    def relieve(self) -> None:
        os.remove(f"{self.path}/ballast")


class DiskCampaign:
    def __init__(self, folder: str) -> None:
        self.disk = SmallDisk(folder, DISK_BYTES)
        self.problems: list[str] = []
        self.server = Server(folder, reserve=RESERVE, data=f"{self.disk.path}/data")
        self.reserve = f"{self.disk.path}/data/reserve"
        self.base = time.time() - 7200
        self.sent, self.stored = 0, set()

    def check(self, good: bool, what: str) -> None:
        if not good:
            self.problems.append(what)

    def press(self, client: Client):
        press_id = f"d{self.sent}"
        self.sent += 1
        answer = client.call("POST", "/presses", press_body(press_id, self.base, 1800))
        if answer.status == 201:
            self.stored.add(press_id)
        return answer

    def press_until(self, client: Client, done, what: str):
        for _ in range(PRESSES_MAX):
            answer = self.press(client)
            if answer.status != 201:
                self.check(answer.status == 507 and answer.code == "disk.full",
                           f"{what}: a press was answered {answer.status} {answer.code}")
                return answer
            if done():
                return answer
        self.problems.append(f"{what}: not reached with {PRESSES_MAX} presses")
        return None

    def upload(self, number: int):
        door = self.server.admin()
        answer = door.call("POST", f"/recorders/{self.world.recorder}/recordings?name=p{number}.wav&starts_at="
                           + instant(self.base, number * FILE_S), wav_of(number))
        door.close()
        return answer

    def begin_pieces(self) -> None:
        """A file in pieces stands half way when the disk fills."""
        self.file = wav_of(9)
        self.half = len(self.file) // 2
        self.pieces = TusUpload(self.server.admin(), self.world.recorder, "p9.wav", instant(self.base, 9 * FILE_S),
                                len(self.file))
        must(self.pieces.begun, 201)
        must(self.pieces.piece(0, self.file[:self.half]), 204)

    def refuse_pieces(self) -> None:
        more = self.pieces.piece(self.half, self.file[self.half:])
        self.check(more.status == 507 and more.code == "disk.full",
                   f"a piece on a full disk: {more.status} {more.code}")
        at = self.pieces.offset()
        self.check(at == self.half, f"after a refused piece the file stands at {at}, not {self.half}")
        other = TusUpload(self.server.admin(), self.world.recorder, "p10.wav", instant(self.base, 10 * FILE_S), 1000)
        self.check(other.begun.status == 507, f"a file begun on a full disk: {other.begun.status} {other.begun.code}")

    def end_pieces(self, until: float) -> None:
        """What was handed over before the disk was full is not asked for again."""
        must(self.pieces.piece(self.pieces.offset(), self.file[self.half:]), 204)
        while self.pieces.state() != "done" and time.monotonic() < until:
            time.sleep(0.2)
        self.check(self.pieces.state() == "done", f"the file in pieces ended as {self.pieces.state()}")

    def lives(self, when: str) -> None:
        """Sign-in may write a session, which needs disk; reads, health and the description never do."""
        client, door = Client(self.server.tcp), self.server.admin()
        for path in ("//healthz", "/session", "/openapi.json"):
            answer = client.call("GET", path)
            self.check(answer.status == 200, f"{when}: GET {path} is answered {answer.status}")
        for path in ("/signals", "/points", "/recordings", "/devices"):
            answer = door.call("GET", path)
            self.check(answer.status == 200, f"{when}: GET {path} is answered {answer.status}")
        answer = client.call("POST", "/session", {"login": "admin", "password": self.world.password})
        self.check(answer.status in (200, 507), f"{when}: sign-in is answered {answer.status} {answer.code}")

    def run(self) -> list[str]:
        self.server.start()
        self.world = World(self.server, window_ms=1000)
        client = Client(self.server.tcp, self.world.token)
        for number in range(2):
            must(self.upload(number))
        self.begin_pieces()
        must(self.press(client))
        self.check(os.path.getsize(self.reserve) == RESERVE, "no reserve of the stated size at the start")
        self.disk.fill(LEFT_BYTES)
        answer = self.press_until(client, lambda: not os.path.exists(self.reserve), "the reserve")
        self.check(answer is not None and answer.status == 201,
                   "presses were refused before the reserve was spent")
        self.check(not os.path.exists(self.reserve), "the reserve still stands")
        freed_for = len(self.stored)
        self.disk.fill(LEFT_BYTES)  # somebody else takes what the reserve gave
        answer = self.press_until(client, lambda: False, "507")
        self.check(answer is not None and answer.status == 507, "507 was never reached")
        refused = self.upload(7)
        self.check(refused.status == 507, f"an upload on a full disk: {refused.status} {refused.code}")
        self.refuse_pieces()
        self.lives("on the full disk")
        print(f"  the reserve was freed at press {freed_for}, 507 came at {len(self.stored)}")
        self.resume(client)
        return self.problems

    def resume(self, client: Client) -> None:
        self.disk.relieve()
        until = time.monotonic() + RESUME_S_MAX
        answer = self.press(client)
        while answer.status != 201 and time.monotonic() < until:
            time.sleep(0.2)
            answer = self.press(client)
        self.check(answer.status == 201, f"presses do not resume: {answer.status} {answer.code}")
        while not os.path.exists(self.reserve) and time.monotonic() < until:
            time.sleep(0.2)
        self.check(os.path.exists(self.reserve), f"the reserve is not made again in {RESUME_S_MAX} s")
        until = time.monotonic() + RESUME_S_MAX
        answer = self.upload(8)
        self.check(answer.status == 201, f"uploads do not resume: {answer.status} {answer.code}")
        self.end_pieces(until)
        kept = {row[0] for row in self.server.sql("select press_id from signal")}
        self.check(self.stored <= kept, f"{len(self.stored - kept)} acknowledged presses are lost")
        self.check(kept <= self.stored, f"{len(kept - self.stored)} refused presses are stored")
        found = self.server.fsck()
        while found and time.monotonic() < until:  # a file that is being adopted has no row yet
            time.sleep(0.2)
            found = self.server.fsck()
        self.check(not found, f"fsck finds {found[:3]}")


def run() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="otklik-disk-") as folder:
        campaign = DiskCampaign(folder)
        try:
            return campaign.run()
        except (Refused, RuntimeError) as error:
            return campaign.problems + [f"{error}; the server's log: {campaign.server.log_tail()[-1000:]}"]
        finally:
            campaign.server.stop()
            campaign.disk.unmount()
