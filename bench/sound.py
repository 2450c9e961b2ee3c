"""Figures of sound: cutting beside ffmpeg and sox, importing beside opusenc."""
import json
import os
import random
import tempfile
import time

from bench import BUILD, HOURS, RUNS, Missing, Row, day_wav, run, speech, tool
from presser import instant
from server import Client, Server, World


def clips() -> list[Row]:
    program = f"{BUILD}/bench/clip_bench"
    if not os.path.exists(program):
        raise Missing("clip_bench is not built")
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        raw = speech(folder)
        os.mkdir(f"{folder}/day")
        measured = json.loads(run([program, raw, str(HOURS), f"{folder}/day"])[2])
        cpu = measured["clip_cpu_ms"]
        peers = cutting_peers(folder, raw)
    of = f"{HOURS:g}-hour recording"

    def spread(row: Row, values: dict) -> Row:
        row.runs, row.spread = 5, [values["low"], values["high"]]
        return row

    words = "; ".join(f"{name} {median:.1f} ms" for name, median in peers.items())
    fastest = min(peers.values())
    return [
        spread(Row(f"120-s clip of an {of}, CPU", "ms", [cpu["median"]], "<= 1", 1, peer=words,
                   ratio=fastest / cpu["median"]), cpu),
        spread(Row("bytes read per clip byte", "x", [measured["read_ratio"]["median"]], "<= 1.02", 1.02),
               measured["read_ratio"]),
        Row(f"samples of error in {measured['compared_samples']} by libopus", "samples",
            [measured["different_samples"] + measured["length_error"]], "0", 0),
        spread(Row("1 000 clips of one day, CPU", "s", [measured["thousand_cpu_s"]["median"]], "<= 2", 2),
               measured["thousand_cpu_s"]),
    ]


def cutting_peers(folder: str, raw: str) -> dict[str, float]:
    """CPU ms per cut of each peer from the same day, medians."""
    hours = sorted((f for f in os.listdir(f"{folder}/day")), key=lambda name: int(name.split("-")[1].split(".")[0]))
    with open(f"{folder}/list", "w", encoding="utf-8") as file:
        file.writelines(f"file 'day/{name}'\n" for name in hours)
    ogg, wav, out = f"{folder}/day.ogg", f"{folder}/day.wav", f"{folder}/out"
    run([tool("ffmpeg"), "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", f"{folder}/list", "-c", "copy", ogg])
    day_wav(raw, HOURS, wav)
    dice, taken = random.Random(5), {"ffmpeg -c copy": [], "ffmpeg re-encode": [], "sox trim": []}
    for _ in range(max(5, RUNS)):
        at = f"{dice.uniform(0, HOURS * 3600 - 121):.3f}"
        begin = [tool("ffmpeg"), "-v", "error", "-y", "-ss", at, "-i", ogg, "-t", "120"]
        taken["ffmpeg -c copy"].append(run(begin + ["-c", "copy", out + ".ogg"])[1] * 1000)
        taken["ffmpeg re-encode"].append(run(begin + ["-c:a", "libopus", "-b:a", "24k", out + ".ogg"])[1] * 1000)
        taken["sox trim"].append(run([tool("sox"), wav, out + ".wav", "trim", at, "120"])[1] * 1000)
    return {name: sorted(values)[len(values) // 2] for name, values in taken.items()}


def importing() -> list[Row]:
    """Wall time of the upload of a WAV until its 201, beside opusenc on the same file; both have the machine alone."""
    opusenc, ours, theirs = tool("opusenc"), [], []
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        wav = f"{folder}/day.wav"
        day_wav(speech(folder), HOURS, wav)
        server = Server(folder).start()
        try:
            world, base = World(server), time.time() - 40 * 86_400
            for number in range(RUNS):
                theirs.append(run([opusenc, "--quiet", "--bitrate", "24", wav, f"{folder}/peer.opus"])[0])
                began = time.monotonic()
                upload(server, world, wav, instant(base, number * 86_400))
                ours.append(time.monotonic() - began)
        finally:
            server.stop()
    peer = sorted(theirs)[len(theirs) // 2]
    ratios = [peer / own for own in ours]
    return [Row(f"import of a WAV of {HOURS:g} h beside opusenc", "x", ratios, ">= 1.3", 1.3, at_least=True,
                peer=f"opusenc {peer:.1f} s, otklik {sorted(ours)[len(ours) // 2]:.1f} s",
                ratio=sorted(ratios)[len(ratios) // 2])]


def upload(server: Server, world: World, path: str, starts_at: str) -> None:
    client = Client(f"{server.data}/otklik.sock", timeout=3600)
    client.connect()
    target = f"/api/v1/recorders/{world.recorder}/recordings?name=day.wav&starts_at={starts_at}&confirm=1"
    client.socket.sendall(client.head("POST", target, os.path.getsize(path), {"Content-Type": "audio/wav"}))
    with open(path, "rb") as file:
        client.socket.sendfile(file)
    answer = client.read()
    client.close()
    if answer.status != 201:
        raise Missing(f"the upload was answered {answer.status} {answer.body[:200]!r}")
