"""A client in a process of its own: presses, withdraws and uploads until the server is gone, and writes down what was
acknowledged: a line for each answer with 2xx, and a line for each request whose outcome nobody knows.

    presser.py TASK.json      {port, token, recorder, journal, prefix, base, span_s, again, uploads, threads}
"""
import array
import json
import os
import random
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True
from server import Client, Refused  # noqa: E402

PAUSE_S = 0.012
RATE = 8_000
FILE_S = 30


def instant(base: float, offset_s: float) -> str:
    at = datetime.fromtimestamp(base, timezone.utc) + timedelta(seconds=round(offset_s, 3))
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def press_body(press_id: str, base: float, span_s: float) -> dict:
    """The content follows from the identity, so that a repeated press is the same press."""
    dice = random.Random(press_id)
    return {"press_id": press_id, "key": dice.choice("123"),
            "pressed_at": instant(base, dice.uniform(0, span_s))}


def wav_of(number: int) -> bytes:
    """30 s of quiet noise, another at each number."""
    noise = array.array("h", random.Random(number).choices(range(-800, 800), k=RATE * FILE_S))
    data = noise.tobytes()
    head = b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (1).to_bytes(2, "little") * 2 + RATE.to_bytes(4, "little") + (RATE * 2).to_bytes(4, "little")
    head += (2).to_bytes(2, "little") + (16).to_bytes(2, "little")
    return head + b"data" + len(data).to_bytes(4, "little") + data


class Journal:
    """One line each, written at once: what this process saw is there even if it is killed."""

    def __init__(self, path: str) -> None:
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, *words: object) -> None:
        os.write(self.fd, (" ".join(str(word) for word in words) + "\n").encode())


def press_once(client: Client, task: dict, journal: Journal, press_id: str) -> None:
    journal.write("sent", press_id)
    answer = client.call("POST", "/presses", press_body(press_id, task["base"], task["span_s"]))
    if answer.status in (200, 201):
        journal.write("stored", press_id, answer.json["signal_id"])
    elif answer.status != 503:  # overloaded says so; anything else is a fault of the server
        journal.write("wrong", press_id, answer.status, answer.code)
    if answer.status == 201 and random.Random(press_id + "u").random() < 0.05:
        undone = client.call("POST", "/presses/undo", {"press_id": press_id})
        if undone.status == 200:
            journal.write("undone", press_id)


def press_on(task: dict, journal: Journal, number: int) -> None:
    client = Client(tuple(task["address"]), task["token"])
    again = task["again"][number::task["threads"]]
    try:
        for press_id in again:
            press_once(client, task, journal, press_id)
        for count in range(100_000):
            press_once(client, task, journal, f"{task['prefix']}-{number}-{count}")
            time.sleep(PAUSE_S)
    except Refused:
        return


def upload_on(task: dict, journal: Journal) -> None:
    client = Client(task["socket"])
    try:
        for number in task["uploads"]:
            path = (f"/recorders/{task['recorder']}/recordings?name=part{number}.wav"
                    f"&starts_at={instant(task['base'], number * FILE_S)}")
            answer = client.call("POST", path, wav_of(number), {"Content-Type": "audio/wav"})
            if answer.status in (200, 201):
                journal.write("uploaded", number, answer.json["recording_id"])
            else:
                journal.write("wrong", f"upload-{number}", answer.status, answer.code)
    except Refused:
        return


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        task = json.load(file)
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
