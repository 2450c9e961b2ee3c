"""Figures of the network: durable presses, reads beside them, idle and slow clients, a large upload, the first page."""
import gzip
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

from bench import ROOT, RUNS, Missing, Row, memory_kb, tool
from database import Database
from server import Client, Server, World, must
from tus import TusUpload

SECONDS = int(os.environ.get("OTKLIK_BENCH_SECONDS", "5"))
CONNECTIONS = 64
PRESS_LUA = """
local id = 0
local salt = os.time() .. "-" .. SALT
function setup(thread) counter = (counter or 0) + 1; thread:set("number", counter) end
function request()
  id = id + 1
  local body = string.format('{"press_id":"%s-%d-%d","key":"1","pressed_at":"2020-01-01T10:00:00Z"}', salt, number, id)
  return wrk.format("POST", "/api/v1/presses", nil, body)
end
function response(status) if status ~= 201 then wrong = (wrong or 0) + 1 end end
"""


def wrk(server: Server, path: str, headers: dict[str, str], script: str = "", connections: int = CONNECTIONS,
        scheme: str = "http") -> dict:
    command = [tool("wrk"), "-t2", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", script]
    made = subprocess.run(command + [f"{scheme}://127.0.0.1:{server.port}{path}"], capture_output=True, text=True,
                          timeout=SECONDS + 60)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", made.stdout)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", made.stdout)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", made.stdout)
    if not rate or not slow:
        raise Missing("wrk: " + (made.stdout + made.stderr)[-300:])
    if wrong:
        raise Missing(f"{wrong[1]} requests were refused")
    return {"rate": float(rate[1]), "p99": float(slow[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slow[2]]}


def press_script(folder: str, salt: str) -> str:
    path = f"{folder}/press-{salt}.lua"
    with open(path, "w", encoding="utf-8") as file:
        file.write(PRESS_LUA.replace("SALT", f'"{salt}"'))
    return path


def press_headers(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.token}", "Content-Type": "application/json"}


def press_rows(name: str, postgres: str) -> list[Row]:
    rates, slow = [], []
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        server = Server(folder, postgres).start()
        try:
            world = World(server)
            for number in range(RUNS):
                before = server.number("select count(*) from signal")
                made = wrk(server, "/api/v1/presses", press_headers(world), press_script(folder, f"n{number}"))
                kept = server.number("select count(*) from signal") - before
                if kept < made["rate"] * SECONDS * 0.95:
                    raise Missing(f"only {kept} presses are in the database")
                rates.append(made["rate"])
                slow.append(made["p99"])
        finally:
            server.stop()
    return [Row(f"durable presses over HTTP, {name}, {CONNECTIONS} connections", "/s", rates, ">= 2000", 2000, True),
            Row(f"the same, p99, {name}", "ms", slow, "<= 50", 50)]


def presses() -> list[Row]:
    rows = press_rows("SQLite", "")
    dsn = os.environ.get("OTKLIK_TEST_PG", "")
    if not dsn:
        return rows + [Row.missing("durable presses over HTTP, PostgreSQL", "OTKLIK_TEST_PG is not set")]
    with Database(dsn) as own:
        return rows + press_rows("PostgreSQL", own)


def reads() -> list[Row]:
    """A page of the inbox, by a signed-in person, while eight connections press."""
    rates, slow = [], []
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        server = Server(folder).start()
        try:
            world = World(server)
            answer = Client(server.tcp).call("POST", "/session", {"login": "admin", "password": world.password})
            must(answer)
            cookie = answer.headers["set-cookie"].split(";")[0]
            for number in range(RUNS):
                pressing = subprocess.Popen(
                    [tool("wrk"), "-t1", "-c8", f"-d{SECONDS + 1}s", "-s", press_script(folder, f"r{number}")]
                    + [word for item in press_headers(world).items() for word in ("-H", ": ".join(item))]
                    + [f"http://127.0.0.1:{server.port}/api/v1/presses"], stdout=subprocess.DEVNULL)
                made = wrk(server, "/api/v1/signals?limit=20", {"Cookie": cookie})
                pressing.wait()
                rates.append(made["rate"])
                slow.append(made["p99"])
        finally:
            server.stop()
    return [Row("reads of the inbox (20 rows) while presses come", "/s", rates, ">= 2000", 2000, True),
            Row("the same, p99", "ms", slow, "<= 50", 50)]


def secure() -> list[Row]:
    """https beside plain http in the same run: requests on kept connections, and a connection for each request."""
    kept: dict[str, list[float]] = {"http": [], "https": []}
    fresh: dict[str, list[float]] = {"http": [], "https": []}
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        servers = {}
        try:
            for scheme, more in (("http", ()), ("https", ("--tls", "auto"))):
                os.mkdir(f"{folder}/{scheme}")
                servers[scheme] = Server(f"{folder}/{scheme}", more=more).start()
            for _ in range(RUNS):
                for scheme, server in servers.items():
                    kept[scheme].append(wrk(server, "/healthz", {}, scheme=scheme)["rate"])
                    fresh[scheme].append(wrk(server, "/healthz", {"Connection": "close"}, scheme=scheme)["rate"])
        finally:
            for server in servers.values():
                server.stop()
    part = [a / b for a, b in zip(kept["https"], kept["http"])]
    part_fresh = [a / b for a, b in zip(fresh["https"], fresh["http"])]
    return [Row("requests over https, kept connections", "/s", kept["https"], ""),
            Row("the same as a part of plain http", "", part, ""),
            Row("connections with a whole handshake and a request", "/s", fresh["https"], ""),
            Row("the same as a part of plain http", "", part_fresh, "")]


def idle() -> list[Row]:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20_000, limit[1]), limit[1]))
    memory, good = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
            server, sockets = Server(folder).start(), []
            try:
                for number in range(5_500):
                    sockets.append(socket.create_connection(server.tcp, timeout=10))
                    if number >= 5_000:
                        sockets[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
                for _ in range(10):
                    for each in sockets[5_000:]:
                        each.sendall(b"a")
                    began = time.monotonic()
                    must(Client(server.tcp).call("GET", "/session"))
                    good.append((time.monotonic() - began) * 1000)
                memory.append(memory_kb(server.process.pid, "VmRSS") / 1024)
            finally:
                for each in sockets:
                    each.close()
                server.stop()
    return [Row("memory with 5 000 idle and 500 slow connections", "MB", memory, "<= 60", 60),
            Row("answer to a good client beside them", "ms", good, "<= 100", 100)]


PIECE_BYTES = 8 << 20  # what the desk sends at once


def whole_upload(world: World, server: Server, head: bytes, size: int, chunk: bytes) -> None:
    client = Client(f"{server.data}/otklik.sock", timeout=3600)
    client.connect()
    target = f"/api/v1/recorders/{world.recorder}/recordings?name=big.wav&starts_at=2026-06-01T00:00:00Z"
    client.socket.sendall(client.head("POST", target, size + len(head), {"Content-Type": "audio/wav"}) + head)
    for at in range(0, size, len(chunk)):
        client.socket.sendall(chunk[:size - at])
    must(client.read(), 201)


def upload_in_pieces(world: World, server: Server, head: bytes, size: int, chunk: bytes) -> None:
    upload = TusUpload(Client(f"{server.data}/otklik.sock", timeout=3600), world.recorder, "big.wav",
                       "2026-06-01T00:00:00Z", size + len(head))
    must(upload.begun, 201)
    at, piece = 0, head + chunk * (PIECE_BYTES // len(chunk))
    while at < size + len(head):
        must(upload.piece(at, piece[:size + len(head) - at]), 204)
        at += len(piece)
        piece = chunk * (PIECE_BYTES // len(chunk))
    while (state := upload.state()) != "done":
        if state not in ("open", "whole"):
            raise RuntimeError(f"the file in pieces ended as {state}")
        time.sleep(0.5)


def large_upload() -> list[Row]:
    """2 GB of a quiet stereo WAV, in one request and in pieces; peak memory of the server until it is imported."""
    size = (2 << 30) - 44
    head = b"RIFF" + (size + 36).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (1).to_bytes(2, "little") + (2).to_bytes(2, "little") + (48_000).to_bytes(4, "little")
    head += (192_000).to_bytes(4, "little") + (4).to_bytes(2, "little") + (16).to_bytes(2, "little")
    head += b"data" + size.to_bytes(4, "little")
    ways = {"a 2 GB upload and its import": whole_upload,
            "2 GB in pieces (tus) and their import": upload_in_pieces}
    rows = []
    for what, way in ways.items():
        memory = []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
                server = Server(folder).start()
                try:
                    way(World(server), server, head, size, os.urandom(1 << 20))
                    memory.append(memory_kb(server.process.pid, "VmHWM") / 1024)
                finally:
                    server.stop()
        rows.append(Row(f"peak memory of {what}", "MB", memory, "<= 100", 100))
    return rows


def first_page() -> list[Row]:
    """The bytes the server sends for index.html and all it names (two pages, two languages), by gzip."""
    if not os.path.exists(f"{ROOT}/web/dist/index.html"):
        raise Missing("web/dist is not built")
    os.environ["OTKLIK_WEB"] = f"{ROOT}/web/dist"
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        server = Server(folder).start()
        try:
            def sent(name: str) -> bytes:
                asked = urllib.request.Request("http://{}:{}/{}".format(*server.tcp, name),
                                               headers={"Accept-Encoding": "gzip"})
                with urllib.request.urlopen(asked, timeout=30) as answer:
                    return answer.read()

            page = sent("")
            names = {name.lstrip("/") for name in re.findall(r'"(/[^":]+\.\w+)"', gzip.decompress(page).decode())}
            size = len(page) + sum(len(sent(name)) for name in names)
        finally:
            server.stop()
    return [Row("first page as it is sent: index.html and what it names", "kB", [size / 1000], "<= 300", 300)]


def slow_page() -> list[Row]:
    """The first page behind a slow line on a slow machine, in a real browser (web/tools/first_page.mjs)."""
    chromium = shutil.which("chromium")
    if not chromium:
        raise Missing("chromium is not installed")
    node = os.path.join(ROOT, "web", "node_modules", ".bin", "node")
    env = {**os.environ, "OTKLIK_WEB": f"{ROOT}/web/dist", "CHROMIUM": chromium,
           "OTKLIK_RUNS": os.environ.get("OTKLIK_BENCH_RUNS", "5")}
    done = subprocess.run([node if os.path.exists(node) else "node", "tools/first_page.mjs"], cwd=f"{ROOT}/web",
                          env=env, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise Missing(f"first_page.mjs: {done.stderr.strip()[-200:]}")
    took = json.loads(done.stdout.strip().splitlines()[-1])
    return [Row(f"{name} usable, 4x slower processor, 1.6 Mbit/s, 150 ms", "s", [ms / 1000 for ms in took[key]],
                "<= 2", 2) for name, key in (("sign-in", "sign_in"), ("inbox for the first time", "inbox"),
                                             ("inbox again, its files kept", "inbox_again"))]
