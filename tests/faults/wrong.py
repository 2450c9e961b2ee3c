"""Wrong input through HTTP: the right status, code and field, and nothing stored."""
import glob
import os
import tempfile

from server import Client, Refused, Server, World

AT = "2026-11-20T10:00:00Z"
GOOD = {"press_id": "p1", "key": "1", "pressed_at": AT}
JSON_HEADER = {"Content-Type": "application/json"}
DEEP = b'{"press_id":' + b"[" * 100 + b"]" * 100 + b',"key":"1"}'
# A well-formed second of full-scale noise bits: sound for the decoder, so it is stored.
SALVAGED = ("pyannote-audio_empty.wav",)
TABLES = ("signal", "signal_undo", "site", "point", "person", "account", "device", "button_map", "recorder",
          "placement", "original", "recording_session", "track", "segment", "media_file", "clip", "clip_version",
          "form", "form_version", "check_sheet", "draw", "transcript", "bookmark", "duty", "job", "garbage")


def press_cases() -> list[tuple]:
    """(name, path, body, status, code or "", field or "")"""
    return [
        ("unknown field", "/presses", {**GOOD, "colour": "red"}, 400, "field.unknown", "colour"),
        ("missing field", "/presses", {"press_id": "p1"}, 400, "field.missing", "key"),
        ("number for text", "/presses", {**GOOD, "key": 1}, 400, "field.type", "key"),
        ("text for a length", "/presses", {**GOOD, "age_ms": "5"}, 400, "field.type", "age_ms"),
        ("fraction for a length", "/presses", {**GOOD, "age_ms": 1.5}, 400, "field.type", "age_ms"),
        ("null for text", "/presses", {**GOOD, "press_id": None}, 400, "", "press_id"),
        ("day 31 of February", "/presses", {**GOOD, "pressed_at": "2026-02-31T10:00:00Z"}, 400, "", "pressed_at"),
        ("hour 25", "/presses", {**GOOD, "pressed_at": "2026-11-20T25:00:00Z"}, 400, "", "pressed_at"),
        ("no zone", "/presses", {**GOOD, "pressed_at": "2026-11-20T10:00:00"}, 400, "", "pressed_at"),
        ("year 9999", "/presses", {**GOOD, "pressed_at": "9999-01-01T00:00:00Z"}, 400, "", "pressed_at"),
        ("year 1900", "/presses", {**GOOD, "pressed_at": "1900-01-01T00:00:00Z"}, 400, "", "pressed_at"),
        ("negative age", "/presses", {"press_id": "p1", "key": "1", "age_ms": -1}, 400, "", "age_ms"),
        ("empty identity", "/presses", {**GOOD, "press_id": ""}, 400, "", "press_id"),
        ("long identity", "/presses", {**GOOD, "press_id": "x" * 65}, 400, "", "press_id"),
        ("NUL in a text", "/presses", {**GOOD, "press_id": "a\0b"}, 400, "", ""),
        ("not UTF-8", "/presses", b'{"press_id":"\xff\xfe","key":"1"}', 400, "", ""),
        ("half a document", "/presses", b'{"press_id":"p1","key":', 400, "", ""),
        ("no document", "/presses", b"", 400, "", ""),
        ("a list", "/presses", [GOOD], 400, "", ""),
        ("equal keys", "/presses", b'{"press_id":"a","press_id":"b","key":"1"}', 400, "json.duplicate_key",
         "press_id"),
        ("deep", "/presses", DEEP, 400, "", ""),
        ("infinite", "/presses", b'{"press_id":"a","key":"1","age_ms":1e999}', 400, "", ""),
        ("oversized", "/presses", {**GOOD, "press_id": "x" * 5000}, 413, "", ""),
        ("unknown field in a batch", "/presses/batch", {"presses": [{**GOOD, "colour": 1}]}, 400, "field.unknown",
         "presses[0].colour"),
        ("batch of 1001", "/presses/batch",
         {"presses": [{**GOOD, "press_id": f"p{n}"} for n in range(1001)]}, 400, "", "presses"),
        ("undo of an unknown press", "/presses/undo", {"press_id": "nobody"}, 404, "", ""),
        ("a foreign device", "/presses", {**GOOD, "device_id": "device_0000000000001"}, 404, "", "device_id"),
    ]


