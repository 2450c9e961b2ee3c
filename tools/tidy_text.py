"""Rules of tidy.py that look at one file's text: lengths, banned calls, literals."""
import re

from tidy_source import Tree, functions, is_test, joined

CPP = r"(src|tests|bench|tools)/.*\.(cpp|h)"
SRC = r"src/.*\.(cpp|h)"
SCREENS = r"web/(src|e2e)/.*\.(ts|tsx|mjs)"
GENERATED = r"web/src/api/generated/.*"
LINE_MAX = 100
LINE_MAX_SCRIPT = 120
FUNCTION_MAX = 60

# What must not be called in src/ or tests/: the pattern, what to use instead, and the paths where it may stand.
BANNED = [
    (r"\bstd::system\b|(?<![\w:.>])(?<!Scope )system\(", "a child by base or media, with arguments as a list",
     ("_test.cpp", "_testkit.h")),
    (r"\bpopen\s*\(", "a child by base or media, with arguments as a list", ()),
    (r"\b(strcpy|strcat|sprintf|vsprintf|gets)\s*\(", "std::string or fmt::format", ()),
    (r"(?<![\w:])s?rand\s*\(|\bstd::rand\b|\bstd::random_device\b",
     "libsodium's randombytes for secrets, a printed seed in tests",
     ("src/base/", "src/store/", "tests/", "bench/", "_test.cpp")),
    (r"(?<![\w.>])(std::)?time\s*\(\s*(nullptr|NULL|0)?\s*\)", "Clock", ("src/base/",)),
    (r"\bsystem_clock\b|\bgettimeofday\s*\(|\bclock_gettime\s*\(", "Clock", ("src/base/",)),
    (r"\bstd::thread\b(?!::)", "std::jthread of a named object (docs/threads.md)",
     ("tests/", "bench/", "_test.cpp")),
    (r"\.detach\s*\(\s*\)", "a std::jthread that is stopped and joined", ()),
    (r"\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w:.>])sleep\s*\(",
     "a condition variable with a stop token", ("tests/", "bench/", "_testkit.h")),
    (r"\bstd::(stoi|stol|stoll|stoul|stoull|stof|stod)\b|(?<![\w:.>])ato[ifl]+\s*\(",
     "std::from_chars with the whole text checked", ("_test.cpp", "_testkit.h")),
    (r"\bstd::to_string\s*\(\s*[\w.]*(ratio|percent|double)[\w.]*\s*\)",
     "fmt::format, since to_string of a double depends on the locale", ()),
    (r"(?<![\w.>:])new\s+[A-Za-z_:<]", "std::make_unique", ()),
    (r"(?<![\w.>:])delete\s+[\w*(]|(?<![\w.>:])delete\[\]", "std::unique_ptr with its deleter", ()),
    (r"\bstd::(cout|cerr|clog)\b|(?<![\w:.>])printf\s*\(", "base/log, or the output of a command",
     ("src/app/", "tests/", "bench/", "tools/", "_test.cpp")),
    (r"\b(strtok|localtime|gmtime|ctime|asctime|tmpnam|mktemp)\s*\(", "base/calendar, base/files", ()),
    (r"\b(setlocale|std::locale::global)\s*\(", "text by base/text: the locale of the process never matters", ()),
    (r"\bvolatile\b", "std::atomic", ("bench/", "_test.cpp")),
]
BANNED_SAMPLES = [  # the self-test looks for each pattern of BANNED in one of these
    'std::system("ls");', 'popen("ls", "r");', "strcpy(a, b);", "int a = rand();", "auto t = time(nullptr);",
    "std::chrono::system_clock::now();", "std::thread t(f);", "t.detach();", "std::this_thread::sleep_for(1s);",
    "std::stoi(text);", "std::to_string(ratio);", "auto* p = new Thing();", "delete thing;", "std::cout << 1;",
    "localtime(&t);", "setlocale(LC_ALL, x);", "volatile int x;",
]
SQL = re.compile(
    r"^\s*(select\s.*\bfrom\b|insert\s+(or\s+\w+\s+)?into\b|update\s+\w+\s+set\b|delete\s+from\b|"
    r"create\s+(unique\s+)?(table|index|view|trigger)\b|drop\s+(table|index)\b|alter\s+table\b|with\s+\w+\s+as\s*\()",
    re.I | re.S)
CYRILLIC = re.compile("[\u0400-\u04ff]")
MACHINE = re.compile(r"(?<![\w.$}])/(work|root)/\w|\bregistry\.npmjs\b|\bdeb\.debian\.org\b")


def line_length(tree: Tree) -> list[str]:
    found = []
    for pattern, limit in ((f"{CPP}|{SCREENS}", LINE_MAX), (r".*\.(py|sh)|dev", LINE_MAX_SCRIPT)):
        for path in tree.paths(pattern):
            if re.fullmatch(GENERATED, path):
                continue
            found += [f"{path}:{n}: {len(line)} characters, at most {limit}"
                      for n, line in enumerate(tree.texts[path].splitlines(), 1) if len(line) > limit]
    return found


