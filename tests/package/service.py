"""The installed service of a chroot: started by unit.py, asked as World of the fault campaigns asks a server."""
import math
import os
import re
import signal
import struct
import subprocess
import sys
import time
import wave

from server import Client

# systemd-analyze security, times ten: 0 is locked in, 100 wide open. Measured 1.6; a line lost from the unit shows.
EXPOSURE_MAX = 16
START_S_MAX = 20
RATE = 16_000


def make_tone(path: str, seconds: int) -> None:
    """A sound that no silence check mistakes: 440 Hz that swells once a second."""
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(
            struct.pack("<h", round(8000 * abs(math.sin(math.pi * n / RATE)) * math.sin(2 * math.pi * 440 * n / RATE)))
            for n in range(RATE * seconds)))
    os.chmod(path, 0o644)


class Service:
    def __init__(self, root: str) -> None:
        self.root, self.data = root, "/var/lib/otklik/data"
        self.process: subprocess.Popen | None = None
        self.port, self.setup_code = 0, ""

    @property
    def tcp(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    def admin(self) -> Client:
        """Root is let in at the local socket."""
        return Client(f"{self.root}{self.data}/otklik.sock")

    def first_code(self) -> str:
        return self.setup_code

    def start(self) -> None:
        """Until /healthz answers. The log goes where the drop-in log-to-file.conf sends it."""
        os.makedirs(self.root + "/var/log/otklik", exist_ok=True)
        began = time.monotonic()
        with open(self.root + "/var/log/otklik/otklik.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "unit.py"), self.root],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        said = ""
        while "\n" not in said.partition("http://")[2]:
            more = os.read(self.process.stdout.fileno(), 4096).decode()  # the welcome is one write
            if not more:
                raise RuntimeError("the service did not start")
            said += more
        self.port = int(re.search(r"http://\S+:(\d+)/", said)[1])
        code = re.search(r"first sign-in: (\S+)", said)
        self.setup_code = code[1] if code else ""
        while Client(self.tcp).call("GET", "//healthz").status != 200:
            if time.monotonic() - began > START_S_MAX:
                raise RuntimeError("the service is not healthy")
            time.sleep(0.05)

    def stop_s_max(self) -> float:
        with open(self.root + "/lib/systemd/system/otklik.service", encoding="utf-8") as file:
            return float(re.search(r"^TimeoutStopSec=(\d+)s$", file.read(), re.M)[1])

    def stop(self) -> int:
        if not self.process or self.process.poll() is not None:
            return self.process.returncode if self.process else 0
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(self.stop_s_max())
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        return self.process.returncode

    def log(self) -> str:
        try:
            with open(self.root + "/var/log/otklik/otklik.log", encoding="utf-8", errors="replace") as file:
                return file.read()[-3000:]
        except OSError:
            return "no log"
