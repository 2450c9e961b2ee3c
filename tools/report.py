"""The one report of a test run: what passed, what failed and why, what was skipped, how long each part took."""
import json
import os
import time
from contextlib import contextmanager

SLOWEST = 20
BUDGETS_S = {"install": 120, "build": 360, "tests": 840}  # on two cores


class Report:
    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.passed = self.failed = self.skipped = 0
        self.timed: list[tuple[float, str]] = []
        self.failures: list[str] = []
        self.skips: list[str] = []
        self.absences: list[str] = []
        self.parts: list[tuple[str, float]] = []

    def add(self, name: str, good: bool, seconds: float, detail: str) -> None:
        self.timed.append((seconds, name))
        if good:
            self.passed += 1
            return
        self.failed += 1
        self.failures.append(name)
        print(f"\nFAILED {name}\n{detail.rstrip()}\n", flush=True)

    def skip(self, name: str, reason: str) -> None:
        self.skipped += 1
        self.skips.append(f"{name}: {reason}" if reason else name)

    def count(self, name: str, passed: int, failed: int, skipped: int, seconds: float, detail: str) -> None:
        """The sums of a runner that names no test."""
        self.passed, self.skipped = self.passed + passed, self.skipped + skipped
        self.timed.append((seconds, name))
        if skipped:
            self.skips.append(f"{name}: {skipped}")
        if failed:
            self.failed += failed
            self.failures.append(f"{name}: {failed}")
            print(f"\nFAILED {name}\n{detail.rstrip()}\n", flush=True)

    def absent(self, part: str, reason: str) -> None:
        self.absences.append(f"{part}: {reason}")

    @contextmanager
    def part(self, name: str):
        before, began = (self.passed, self.failed, self.skipped), time.monotonic()
        print(f"\n== {name}", flush=True)
        yield
        seconds = time.monotonic() - began
        self.parts.append((name, seconds))
        now = (self.passed, self.failed, self.skipped)
        passed, failed, skipped = (b - a for a, b in zip(before, now))
        print(f"-- {name}: {passed} ok, {failed} failed, {skipped} skipped in {seconds:.1f} s", flush=True)

    def close(self) -> int:
        slow = [one for one in sorted(self.timed, reverse=True) if one[0] >= 0.01][:SLOWEST]
        print(f"\nthe {len(slow)} slowest:")
        for seconds, name in slow:
            print(f"  {seconds:8.2f} s  {name}")
        for title, lines in (("skipped", self.skips), ("absent", self.absences), ("failed", self.failures)):
            if lines:
                print(f"\n{title}:")
                print("\n".join("  " + line for line in lines))
        self.write_times()
        if self.passed + self.failed + self.skipped == 0:
            print("\nno test matched")
            return 1
        print(f"\n{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0

    def write_times(self) -> None:
        """build/times.json: parts of this run, installing and building as ./dev noted them, against the budgets."""
        steps = []
        try:
            with open(os.path.join(self.folder, "times.txt"), encoding="utf-8") as file:
                steps = [(line.split()[0], float(line.split()[1])) for line in file]
        except OSError:
            pass
        sums = {"install": sum(s for n, s in steps if n.startswith("install")),
                "build": sum(s for n, s in steps if n.startswith("build")),
                "tests": sum(s for _, s in self.parts)}
        print("\ntook:", ", ".join(
            f"{name} {seconds:.0f} s of {BUDGETS_S[name]}" + (" OVER BUDGET" if seconds > BUDGETS_S[name] else "")
            for name, seconds in sums.items()))
        os.makedirs(self.folder, exist_ok=True)
        with open(os.path.join(self.folder, "times.json"), "w", encoding="utf-8") as file:
            json.dump({"steps": [{"name": n, "seconds": round(s, 2)} for n, s in steps + self.parts],
                       "sums": {n: round(s, 2) for n, s in sums.items()}, "budgets": BUDGETS_S}, file, indent=1)
            file.write("\n")