def file_length(tree: Tree) -> list[str]:
    found = []
    for path in tree.paths(f"{CPP}|{SCREENS}|.*\\.py"):
        if re.fullmatch(GENERATED, path):
            continue
        limit = 600 if is_test(path) else 200 if path.endswith(".h") else 400
        count = tree.texts[path].count("\n")
        if count > limit:
            found.append(f"{path}: {count} lines, at most {limit}: cut it along a word of the product")
    return found


def function_length(tree: Tree) -> list[str]:
    return [f"{path}:{first}: a function of {last - first + 1} lines, at most {FUNCTION_MAX}"
            for path in tree.paths(CPP) for first, last in functions(tree.source(path).code)
            if last - first + 1 > FUNCTION_MAX]


def banned_calls(tree: Tree) -> list[str]:
    found = []
    for path in tree.paths(CPP):
        lines = tree.source(path).code.split("\n")
        for pattern, instead, allowed in BANNED:
            if any(path.startswith(a) or path.endswith(a) for a in allowed):
                continue
            found += [f"{path}:{n}: {match[0].strip()} is banned; use {instead}"
                      for n, line in enumerate(lines, 1) if (match := re.search(pattern, line))]
    return found


def sql_place(tree: Tree) -> list[str]:
    """Statements stand in <room>_sql.cpp only; store holds those of its own mechanics."""
    return [f"{path}:{n}: a statement outside *_sql.cpp"
            for path in tree.paths(SRC)
            if not path.endswith("_sql.cpp") and not path.startswith("src/store/") and not is_test(path)
            for n, text in joined(tree.source(path)) if SQL.match(text)]


def cyrillic(tree: Tree) -> list[str]:
    """What people read comes from i18n/*.json; only test data and the demo's script may be in Russian."""
    found = []
    for path in tree.paths(f"{SRC}|{SCREENS}"):
        if is_test(path) or path.startswith("web/e2e/"):
            continue
        source = tree.source(path)
        places = {n for n, text in source.strings if CYRILLIC.search(text)}
        places |= {n for n, line in enumerate(source.code.split("\n"), 1) if CYRILLIC.search(line)}
        found += [f"{path}:{n}: Cyrillic outside i18n/" for n in sorted(places)]
    return found


def todo(tree: Tree) -> list[str]:
    word = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    return [f"{path}:{n}: {match[0]}: do it, or file an issue"
            for path in tree.paths(f"{CPP}|{SCREENS}|(tools|cmake|db|\\.ci|docs)/.*|dev")
            for n, line in enumerate(tree.texts[path].splitlines(), 1) if (match := word.search(line))]


def machine_paths(tree: Tree) -> list[str]:
    """Nothing of one machine: neither its folders nor the hosts it fetches from."""
    return [f"{path}:{n}: {match[0]} belongs to one machine"
            for path in tree.texts if not path.startswith("tools/tidy_") and not path.endswith(".sum")
            for n, line in enumerate(tree.texts[path].splitlines(), 1) if (match := MACHINE.search(line))]


def header_head(tree: Tree) -> list[str]:
    """A header begins with #pragma once and says in a comment what it is."""
    return [f"{path}: begins with #pragma once, then a comment: purpose, owned data, thread"
            for path in tree.paths(r"src/.*\.h")
            if not re.match(r"#pragma once\n(//|\n//)", tree.texts[path])]


LONG = "int f() {\n" + "    g();\n" * 60 + "}\n"
RULES = {
    "line_length": (line_length, {"src/a/a.cpp": "x" * 101}, {"src/a/a.cpp": "x" * 100}),
    "file_length": (file_length, {"src/a/a.h": "\n" * 201}, {"src/a/a_test.cpp": "\n" * 600}),
    "function_length": (function_length, {"src/a/a.cpp": LONG},
                        {"src/a/a.cpp": "namespace a {\n" + "int f() {\n    return 1;\n}\n" * 40 + "}\n"}),
    "banned_calls": (banned_calls, {"src/a/a.cpp": "void f() { std::system(x); }\n"},
                     {"src/a/a.cpp": '// std::system\nauto s = "rand()"; A(const A&) = delete;\n',
                      "src/base/c.cpp": "auto t = std::chrono::system_clock::now();\n"}),
    "sql_place": (sql_place, {"src/a/a.cpp": 'auto q = "select id "\n    "from clip";\n'},
                  {"src/a/a_sql.cpp": 'auto q = "select id from clip";\n',
                   "src/a/b.cpp": 'auto help = "select a point";\n'}),
    "cyrillic": (cyrillic, {"web/src/a.tsx": "const a = <b>\u0434\u0430</b>;\n"},
                 {"src/a/a.cpp": "// \u0434\u0430\n", "src/a/a_test.cpp": 'auto s = "\u0434\u0430";\n'}),
    "todo": (todo, {"src/a/a.cpp": "// TO" "DO later\n"}, {"src/a/a.cpp": "int todo_count;\n"}),
    "machine_paths": (machine_paths, {"dev": "cd /wo" "rk/main\n"}, {"dev": "cd ../shared $x/work/a\n"}),
    "header_head": (header_head, {"src/a/a.h": "#pragma once\n#include <x>\n"},
                    {"src/a/a.h": "#pragma once\n// A: a thing.\n"}),
}
