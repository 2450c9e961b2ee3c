"""Clips out of a year of 50 recorders, against the same clips where only their own day is known: the presses come
late, their sound lies there, and the server is asked until all clips are whole."""
import os
import statistics
import tempfile
import time
import uuid
from datetime import datetime, timezone

from bench import RUNS, Row, day_wav, speech
from board import NUMBERS, execute
from database import Database
from presser import instant
from server import BASIS, Client, Server, World, must

RECORDERS, DAYS = 50, 365
HOURS = int(os.environ.get("OTKLIK_BENCH_YEAR_HOURS", "8"))  # a day of each
PRESSES = 200  # in one batch: one alone waits longer for its job to begin than it is cut
FILE_H = 0.5
RATIO_MAX = 1.25
ASK_S = 0.01
DAY_US, HOUR_US, MINUTE_SAMPLES = 86_400_000_000, 3_600_000_000, 60 * 48_000
# The last of the recorders is the one whose sound is cut; the others stand at points of their own. Ids far below those
# that the program makes. A segment is a minute, its page index shorter than a real one (16 bytes of 480).
WHOLE = "select count(*) from clip where state = 'final'"
SESSION = "1000000 + (i - 1)"
RECORDER = "case when (i - 1) % {recorders} = 0 then {recorder} else (i - 1) % {recorders} end"
POINT = "case when (i - 1) % {recorders} = 0 then {point} else (i - 1) % {recorders} end"
BEGIN = "{newest} - ((i - 1) / {recorders} + 1) * {day}"
OWNER = "(select company_id, unit, site_id from point limit 1) p"
FILL = [
    (RECORDERS - 1, "insert into point (id, company_id, unit, site_id, name, name_fold, created_at)"
     f" select i, p.company_id, p.unit, p.site_id, 'P' || i, 'p' || i, 0 from n, {OWNER}"),
    (RECORDERS - 1, "insert into recorder (id, company_id, unit, name, name_fold, pickup, created_at)"
     f" select i, p.company_id, p.unit, 'R' || i, 'r' || i, 'upload', 0 from n, {OWNER}"),
    (RECORDERS - 1, "insert into placement (id, company_id, unit, recorder_id, point_id, begin_at)"
     f" select i, p.company_id, p.unit, i, i, 0 from n, {OWNER}"),
    (RECORDERS * DAYS, "insert into recording_session (id, company_id, unit, recorder_id, point_id, begin_at, end_at,"
     " uncertainty_us, length_samples, state, created_at)"
     f" select {SESSION}, p.company_id, p.unit, {RECORDER}, {POINT}, {BEGIN}, {BEGIN} + {{length}}, 1000,"
     f" {{samples}}, 'closed', {BEGIN} from n, {OWNER}"),
    (RECORDERS * DAYS, "insert into track (id, company_id, unit, session_id, channel, role, pre_skip)"
     f" select {SESSION}, p.company_id, p.unit, {SESSION}, 0, 'mix', 312 from n, {OWNER}"),
    (RECORDERS * DAYS, "insert into media_file (id, company_id, kind, path, bytes, sha256, created_at)"
     f" select {SESSION}, p.company_id, 'track', 'year/' || i, 1, cast('0' as {{blob}}), 0 from n, {OWNER}"),
    (RECORDERS * DAYS, "insert into clock_map (id, company_id, unit, session_id, number, points, anchors,"
     f" uncertainty_us, created_at) select {SESSION}, p.company_id, p.unit, {SESSION}, 1, '[[0,' || ({BEGIN}) ||"
     f" '],[' || {{samples}} || ',' || ({BEGIN} + {{length}}) || ']]', '[]', 1000, {BEGIN} from n, {OWNER}"),
    (RECORDERS * DAYS * HOURS * 60, "insert into segment (id, company_id, unit, track_id, media_file_id, byte_begin,"
     " byte_count, first_packet, packet_count, first_sample, sample_count, sha256, page_index)"
     " select 100000000 + i, p.company_id, p.unit, 1000000 + (i - 1) / {minutes},"
     " 1000000 + (i - 1) / {minutes}, (i - 1) % {minutes} * 200000,"
     " 200000, (i - 1) % {minutes} * 3000, 3000, (i - 1) % {minutes} * {minute}, {minute},"
     f" cast('0123456789abcdef0123456789abcdef' as {{blob}}), cast('0123456789abcdef' as {{blob}}) from n, {OWNER}"),
]


def fill(server: Server, newest_us: int) -> None:
    which = "postgres" if server.postgres else "sqlite"
    point, recorder = server.sql("select point_id, recorder_id from placement limit 1")[0]
    values = {"recorders": RECORDERS, "newest": newest_us, "day": DAY_US, "length": HOURS * HOUR_US,
              "samples": HOURS * 60 * MINUTE_SAMPLES, "minutes": HOURS * 60, "minute": MINUTE_SAMPLES,
              "point": point, "recorder": recorder, "blob": "bytea" if server.postgres else "blob"}
    execute(server, [f"{NUMBERS[which].format(count=count)} {text.format(**values)}" for count, text in FILL])


def cut_ms(server: Server, world: World, base: float) -> list[float]:
    """Of a batch of presses spread over the file: from the request until all clips are whole, for each of them."""
    button = Client(server.tcp, world.token)
    took = []
    for _ in range(RUNS):
        whole = server.number(WHOLE) + PRESSES
        presses = [{"press_id": str(uuid.uuid4()), "key": "1",
                    "pressed_at": instant(base, 30 + number * (FILE_H * 3600 - 60) / PRESSES)}
                   for number in range(PRESSES)]
        began = time.monotonic()
        must(button.call("POST", "/presses/batch", {"presses": presses}))
        while server.number(WHOLE) < whole:
            if time.monotonic() - began > 120:
                raise RuntimeError(f"clips are not whole within two minutes: {server.log_tail()[-500:]}")
            time.sleep(ASK_S)
        took.append((time.monotonic() - began) * 1000 / PRESSES)
    return took


def measured(name: str, postgres: str) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        wav = f"{folder}/day.wav"
        day_wav(speech(folder), FILE_H, wav)
        server = Server(folder, postgres).start()
        try:
            world = World(server)
            must(server.admin().call("PUT", f"/points/{world.point}/basis", {**BASIS, "retention_days": 1_000}))
            base = time.time() - 7_200
            with open(wav, "rb") as file:
                must(server.admin().call("POST", f"/recorders/{world.recorder}/recordings?name=day.wav&starts_at="
                                         + instant(base, 0), file.read()))
            alone = cut_ms(server, world, base)
            server.stop()
            midnight = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
            fill(server, int(midnight.timestamp() * 1e6))
            server.start()
            cut_ms(server, world, base)  # the first reads of a database that was just written
            among = cut_ms(server, world, base)
            segments = server.number("select count(*) from segment")
        finally:
            server.stop()
    own = statistics.median(alone)
    ratio = statistics.median(among) / own
    return [Row(f"a late press to its whole clip, its day alone, {name}", "ms", alone, ""),
            Row(f"the same among {segments / 1e6:.1f} M segments of a year, {name}", "ms", among,
                f"<= {RATIO_MAX}x", own * RATIO_MAX, peer=f"its day alone {own:.1f}", ratio=ratio)]


def year() -> list[Row]:
    rows = measured("SQLite", "")
    dsn = os.environ.get("OTKLIK_TEST_PG", "")
    if not dsn:
        return rows + [Row.missing("a year of 50 recorders, PostgreSQL", "OTKLIK_TEST_PG is not set")]
    with Database(dsn) as own:
        return rows + measured("PostgreSQL", own)
