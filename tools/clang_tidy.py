#!/usr/bin/env python3
"""Runs clang-tidy over files of src, as many at once as there are processors.

    clang_tidy.py BUILD FILE...      BUILD holds compile_commands.json

A file that passed is not looked at again until it changes, or a header that it reads, its command or the rules
change: all of them make the name of its mark in BUILD/clang-tidy. Asking the compiler which headers these are takes
a second, clang-tidy ten. What the rules cannot say stands in `options_of`.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from functools import lru_cache

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = "clang-tidy-16"
FINDING = re.compile(r"(warning|error):")
SHOWN_MAX = 60
MARK_LIFE_S = 30 * 24 * 3600


def options_of(name: str) -> list[str]:
    # What clang 16 follows into the coroutines of boost/asio/impl/awaitable.hpp ends in pointers that it takes for
    # unset; no remark of ours reaches them there, and its core checks cannot be left out one by one.
    return ["--checks=-clang-analyzer-*"] if name.startswith("src/web/http_") else []


@lru_cache(maxsize=None)
def state_of(path: str) -> str:
    """The content of our own files; of the system's their size and time, which a new package changes."""
    if path.startswith(ROOT + os.sep):
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    told = os.stat(path)
    return f"{told.st_size} {told.st_mtime_ns}"


def read_by(command: str, folder: str) -> list[str]:
    """The file and all that it includes."""
    words = shlex.split(command)
    at = words.index("-o")
    asked = [word for i, word in enumerate(words) if i not in (at, at + 1) and word != "-c"]
    told = subprocess.run(asked + ["-M"], cwd=folder, capture_output=True, text=True, check=True).stdout
    names = told.replace("\\\n", " ").split(":", 1)[1].split()
    return sorted({os.path.normpath(os.path.join(folder, name)) for name in names})


def mark_of(rules: str, entry: dict, name: str) -> str:
    mark = hashlib.sha256(rules.encode())
    mark.update("\0".join([entry["command"], *options_of(name)]).encode())
    for path in read_by(entry["command"], entry["directory"]):
        mark.update(f"{path} {state_of(path)}\n".encode())
    return mark.hexdigest()


def main() -> int:
    build, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    marks = os.path.join(build, "clang-tidy")
    os.makedirs(marks, exist_ok=True)
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = {os.path.relpath(each["file"], ROOT): each for each in json.load(file)}
    with open(os.path.join(ROOT, ".clang-tidy"), encoding="utf-8") as file:
        rules = file.read() + subprocess.run([TOOL, "--version"], capture_output=True, text=True, check=True).stdout

    def look(name: str) -> str | None:
        """What was found; nothing at all where it passed before."""
        mark = mark_of(rules, entries[name], name)
        if os.path.exists(os.path.join(marks, mark)):
            os.utime(os.path.join(marks, mark))
            return None
        ran = subprocess.run([TOOL, "-p", build, "--quiet", "--warnings-as-errors=*", *options_of(name), name],
                             cwd=ROOT, capture_output=True, text=True, check=False)
        if ran.returncode == 0:
            open(os.path.join(marks, mark), "w", encoding="utf-8").close()
            return ""
        return ran.stdout or ran.stderr or f"{name}: error: {TOOL} ended with {ran.returncode}"

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        looked = list(pool.map(look, names))
    for old in os.scandir(marks):  # of files as they were
        if time.time() - old.stat().st_mtime > MARK_LIFE_S:
            os.unlink(old)
    found = [text for text in looked if text]
    lines = sorted({line for text in found for line in text.splitlines() if FINDING.search(line)})
    for line in lines[:SHOWN_MAX] or found[:1]:
        print(line)
    again = looked.count(None)
    print(f"clang-tidy: {len(names) - again} looked at, {again} as they were when they passed, {len(found)} to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