def desk_cases(world: World) -> list[tuple]:
    """(name, method, path, body, status, code or "", field or "") for an administrator"""
    device = {"name": "x", "point_id": world.point}
    button = {"key": "1", "label": "Да", "kind": "answer"}
    return [
        ("zone that is not", "POST", "/sites", {"name": "x", "zone": "Mars/Base"}, 400, "", "zone"),
        ("name too long", "POST", "/sites", {"name": "x" * 301, "zone": "UTC"}, 400, "", "name"),
        ("unknown field", "POST", "/sites", {"name": "x", "zone": "UTC", "x": 1}, 400, "field.unknown", "x"),
        ("point of no site", "POST", "/points", {"name": "x", "site_id": "site_0000000000001"}, 404, "", "site_id"),
        ("id of another kind", "POST", "/points", {"name": "x", "site_id": world.point}, 400, "", "site_id"),
        ("id that is none", "POST", "/devices", {"name": "x", "point_id": "'; drop"}, 400, "", "point_id"),
        ("device of no point", "POST", "/devices", {"name": "x", "point_id": "point_0000000000001"}, 404, "",
         "point_id"),
        ("a key twice", "POST", "/devices", {**device, "buttons": [button, button]}, 400, "", ""),
        ("window of an hour", "POST", "/devices",
         {**device, "buttons": [{**button, "window_after_ms": 3_600_000}]}, 400, "", "buttons[0].window_after_ms"),
        ("kind that is not", "POST", "/devices", {**device, "buttons": [{**button, "kind": "rage"}]}, 400, "",
         "buttons[0].kind"),
        ("three channels", "POST", "/recorders", {"name": "x", "channels": 3}, 400, "", "channels"),
        ("flag as text", "POST", "/people", {"name": 5}, 400, "field.type", "name"),
        ("role that is not", "POST", "/accounts", {"person_id": "person_0000000000001", "login": "q",
                                                  "role": "king", "language": "ru"}, 400, "", "role"),
        ("unknown clip", "GET", "/clips/clip_0000000000001", None, 404, "", ""),
        ("id of nonsense", "GET", "/clips/%00%ff", None, 400, "", ""),
        ("way out of the folder", "GET", "/clips/..%2f..%2fetc", None, 400, "", ""),
        ("unknown route", "GET", "/nowhere", None, 404, "", ""),
        ("wrong method", "DELETE", "/zones", None, 405, "method.wrong", ""),
        ("day that is not", "GET", "/signals?from=2026-02-30", None, 400, "", "from"),
        ("upload without a start", "POST", f"/recorders/{world.recorder}/recordings?name=x.wav", b"RIFF", 400,
         "start.unknown", "starts_at"),
        ("upload of nothing", "POST", f"/recorders/{world.recorder}/recordings?name=x.wav&starts_at={AT}", b"", 400,
         "audio.empty", ""),
        ("upload of text", "POST", f"/recorders/{world.recorder}/recordings?name=x.wav&starts_at={AT}",
         b"hello, this is no sound" * 100, 400, "", ""),
        ("upload of a playlist", "POST", f"/recorders/{world.recorder}/recordings?name=x.m3u8&starts_at={AT}",
         b"#EXTM3U\nfile:///etc/passwd\n", 400, "", ""),
        ("upload to no recorder", "POST", f"/recorders/recorder_0000000000001/recordings?name=x&starts_at={AT}",
         b"RIFF", 404, "", ""),
    ]


