"""The runner's own test: a program that fails, crashes or hangs must never count as passed."""
import contextlib
import io
import os
import stat
import tempfile

import gtest
from report import Report

CRASHING = r"""#!/bin/sh
[ "$GTEST_SHARD_INDEX" = 0 ] || exit 0
echo "[ RUN      ] A.good"; echo "[       OK ] A.good (12 ms)"
echo "[ RUN      ] A.skips"; echo "a.cpp:3: Skipped"; echo "no shared data"; echo "[  SKIPPED ] A.skips (0 ms)"
echo "[ RUN      ] P/A.bad/0"; echo "[  FAILED  ] P/A.bad/0, where GetParam() = 4 (3 ms)"
echo "[ RUN      ] A.crashes"; kill -SEGV $$
"""
# What a script prints, its exit code, and what must be counted: passed, failed, skipped.
SCRIPTS = [
    ("ok one 12 ms\nFAIL two\nSKIP three\n1 passed, 1 failed, 1 skipped\n", 1, (1, 1, 1)),
    ("5 passed, 0 failed\n", 0, (5, 0, 0)),
    ("5 passed, 2 failed, 1 skipped\n", 1, (5, 2, 1)),
    ("ok a\n", 3, (1, 1, 0)),      # all well, but it ended badly
    ("ok a\n", None, (1, 1, 0)),   # it hung
    ("silence\n", 0, (1, 0, 0)),
    ("silence\n", 1, (0, 1, 0)),
]


def problems(count_lines) -> list[str]:
    found = []
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        program = os.path.join(folder, "crash_tests")
        with open(program, "w", encoding="utf-8") as file:
            file.write(CRASHING)
        os.chmod(program, os.stat(program).st_mode | stat.S_IXUSR)
        report = Report(folder)
        gtest.run(program, dict(os.environ), "", report)
        if (report.passed, report.failed, report.skipped) != (1, 2, 1):
            found.append(f"crashing program: {report.passed}, {report.failed}, {report.skipped}")
        for text, code, wanted in SCRIPTS:
            report = Report(folder)
            count_lines(report, "script", text, code, 0)
            if (report.passed, report.failed, report.skipped) != wanted:
                found.append(f"{text!r}, code {code}: {report.passed}, {report.failed}, {report.skipped}")
        report = Report(folder)
        if report.close() != 1:
            found.append("a run without any test is no success")
    return found
