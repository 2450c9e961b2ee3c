"""Fifty devices come back after a day without network, with clocks as wrong as they come. Each press is sent one to
five times, alone or in batches, shuffled over eight connections: exactly as many signals as presses, each at its
true instant."""
import multiprocessing
import random
import sqlite3
import tempfile
import time
from collections import defaultdict

from presser import instant
from server import Client, Server, World, must

DEVICES = 50
CONNECTIONS = 8
SENT_MAX = 5
DAY_S = 24 * 3600
WINDOW = 400  # what one connection has in hand: a device's part of it goes as one batch
LATE_S_MAX = 2.0  # between the age's reading and the receipt, beside the server's own half second
HOUR, DAY = 3600, 86_400
# What a device's clock shows less the truth; nothing: it began in 1970 when the day did.
CLOCKS = (0, 0, HOUR, -HOUR, DAY, -DAY, 3 * HOUR, 400 * DAY, -400 * DAY, None)
DRIFTS = (0, 500e-6, -500e-6)


class Far:
    """A device and what it says of its time."""

    def __init__(self, number: int, made: dict, base: float) -> None:
        self.number, self.token, self.base = number, made["token"], base
        self.clock, self.drift = CLOCKS[number % len(CLOCKS)], DRIFTS[number % len(DRIFTS)]
        self.in_batches = number % 5 != 0

    def body(self, press_id: str) -> dict:
        """The content follows from the identity; the age from the moment of sending."""
        dice = random.Random(press_id)
        key, at_s = dice.choice("123"), dice.uniform(0, DAY_S)
        shown = at_s * (1 + self.drift) + (60 if self.clock is None else self.base + self.clock)
        return {"press_id": press_id, "key": key, "pressed_at": instant(shown, 0), "device_ms": round(shown * 1000),
                "age_ms": round((time.time() - self.base - at_s) * 1000)}


def pressed_at(press_id: str, base: float) -> float:
    dice = random.Random(press_id)
    dice.choice("123")
    return base + dice.uniform(0, DAY_S)


class Sender:
    """One connection for each device, in a process of its own; tells how often each answer came, and the ids."""

    def __init__(self, address: tuple[str, int], devices: list[Far]) -> None:
        self.clients = [Client(address, device.token, timeout=60) for device in devices]
        self.devices = devices
        self.counts, self.wrong, self.known = {"stored": 0, "repeated": 0}, [], {}

    def note(self, press_id: str, answer: str, signal_id: str) -> None:
        self.counts[answer] += 1
        if self.known.setdefault(press_id, signal_id) != signal_id:
            self.wrong.append(f"{press_id}: two identities")

    def alone(self, device: int, press_id: str) -> None:
        answer = self.clients[device].call("POST", "/presses", self.devices[device].body(press_id))
        if answer.status not in (200, 201):
            self.wrong.append(f"{press_id}: {answer.status} {answer.code}")
            return
        self.note(press_id, "stored" if answer.status == 201 else "repeated", answer.json["signal_id"])

    def together(self, device: int, ids: list[str]) -> None:
        answer = self.clients[device].call("POST", "/presses/batch",
                                           {"presses": [self.devices[device].body(each) for each in ids]})
        if answer.status != 200:
            self.wrong.append(f"a batch of {len(ids)}: {answer.status} {answer.code}")
            return
        for item in answer.json["items"]:
            if item["answer"] == "refused":
                self.wrong.append(f"{item['press_id']}: {item['code']}")
            else:
                self.note(item["press_id"], item["answer"], item["signal_id"])

    def send(self, presses: list[tuple[int, str]]) -> None:
        for at in range(0, len(presses), WINDOW):
            batches = defaultdict(list)
            for device, press_id in presses[at:at + WINDOW]:
                if self.devices[device].in_batches:
                    batches[device].append(press_id)
                else:
                    self.alone(device, press_id)
            for device, ids in batches.items():
                self.together(device, ids)


def send(address: tuple[str, int], devices: list[Far], presses: list[tuple[int, str]], results) -> None:
    sender = Sender(address, devices)
    try:
        sender.send(presses)
    except Exception as error:  # noqa: BLE001 - told, not waited for
        sender.wrong.append(f"a connection ended: {error}")
    results.put((sender.counts, sender.wrong[:20], sender.known))


