"""The server under test and a client of it: one otklik process, raw HTTP over TCP or the local socket, and a look
into its database by another process."""
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import time

READY_S_MAX = 3.0
STARTING_S_MAX = 20
BASIS = {"ground": "договор", "notice": "уведомление", "signage": "табличка", "consent": "согласие",
         "retention_days": 30}


def free_port() -> int:
    """One that stays ours while the server is dead: below those that the kernel gives to others."""
    while True:
        port = random.randint(15_000, 30_000)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Refused(Exception):
    """No answer: the connection broke. The outcome of the request is unknown."""


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self) -> str:
        return self.json.get("code", "") if self.status >= 400 and self.body.startswith(b"{") else ""

    @property
    def field(self) -> str:
        return self.json.get("field", "") if self.status >= 400 and self.body.startswith(b"{") else ""


class Client:
    """One connection kept alive; a broken one is opened again at the next request."""

    def __init__(self, address, token: str = "", timeout: float = 20) -> None:
        self.address, self.token, self.timeout = address, token, timeout
        self.socket: socket.socket | None = None
        self.rest = b""

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket, self.rest = None, b""

    def connect(self) -> None:
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(self.timeout)
        self.socket.connect(self.address)
        if family == socket.AF_INET:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def head(self, method: str, path: str, size: int, headers: dict[str, str]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {size}"]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def call(self, method: str, path: str, body=None, headers: dict[str, str] | None = None) -> Answer:
        """`body`: bytes as they are, anything else as JSON."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
        try:
            if not self.socket:
                self.connect()
            request = self.head(method, "/api/v1" + path if not path.startswith("//") else path[1:],
                                len(body or b""), headers)
            try:
                self.socket.sendall(request + (body or b""))
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before the body was read: the answer may still be there
            return self.read()
        except (OSError, ValueError) as error:
            self.close()
            raise Refused(str(error)) from error

    def more(self) -> bytes:
        got = self.socket.recv(65536)
        if not got:
            raise OSError("closed")
        return got

    def read(self) -> Answer:
        data = self.rest
        while b"\r\n\r\n" not in data:
            data += self.more()
        head, _, data = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        size = int(headers.get("content-length", "0"))
        while len(data) < size:
            data += self.more()
        body, self.rest = data[:size], data[size:]
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(lines[0].split()[1]), headers, body)


class Server:
    """`otklik serve` on a folder; may be killed and started again on the same data."""

    def __init__(self, folder: str, postgres: str = "", reserve: int = 0, data: str = "",
                 more: tuple[str, ...] = (), port: int = 0) -> None:
        self.data, self.keys = data or f"{folder}/data", f"{folder}/keys"
        self.log = f"{folder}/server.log"
        self.postgres, self.reserve, self.more = postgres, reserve, more
        self.environment: dict[str, str] | None = None  # ours
        self.process: subprocess.Popen | None = None
        self.stated_port = port  # 0: another at each start
        self.port, self.setup_code, self.ready_s = port, "", 0.0

    def start(self) -> "Server":
        """Until /healthz answers; ready_s is how long that took."""
        command = [os.environ["OTKLIK_BIN"], "serve", "--data", self.data, "--keys", self.keys,
                   "--port", str(self.stated_port), "--reserve-bytes", str(self.reserve),
                   "--press-rate", "0"]  # one device sends what a thousand would
        if self.postgres:
            command += ["--database", "postgres:" + self.postgres]
        command += self.more
        began = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                            stderr=log, text=True, env=self.environment)
        for line in self.process.stdout:
            if line.startswith(("http://", "https://")):
                self.port = int(line.rstrip("/\n").rsplit(":", 1)[1])
                break
        else:
            raise RuntimeError("the server did not start:\n" + self.log_tail())
        # 308: it speaks https there, and sends us on.
        while Client(self.tcp).call("GET", "//healthz").status not in (200, 308):
            if time.monotonic() - began > STARTING_S_MAX:
                raise RuntimeError("the server is not healthy:\n" + self.log_tail())
            time.sleep(0.01)
        self.ready_s = time.monotonic() - began
        return self

    def first_code(self) -> str:
        """The setup code stands on the line after the address at the first start only."""
        return self.process.stdout.readline().rsplit(":", 1)[1].strip()

    @property
    def tcp(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    def admin(self) -> Client:
        return Client(f"{self.data}/otklik.sock")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self) -> int:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                return -1
            self.process.stdout.close()
        return self.process.returncode if self.process else 0

    def log_tail(self) -> str:
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()[-2000:]

    def fsck(self, level: int = 3) -> list[dict]:
        made = subprocess.run([os.environ["OTKLIK_BIN"], "fsck", "--data", self.data, "--keys", self.keys,
                               "--level", str(level), "--json"], capture_output=True, text=True, timeout=120)
        try:
            return json.loads(made.stdout)["items"]
        except (ValueError, KeyError) as error:
            raise RuntimeError(f"fsck: {made.returncode} {made.stdout} {made.stderr}") from error

    def sql(self, statement: str) -> list[tuple]:
        """Rows as another process sees them; the server goes on and keeps its locks."""
        if self.postgres:
            made = subprocess.run(["psql", "-X", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement,
                                   self.postgres], capture_output=True, text=True, timeout=60)
            if made.returncode != 0:
                raise RuntimeError("psql: " + made.stderr)
            return [tuple(line.split("\t")) for line in made.stdout.splitlines()]
        with_rows = sqlite3.connect(f"file:{self.data}/otklik.db?mode=ro", uri=True, timeout=10)
        try:
            return with_rows.execute(statement).fetchall()
        finally:
            with_rows.close()

    def number(self, statement: str) -> int:
        return int(self.sql(statement)[0][0])


def must(answer: Answer, *statuses: int):
    if answer.status not in (statuses or (200, 201, 204)):
        raise RuntimeError(f"{answer.status}: {answer.body.decode(errors='replace')[:500]}")
    return answer.json


class World:
    """A company with a point, a recorder there and a device with short windows, made over the API."""

    def __init__(self, server: Server, window_ms: int = 5_000) -> None:
        code = server.first_code()
        admin = Client(server.tcp)
        self.password = "correct horse battery"
        must(admin.call("POST", "/first-run", {
            "company_name": "Сервис", "site_name": "Мойка", "zone": "Europe/Moscow",
            "point_name": "Касса", "person_name": "Иван", "login": "admin",
            "password": self.password, "basis": BASIS, "setup_code": code}))
        admin.close()
        door = server.admin()
        self.point = must(door.call("GET", "/points"))["items"][0]["id"]
        self.recorder = must(door.call("POST", "/recorders", {"name": "Стол"}))["id"]
        must(door.call("PUT", f"/recorders/{self.recorder}/placement",
                       {"point_id": self.point, "begin_at": "2026-01-01T00:00:00Z"}))
        made = must(door.call("POST", "/devices", {
            "name": "Пульт", "point_id": self.point,
            "buttons": [{"key": str(key), "label": word, "kind": kind, "window_before_ms": window_ms,
                         "window_after_ms": window_ms, "merge": False}
                        for key, (word, kind) in enumerate(
                            [("Ответ", "answer"), ("Идея", "idea"), ("Жалоба", "complaint")], 1)]}))
        self.device, self.token = made["id"], made["token"]
        door.close()
