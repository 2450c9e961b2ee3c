"""Sound files that lie: short pieces of every format we read, with flipped bits, false lengths, runs of zeros, cut off
and spliced into each other. Most go straight to the parent's side of the decoder, a share to a real server by upload:
each gets a clear answer, nothing of ours dies, memory stays bounded, no child is left over. Then a day of silence in
less than a megabyte."""
import glob
import os
import random
import struct
import subprocess
import tempfile
import threading
import time
from collections import Counter

from presser import instant
from server import Client, Server, World

PIECE_S = 0.3
LINES = 2                   # decoders at once
UPLOAD_SHARE = 0.2
DRIVER_MIB_MAX = 96         # of the parent's side: a megabyte of pipe, and one block of sound
SERVER_MIB_MORE_MAX = 200   # beyond what it has after its first uploads, with what is being imported
WAIT_S_MAX = 90             # for one answer
DAY_S = 24 * 3600
SILENCE_FROM = 2_000        # uploads: a day of sound is minutes of work, so only the whole campaign hears it
FLAC_BLOCK, FLAC_RATE = 65_535, 8_000
CLEAR = {"audio.not_audio", "audio.empty", "audio.bad_container", "audio.unsupported", "audio.too_long"}
# The child was stopped for safety: clear too, but a fault when it comes often (a crash of libav under the sandbox).
STOPPED, STOPPED_SHARE_MAX = "audio.decoder_died", 0.001
MAKERS = {
    "pcm8.wav": "-c:a pcm_u8", "pcm16.wav": "-c:a pcm_s16le", "pcm24.wav": "-c:a pcm_s24le",
    "float.wav": "-c:a pcm_f32le", "alaw.wav": "-c:a pcm_alaw", "mulaw.wav": "-c:a pcm_mulaw",
    "a.flac": "-c:a flac", "a.mp3": "-c:a libmp3lame -b:a 64k", "a.opus": "-c:a libopus", "a.ogg": "-c:a libvorbis",
    "aac.m4a": "-c:a aac -b:a 64k", "alac.m4a": "-c:a alac", "adts.aac": "-c:a aac -f adts",
    "a.wma": "-c:a wmav2 -b:a 64k", "two.wav": "-ac 2 -c:a pcm_s16le", "two.mp3": "-ac 2 -c:a libmp3lame"}


def seeds_of(folder: str, shared: str) -> list[bytes]:
    """A piece of speech in each format; without the shared material, of a tone."""
    voice = sorted(glob.glob(f"{shared}/data/audio/ru_prompts/wav/*.wav")) if shared else []
    source = ["-i", voice[len(voice) // 2]] if voice else ["-f", "lavfi", "-i", "sine=frequency=300:duration=1"]
    seeds = []
    for name, words in MAKERS.items():
        path = f"{folder}/{name}"
        made = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *source, "-t", str(PIECE_S), "-ar", "16000",
                               *words.split(), path], capture_output=True, timeout=60)
        if made.returncode == 0:
            seeds.append(path)
    given = glob.glob(f"{shared}/data/audio/formats/*.m4a") + glob.glob(f"{shared}/data/audio/hostile/*")
    contents = [read(path) for path in seeds + (given if shared else [])]
    # No packaged program writes AMR: frames of 12.2 kbit/s with chance inside, and frames without data.
    dice = random.Random(1)
    contents.append(b"#!AMR\n" + b"".join(b"\x3c" + dice.randbytes(31) if each % 3 else b"\x7c"
                                          for each in range(20)))
    return [each for each in contents if each]


def crc(data: bytes, polynomial: int, bits: int) -> int:
    value = 0
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = ((value << 1) ^ polynomial if value >> (bits - 1) else value << 1) & ((1 << bits) - 1)
    return value


def silent_flac(seconds: int) -> bytes:
    """RFC 9639: 16 bytes for 8 seconds, the last block as short as it must be."""
    parts = [b"fLaC\x80\0\0\x22\xff\xff\xff\xff\0\0\0\0\0\0\x01\xf4\x00\xf0\0\0\0\0" + bytes(16)]
    whole, rest = divmod(seconds * FLAC_RATE, FLAC_BLOCK)
    for number in range(whole + bool(rest)):
        count = FLAC_BLOCK if number < whole else rest
        head = b"\xff\xf8\x70\x08" + chr(number).encode() + struct.pack(">H", count - 1)
        frame = head + bytes([crc(head, 0x07, 8)]) + bytes(3)  # one constant subframe: zero
        parts.append(frame + struct.pack(">H", crc(frame, 0x8005, 16)))
    return b"".join(parts)


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


