"""The board and the figures over many signals: how long an answer takes and what CPU it costs the server."""
import datetime
import os
import sqlite3
import subprocess
import tempfile
import time

from bench import RUNS, Row
from database import Database
from server import Server, World, must

SIGNALS = int(os.environ.get("OTKLIK_BENCH_SIGNALS", "1000000"))
DAYS = 365
POINTS = 20
NEWEST_US = 1_795_000_000_000_000
NUMBERS = {"sqlite": "with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})",
           "postgres": "with n(i) as (select generate_series(1, cast({count} as bigint)))"}
# Ids far below those that the program makes; a signal, its clip and its check have the same.
FILL = [
    (POINTS, "insert into point (id, company_id, unit, site_id, name, name_fold, created_at)"
     " select i, p.company_id, p.unit, p.site_id, 'P' || i, 'p' || i, 0 from n, (select * from point limit 1) p"),
    (SIGNALS, "insert into signal (id, company_id, unit, point_id, device_id, press_id, key, content_hash,"
     " pressed_at, uncertainty_us, received_at, button_id, signal_kind, local_day, local_hour, undone, state)"
     " select i, d.company_id, d.unit, 1 + i % {points}, d.id, 'x' || i, '1', d.token_hash,"
     " {newest} - i * {step}, 1000, {newest} - i * {step}, b.first + i % 3, 'answer',"
     " ({newest} - i * {step}) / 86400000000, i % 24, case when i % 50 = 0 then 1 else 0 end, 'new'"
     " from n, (select * from device limit 1) d, (select min(id) as first from button) b"),
    (SIGNALS, "insert into clip (id, company_id, unit, point_id, signal_id, asked_begin_at, asked_end_at,"
     " uncertainty_us, state, reason, give_up_at, local_day, created_at, changed_at)"
     " select i, d.company_id, d.unit, 1 + i % {points}, i, {newest} - i * {step}, {newest} - i * {step} + 1, 0,"
     " case i % 200 when 0 then 'waiting_upload' when 1 then 'failed' else 'final' end, 'r', 0,"
     " ({newest} - i * {step}) / 86400000000, 0, 0 from n, (select * from device limit 1) d"),
    (SIGNALS // 50, "insert into check_sheet (id, company_id, unit, form_id, form_version_id, purpose, clip_id,"
     " point_id, checker_id, state, outcome, score_num, score_den, score_sort, local_day, started_at, done_at)"
     " select i, d.company_id, d.unit, 1, 1, 'signal', i * 50 + 3, 1 + i % {points}, 1, 'done', 'scored', i % 11,"
     " 10, 0, ({newest} - (i * 50 + 3) * {step}) / 86400000000, 0, 0 from n, (select * from device limit 1) d"),
    (SIGNALS // 2, "insert into signal_coding (signal_id, company_id, unit, what, coded_at)"
     " select i * 2, d.company_id, d.unit, 'w', 0 from n, (select * from device limit 1) d"),
]


def fill(server: Server, texts: list[tuple[int, str]], signals: int) -> None:
    which = "postgres" if server.postgres else "sqlite"
    values = {"points": POINTS, "newest": NEWEST_US, "step": DAYS * 86_400_000_000 // signals}
    execute(server, [f"{NUMBERS[which].format(count=count)} {text.format(**values)}" for count, text in texts])


def execute(server: Server, statements: list[str]) -> None:
    """On the database of a server that is stopped."""
    if server.postgres:
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", server.postgres], text=True, check=True,
                       input=";\n".join(statements) + ";\nvacuum analyze;", stdout=subprocess.DEVNULL)
        return
    database = sqlite3.connect(f"{server.data}/otklik.db", isolation_level=None)
    database.execute("pragma journal_mode = wal")
    for statement in statements:
        database.execute(statement)
    database.close()


def cpu_s(server: Server) -> float:
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def day(back: int) -> str:
    return (datetime.date.fromtimestamp(NEWEST_US / 1e6) - datetime.timedelta(days=back)).isoformat()


def wait_for_sums(door) -> float:
    """Seconds until the days of before this start are summed up (stage figures.fill)."""
    began = time.monotonic()
    while time.monotonic() - began < 1800:
        metrics = door.call("GET", "//metrics").body.decode()
        waiting = [line for line in metrics.splitlines() if 'stage="figures.fill"' in line]
        if not any(float(line.rsplit(" ", 1)[1]) > 0 for line in waiting):
            return time.monotonic() - began
        time.sleep(0.2)
    raise RuntimeError("figures.fill did not end")


def rows_behind(door, n: int) -> int:
    """Pages of the year's drill-down, first and last: the total is the figure's n."""
    page = must(door.call("GET", f"/figures/signals/rows?from={day(DAYS - 1)}&to={day(0)}&limit=500"))
    if page["total"] != n:
        raise RuntimeError(f"{page['total']} rows behind a figure of {n}")
    return len(page["items"])


def measured(name: str, postgres: str) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        server = Server(folder, postgres).start()
        try:
            World(server)
            server.stop()
            fill(server, FILL, SIGNALS)
            server.start()
            door = server.admin()
            door.timeout = 120
            rows.append(Row(f"sums of {SIGNALS} signals, {name}", "s", [wait_for_sums(door)], ""))
            for span, back in (("a month", 29), ("a year", DAYS - 1)):
                for title, path in (("board", "/board?"), ("figures by day", "/figures?by=day&"),
                                    ("figures by person", "/figures?by=person&"),
                                    ("rows behind the signals", "/figures/signals/rows?"),
                                    ("counts of the inbox", "/signals/counts?")):
                    took, cpu, refused = [], [], ""
                    for _ in range(RUNS):
                        began, before = time.monotonic(), cpu_s(server)
                        answer = door.call("GET", f"{path}from={day(back)}&to={day(0)}")
                        refused = answer.code
                        took.append((time.monotonic() - began) * 1000)
                        cpu.append((cpu_s(server) - before) * 1000)
                    if not refused:
                        must(answer)
                    goal = {"limit": 5000, "goal": "<= 5000"} if title != "counts of the inbox" else {"goal": ""}
                    rows.append(Row(f"{title} of {span}, {SIGNALS} a year, {name}", "ms", took, peer=refused, **goal))
                    rows.append(Row("the same, CPU of the server", "ms", cpu, "", peer=refused))
            year = must(door.call("GET", f"/figures?name=signals&from={day(DAYS - 1)}&to={day(0)}"))
            rows_behind(door, year["items"][0]["n"])
        finally:
            server.stop()
    return rows


def board() -> list[Row]:
    rows = measured("SQLite", "")
    dsn = os.environ.get("OTKLIK_TEST_PG", "")
    if not dsn:
        return rows + [Row.missing("board, PostgreSQL", "OTKLIK_TEST_PG is not set")]
    with Database(dsn) as own:
        return rows + measured("PostgreSQL", own)