class ShuffleCampaign:
    def __init__(self, presses: int, seed: int, postgres: str, plant: str) -> None:
        self.presses, self.seed, self.postgres, self.plant = presses, seed, postgres, plant
        dice = random.Random(seed)
        self.ids = [(number % DEVICES, f"d{number % DEVICES}-{number}") for number in range(presses)]
        self.sent = [each for each in self.ids for _ in range(dice.randint(1, SENT_MAX))]
        dice.shuffle(self.sent)
        self.problems: list[str] = []

    def run(self) -> list[str]:
        with tempfile.TemporaryDirectory(prefix="otklik-shuffle-") as folder:
            self.server = Server(folder, self.postgres).start()
            try:
                world = World(self.server)
                self.base = time.time() - DAY_S - 600
                devices = self.make_devices(world)
                began = time.monotonic()
                answers = self.send_all(devices)
                took = time.monotonic() - began
                if self.plant == "drop":
                    self.drop_one(folder)
                self.compare(answers)
                late = self.compare_times()
                print(f"  {self.presses} presses of {DEVICES} devices sent {len(self.sent)} times, seed {self.seed}, "
                      f"{len(self.sent) / took:.0f}/s, placed within {late:.2f} s")
            finally:
                self.server.stop()
        return self.problems

    def make_devices(self, world: World) -> list[Far]:
        door = self.server.admin()
        buttons = [{"key": str(key), "label": f"B{key}", "kind": "complaint", "window_before_ms": 5_000,
                    "window_after_ms": 5_000, "merge": False} for key in range(1, 4)]
        made = [must(door.call("POST", "/devices", {"name": f"П{number}", "point_id": world.point,
                                                    "buttons": buttons})) for number in range(DEVICES)]
        door.close()
        return [Far(number, each, self.base) for number, each in enumerate(made)]

    def send_all(self, devices: list[Far]) -> list[tuple]:
        results = multiprocessing.Queue()
        senders = [multiprocessing.Process(target=send, args=(self.server.tcp, devices,
                                                              self.sent[each::CONNECTIONS], results))
                   for each in range(CONNECTIONS)]
        for sender in senders:
            sender.start()
        answers = [results.get(timeout=900) for _ in senders]
        for sender in senders:
            sender.join(30)
        return answers

    def drop_one(self, folder: str) -> None:
        """The planted fault: a stored press is taken away, and another one doubled, behind the program's back."""
        self.server.stop()
        rows = sqlite3.connect(f"{folder}/data/otklik.db")
        rows.execute("delete from signal where press_id = ?", (self.ids[0][1],))
        rows.execute("update signal set pressed_at = pressed_at + 60000000 where press_id = ?", (self.ids[1][1],))
        rows.commit()
        rows.close()
        self.server.start()

    def compare(self, answers: list[tuple]) -> None:
        self.problems += [each for answer in answers for each in answer[1]]
        stored, repeated = (sum(answer[0][word] for answer in answers) for word in ("stored", "repeated"))
        if stored != self.presses or repeated != len(self.sent) - self.presses:
            self.problems.append(f"{stored} answers say stored, {repeated} repeated; {self.presses} and "
                                 f"{len(self.sent) - self.presses} were due")
        known: dict[str, str] = {}
        for answer in answers:
            for press_id, signal_id in answer[2].items():
                if known.setdefault(press_id, signal_id) != signal_id:
                    self.problems.append(f"{press_id} has two identities")
        if len(set(known.values())) != self.presses:
            self.problems.append(f"{len(set(known.values()))} identities for {self.presses} presses")
        rows = self.server.number("select count(*) from signal")
        deliveries = self.server.number("select sum(deliveries) from signal")
        if rows != self.presses:
            self.problems.append(f"{rows} signals for {self.presses} presses")
        if deliveries != len(self.sent):
            self.problems.append(f"{deliveries} deliveries counted of {len(self.sent)}")

    def compare_times(self) -> float:
        """Each press stands where it was, whatever the clock of its device showed; the furthest, in seconds."""
        due = {press_id: pressed_at(press_id, self.base) for _, press_id in self.ids}
        furthest, far = 0.0, []
        for press_id, at, uncertainty in self.server.sql("select press_id, pressed_at, uncertainty_us from signal"):
            off = abs(int(at) / 1e6 - due.pop(press_id, 0.0))
            furthest = max(furthest, off)
            if off > int(uncertainty) / 1e6 + LATE_S_MAX:
                far.append(f"{press_id} by {off:.1f} s")
        if far:
            self.problems.append(f"{len(far)} presses stand elsewhere: {far[:5]}")
        if due:
            self.problems.append(f"{len(due)} presses have no signal: {sorted(due)[:5]}")
        return furthest


def run(presses: int, seed: int, postgres: str = "", plant: str = "") -> list[str]:
    return ShuffleCampaign(presses, seed, postgres, plant).run()