class WrongCampaign:
    def __init__(self, server: Server, world: World) -> None:
        self.server, self.world = server, world
        self.problems: list[str] = []
        self.asked = 0

    def counts(self) -> dict[str, int]:
        return {table: self.server.number(f"select count(*) from {table}") for table in TABLES}

    def ask(self, client: Client, name: str, method: str, path: str, body, due: tuple) -> None:
        self.asked += 1
        status, code, field = due
        try:
            answer = client.call(method, path, body, {} if "/recordings" in path else JSON_HEADER)
        except Refused as error:
            self.problems.append(f"{name}: the connection broke: {error}")
            return
        if answer.status != status:
            self.problems.append(f"{name}: {answer.status} {answer.body[:200]!r}, not {status}")
        elif not answer.headers.get("content-type", "").startswith("application/problem+json"):
            self.problems.append(f"{name}: no problem document but {answer.headers.get('content-type')}")
        elif code and answer.code != code:
            self.problems.append(f"{name}: code {answer.code}, not {code}")
        elif field and answer.field != field:
            self.problems.append(f"{name}: field {answer.field!r}, not {field!r} ({answer.code})")
        elif not answer.json.get("detail") and not answer.json.get("title"):
            self.problems.append(f"{name}: refused without a word")

    def run(self, shared: str) -> list[str]:
        before = self.counts()
        device = Client(self.server.tcp, self.world.token)
        for name, path, body, *due in press_cases():
            self.ask(device, f"press, {name}", "POST", path, body, tuple(due))
        self.ask(Client(self.server.tcp, "otk_wrong"), "foreign token", "POST", "/presses", GOOD, (401, "", ""))
        self.ask(Client(self.server.tcp), "no token", "POST", "/presses", GOOD, (401, "", ""))
        self.ask(device, "a device reads the inbox", "GET", "/signals", None, (403, "", ""))
        door = self.server.admin()
        for name, method, path, body, *due in desk_cases(self.world):
            self.ask(door, f"desk, {name}", method, path, body, tuple(due))
        self.compare(before, "after wrong words")
        if shared:
            self.hostile(shared, door)
        answer = Client(self.server.tcp).call("GET", "//healthz")
        if answer.status != 200:
            self.problems.append(f"the server is not healthy after it: {answer.status}")
        return self.problems

    def hostile(self, shared: str, door: Client) -> None:
        """Refused with a reason and nothing stored, or salvaged as what it is: sound, the original kept whole."""
        for number, path in enumerate(sorted(glob.glob(f"{shared}/data/audio/hostile/*"))):
            name, before = os.path.basename(path), self.counts()
            with open(path, "rb") as file:
                body = file.read()
            self.asked += 1
            answer = door.call("POST", f"/recorders/{self.world.recorder}/recordings?name={name}"
                               f"&starts_at=2026-11-20T1{number}:00:00Z", body)
            if answer.status == 201:
                if name not in SALVAGED:
                    self.problems.append(f"{name}: stored, {answer.body[:200]!r}")
            elif answer.status not in (400, 413, 415):
                self.problems.append(f"{name}: {answer.status} {answer.body[:200]!r}")
            else:
                if not answer.code.startswith("audio."):
                    self.problems.append(f"{name}: code {answer.code}")
                self.compare(before, name)
        found = self.server.fsck()
        if found:
            self.problems.append(f"fsck finds {found[:3]}")

    def compare(self, before: dict[str, int], when: str) -> None:
        after = self.counts()
        for table, count in after.items():
            if count != before[table]:
                self.problems.append(f"{when}: {table} had {before[table]} rows, has {count}")




def run(shared: str) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="otklik-wrong-") as folder:
        server = Server(folder).start()
        try:
            campaign = WrongCampaign(server, World(server))
            problems = campaign.run(shared)
            hostile = "" if shared else "; no shared folder, hostile files skipped"
            print(f"  {campaign.asked} wrong requests{hostile}")
            return problems
        finally:
            server.stop()
