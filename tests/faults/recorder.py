"""A live recorder of the campaigns: the real `otklik record`, its sound fed through a pipe in real time, killed and
started again on its folder. What stood in its ring at each death is remembered, and held against the server."""
import glob
import hashlib
import os
import signal
import struct
import subprocess
import threading
import time
from dataclasses import dataclass, field

from server import Client, Server, must

RATE = 8_000
BITE_S = 0.1  # the feeder's step
BITE = bytes(8) * 25 + os.urandom(int(RATE * BITE_S) * 2 - 200)  # noise, each second like the one before
RECORD_HEAD, BATCH, CHUNK = struct.Struct("<II"), struct.Struct("<4sQIBBHqIIqq"), struct.Struct("<IIBBHqqqI32s")
END = 2  # ChunkKind::end of media/chunk.h
SAMPLES_A_FRAME = 48_000 // RATE
PRE_SKIP = 312
JOINT_US = 50_000  # two runs closer than this are no gap (off_min of live_intake.cpp)
OVERLAP_US = 3_000_000  # how far a machine that is busy may place two runs over each other
PIPE_BYTES = 65_536
DRAIN_S = 60  # an agent that met a dead server often asks again after half a minute only


@dataclass
class Run:
    """One incarnation: what its ring ever held."""
    chunks: dict[int, bytes] = field(default_factory=dict)  # sequence → the 16 bytes that tell its content
    end_sample: int = 0  # raw, of the newest sound
    length: int = -1     # exact, when the agent said its end
    fed_frames: int = 0

    @property
    def count(self) -> int:
        """What is received leaves the ring, but the newest tells how many there were."""
        return max(self.chunks) + 1


def content_of(chunk: tuple) -> bytes:
    """Chunk::content_hash of media/chunk.cpp."""
    _, span, kind, cause, _, first, count, _, _, sha256 = chunk
    return hashlib.sha256(struct.pack("<BIBqq", kind, span, cause, first, count) + sha256).digest()[:16]


def read_ring(folder: str, runs: dict[int, Run]) -> None:
    """Every chunk that is whole on the disk of a dead agent (agent/ring.h)."""
    for path in sorted(glob.glob(f"{folder}/ring/*.chunks")):
        with open(path, "rb") as file:
            data = file.read()
        at = 0
        while at + RECORD_HEAD.size <= len(data):
            length, _ = RECORD_HEAD.unpack_from(data, at)
            body = data[at + RECORD_HEAD.size:at + RECORD_HEAD.size + length]
            if len(body) < length:
                break  # torn: nobody was told that it is held
            incarnation = BATCH.unpack_from(body)[1]
            chunk = CHUNK.unpack_from(body, BATCH.size)
            run = runs.setdefault(incarnation, Run())
            run.chunks[chunk[0]] = content_of(chunk)
            if chunk[2] == END:
                run.length = chunk[6]
            else:
                run.end_sample = max(run.end_sample, chunk[5] + chunk[6])
            at += RECORD_HEAD.size + length


