"""Eight live recorders (the real `otklik record`, real speech in real time) and a press on each every few seconds: how
long until a person can play what was said before it, and until the clip is whole after its window."""
import os
import subprocess
import tempfile
import threading
import time
import uuid
from datetime import datetime, timezone

from bench import RATE, Missing, Row, speech
from server import BASIS, Client, Server, World, must

RECORDERS = 8
SECONDS = int(os.environ.get("OTKLIK_BENCH_LIVE_SECONDS", "60"))
FIRST_S = 12  # of sound before the first press
WINDOW_S = 5
BITE_S = 0.1
ASK_S = 0.05
WAIT_S_MAX = 60
PREROLL_S_MAX = FINAL_S_MAX = 2.0


class Point:
    """A point with a recorder that runs and a device that is pressed."""

    def __init__(self, server: Server, folder: str, number: int, sound: bytes) -> None:
        door = server.admin()
        site = must(door.call("GET", "/sites"))["items"][0]["id"]
        point = must(door.call("POST", "/points", {"site_id": site, "name": f"Касса {number}"}))["id"]
        must(door.call("PUT", f"/points/{point}/basis", BASIS))
        recorder = must(door.call("POST", "/recorders", {"name": f"Линия {number}"}))["id"]
        must(door.call("PUT", f"/recorders/{recorder}/placement",
                       {"point_id": point, "begin_at": "2026-01-01T00:00:00Z"}))
        code = must(door.call("POST", f"/recorders/{recorder}/agent"))["code"]
        button = {"key": "1", "label": "Ответ", "kind": "answer", "window_before_ms": 1000 * WINDOW_S,
                  "window_after_ms": 1000 * WINDOW_S, "merge": False}
        device = must(door.call("POST", "/devices",
                                {"name": f"Пульт {number}", "point_id": point, "buttons": [button]}))
        self.button, self.desk = Client(server.tcp, device["token"]), door
        begin = number * 37 * RATE * 2
        self.sound = sound[begin:] + sound[:begin]
        command = [os.environ["OTKLIK_BIN"], "record", "--folder", f"{folder}/recorder{number}", "--rate", str(RATE),
                   "--server", f"http://127.0.0.1:{server.port}", "--code", code]
        os.mkdir(f"{folder}/recorder{number}")
        with open(f"{folder}/recorder{number}/log", "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=log)
        self.stopping = threading.Event()
        self.preroll: list[float] = []
        self.final: list[float] = []
        self.faults: list[str] = []
        self.threads = [threading.Thread(target=self.feed),
                        threading.Thread(target=self.press_on, args=(number * WINDOW_S * 2 / RECORDERS,))]
        for thread in self.threads:
            thread.start()

    def feed(self) -> None:
        bite, began, fed = int(BITE_S * RATE) * 2, time.monotonic(), 0
        try:
            while not self.stopping.is_set():
                at = fed % (len(self.sound) - bite)
                self.process.stdin.write(self.sound[at:at + bite])
                self.process.stdin.flush()
                fed += bite
                time.sleep(max(0.0, began + fed / 2 / RATE - time.monotonic()))
            self.process.stdin.close()
        except OSError as error:
            self.faults.append(f"the recorder ended: {error}")

    def press_on(self, later: float) -> None:
        until = time.monotonic() + FIRST_S + SECONDS
        if self.stopping.wait(FIRST_S + later):
            return
        try:
            while time.monotonic() < until:
                self.press()
        except RuntimeError as error:
            self.faults.append(str(error))

    def press(self) -> None:
        began = time.monotonic()
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        made = must(self.button.call("POST", "/presses", {"press_id": str(uuid.uuid4()), "key": "1", "pressed_at": at}))
        clip = self.until(began, lambda: must(self.desk.call("GET", f"/signals/{made['signal_id']}")).get("clip_id"))
        url = self.until(began, lambda: self.played(clip))
        self.preroll.append(time.monotonic() - began)
        if not url:
            raise RuntimeError("nothing can be played")
        self.until(began, lambda: must(self.desk.call("GET", f"/clips/{clip}"))["state"] == "final")
        self.final.append(time.monotonic() - began - WINDOW_S)

    def played(self, clip: str) -> str:
        """The address of a track that gives sound of before the press."""
        version = must(self.desk.call("GET", f"/clips/{clip}")).get("version")
        if not version or version["length_samples"] < 48_000 * (WINDOW_S - 1):
            return ""
        url = version["tracks"][0]["url"].removeprefix("/api/v1")
        return url if self.desk.call("GET", url).body.startswith(b"OggS") else ""

    @staticmethod
    def until(began: float, ask):
        while not (found := ask()):
            if time.monotonic() - began > WAIT_S_MAX:
                raise RuntimeError(f"not within {WAIT_S_MAX} s")
            time.sleep(ASK_S)
        return found

    def stop(self) -> None:
        self.threads[1].join()
        self.stopping.set()
        self.threads[0].join()
        self.process.wait(30)


def p95(values: list[float]) -> list[float]:
    return [sorted(values)[int(len(values) * 0.95)]] if values else []


def live() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        with open(speech(folder), "rb") as file:
            sound = file.read()
        server = Server(folder).start()
        try:
            World(server)
            points = [Point(server, folder, number, sound) for number in range(RECORDERS)]
            for point in points:
                point.stop()
        finally:
            server.stop()
    faults = [fault for point in points for fault in point.faults]
    if faults:
        raise Missing("; ".join(faults[:3]))
    preroll = [each for point in points for each in point.preroll]
    final = [each for point in points for each in point.final]
    what = f"{RECORDERS} live recorders, {len(preroll)} presses"
    return [Row(f"press to playable, p95, {what}", "s", p95(preroll), f"<= {PREROLL_S_MAX:g}", PREROLL_S_MAX),
            Row(f"whole after its window, p95, {what}", "s", p95(final), f"<= {FINAL_S_MAX:g}", FINAL_S_MAX)]
