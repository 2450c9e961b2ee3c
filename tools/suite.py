#!/usr/bin/env python3
"""Runs every test of the tree and reports them as one: called by ./dev, which has installed and built before.

    suite.py [tidy] [openapi] [cpp] [web] [e2e] [tests] [ROOM...] [Suite.test]
    suite.py --changed FILE...           tests of the rooms of these files and of the rooms that use them
    suite.py --script FILE --scale N [WORD…]   one campaign script (bench/run, tests/faults/run), same surroundings

A part that the tree does not have yet is named as absent, never passed over. The last line is the plain
`N passed, N failed, N skipped`; the exit code is 1 when anything failed.
"""
import glob
import json
import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gtest  # noqa: E402
import runner_test  # noqa: E402
import tidy  # noqa: E402
from postgres import Cluster  # noqa: E402
from report import Report  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("OTKLIK_BUILD", os.path.join(ROOT, "build", "release"))
WEB = os.path.join(ROOT, "web")
PARTS = ("tidy", "openapi", "cpp", "web", "e2e", "tests")
SCRIPT_S_MAX = 1500
RESULT = re.compile(r"^(ok|not ok|PASS|FAIL|SKIP|skip)\b[:\s-]*(.*)$")
CLOSING = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
SECONDS = re.compile(r"\s\(?(\d+(?:\.\d+)?) ?(ms|s)\)?$")
# Scripts of web/package.json that check; what is not there is not asked for.
WEB_CHECKS = ("types", "lint", "layers", "i18n", "texts", "licenses")


