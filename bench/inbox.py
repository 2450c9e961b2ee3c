"""The inbox over 100 000 signals: its first page with the counts beside it, and a scroll through 5 000 rows."""
import os
import tempfile
import time

from bench import RUNS, Row
from board import FILL, execute, fill
from database import Database
from server import Server, World, must

SIGNALS = int(os.environ.get("OTKLIK_BENCH_INBOX", "100000"))
OPEN_MS_MAX = 1000
PAGE_MS_MAX = 300  # a person who drags the bar sees 60 rows a second go by; a page has 100
SIGHT = (1, "insert into sight (unit, kind, at, id) select g.unit, 'signal', s.pressed_at, s.id from n,"
            " signal s, (select unit from account_grant limit 1) g")
# Nearly all is done, and what is not is the oldest: the queue must not be looked for among it.
DONE = "update signal set state = 'done' where id < {done}"


def timed(door, path: str) -> tuple[float, dict]:
    began = time.monotonic()
    answer = must(door.call("GET", path))
    return (time.monotonic() - began) * 1000, answer


def scrolled(door, path: str, pages: int) -> list[float]:
    took, after = [], ""
    for _ in range(pages):
        ms, page = timed(door, f"{path}&after={after}")
        took.append(ms)
        after = page.get("next") or ""
        if not after:
            break
    return took


def measured(name: str, postgres: str) -> list[Row]:
    rows = []
    scale = [(SIGNALS if count > 1000 else count, text) for count, text in FILL[:3]] + [SIGHT]
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        server = Server(folder, postgres).start()
        try:
            World(server)
            server.stop()
            fill(server, scale, SIGNALS)
            server.start()
            door = server.admin()
            door.timeout = 60

            def opened(title: str, state: str) -> None:
                took = []
                for _ in range(RUNS):
                    page, _ = timed(door, f"/signals?state={state}&limit=100")
                    counts, _ = timed(door, "/signals/counts?")
                    took.append(page + counts)
                rows.append(Row(f"{title}, {name}", "ms", took, f"<= {OPEN_MS_MAX}", OPEN_MS_MAX))

            opened(f"inbox of {SIGNALS} new signals opens", "new")
            pages = scrolled(door, "/signals?state=new&limit=100", 50)
            rows.append(Row(f"a page of it while scrolling, {name}", "ms", pages, f"<= {PAGE_MS_MAX}", PAGE_MS_MAX))
            day, _ = timed(door, "/me/day?limit=300")
            rows.append(Row(f"my day over them, {name}", "ms", [day], f"<= {OPEN_MS_MAX}", OPEN_MS_MAX))
            server.stop()
            execute(server, [DONE.format(done=SIGNALS - 50)])
            server.start()
            door = server.admin()
            door.timeout = 60
            opened(f"inbox opens with 50 new behind {SIGNALS} done", "new")
            opened(f"{SIGNALS} done ones open", "done")
        finally:
            server.stop()
    return rows


def inbox() -> list[Row]:
    rows = measured("SQLite", "")
    dsn = os.environ.get("OTKLIK_TEST_PG", "")
    if not dsn:
        return rows + [Row.missing("inbox, PostgreSQL", "OTKLIK_TEST_PG is not set")]
    with Database(dsn) as own:
        return rows + measured("PostgreSQL", own)
