"""Copies of real talks through foreign codecs: is each known again, is a stranger taken for one, what does it cost."""
import json
import os
import subprocess
import tempfile

from bench import BUILD, Missing, Row, run, tool

PROGRAM = f"{BUILD}/bench/likeness_bench"
COUNT = 10_000
BOUND = 0.75
# Not the shift of the test src/media/likeness_test.cpp, which raised the bound.
SOURCES = [("call_agent", "en_calls/auto_repairs_49_stereo_L-agent_R-caller.flac", "pan=mono|c0=c0"),
           ("call_caller", "en_calls/auto_repairs_49_stereo_L-agent_R-caller.flac", "pan=mono|c0=c1"),
           ("read", "en_read/mfa_cold_corpus.wav", "anull")]
SOURCES += [(f"meeting{number}", f"en_meeting/trn0{number}.flac", "anull") for number in range(6)]
WINDOW_S = (25, 60)
# Kind of copy: filter, then the codec it goes through.
KINDS = {"mp3_32k": ("anull", ["-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3"]),
         "opus_8k": ("anull", ["-c:a", "libopus", "-b:a", "8k", "-f", "ogg"]),
         "gsm": ("anull", ["-ar", "8000", "-c:a", "libgsm", "-f", "gsm"]),
         "mulaw": ("anull", ["-ar", "8000", "-c:a", "pcm_mulaw", "-f", "wav"]),
         "louder_6db": ("volume=6dB", ["-c:a", "libopus", "-b:a", "24k", "-f", "ogg"]),
         "quieter_6db": ("volume=-6dB", ["-c:a", "libopus", "-b:a", "24k", "-f", "ogg"]),
         "quieter_12db": ("volume=-12dB", ["-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3"]),
         "cut_1s": ("atrim=1.033:{cut_1s},asetpts=PTS-STARTPTS", ["-c:a", "libopus", "-b:a", "16k", "-f", "ogg"]),
         "cut_3s": ("atrim=3.017,asetpts=PTS-STARTPTS", ["-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3"])}
RAW = ["-ac", "1", "-ar", "16000", "-f", "s16le"]


def ffmpeg(source: list[str], filters: str, out: list[str]) -> None:
    run([tool("ffmpeg"), "-v", "error", "-y", *source, "-af", filters, *out])


def seconds_of(path: str) -> float:
    return float(run([tool("ffprobe"), "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path])[2])


def make(folder: str, audio: str) -> int:
    os.makedirs(f"{folder}/clips")
    os.makedirs(f"{folder}/copies")
    count = 0
    for name, path, side in SOURCES:
        for window in WINDOW_S:
            at = 0.0
            while at + window <= seconds_of(f"{audio}/{path}") + 0.01:
                clip = f"{folder}/clips/{name}_{window}_{int(at)}.raw"
                ffmpeg(["-ss", str(at), "-t", str(window), "-i", f"{audio}/{path}"], side, RAW + [clip])
                copies(folder, clip, window)
                count += 1
                at += window
    return count


def copies(folder: str, clip: str, window: int) -> None:
    name = os.path.basename(clip)[:-4]
    for kind, (filters, codec) in KINDS.items():
        coded = f"{folder}/coded"
        ffmpeg(["-f", "s16le", "-ar", "16000", "-ac", "1", "-i", clip], filters.format(cut_1s=window - 1),
               codec + [coded])
        source = ["-f", "gsm", "-i", coded] if kind == "gsm" else ["-i", coded]
        ffmpeg(source, "anull", RAW + [f"{folder}/copies/{name}.{kind}.raw"])


def talk_s(path: str) -> float:
    """Seconds that are not silence: what is silent is like nothing, by intent."""
    told = subprocess.run([tool("ffmpeg"), "-v", "info", "-f", "s16le", "-ar", "16000", "-ac", "1", "-i", path,
                           "-af", "silencedetect=n=-45dB:d=0.5", "-f", "null", "-"], capture_output=True, text=True)
    silent = sum(float(line.rsplit("silence_duration: ", 1)[1]) for line in told.stderr.splitlines()
                 if "silence_duration: " in line)
    return os.path.getsize(path) / 32_000 - silent


def overlap(clip: str, copy: str) -> bool:
    """Windows of one source that hold the same seconds, or both sides of one talk, are no strangers."""
    (a, _, a_at), (b, _, b_at) = clip.rsplit("_", 2), copy.rsplit("_", 2)
    a_end, b_end = int(a_at) + int(clip.rsplit("_", 2)[1]), int(b_at) + int(copy.rsplit("_", 2)[1])
    same_talk = a == b or (a.startswith("call") and b.startswith("call"))
    return same_talk and int(a_at) < b_end and int(b_at) < a_end


def likeness() -> list[Row]:
    audio = f"{os.environ.get('OTKLIK_SHARED', '')}/data/audio"
    if not os.path.isdir(audio) or not os.path.exists(PROGRAM):
        raise Missing("no shared audio, or likeness_bench is not built")
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        count = make(folder, audio)
        talk = {name[:-4]: talk_s(f"{folder}/clips/{name}") for name in os.listdir(f"{folder}/clips")}
        lines = [json.loads(line) for line in run([PROGRAM, folder, str(COUNT)])[2].splitlines()]
    cost = lines.pop()
    rows = []
    for kind in KINDS:
        own = [each for each in lines if each["clip"] == each["copy"] and each["kind"] == kind]
        known = sum(each["score"] >= BOUND for each in own)
        worst = min(own, key=lambda each: each["score"])
        rows.append(Row(f"copies known again of {len(own)} ({count} clips), {kind}", "", [known], "",
                        peer=f"weakest {worst['score']:.3f}: {worst['clip']}, {talk[worst['clip']]:.0f} s of talk"))
    strangers = [each for each in lines if not overlap(each["clip"], each["copy"])]
    wrong = [each for each in strangers if each["score"] >= BOUND]
    best = max(strangers, key=lambda each: each["score"])
    rows.append(Row(f"strangers taken for a copy, of {len(strangers)}", "", [len(wrong)], "0", 0,
                    peer=f"best {best['score']:.3f}: {best['clip']} and {best['copy']}"))
    rows.append(Row("one comparison, 120 s with 120 s, CPU", "ms", [cost["cpu_ms"] / COUNT], ""))
    rows.append(Row(f"a recording against {COUNT} clips, CPU", "s", [cost["cpu_ms"] / 1000], ""))
    rows.append(Row("the same, two tracks each", "s", [cost["cpu_ms_two_tracks"] / 1000], ""))
    return rows