def binary(name: str) -> str:
    for place in ("src/app", "src/decode", "src", ""):
        path = os.path.join(BUILD, place, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    found = [p for p in glob.glob(f"{BUILD}/**/{name}", recursive=True)
             if os.path.isfile(p) and os.access(p, os.X_OK)]
    return found[0] if found else ""


def surroundings(scale: str) -> dict[str, str]:
    """What every test program may ask of its environment."""
    env = dict(os.environ, OTKLIK_SOURCE=ROOT, OTKLIK_BUILD=BUILD, OTKLIK_SCALE=scale,
               OTKLIK_BIN=binary("otklik"), OTKLIK_DECODE=binary("otklik-decode"),
               OTKLIK_WEB=os.path.join(WEB, "dist"), TZ="UTC")
    shared = os.path.join(os.path.dirname(ROOT), "shared")
    if os.path.isdir(shared):
        env.setdefault("OTKLIK_SHARED", shared)
    node = os.path.join(WEB, "node_modules", "node", "bin")
    env["PATH"] = node + os.pathsep + env["PATH"]
    return {name: value for name, value in env.items() if value != ""}


def run_tidy(report: Report) -> None:
    with report.part("tidy"):
        wrong = runner_test.problems(count_lines)
        report.add("tools.runner", not wrong, 0, "\n".join(wrong))
        for rule, problem in tidy.self_test():
            report.add(f"tidy.self_test.{rule}", problem == "", 0, problem)
        for rule, problems in tidy.run_all(ROOT).items():
            more = [f"and {len(problems) - 30} more: ./dev tidy"] if len(problems) > 30 else []
            report.add(f"tidy.{rule}", not problems, 0, "\n".join(problems[:30] + more))


def run_openapi(report: Report, env: dict[str, str]) -> None:
    with report.part("openapi"):
        document = os.path.join(ROOT, "api", "openapi.yaml")
        if "OTKLIK_BIN" not in env or not os.path.exists(document):
            report.absent("openapi", "no otklik binary or no api/openapi.yaml yet")
            return
        began = time.monotonic()
        written = subprocess.run([env["OTKLIK_BIN"], "openapi"], capture_output=True, env=env, timeout=60)
        with open(document, "rb") as file:
            same = written.returncode == 0 and file.read() == written.stdout
        report.add("openapi.document_is_fresh", same, time.monotonic() - began,
                   "" if same else "api/openapi.yaml is stale: run ./dev accept and review the difference\n"
                   + written.stderr.decode(errors="replace")[-1000:])


def room_filter(rooms: set[str], words: list[str]) -> str:
    """The gtest filter of the tests that lie in these rooms, and of the names given as such."""
    suites = set()
    for room in rooms:
        for path in glob.glob(f"{ROOT}/src/{room}/**/*_test.cpp", recursive=True):
            with open(path, encoding="utf-8") as file:
                suites |= set(re.findall(r"^(?:TYPED_)?TEST(?:_F|_P)?\((\w+)", file.read(), re.M))
    names = [f"{s}.*:*/{s}.*:{s}/*" for s in sorted(suites)] + [w if "." in w else f"{w}.*" for w in words]
    return ":".join(names)


def run_cpp(report: Report, env: dict[str, str], wanted: str) -> None:
    with report.part("cpp"):
        program = os.path.join(BUILD, "src", "otklik_tests")
        if not os.path.exists(program):
            report.absent("cpp", "no src/otklik_tests in " + BUILD)
            return
        gtest.run(program, env, wanted, report)


def run_web(report: Report, env: dict[str, str], rooms: set[str]) -> None:
    with report.part("web"):
        package = os.path.join(WEB, "package.json")
        if not os.path.exists(package):
            report.absent("web", "no web/package.json yet")
            return
        with open(package, encoding="utf-8") as file:
            scripts = json.load(file).get("scripts", {})
        out = os.path.join(ROOT, "build", "vitest.json")
        if os.path.exists(out):
            os.remove(out)
        only = [f"features/{room}" for room in sorted(rooms)]
        ran = subprocess.run(["npx", "vitest", "run", "--passWithNoTests", "--reporter=json",
                              f"--outputFile={out}", *only], cwd=WEB, env=env, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             timeout=SCRIPT_S_MAX)
        count_vitest(report, out, ran)
        if rooms:
            return
        for name in WEB_CHECKS:
            if name in scripts and not (name == "types" and "tsc" in scripts.get("build", "")):
                began = time.monotonic()
                checked = subprocess.run(["npm", "run", "--silent", name], cwd=WEB, env=env, text=True,
                                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, timeout=SCRIPT_S_MAX)
                report.add(f"web.{name}", checked.returncode == 0, time.monotonic() - began,
                           checked.stdout[-4000:])
        client_is_fresh(report, env, scripts.get("gen", ""))


def count_vitest(report: Report, out: str, ran: subprocess.CompletedProcess) -> None:
    before = report.failed
    if os.path.exists(out):
        with open(out, encoding="utf-8") as file:
            for one_file in json.load(file).get("testResults", []):
                where = os.path.relpath(one_file["name"], WEB)
                for test in one_file["assertionResults"]:
                    name = f"web.{where}: {test['fullName'].strip()}"
                    if test["status"] in ("passed", "failed"):
                        report.add(name, test["status"] == "passed", (test.get("duration") or 0) / 1000,
                                   "\n".join(test.get("failureMessages", []))[-4000:])
                    else:
                        report.skip(name, test["status"])
    if ran.returncode != 0 and report.failed == before:
        report.add("web.vitest", False, 0, ran.stdout[-4000:])


def client_is_fresh(report: Report, env: dict[str, str], gen: str) -> None:
    """The client's types are those of api/openapi.yaml."""
    target = re.search(r"-o (\S+)", gen)
    document = os.path.join(ROOT, "api", "openapi.yaml")
    if not target or not os.path.exists(document):
        report.absent("web client", "no gen script or no api/openapi.yaml yet")
        return
    fresh = os.path.join(ROOT, "build", "schema.ts")
    began = time.monotonic()
    made = subprocess.run(["npx", "openapi-typescript", document, "-o", fresh], cwd=WEB, env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    same = made.returncode == 0
    if same:
        try:
            with open(fresh, "rb") as new, open(os.path.join(WEB, target[1]), "rb") as old:
                same = new.read() == old.read()
        except OSError:
            same = False
    report.add("web.client_is_fresh", same, time.monotonic() - began,
               "" if same else "the generated client is stale: ./dev accept\n" + made.stdout[-2000:])


def run_script(report: Report, name: str, command: list[str], env: dict[str, str], folder: str) -> None:
    """A program that prints `ok NAME`, `FAIL NAME`, `SKIP NAME` or only the closing line; why one failed, before it."""
    began = time.monotonic()
    log = os.path.join(ROOT, "build", re.sub(r"\W+", "_", name) + ".log")
    with open(log, "w+", encoding="utf-8", errors="replace") as out:
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        code = gtest.wait(process, SCRIPT_S_MAX)
        out.seek(0)
        text = out.read()
    count_lines(report, name, text, code, time.monotonic() - began)


def count_lines(report: Report, name: str, text: str, code: int | None, seconds: float) -> None:
    before, closing, seen, said = report.failed, None, 0, []
    for line in text.splitlines():
        closing = CLOSING.match(line) or closing
        result = RESULT.match(line)
        if not result:
            said.append(line)
            continue
        seen += 1
        why, said = "\n".join(said)[-6000:], []
        took = SECONDS.search(result[2])
        length = float(took[1]) / (1000 if took[2] == "ms" else 1) if took else 0
        title = f"{name}: {SECONDS.sub('', result[2])}"
        if result[1].lower() == "skip":
            report.skip(title, "")
        else:
            report.add(title, result[1] in ("ok", "PASS"), length, why or text[-6000:])
    if seen == 0 and closing:
        passed, failed, skipped = (int(n or 0) for n in closing.groups())
        report.count(name, passed, failed, skipped, seconds, text[-6000:])
    elif seen == 0:
        report.add(name, code == 0, seconds, text[-6000:])
    if code != 0 and report.failed == before:
        reason = "ran out of time" if code is None else f"exit code {code}"
        report.add(f"{name} ({reason})", False, seconds, text[-6000:])


def run_e2e(report: Report, env: dict[str, str]) -> None:
    with report.part("e2e"):
        runner = os.path.join(WEB, "e2e", "run.mjs")
        package = os.path.join(WEB, "package.json")
        scripts = {}
        if os.path.exists(package):
            with open(package, encoding="utf-8") as file:
                scripts = json.load(file).get("scripts", {})
        if os.path.exists(runner):
            run_script(report, "e2e", ["node", runner], env, WEB)
        elif "e2e" in scripts:
            run_script(report, "e2e", ["npm", "run", "--silent", "e2e"], env, WEB)
        else:
            report.absent("e2e", "no web/e2e/run.mjs and no e2e script yet")


def run_tests(report: Report, env: dict[str, str]) -> None:
    """tests/: gtest programs built there, and a `run` script in each folder that has one."""
    with report.part("tests"):
        programs = sorted(p for p in glob.glob(f"{BUILD}/tests/**/*_tests", recursive=True)
                          if os.path.isfile(p) and os.access(p, os.X_OK))
        scripts = sorted(p for p in glob.glob(f"{ROOT}/tests/*/run") if os.access(p, os.X_OK))
        if not programs and not scripts:
            report.absent("tests", "no programs and no tests/*/run yet")
        for program in programs:
            gtest.run(program, env, "", report)
        for script in scripts:
            name = os.path.relpath(os.path.dirname(script), ROOT)
            run_script(report, name, [script], env, os.path.dirname(script))


def changed(files: list[str]) -> tuple[set[str], list[str]]:
    """Rooms to test and parts to run for these files."""
    touched = {f.split("/")[1] for f in files if f.startswith("src/") and f.count("/") > 1}
    parts = ["tidy"]
    if touched:
        parts.append("cpp")
    if any(f.startswith(("web/", "i18n/", "api/")) for f in files):
        parts.append("web")
    graph = tidy.rooms(ROOT)
    return {room for room in graph if touched & ({room} | tidy.closure(graph, room))} | touched, parts


def choose(words: list[str]) -> tuple[list[str], set[str], list[str]]:
    parts = [w for w in words if w in PARTS]
    rooms = {w for w in words if w not in PARTS and os.path.isdir(os.path.join(ROOT, "src", w))}
    names = [w for w in words if w not in PARTS and w not in rooms]
    if not words:
        return list(PARTS), rooms, names
    if rooms or names:
        parts.append("cpp")
    if rooms and any(os.path.isdir(f"{WEB}/src/features/{room}") for room in rooms):
        parts.append("web")
    return parts, rooms, names


def main(words: list[str]) -> int:
    scale, script = "0.1", ""
    if "--script" in words:
        script, scale = words[1], words[words.index("--scale") + 1]
        parts, rooms, names = [], set(), []
    elif words[:1] == ["--changed"]:
        rooms, parts = changed(words[1:])
        names = []
    else:
        parts, rooms, names = choose(words)
    report = Report(os.path.join(ROOT, "build"))
    with ExitStack() as stack:
        env = surroundings(scale)
        if script or {"cpp", "tests"} & set(parts):
            env["OTKLIK_TEST_PG"] = stack.enter_context(Cluster(on_disk=bool(script))).dsn
        if script:
            return subprocess.run([script, *words[words.index("--scale") + 2:]], cwd=ROOT, env=env).returncode
        steps = {
            "tidy": lambda: run_tidy(report),
            "openapi": lambda: run_openapi(report, env),
            "cpp": lambda: run_cpp(report, env, room_filter(rooms, names)),
            "web": lambda: run_web(report, env, rooms),
            "e2e": lambda: run_e2e(report, env),
            "tests": lambda: run_tests(report, env),
        }
        for part in PARTS:
            if part in parts:
                steps[part]()
    return report.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
