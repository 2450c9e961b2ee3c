"""The audible marker through codecs, echo and drift; what else sounds like one; what finding costs.

The bound of the score was fixed on half A of the material; both halves are told. Music and sirens are made by
marker_bench, talk and noise are real. OTKLIK_BENCH_MARKERS (170): trials of each codec, half and drift.
"""
import json
import os
import tempfile

from bench import BUILD, Missing, Row, run, tool

PROGRAM = f"{BUILD}/bench/marker_bench"
DECODER = f"{BUILD}/src/otklik-decode"
MAKE_AMR = f"{BUILD}/src/otklik-make-amr"
TRIALS = int(os.environ.get("OTKLIK_BENCH_MARKERS", "170"))
QUIET_HOURS = float(os.environ.get("OTKLIK_BENCH_HOURS", "8"))
EACH_S = 20
WITHIN_S = 0.005
BOUND = 200
HALVES = {"A": ["en_meeting/trn00.flac", "en_meeting/trn02.flac", "en_meeting/trn04.flac",
                "en_read/mfa_cold_corpus.wav", "en_read/jfk.wav", "ru_prompts"],
          "B": ["en_meeting/trn01.flac", "en_meeting/trn03.flac", "en_meeting/trn05.flac",
                "en_calls/auto_repairs_49_stereo_L-agent_R-caller.flac", "composite/ru_shift_30min.ogg",
                "en_read/sense_and_sensibility_01_austen_64kb-0870.wav"]}
RAW = ["-ac", "1", "-ar", "16000", "-f", "s16le"]


def ffmpeg(*words: str) -> None:
    run([tool("ffmpeg"), "-v", "error", "-y", *words])


def sources(folder: str, audio: str, half: str) -> str:
    """All talk of a half in one file."""
    files = []
    for name in HALVES[half]:
        path = f"{audio}/{name}"
        if name == "ru_prompts":
            files += [f"{path}/wav/{one}" for one in sorted(os.listdir(f"{path}/wav"))]
        else:
            files.append(path)
    out = f"{folder}/talk_{half}.raw"
    with open(out, "wb") as joined:
        for path in files:
            ffmpeg("-i", path, *RAW, f"{folder}/one.raw")
            with open(f"{folder}/one.raw", "rb") as one:
                joined.write(one.read())
    return out


def coded(folder: str, raw: str, codec: str) -> str:
    source = ["-f", "s16le", "-ar", "16000", "-ac", "1", "-i", raw]
    out = f"{folder}/coded"
    if codec == "opus 24k":
        ffmpeg(*source, "-c:a", "libopus", "-b:a", "24k", "-compression_level", "5", out + ".ogg")
        return out + ".ogg"
    if codec == "MP3 64k":
        ffmpeg(*source, "-c:a", "libmp3lame", "-b:a", "64k", out + ".mp3")
        return out + ".mp3"
    if codec == "G.711 8 kHz":
        ffmpeg(*source, "-ar", "8000", "-c:a", "pcm_alaw", out + ".wav")
        return out + ".wav"
    # The maker of AMR reads a head of 44 bytes.
    ffmpeg(*source, "-ar", "8000", "-c:a", "pcm_s16le", "-bitexact", "-map_metadata", "-1", out + "_amr.wav")
    run([MAKE_AMR, out + "_amr.wav", out + ".amr"])
    return out + ".amr"


def lines(words: list[str]) -> list[dict]:
    return [json.loads(line) for line in run(words)[2].splitlines()]


def heard(path: str) -> tuple[list[dict], dict]:
    found = lines([PROGRAM, "hear", DECODER, path])
    return found[:-1], found[-1]


def trials(folder: str, talk: dict[str, str], noise: str) -> tuple[list[Row], list[float]]:
    rows, speeds = [], []
    for codec in ("opus 24k", "MP3 64k", "G.711 8 kHz", "AMR-NB 12.2"):
        for half in HALVES:
            right, count, wrong_code, worst, least = 0, 0, 0, 0.0, float("inf")
            for number, ppm in enumerate((-500, 0, 500)):
                bed, mixed = f"{folder}/bed.raw", f"{folder}/mixed.raw"
                seed = 100 * number + 10 * len(codec) + (half == "B")
                run([PROGRAM, "bed", talk[half], noise, str(TRIALS * EACH_S + 28), str(seed), bed])
                truth = lines([PROGRAM, "mix", bed, str(seed), "-10", str(ppm), "room", mixed])
                found, cost = heard(coded(folder, mixed, codec))
                speeds.append(cost["seconds"] * 1000 / cost["cpu_ms"])
                for each in truth:
                    near = [one for one in found if abs(one["at_s"] - each["at_s"]) < 1 and one["alone"]]
                    count += 1
                    if len(near) != 1:
                        continue
                    off = abs(near[0]["at_s"] - each["at_s"])
                    wrong_code += near[0]["code"] != each["code"]
                    right += off <= WITHIN_S and near[0]["code"] == each["code"]
                    worst, least = max(worst, off), min(least, near[0]["score"])
            rows.append(Row(f"found within 5 ms of {count}, {codec}, -10 dB, echo, 0 and ±500 ppm, half {half}", "%",
                            [100 * right / count], ">= 99", 99, True,
                            peer=f"worst {1000 * worst:.2f} ms, weakest score {least:.0f}, {wrong_code} wrong codes"))
    return rows, speeds


def false_alarms(folder: str, talk: dict[str, str], noise: str) -> list[Row]:
    """Each half: its talk over noise, then sirens, then music: 6, 1 and 1 of eight hours."""
    rows, speeds = [], []
    for number, half in enumerate(HALVES):
        alarms, crowded, tops = 0, 0, {}
        for kind, share in (("talk over noise", 0.75), ("sirens", 0.125), ("music", 0.125)):
            seconds, out = str(int(QUIET_HOURS * 3600 * share)), f"{folder}/quiet.raw"
            if kind == "talk over noise":
                run([PROGRAM, "bed", talk[half], noise, seconds, str(number + 7), out])
            else:
                run([PROGRAM, kind, seconds, str(number + 7), out])
            found, cost = heard(out)
            speeds.append(cost["seconds"] * 1000 / cost["cpu_ms"])
            alarms += sum(each["alone"] for each in found)
            crowded += sum(not each["alone"] for each in found)
            tops[kind] = cost["top_score"]
        told = ", ".join(f"{kind} {top:.0f}" for kind, top in tops.items())
        rows.append(Row(f"false alarms in {QUIET_HOURS:g} h, half {half}", "", [alarms], "0", 0,
                        peer=f"top scores: {told}; bound {BOUND}; {crowded} left out beside another"))
    rows.append(Row("finding, times real time on one core, 16 kHz", "x", speeds, ">= 100", 100, True))
    return rows


def marker() -> list[Row]:
    audio = f"{os.environ.get('OTKLIK_SHARED', '')}/data/audio"
    if not os.path.isdir(audio) or not os.path.exists(PROGRAM):
        raise Missing("no shared audio, or marker_bench is not built")
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        talk = {half: sources(folder, audio, half) for half in HALVES}
        noise = f"{folder}/noise.raw"
        ffmpeg("-i", f"{audio}/noise/koala_noise.wav", *RAW, noise)
        rows, speeds = trials(folder, talk, noise)
        rows += false_alarms(folder, talk, noise)
        rows.append(Row("finding, times real time on one core, 8 kHz and as coded", "x", speeds, ">= 100", 100, True))
    return rows
