"""What the figures share: runs of a program with its CPU time, medians, the sound, a server to press on."""
import array
import glob
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "faults"))

RUNS = int(os.environ.get("OTKLIK_BENCH_RUNS", "5"))
HOURS = float(os.environ.get("OTKLIK_BENCH_HOURS", "8"))
BUILD = os.environ.get("OTKLIK_BUILD", os.path.join(ROOT, "build", "release"))
RATE = 16_000


class Missing(Exception):
    """A peer or a part that is not there: the row fails."""


def tool(name: str) -> str:
    for folder in os.environ["PATH"].split(os.pathsep):
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    raise Missing(f"{name} is not installed")


def run(command: list[str], **more) -> tuple[float, float, str]:
    """Wall seconds, CPU seconds of the program, its output."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    made = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, **more)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if made.returncode != 0:
        raise Missing(f"{os.path.basename(command[0])} ended with {made.returncode}: {made.stdout[-300:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, cpu, made.stdout


class Row:
    """One figure. `values`: one of each run; `goal`: the comparison in words, `met` its outcome."""

    def __init__(self, name: str, unit: str, values: list[float], goal: str, limit: float | None = None,
                 at_least: bool = False, peer: str = "", ratio: float | None = None) -> None:
        self.name, self.unit, self.goal, self.peer, self.ratio = name, unit, goal, peer, ratio
        self.runs = len(values)
        self.value = statistics.median(values) if values else None
        self.spread = [min(values), max(values)] if values else None
        self.met: bool | None = None
        if limit is not None and values:
            self.met = self.value >= limit if at_least else self.value <= limit

    @staticmethod
    def missing(name: str, reason: str) -> "Row":
        row = Row(name, "", [], "")
        row.peer, row.met = reason, False
        return row

    def json(self) -> dict:
        return {"name": self.name, "value": self.value, "unit": self.unit, "peer": self.peer, "ratio": self.ratio,
                "goal": self.goal, "met": self.met, "runs": self.runs, "spread": self.spread}


def fsync_ms() -> list[float]:
    """Of a write of 4 KiB and fdatasync, where the figures' data folders lie."""
    took = []
    with tempfile.NamedTemporaryFile(prefix="otklik-bench-") as file:
        for _ in range(200):
            file.write(os.urandom(4096))
            file.flush()
            began = time.monotonic()
            os.fdatasync(file.fileno())
            took.append((time.monotonic() - began) * 1000)
    return took


def speech(folder: str) -> str:
    """Some minutes of real speech, 16 kHz mono 16 bit, raw."""
    shared = os.environ.get("OTKLIK_SHARED", "")
    source = f"{shared}/data/audio/composite/ru_shift_30min.ogg"
    if not os.path.exists(source):
        found = sorted(glob.glob(f"{shared}/data/audio/**/*.wav", recursive=True)) if shared else []
        if not found:
            raise Missing("no speech: OTKLIK_SHARED is not set")
        source = max(found, key=os.path.getsize)
    path = f"{folder}/speech.raw"
    run([tool("ffmpeg"), "-v", "error", "-y", "-i", source, "-t", "600", "-ac", "1", "-ar", str(RATE), "-f", "s16le",
         path])
    return path


def day_wav(speech_path: str, hours: float, path: str) -> None:
    """The speech in a loop as one WAV; each turn begins elsewhere, so that no two hours are equal bytes."""
    with open(speech_path, "rb") as file:
        samples = array.array("h", file.read())
    size = int(hours * 3600 * RATE) * 2
    head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (1).to_bytes(2, "little") * 2 + RATE.to_bytes(4, "little") + (RATE * 2).to_bytes(4, "little")
    head += (2).to_bytes(2, "little") + (16).to_bytes(2, "little") + b"data" + size.to_bytes(4, "little")
    with open(path, "wb") as out:
        out.write(head)
        left, turn = size, 0
        while left > 0:
            begin = (turn * 7919) % (len(samples) // 2)
            piece = samples[begin:].tobytes()[:left]
            out.write(piece)
            left -= len(piece)
            turn += 1


def memory_kb(pid: int, key: str) -> int:
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        for line in file:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    return 0


def times() -> dict:
    path = os.path.join(ROOT, "build", "times.json")
    if not os.path.exists(path):
        raise Missing("build/times.json: ./dev test writes it")
    with open(path, encoding="utf-8") as file:
        return json.load(file)