class Mutants:
    """Number N is always the same bytes for a seed."""

    def __init__(self, seeds: list[bytes], seed: int) -> None:
        self.seeds, self.seed = seeds, seed

    def make(self, number: int) -> bytes:
        dice = random.Random(f"{self.seed}/{number}")
        data = bytearray(self.seeds[number % len(self.seeds)])
        for _ in range(dice.randint(1, 3)):
            dice.choice((self.flip, self.flip_head, self.lie, self.cut, self.zeros, self.splice))(dice, data)
            if not data:
                return b"\0"
        return bytes(data)

    def flip(self, dice: random.Random, data: bytearray) -> None:
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)

    def flip_head(self, dice: random.Random, data: bytearray) -> None:
        """Where the lengths are."""
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(min(200, len(data)))] = dice.randrange(256)

    def lie(self, dice: random.Random, data: bytearray) -> None:
        """A number of the head becomes none, one too many, negative, as large as it can be."""
        if len(data) < 8:
            return
        at = dice.randrange(min(200, len(data)) - 4)
        value = dice.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, len(data), len(data) + 1, 1 << 24))
        data[at:at + 4] = struct.pack(dice.choice("<>") + "I", value)

    def cut(self, dice: random.Random, data: bytearray) -> None:
        del data[dice.randrange(len(data)):]

    def zeros(self, dice: random.Random, data: bytearray) -> None:
        at = dice.randrange(len(data))
        count = min(len(data) - at, dice.randint(1, 2000))
        data[at:at + count] = bytes(count)

    def splice(self, dice: random.Random, data: bytearray) -> None:
        """A piece of another file, or of this one again."""
        other = self.seeds[dice.randrange(len(self.seeds))]
        begin = dice.randrange(len(other))
        piece = other[begin:begin + dice.randint(1, 4000)]
        at = dice.randrange(len(data))
        data[at:at + (len(piece) if dice.random() < 0.5 else 0)] = piece