class Recorder:
    def __init__(self, server: Server, folder: str, point: str, number: int) -> None:
        self.server, self.folder = server, f"{folder}/recorder{number}"
        os.mkdir(self.folder)
        door = server.admin()
        self.id = must(door.call("POST", "/recorders", {"name": f"Линия {number}"}))["id"]
        must(door.call("PUT", f"/recorders/{self.id}/placement",
                       {"point_id": point, "begin_at": "2026-01-01T00:00:00Z"}))
        self.code = must(door.call("POST", f"/recorders/{self.id}/agent"))["code"]
        door.close()
        self.runs: dict[int, Run] = {}
        self.process: subprocess.Popen | None = None
        self.deaths, self.unheard = 0, 0.0

    def start(self) -> "Recorder":
        command = [os.environ["OTKLIK_BIN"], "record", "--folder", self.folder, "--rate", str(RATE),
                   "--stall-ms", "60000",  # a machine that is busy is no source that stalls
                   "--drain-seconds", str(DRAIN_S)]
        if not self.process:
            command += ["--server", f"http://127.0.0.1:{self.server.port}", "--code", self.code]
        with open(f"{self.folder}/log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=log)
        self.fed, self.feeding = 0, True
        self.feeder = threading.Thread(target=self.feed, args=(self.process,))
        self.feeder.start()
        return self

    def feed(self, process: subprocess.Popen) -> None:
        began = time.monotonic()
        try:
            while self.feeding and process.poll() is None:
                process.stdin.write(BITE)
                process.stdin.flush()
                self.fed += len(BITE) // 2
                time.sleep(max(0.0, began + self.fed / RATE - time.monotonic()))
            process.stdin.close()
        except OSError:
            return  # killed

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.feeding = False
        self.feeder.join()
        self.deaths += 1
        self.remember()

    def finish(self) -> int:
        """The source ends: the agent hands over what it holds and tells its exact length."""
        self.feeding = False
        self.feeder.join()
        try:
            code = self.process.wait(DRAIN_S + 20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.remember()
        return code

    def remember(self) -> None:
        known = set(self.runs)
        read_ring(self.folder, self.runs)
        for incarnation in set(self.runs) - known:
            run = self.runs[incarnation]
            run.fed_frames = self.fed
            # Less than a second is in the encoder, the rest stood in the pipe and never was the agent's.
            self.unheard = max(self.unheard, self.fed / RATE - run.end_sample / 48_000)

    def log_tail(self) -> str:
        with open(f"{self.folder}/log", encoding="utf-8", errors="replace") as log:
            return log.read()[-3600:]


class RecorderCheck:
    """What the server holds of a recorder, against what stood in its rings."""

    def __init__(self, server: Server, recorder: Recorder, name: str) -> None:
        self.server, self.recorder, self.name = server, recorder, name
        self.problems: list[str] = []
        self.hex = "encode(content, 'hex')" if server.postgres else "lower(hex(content))"

    def run(self) -> list[str]:
        mine = self.server.sql("select incarnation, session_id, state from live_session")
        sessions = {int(row[0]): int(row[1]) for row in mine if int(row[0]) in self.recorder.runs}
        for incarnation, run in self.recorder.runs.items():
            if incarnation in sessions:
                self.chunks(sessions[incarnation], run)
                self.sound(sessions[incarnation], run)
            elif run.end_sample > 0:
                self.problems.append(f"{self.name}: a run of {len(run.chunks)} chunks is lost as a whole")
        if sessions:
            self.joints(sorted(sessions.values()))
        if self.recorder.unheard > 1 + 2 * BITE_S + PIPE_BYTES / 2 / RATE:
            self.problems.append(f"{self.name}: {self.recorder.unheard:.1f} s were fed and never written down")
        return self.problems

    def chunks(self, session: int, run: Run) -> None:
        """Sequences follow each other from 0, so the newest one tells how many were freed or are held."""
        stored: dict[int, str] = {}
        for first, count, content in self.server.sql(
                f"select first_sequence, sequence_count, {self.hex} from chunk_run where session_id = {session}"):
            for number in range(int(count)):
                stored[int(first) + number] = content[number * 32:number * 32 + 32]
        for first, content in self.server.sql(
                f"select sequence, {self.hex} from tail_chunk where session_id = {session}"):
            stored[int(first)] = content
        lost = [each for each in range(run.count) if not stored.get(each)]
        if lost:
            self.problems.append(f"{self.name}: {len(lost)} chunks are lost: {lost[:5]}")
        other = [each for each, content in run.chunks.items() if stored.get(each, content.hex()) != content.hex()]
        if other:
            self.problems.append(f"{self.name}: {len(other)} chunks are others than were handed over: {other[:5]}")
        if stored and max(stored) >= run.count:
            self.problems.append(f"{self.name}: chunks that the recorder never wrote down")

    def sound(self, session: int, run: Run) -> None:
        """Segments follow each other without a hole and without one sample twice."""
        length = self.server.number(f"select length_samples from recording_session where id = {session}")
        due = run.length if run.length >= 0 else max(0, run.end_sample - PRE_SKIP)
        if run.length >= 0 and run.length != run.fed_frames * SAMPLES_A_FRAME:
            self.problems.append(f"{self.name}: {run.fed_frames} frames were fed, the end says {run.length} samples")
        if length != due:
            self.problems.append(f"{self.name}: a recording of {length} samples, {due} were handed over")
        at = packet = 0
        for first, count, first_packet, packets in self.server.sql(
                "select first_sample, sample_count, first_packet, packet_count from segment join track"
                f" on track.id = segment.track_id where session_id = {session} order by first_sample"):
            if int(first) != at or int(first_packet) != packet:
                self.problems.append(f"{self.name}: a segment begins at {first}, the one before ended at {at}")
            at, packet = int(first) + int(count), int(first_packet) + int(packets)
        state = self.server.sql(f"select state from live_session where session_id = {session}")[0][0]
        if state == "sealed" and at != due:
            self.problems.append(f"{self.name}: sealed up to {at}, not {due}")

    def joints(self, sessions: list[int]) -> None:
        ids = ",".join(str(each) for each in sessions)
        rows = [(int(row[0]), int(row[1])) for row in self.server.sql(
            f"select begin_at, end_at from recording_session where id in ({ids}) order by begin_at")]
        raw = self.server.sql(f"select recorder_id from recording_session where id = {sessions[0]}")[0][0]
        if self.server.number(f"select count(*) from recording_session where recorder_id = {raw}") != len(sessions):
            self.problems.append(f"{self.name}: more recordings than the recorder had runs")
        gaps = {(int(row[0]), int(row[1])) for row in self.server.sql(
            f"select begin_at, end_at from gap where recorder_id = {raw} and cause = 'off'")}
        for (_, end), (begin, _) in zip(rows, rows[1:]):
            if begin - end > JOINT_US and not any(a <= end + JOINT_US and b >= begin - JOINT_US for a, b in gaps):
                self.problems.append(f"{self.name}: {(begin - end) / 1e6:.2f} s between two runs have no name")
            if end - begin > OVERLAP_US:
                self.problems.append(f"{self.name}: two runs lie {(end - begin) / 1e6:.2f} s over each other")
