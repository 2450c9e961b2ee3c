#!/usr/bin/env python3
"""The rules of the house as a test (docs/architecture.md says why; style in five words: a rule that matters is a test).

    tidy.py                 every rule over the tree; exit code 1 when one is broken
    tidy.py --only FILE...  the same, but only what lies in these files is shown
    tidy.py --self-test     every rule once over a planted fault, which it must find, and over clean code
    tidy.py --seal          freezes the migrations of a release in db/migrations/SUMS

An exception is a line of EXCEPTIONS with its reason; one that is no longer needed is a fault itself.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tidy_docs  # noqa: E402
import tidy_house  # noqa: E402
import tidy_text  # noqa: E402
from tidy_house import closure, rooms_of  # noqa: E402
from tidy_source import Tree  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# (rule, path): why it may.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("file_length", "src/base/fields.h"): 
        "one visitor: its templates must stand in the header, apart they would include each other",
    ("banned_calls", "src/demo/day.cpp"): 
        "a client of a running server asks again as a browser would; no part of the server sleeps",
    ("banned_calls", "src/recording/ingest_test.cpp"): "kills a real child at a real moment",
    ("banned_calls", "src/web/http_test.cpp"): "waits for what a real socket does",
    ("banned_calls", "src/web/http_tls_test.cpp"): "waits for what a real socket does",
    ("banned_calls", "src/web/http_load_test.cpp"): "waits for what a real socket does",
    ("function_length", "src/web/http_test.cpp"): "a table of refused messages",
    ("private_headers", "src/checks/checks_test.cpp"): "makes a recording's rows without an hour of sound",
}

# name: (function(tree) -> problems, planted fault, clean code)
RULES = {**tidy_text.RULES, **tidy_house.RULES, **tidy_docs.RULES}


def rooms(root: str) -> dict[str, set[str]]:
    """Room by room, what it says it uses."""
    return rooms_of(Tree.of(root))


def check(tree: Tree, exceptions: dict[tuple[str, str], str]) -> dict[str, list[str]]:
    found, used, ran = {}, set(), set()
    for name, (rule, _, _) in RULES.items():
        if rule in ran:
            continue  # one function with two planted faults
        ran.add(rule)
        found[name] = []
        for problem in rule(tree):
            key = (name, problem.split(":", 1)[0])
            if key in exceptions:
                used.add(key)
            else:
                found[name].append(problem)
    found["exceptions"] = [f"{path}: the exception from {rule} is not needed (any more): remove it"
                           for rule, path in exceptions if (rule, path) not in used]
    return found


def run_all(root: str) -> dict[str, list[str]]:
    return check(Tree.of(root), EXCEPTIONS)


def self_test() -> list[tuple[str, str]]:
    """Every rule with what was wrong about it: nothing, if it finds its planted fault and leaves clean code alone."""
    results = []
    for name, (rule, fault, clean) in RULES.items():
        problem = ""
        if not rule(Tree(dict(fault))):
            problem = "the planted fault was not found"
        elif wrong := rule(Tree(dict(clean))):
            problem = "clean code was blamed: " + wrong[0]
        results.append((name, problem))
    for pattern, *_ in tidy_text.BANNED:
        sample = next((line for line in tidy_text.BANNED_SAMPLES if re.search(pattern, line)), "")
        planted = tidy_text.banned_calls(Tree({"src/x/x.cpp": f"void f() {{\n    {sample}\n}}\n"}))
        results.append((f"banned_calls: {pattern}", "" if sample and planted else "no sample of it is found"))
    spare = check(Tree({}), {("line_length", "src/base/id.h"): "a reason"})["exceptions"]
    results.append(("exceptions", "" if spare else "a needless exception was not found"))
    return results


def main(words: list[str]) -> int:
    if words[:1] == ["--seal"]:
        return tidy_house.seal(ROOT)
    if words[:1] == ["--self-test"]:
        results = self_test()
        for name, problem in results:
            print(f"{'FAIL' if problem else 'ok'} {name} {problem}")
        bad = sum(1 for _, problem in results if problem)
        print(f"{len(results) - bad} passed, {bad} failed")
        return 1 if bad else 0
    only = set(words[1:]) if words[:1] == ["--only"] else None
    count = 0
    for name, problems in run_all(ROOT).items():
        for problem in problems:
            if only is None or problem.split(":", 1)[0] in only:
                count += 1
                print(f"{problem} [{name}]")
    if count:
        print(f"tidy: {count} to mend; an exception is a line in tools/tidy.py with its reason")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
