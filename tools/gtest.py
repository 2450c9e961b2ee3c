"""Runs one GoogleTest program in shards over the cores and reads its lines."""
import os
import re
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from postgres import Cluster

SHARD_S_MAX = 900
DETAIL_LINES_MAX = 60
START = re.compile(r"^\[ RUN      \] (\S+)")
END = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] (\S+?),?(?: where .*)? \((\d+) ms\)$")


def wait(process: subprocess.Popen, seconds: float) -> int | None:
    """The exit code, or nothing when the time ran out: then its whole process group is ended."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


def shard(program: str, env: dict[str, str], wanted: str, index: int, total: int) -> tuple[str, int | None]:
    command = [program, "--gtest_color=no"] + ([f"--gtest_filter={wanted}"] if wanted else [])
    env = dict(env, GTEST_TOTAL_SHARDS=str(total), GTEST_SHARD_INDEX=str(index))
    # A cluster each: facts are read below the oldest running transaction of the whole cluster, so the open
    # transactions of another shard would hold them back.
    with Cluster() as cluster, tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        if cluster.dsn and "OTKLIK_TEST_PG" in env:
            env["OTKLIK_TEST_PG"] = cluster.dsn
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        code = wait(process, SHARD_S_MAX)
        out.seek(0)
        return out.read(), code


def read(report, text: str, code: int | None, title: str) -> None:
    open_test, lines, before = "", [], report.failed
    for line in text.splitlines():
        start, end = START.match(line), END.match(line)
        if start:
            open_test, lines = start[1], []
        elif end and open_test:
            seconds = int(end[3]) / 1000
            if end[1] == "SKIPPED":
                report.skip(open_test, " ".join(line.strip() for line in lines[1:3]))
            else:
                report.add(open_test, end[1] == "OK", seconds, "\n".join(lines[:DETAIL_LINES_MAX]))
            open_test, lines = "", []
        else:
            lines.append(line)
    if open_test:
        reason = f"ran out of {SHARD_S_MAX} s" if code is None else f"ended with code {code}"
        report.add(open_test, False, 0, "\n".join(lines[-DETAIL_LINES_MAX:])
                   + f"\nthe program {reason} here; the tests after it in its shard did not run")
    elif code != 0 and report.failed == before:
        report.add(title, False, 0, "\n".join(text.splitlines()[-DETAIL_LINES_MAX:])
                   + f"\nexit code {code} without a failed test")


def run(program: str, env: dict[str, str], wanted: str, report) -> None:
    cores = os.cpu_count() or 1
    total = 1 if wanted and ":" not in wanted and "*" not in wanted else cores * 2  # more than cores: they even out
    with ThreadPoolExecutor(cores) as pool:
        jobs = [pool.submit(shard, program, env, wanted, i, total) for i in range(total)]
        for index, job in enumerate(jobs):
            text, code = job.result()
            read(report, text, code, f"{os.path.basename(program)} shard {index + 1} of {total}")
