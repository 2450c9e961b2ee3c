"""A client in a process of its own: presses, withdraws and uploads until SIGTERM, and writes down what was
acknowledged: a line for each request before it goes, and one for each answer with 2xx. A server that is gone is asked
again until it answers, so at the end nothing is unknown.

    presser.py TASK.json      {address, socket, token, recorder, journal, base, span_s, uploads, threads, pause_s}
"""
import array
import json
import os
import random
import signal
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True
from server import Client, Refused  # noqa: E402

AWAY_S = 0.02  # before a server that is gone is asked again
RATE = 8_000
FILE_S = 10
QUIET = bytes(120 + value // 16 for value in range(256))  # noise of full height becomes quiet noise
stop = threading.Event()


def instant(base: float, offset_s: float) -> str:
    at = datetime.fromtimestamp(base, timezone.utc) + timedelta(seconds=round(offset_s, 3))
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def press_body(press_id: str, base: float, span_s: float) -> dict:
    """The content follows from the identity, so that a repeated press is the same press. One that is named after
    its moment was pressed then, while recorders run; the others fall into the files."""
    dice = random.Random(press_id)
    key, at, moment = dice.choice("123"), base + dice.uniform(0, span_s), press_id.partition("@")[2]
    return {"press_id": press_id, "key": key, "pressed_at": instant(int(moment) / 1000 if moment else at, 0)}


def wav_of(number: int) -> bytes:
    """Some seconds of quiet noise of 8 bits, another at each number."""
    data = random.Random(number).randbytes(RATE * FILE_S).translate(QUIET)
    head = b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (1).to_bytes(2, "little") * 2 + RATE.to_bytes(4, "little") * 2
    head += (1).to_bytes(2, "little") + (8).to_bytes(2, "little")
    return head + b"data" + len(data).to_bytes(4, "little") + data


class Journal:
    """One line each, written at once: what this process saw is there even if it is killed."""

    def __init__(self, path: str) -> None:
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, *words: object) -> None:
        os.write(self.fd, (" ".join(str(word) for word in words) + "\n").encode())


def ask(client: Client, method: str, path: str, body, headers: dict[str, str] | None = None):
    """The answer, however often the server dies before it."""
    while True:
        try:
            return client.call(method, path, body, headers)
        except Refused:
            time.sleep(AWAY_S)


def press_once(client: Client, task: dict, journal: Journal, press_id: str) -> None:
    journal.write("sent", press_id)
    answer = ask(client, "POST", "/presses", press_body(press_id, task["base"], task["span_s"]))
    while answer.status == 503:  # overloaded says so; anything else is a fault of the server
        time.sleep(AWAY_S)
        answer = ask(client, "POST", "/presses", press_body(press_id, task["base"], task["span_s"]))
    if answer.status not in (200, 201):
        journal.write("wrong", press_id, answer.status, answer.code)
        return
    journal.write("stored", press_id, answer.json["signal_id"])
    if random.Random(press_id + "u").random() < 0.05:
        undone = ask(client, "POST", "/presses/undo", {"press_id": press_id})
        if undone.status == 200:
            journal.write("undone", press_id)


def press_on(task: dict, journal: Journal, number: int) -> None:
    client = Client(tuple(task["address"]), task["token"])
    count = 0
    while not stop.wait(task["pause_s"]):
        moment = f"@{round(time.time() * 1000)}" if count % 3 == 0 else ""
        press_once(client, task, journal, f"{number}-{count}{moment}")
        count += 1


def upload_on(task: dict, journal: Journal) -> None:
    client = Client(task["socket"])
    for number in task["uploads"]:
        if stop.wait(task["upload_pause_s"]):
            return
        path = (f"/recorders/{task['recorder']}/recordings?name=part{number}.wav"
                f"&starts_at={instant(task['base'], number * FILE_S)}")
        answer = ask(client, "POST", path, wav_of(number), {"Content-Type": "audio/wav"})
        if answer.status in (200, 201):
            journal.write("uploaded", number, answer.json["recording_id"])
        else:
            journal.write("wrong", f"upload-{number}", answer.status, answer.code)


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        task = json.load(file)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    journal = Journal(task["journal"])
    workers = [threading.Thread(target=press_on, args=(task, journal, number))
               for number in range(task["threads"])]
    workers.append(threading.Thread(target=upload_on, args=(task, journal)))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main(sys.argv[1])
