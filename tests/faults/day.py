"""A short day of one shop, by the public routes: presses, sound in every way it can come, clips, checks, settings.
What is acknowledged on the way is noted."""
import hashlib
import struct
import time

from heard import Acknowledgements, Desk, HeardClient, ShimServer
from presser import FILE_S, instant, press_body, wav_of
from server import World, must
from shim import Shim
from tus import TusUpload

SETTLE_S_MAX = 30
CHUNK_PACKETS = 250  # 5 s
SILENT_PACKET = b"\xf8\xff\xfe"  # 20 ms of digital silence
OF_PRESS = "select count(*) from signal where press_id = :it"
UNDONE = "select count(*) from signal_undo join signal on signal.id = signal_undo.signal_id where press_id = :it"
SCORED = "select score from signal_score join signal on signal.id = signal_score.signal_id where press_id = :it"
ORIGINAL = "select count(*) from original where name = :it"
UPLOADED = "select count(*) from upload where name = :it and bytes_done >= {}"
RECEIVED = "select count(*) from live_session where incarnation = 7 and whole_sequence >= :it"
SETTING = "select count(*) from setting where name = 'goal.signal_min' and value = :it"
CUT = ("select clip.state from clip join clip_signal on clip_signal.clip_id = clip.id"
       " join signal on signal.id = clip_signal.signal_id where press_id = :it")
# What must never be seen, whatever the cut.
NEVER = {
    "signals with two clips": "select signal_id from clip_signal group by signal_id having count(*) > 1",
    "clips of no signal": "select id from clip where signal_id not in (select id from signal)",
    "clips that are final without a cut": "select id from clip where state = 'final' and reason = 'whole'"
                                          " and id not in (select clip_id from clip_version)",
    "files without a media_file": "select id from original where media_file_id not in (select id from media_file)",
    "segments of no file": "select id from segment where media_file_id not in (select id from media_file)",
    "segments beyond their file": "select segment.id from segment join media_file on media_file.id"
                                  " = segment.media_file_id where byte_begin + byte_count > bytes",
    "sessions without a track": "select id from recording_session where id not in (select session_id from track)",
    "facts of no company": "select id from fact where company_id not in (select id from company)",
}


def chunk_batch(incarnation: int, first: int, count: int, ended_at: float) -> bytes:
    """Chunks of five seconds of silence, as media/chunk.h lays them out; the newest ended at that instant."""
    ended_us = int(ended_at * 1e6)
    out = b"OKB1" + struct.pack("<QIBBHqIIqq", incarnation, 0, 0, 1, count, int(time.time() * 1e6), 0, 48_000, 0, 0)
    sound = (struct.pack("<H", len(SILENT_PACKET)) + SILENT_PACKET) * CHUNK_PACKETS + b"\0\0" * CHUNK_PACKETS
    for sequence in range(first, first + count):
        samples = CHUNK_PACKETS * 960
        out += struct.pack("<IIBBHqqqI", sequence, 1, 0, 0, CHUNK_PACKETS, sequence * samples, samples,
                           ended_us - (first + count - 1 - sequence) * 5_000_000, len(sound))
        out += hashlib.sha256(sound).digest() + sound
    return out


def form_body() -> dict:
    answers = [{"key": key, "label": key, "value_num": number, "value_den": 1}
               for key, number in (("yes", 1), ("no", 0))]
    item = {"key": "heard", "text": "Выслушал", "weight": 1, "answers": answers}
    return {"scoring": "percentage", "na": "remove",
            "sections": [{"key": "main", "title": "Разговор", "items": [item]}]}


