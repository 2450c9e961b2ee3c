"""Clients whose every answer can be found again in the records of the shim, and what was acknowledged by them."""
import itertools
import os
import socket
from collections import Counter

from server import Answer, Client, Server, must
from shim import Shim

ANSWERS: Counter[str] = Counter()  # by client, over the life of this process
NAMES = itertools.count()


class HeardClient(Client):
    """Its answers are counted under the name that the server sees: the port, or a name for the local socket."""

    peer = ""

    def connect(self) -> None:
        if isinstance(self.address, str):
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.peer = f"client-{os.getpid()}-{next(NAMES)}"
            self.socket.bind("\0" + self.peer)
            self.socket.settimeout(self.timeout)
            self.socket.connect(self.address)
            return
        super().connect()
        self.peer = str(self.socket.getsockname()[1])

    def read(self) -> Answer:
        peer = self.peer
        answer = super().read()
        answer.heard = (peer, ANSWERS[peer])
        ANSWERS[peer] += 1
        return answer


class Desk(HeardClient):
    """A person who signed in; a browser without its looks."""

    def __init__(self, address, login: str, password: str) -> None:
        super().__init__(address)
        self.signed: dict[str, str] = {}
        answer = self.call("POST", "/session", {"login": login, "password": password})
        self.signed = {"X-CSRF-Token": must(answer)["csrf"],
                       "Cookie": answer.headers["set-cookie"].partition(";")[0]}

    def call(self, method: str, path: str, body=None, headers: dict[str, str] | None = None) -> Answer:
        return super().call(method, path, body, {**self.signed, **(headers or {})})


class ShimServer(Server):
    """`otklik serve` over the shim; its reserve is small, so that it is cheap to make."""

    def __init__(self, shim: Shim) -> None:
        super().__init__(shim.folder, reserve=1 << 16, data=f"{shim.top}/data")
        self.keys = f"{shim.top}/keys"
        self.environment = shim.environment()

    def admin(self) -> HeardClient:
        return HeardClient(f"{self.data}/otklik.sock")


class Acknowledgements:
    """What the server said is done, and the statement or the file that shows it; checker.h reads the lines."""

    def __init__(self, shim: Shim) -> None:
        self.shim = shim
        self.lines: list[list[str]] = []
        self.open: dict[str, list[str]] = {}

    def row(self, answer: Answer, name: str, statement: str, value: object, expected: object = 1) -> None:
        """`statement` gives one value, of :it. A later call with the same name takes the place of this one."""
        self.replaced(name)
        self.put("row", answer, name, statement, str(value), str(expected))

    def file(self, answer: Answer, name: str, path: str, size: int, sha256: str) -> None:
        self.replaced(name)
        self.put("file", answer, name, path, str(size), sha256)

    def put(self, kind: str, answer: Answer, name: str, *words: str) -> None:
        peer, number = answer.heard
        line = [kind, peer, str(number), "0", name, *words]
        self.lines.append(line)
        self.open[name] = line

    def replaced(self, name: str) -> None:
        """From now on it may be otherwise: to be said before the request that changes it."""
        if line := self.open.pop(name, None):
            line[3] = str(max(1, self.shim.records))

    def write(self, path: str, never: dict[str, str]) -> None:
        with open(path, "w", encoding="utf-8") as file:
            for name, statement in never.items():
                file.write("\t".join(("none", name, statement)) + "\n")
            for line in self.lines:
                file.write("\t".join(line) + "\n")
