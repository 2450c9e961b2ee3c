"""Rules of tidy.py about documents: what docs/status.md says shows a row must exist under that name."""
import re

from tidy_source import Tree

STATUS = "docs/status.md"
SUITE = re.compile(r"^\s*(?:TEST(?:_[FP])?|RC_GTEST_(?:FIXTURE_)?PROP)\(\s*(\w+)\s*,\s*(\w+)", re.M)
JOURNEY = re.compile(r"\b(?:it|describe)\(\s*(['\"`])(.*?)\1", re.S)


def shown_by(text: str) -> list[tuple[int, str]]:
    """The third column of the table, line by line."""
    cells = []
    for number, line in enumerate(text.splitlines(), 1):
        columns = line.split("|")
        if line.startswith("|") and len(columns) >= 6:
            cells.append((number, columns[3]))
    return cells


def names_of(tree: Tree) -> tuple[dict[str, set[str]], list[str], set[str], set[str]]:
    """C++ suites with their tests, names of browser journeys, files of journeys, files of unit tests."""
    suites: dict[str, set[str]] = {}
    journeys, e2e, unit = [], set(), set()
    for path, text in tree.texts.items():
        if re.fullmatch(r"(src|tests)/.*\.(cpp|h)", path):
            for suite, name in SUITE.findall(text):
                suites.setdefault(suite, set()).add(name)
        if found := re.fullmatch(r"web/e2e/(\w+)\.test\.mjs", path):
            e2e.add(found[1])
            journeys += [name for _, name in JOURNEY.findall(text)]
        if found := re.fullmatch(r"web/src/.*?(\w+)\.test\.ts", path):
            unit.add(found[1])
    return suites, journeys, e2e, unit


def status_names(tree: Tree) -> list[str]:
    """Suites, tests, journeys and files that the status names; "…" stands for the rest of a name."""
    suites, journeys, e2e, unit = names_of(tree)
    found = []
    for number, cell in shown_by(tree.texts.get(STATUS, "")):
        wrong = []
        plain = re.sub(r"\([^)]*\)", "", cell)  # what stands in brackets says it in other words
        for suite, test in re.findall(r"`([A-Z]\w+)(?:\.(\w*))?[…*]*`", plain):
            tests = suites.get(suite)
            if tests is None or (test and not any(name.startswith(test) for name in tests)):
                wrong.append(f"{suite}.{test}" if test else suite)
        for name in re.findall(r'"([^"]+)"', plain):
            if not any(each.startswith(name.rstrip("…")) for each in journeys):
                wrong.append(f'"{name}"')
        wrong += [f"e2e {name}" for name in re.findall(r"e2e `(\w+)`", plain) if name not in e2e]
        for names in re.findall(r"vitest ((?:`\w+`(?:, )?)+)", plain):
            wrong += [f"vitest {name}" for name in re.findall(r"`(\w+)`", names) if name not in unit]
        found += [f"{STATUS}: line {number}: no test is called {name}" for name in wrong]
    return found


TABLE = "| row | what | {} | |\n"
RULES = {
    "status_names": (status_names,
                     {STATUS: TABLE.format("`Clips.are_cut`"), "src/a/a_test.cpp": "TEST(Clips, wait) {}\n"},
                     {STATUS: TABLE.format('`Clips.are…` both, `Clips`, e2e `desk` "says so…", vitest `player`'),
                      "src/a/a_test.cpp": "TEST_P(Clips, are_cut) {}\n", "web/src/ui/player.test.ts": "",
                      "web/e2e/desk.test.mjs": "it('says so at once', () => 1);\n"}),
    "status_journeys": (status_names, {STATUS: TABLE.format('e2e "says nothing"'),
                                       "web/e2e/desk.test.mjs": "it('says so', () => 1);\n"},
                        {STATUS: TABLE.format("`tests/releases/run`, figure `coding_complete`")}),
}
