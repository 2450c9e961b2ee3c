"""Two recordings of one scene laid over each other, and two of different scenes: what is taken for what, how far off.

The bounds are those of the study in the decision record, fixed on other material. OTKLIK_BENCH_SCENES (110): trials of
each half, every second one of two different scenes.
"""
import json
import os
import tempfile

from bench import BUILD, Missing, Row, run
from marker import HALVES, RAW, ffmpeg, sources

PROGRAM = f"{BUILD}/bench/scene_bench"
TRIALS = int(os.environ.get("OTKLIK_BENCH_SCENES", "110"))
SNR_DB = {"A": "5", "B": "0"}


def scene() -> list[Row]:
    audio = f"{os.environ.get('OTKLIK_SHARED', '')}/data/audio"
    if not os.path.isdir(audio) or not os.path.exists(PROGRAM):
        raise Missing("no shared audio, or scene_bench is not built")
    rows = []
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        noise = f"{folder}/noise.raw"
        ffmpeg("-i", f"{audio}/noise/koala_noise.wav", *RAW, noise)
        for number, half in enumerate(HALVES):
            talk = sources(folder, audio, half)
            told = run([PROGRAM, talk, noise, str(TRIALS), str(number + 1), SNR_DB[half]])[2]
            rows += rows_of(half, [json.loads(line) for line in told.splitlines()])
    return rows


def rows_of(half: str, trials: list[dict]) -> list[Row]:
    same = [each for each in trials if each["same"]]
    accepted = [each for each in trials if each["accepted"]]
    wrong = [each for each in accepted if not each["same"] or each["off_ms"] > 100]
    worst = max((each["off_ms"] for each in accepted), default=0)
    where = f"half {half}, {SNR_DB[half]} dB"
    return [Row(f"wrong answers accepted of {len(trials)} pairs, {where}", "", [len(wrong)], "0", 0,
                peer=f"worst of those accepted {worst:.2f} ms"),
            Row(f"same scene known of {len(same)} pairs, {where}", "", [len(accepted) - len(wrong)], "",
                peer="the others are refused"),
            Row(f"laying 10 min over 10 min within ±1 h, {where}, CPU", "s", [each["cpu_s"] for each in trials], "")]