def status_of(pid: int, word: str) -> int:
    """VmRSS, VmHWM … of /proc, KiB."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith(word + ":"):
                return int(line.split()[1])
    return 0


def children_of(pid: int) -> list[str]:
    names = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            names += read(path).decode().split()
        except OSError:
            continue
    return names


class MutantCampaign:
    def __init__(self, count: int, seed: int, shared: str, plant: str) -> None:
        self.uploads = round(count * UPLOAD_SHARE)
        self.decoded = count - self.uploads
        self.seed, self.shared, self.plant = seed, shared, plant
        self.problems: list[str] = []
        self.answers: Counter[str] = Counter()
        self.slowest, self.driver_mib = 0.0, 0
        self.lock = threading.Lock()

    def note(self, number: int, code: str, seconds: float, detail: str = "") -> None:
        with self.lock:
            self.answers[code] += 1
            self.slowest = max(self.slowest, seconds)
            if code != "ok" and code not in CLEAR and code != STOPPED:
                self.problems.append(f"mutant {number}: {code} {detail}")

    def decode(self, mutants: Mutants, line: int) -> None:
        """Through decode_audio, in a program that is nothing else."""
        build = os.path.dirname(os.environ["OTKLIK_BIN"])
        helper = "/bin/false" if self.plant == "false" else os.environ.get("OTKLIK_DECODE", f"{build}/otklik-decode")
        driver = subprocess.Popen([f"{build}/otklik-decode-many", helper], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE)
        for number in range(line, self.decoded, LINES):
            data, began = mutants.make(number), time.monotonic()
            try:
                driver.stdin.write(struct.pack("<I", len(data)) + data)
                driver.stdin.flush()
            except OSError:
                pass  # its end is told below
            words = driver.stdout.readline().decode().split()
            if not words:
                self.problems.append(f"mutant {number} ended the parent: {driver.wait(10)}")
                return
            self.note(number, words[0], time.monotonic() - began, " ".join(words[1:]))
        left = children_of(driver.pid)
        peak = status_of(driver.pid, "VmHWM") // 1024
        driver.stdin.close()
        with self.lock:
            self.driver_mib = max(self.driver_mib, peak)
            if left:
                self.problems.append(f"{len(left)} children are left over")
            if driver.wait(10) != 0:
                self.problems.append(f"the parent ended with {driver.returncode}")

    def upload(self, server: Server, world: World, mutants: Mutants) -> None:
        """The same numbers' neighbours, through the intake of a real server."""
        door = Client(f"{server.data}/otklik.sock", timeout=WAIT_S_MAX)
        base, first = time.time() - 20 * DAY_S, 0
        for number in range(self.decoded, self.decoded + self.uploads):
            data, began = mutants.make(number), time.monotonic()
            answer = door.call("POST", f"/recorders/{world.recorder}/recordings?name=m{number}.bin&starts_at="
                               + instant(base, number * 60), data)
            # The same bytes under another start are asked about (409), and are known already.
            code = "ok" if answer.status in (200, 201, 409) else answer.code
            if answer.status not in (200, 201, 409, 400, 413, 415) and code != STOPPED:
                self.problems.append(f"mutant {number}: {answer.status} {answer.body[:200]!r}")
            elif code != "ok" and not answer.json.get("detail") and not answer.json.get("title"):
                self.problems.append(f"mutant {number}: {code} without a word")
            self.note(number, code, time.monotonic() - began)
            if number - self.decoded == 20:
                first = status_of(server.process.pid, "VmRSS")
        more = (status_of(server.process.pid, "VmHWM") - first) // 1024 if first else 0
        if more > SERVER_MIB_MORE_MAX:
            self.problems.append(f"the server took {more} MiB more than after its first uploads")

    def silence(self, server: Server, world: World) -> str:
        """Taken, or refused in words; in bounded memory either way."""
        data, before = silent_flac(DAY_S), status_of(server.process.pid, "VmHWM")
        began = time.monotonic()
        answer = Client(f"{server.data}/otklik.sock", timeout=1200).call(
            "POST", f"/recorders/{world.recorder}/recordings?name=silence.flac&starts_at="
            + instant(time.time() - 10 * DAY_S, 0), data)
        took, more = time.monotonic() - began, (status_of(server.process.pid, "VmHWM") - before) // 1024
        if answer.status != 201 and (answer.code != "audio.too_long" or not answer.json.get("detail")):
            self.problems.append(f"a day of silence: {answer.status} {answer.body[:200]!r}")
        if more > SERVER_MIB_MORE_MAX:
            self.problems.append(f"a day of silence took {more} MiB of the server")
        return f"; a day of silence in {len(data)} bytes: {answer.code or 'taken'} in {took:.0f} s, {more} MiB"

    def serve(self, folder: str, mutants: Mutants) -> str:
        server = Server(folder).start()
        pid = server.process.pid
        try:
            world = World(server)
            self.upload(server, world, mutants)
            told = self.silence(server, world) if self.uploads >= SILENCE_FROM else ""
            if server.process.poll() is not None:
                self.problems.append("the server died")
            elif Client(server.tcp).call("GET", "//healthz").status != 200:
                self.problems.append("the server is not healthy after it")
            left = children_of(pid)
            if left:
                self.problems.append(f"{len(left)} children of the server are left over")
            found = server.fsck()
            if found:
                self.problems.append(f"fsck finds {len(found)}: {found[:3]}")
            return told
        finally:
            server.stop()

    def run(self) -> list[str]:
        with tempfile.TemporaryDirectory(prefix="otklik-mutants-") as folder:
            seeds = seeds_of(folder, self.shared)
            mutants = Mutants(seeds, self.seed)
            lines = [threading.Thread(target=self.decode, args=(mutants, each)) for each in range(LINES)]
            for line in lines:
                line.start()
            for line in lines:
                line.join()
            told = self.serve(folder, mutants) if self.plant == "" else ""
        if self.driver_mib > DRIVER_MIB_MAX:
            self.problems.append(f"the parent's side took {self.driver_mib} MiB")
        if self.answers[STOPPED] > max(1, sum(self.answers.values()) * STOPPED_SHARE_MAX):
            self.problems.append(f"{self.answers[STOPPED]} times the child was stopped")
        print(f"  {sum(self.answers.values())} mutants of {len(seeds)} files, {self.uploads} by upload, "
              f"seed {self.seed}: {dict(self.answers)}; slowest {self.slowest:.1f} s, "
              f"parent {self.driver_mib} MiB{told}")
        return self.problems


def run(count: int, seed: int, shared: str, plant: str = "") -> list[str]:
    return MutantCampaign(count, seed, shared, plant).run()