class Day:
    """Its steps in their order; each may be left out for a shorter one, but for the first."""

    def __init__(self, shim: Shim) -> None:
        self.shim = shim
        self.server = ShimServer(shim)
        self.known = Acknowledgements(shim)
        self.base = time.time() - 7_200
        self.live_end = self.base + 5_400
        self.signals: dict[str, str] = {}

    def open(self) -> None:
        self.server.start()
        self.world = World(self.server, window_ms=1_000)
        self.connect()
        answer = self.door.call("GET", "/devices")
        self.known.row(answer, "the device", "select count(*) from device where name = :it", "Пульт")
        self.known.row(answer, "the company", "select count(*) from company where name = :it", "Сервис")
        self.known.row(answer, "the account", "select count(*) from account where login = :it", "admin")

    def connect(self) -> None:
        """Also after a start anew."""
        self.door = self.server.admin()
        self.button = HeardClient(self.server.tcp, self.world.token)
        self.desk = Desk(self.server.tcp, "admin", self.world.password)

    def press(self, press_id: str) -> None:
        answer = self.button.call("POST", "/presses", press_body(press_id, self.base, FILE_S * 2))
        self.signals[press_id] = must(answer, 200, 201)["signal_id"]
        self.known.row(answer, f"press {press_id}", OF_PRESS, press_id)

    def presses(self, prefix: str, count: int) -> None:
        for number in range(count):
            self.press(f"{prefix}{number}")
        self.press(f"{prefix}0")  # sent again

    def batch(self, prefix: str, count: int) -> None:
        bodies = [press_body(f"{prefix}{number}", self.base, FILE_S * 2) for number in range(count)]
        for _ in range(2):
            answer = self.button.call("POST", "/presses/batch", {"presses": bodies})
            for item in must(answer)["items"]:
                self.known.row(answer, f"press {item['press_id']}", OF_PRESS, item["press_id"])

    def undo_and_score(self, undone: str, scored: str) -> None:
        answer = self.button.call("POST", "/presses/undo", {"press_id": undone})
        must(answer)
        self.known.row(answer, f"undo of {undone}", UNDONE, undone)
        answer = self.button.call("POST", "/presses/score", {"press_id": scored, "score": 7})
        must(answer)
        self.known.row(answer, f"score of {scored}", SCORED, scored, 7)

    def import_file(self, number: int) -> None:
        answer = self.door.call("POST", f"/recorders/{self.world.recorder}/recordings?name=part{number}.wav&starts_at="
                                + instant(self.base, number * FILE_S), wav_of(number))
        must(answer, 200, 201)
        self.known.row(answer, f"import {number}", ORIGINAL, f"part{number}.wav")

    def upload(self, number: int, pieces: int) -> None:
        body, name = wav_of(number), f"piece{number}.wav"
        tus = TusUpload(self.desk, self.world.recorder, name, instant(self.base, number * FILE_S), len(body))
        must(tus.begun, 201)
        self.known.row(tus.begun, f"upload {number}", UPLOADED.format(0), name)
        size = len(body) // pieces + 1
        for at in range(0, len(body), size):
            self.known.replaced(f"upload {number}")
            answer = tus.piece(at, body[at:at + size])
            must(answer, 204)
            done = min(at + size, len(body))
            self.known.row(answer, f"upload {number}", UPLOADED.format(done), name)
            if done < len(body):
                self.known.file(answer, f"bytes of upload {number}", f"data/uploads/{tus.path.rsplit('/', 1)[1]}",
                                done, hashlib.sha256(body[:done]).hexdigest())
            else:
                self.known.replaced(f"bytes of upload {number}")
        self.wait(lambda: tus.state() == "done", "the upload is not read")
        self.known.row(self.desk.call("GET", tus.path), f"recording of upload {number}", ORIGINAL, name)

    def begin_live(self) -> None:
        self.recorder = must(self.desk.call("POST", "/recorders", {"name": "Живой"}))["id"]
        must(self.desk.call("PUT", f"/recorders/{self.recorder}/placement",
                            {"point_id": self.world.point, "begin_at": "2026-01-01T00:00:00Z"}))
        code = must(self.desk.call("POST", f"/recorders/{self.recorder}/agent"))["code"]
        answer = HeardClient(self.server.tcp).call("POST", "/agent/pair", {"code": code, "program": "faults"})
        self.agent = HeardClient(self.server.tcp, must(answer)["token"])
        self.sequence = 0

    def chunks(self, count: int) -> None:
        self.live_end += count * 5
        body = chunk_batch(7, self.sequence, count, self.live_end)
        self.known.replaced("live sound")
        answer = self.agent.call("POST", "/agent/chunks", body, {"Content-Type": "application/octet-stream"})
        items = must(answer)["items"]
        if any(item["answer"] != "stored" for item in items):
            raise RuntimeError(f"chunks: {items}")
        self.sequence += count
        self.known.row(answer, "live sound", RECEIVED, self.sequence)

    def check(self, press_id: str) -> None:
        """A form, and a check by it of the clip of a press."""
        form = must(self.desk.call("POST", "/forms", {"name": "Сигнал", "purpose": "signal", "body": form_body()}))
        clip = must(self.desk.call("GET", f"/signals/{self.signals[press_id]}"))["clip_id"]
        check = must(self.desk.call("POST", "/checks", {"form_id": form["id"], "clip_id": clip}))
        place = {"item": "heard", "channel": 0, "clip_sample": 0}
        must(self.desk.call("POST", f"/checks/{check['id']}/evidence", place))
        version = must(self.desk.call("GET", f"/checks/{check['id']}"))["version"]
        saved = must(self.desk.call("PUT", f"/checks/{check['id']}/answers",
                                    {"items": [{"item": "heard", "answer": "yes", "comment": "да"}]},
                                    {"If-Match": f'"{version}"'}))
        answer = self.desk.call("POST", f"/checks/{check['id']}/finish", None,
                                {"If-Match": f'"{saved["version"]}"'})
        must(answer)
        self.known.row(answer, "the check", "select count(*) from check_sheet where state = :it", "done")

    def goal(self, minutes: int) -> None:
        self.known.replaced("the goals")
        answer = self.desk.call("PUT", "/settings/day-goals",
                                {"signal_min": minutes, "complaint_min": 30, "check_min": 60})
        must(answer)
        self.known.row(answer, "the goals", SETTING, minutes)

    def wait(self, done, otherwise: str) -> None:
        until = time.monotonic() + SETTLE_S_MAX
        while not done():
            if time.monotonic() > until:
                raise RuntimeError(f"{otherwise} within {SETTLE_S_MAX} s; the log: {self.server.log_tail()[-800:]}")
            time.sleep(0.05)

    def clips(self, *press_ids: str) -> None:
        """They are cut, and seen to be so."""
        for press_id in press_ids:
            self.wait(lambda: self.server.sql(CUT.replace(":it", f"'{press_id}'")) == [("final",)],
                      f"no clip of {press_id}")
            self.known.row(self.door.call("GET", "/signals?limit=1"), f"clip of {press_id}", CUT, press_id, "final")

    def restart(self) -> None:
        self.server.stop()
        self.server.start()
        self.connect()

    def run(self, size: int) -> None:
        self.open()
        self.presses("a", 3 * size)
        self.import_file(0)
        self.batch("b", 5 * size)
        self.begin_live()
        self.chunks(2)
        self.upload(1, 3)
        self.undo_and_score("a1", "a2")
        self.goal(111)
        self.chunks(11)
        self.clips("a0", "a2", "b1")
        self.check("a0")
        self.chunks(2)
        self.goal(222)
        self.restart()
        self.presses("c", 2 * size)
        self.clips("c0")
        self.server.stop()
