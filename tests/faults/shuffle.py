"""Presses sent one to five times each, shuffled over eight connections: exactly as many signals as presses."""
import multiprocessing
import random
import tempfile
import time

from presser import press_body
from server import Client, Server, World

CONNECTIONS = 8
SENT_MAX = 5
SPAN_S = 3600


def send(address: tuple[str, int], token: str, base: float, ids: list[str], results) -> None:
    """One connection in a process of its own; tells how often each answer came, and the ids it was given."""
    client = Client(address, token)
    stored, repeated, wrong, known = 0, 0, [], {}
    for press_id in ids:
        answer = client.call("POST", "/presses", press_body(press_id, base, SPAN_S))
        if answer.status not in (200, 201):
            wrong.append(f"{press_id}: {answer.status} {answer.code}")
            continue
        stored += answer.status == 201
        repeated += answer.status == 200
        signal_id = answer.json["signal_id"]
        if known.setdefault(press_id, signal_id) != signal_id:
            wrong.append(f"{press_id}: two identities")
    results.put((stored, repeated, wrong[:20], known))


def run(presses: int, seed: int, postgres: str = "") -> list[str]:
    dice = random.Random(seed)
    sent = [f"p{number}" for number in range(presses) for _ in range(dice.randint(1, SENT_MAX))]
    dice.shuffle(sent)
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="otklik-shuffle-") as folder:
        server = Server(folder, postgres).start()
        try:
            world = World(server)
            results, base = multiprocessing.Queue(), time.time() - 2 * 3600
            began = time.monotonic()
            senders = [multiprocessing.Process(target=send, args=(server.tcp, world.token, base,
                                                                  sent[each::CONNECTIONS], results))
                       for each in range(CONNECTIONS)]
            for sender in senders:
                sender.start()
            answers = [results.get(timeout=300) for _ in senders]
            took = time.monotonic() - began
            for sender in senders:
                sender.join(30)
            problems += compare(server, presses, len(sent), answers)
            print(f"  {presses} presses sent {len(sent)} times, seed {seed}, {len(sent) / took:.0f}/s")
        finally:
            server.stop()
    return problems


def compare(server: Server, presses: int, sent: int, answers: list[tuple]) -> list[str]:
    problems = [each for answer in answers for each in answer[2]]
    stored, repeated = sum(a[0] for a in answers), sum(a[1] for a in answers)
    if stored != presses or repeated != sent - presses:
        problems.append(f"{stored} answers say stored, {repeated} repeated; {presses} and {sent - presses} were due")
    known: dict[str, str] = {}
    for answer in answers:
        for press_id, signal_id in answer[3].items():
            if known.setdefault(press_id, signal_id) != signal_id:
                problems.append(f"{press_id} has two identities")
    if len(set(known.values())) != presses:
        problems.append(f"{len(set(known.values()))} identities for {presses} presses")
    rows = server.number("select count(*) from signal")
    deliveries = server.number("select sum(deliveries) from signal")
    if rows != presses:
        problems.append(f"{rows} signals for {presses} presses")
    if deliveries != sent:
        problems.append(f"{deliveries} deliveries counted of {sent}")
    return problems
