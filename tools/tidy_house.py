"""Rules of tidy.py that look at the whole house: rooms and includes, rights, documents, migrations, messages."""
import hashlib
import json
import os
import re

from tidy_source import Tree, is_test, joined

SRC = r"src/.*\.(cpp|h)"
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
ROOM = re.compile(r"^\s*(?:room|adapter)\(\s*(\w+)([^)]*)\)", re.M)
KEYWORDS = ("USES", "LIBS", "ALONE")

# Headers of libraries that only some places may see: pattern, allowed paths, how many sources at most, why.
# A room's private headers (see private_headers) may see what its sources may.
CONFINED = [
    (r"boost/(asio|beast)([./].*|$)", r"src/web/[^/]+(\.cpp|_inside\.h)", 5,
     "one facade: compile time, and no boost name above it"),
    (r"sqlite3\.h|libpq-fe\.h|postgres.*", r"src/store/.*(\.cpp|_connection\.h)", 99, "databases live in store only"),
    (r"unicode/.*", r"src/base/.*\.cpp", 99, "ICU lives in base only"),
    (r"zip\.h|expat\.h|xlsxwriter\.h", r"src/paper/.*(\.cpp|_inside\.h)", 4,
     "one file each: archives, XML, workbooks; and archives made by hand for tests"),
    (r"CLI/.*", r"src/app/.*\.cpp", 1, "one file"),
    (r"toml\+\+/.*|toml\.hpp", r"src/(base|app)/.*\.cpp", 1, "one file"),
    (r"boost/.*|regex|fstream", r"(src|tests|bench)/.*(\.cpp|_inside\.h)", 999, "never in a header of a contract"),
    (r"curl/.*", r"src/notices/smtp\.cpp", 1, "one file: the talk with a mail server"),
    (r"libav\w+/.*", r"src/.*decode.*\.cpp", 99, "GPL build: only the otklik-decode helper links it"),
]

# Who may read past all rights, and why: stages and the console have no reader.
SYSTEM_SCOPE = {
    r"src/app/.*": "stages and the pipeline work for nobody's eyes",
    r"src/kinds/.*": "defines it",
    r"src/imports/fragments\.cpp": "a stage works for nobody's eyes; the presses were matched for who sent the file",
    r"src/imports/run\.cpp": "a stage works for nobody's eyes; rows are written with the rights of who began it",
    r"src/people/accounts\.cpp": "signing in: nobody is known before the session's account is found",
    r"src/sites/(sites|duty)\.cpp": "checks that the row a new row names exists; the route's right guards writing",
    r"src/recording/import\.cpp": "a recorder has a token, no reader: its own point is looked up",
    r"src/recording/upload_import\.cpp": "a stage: who sent the file was let to its recorder when it began",
    r"src/signals/press_batch\.cpp": "a device has a token, no reader: its own point and duty are looked up",
    r"src/signals/pairing\.cpp": "a panel has nothing but its code: the device of the code is looked up",
    r"src/signals/logged_presses\.cpp": "of an import, which asks the rights: the device that a log is for its point",
    r"src/recording/(agents|live_intake)\.cpp": "an agent has a token, no reader: its own recorder is looked up",
    r"src/recording/(live_seal|silence|marker_search|machine_repair|scenes)\.cpp": "a stage works for nobody's eyes",
    r"src/(recording/mend|clips/clip_mend)\.cpp": "fsck mends files of everybody; its route asks for operate",
    r"src/clips/(clips|clip_(cutting|return|window))\.cpp":
        "the stages that cut and recognise work for nobody's eyes; rooms below are asked for it",
    r"src/notices/.*": "letters go to those who chose them; each line passes allows() with the scope of its account",
    r"src/alarms/.*": "the watch has no reader; what it raises is read through allows()",
    r"src/speech/(transcribe|speech)\.cpp": "a stage works for nobody's eyes",
    r"src/clips/clip_expiry\.cpp": "a stage works for nobody's eyes",
    r"src/checks/(checks|ending)\.cpp":
        "the reader was let to the check; its clip's press and its form's version belong to it",
    r"src/recording/repair\.cpp": "the name of the point of a session that the reader was let to",
    r"src/clips/clip_repair\.cpp": "a stage, and a preview whose rows the route passes through allows()",
    r"src/recording/coverage\.cpp": "the zone of a point whose session has passed walk_sight",
    r"src/web/api/(check_view|checks)\.cpp": "titles of the form and point of a check that the reader was let to",
    r"src/web/api/(session|sites)\.cpp": "answers with the row that this same request has just made",
}

# Lists that need no `sight`, by the name of the statement: why nothing of another unit can show.
FEW = "settings of one company, some hundreds at most; every row passes allows() in memory"
QUEUE = "the open queue of a company by its own index, at most some thousands a look; every row passes allows()"
LISTS_WITHOUT_SIGHT: dict[str, str] = {
    "envelopes_of_length": "read by the stage clips.recognise alone: loudness of cuts, shown to nobody",
    "units_of_company": FEW,
    "people_of_company": FEW,
    "accounts_of_company": FEW,
    "recorders_of_company": FEW,
    "due_recordings": "work of a stage by its own index, shown to nobody",
    "old_originals": "work of a stage by its own index, shown to nobody",
    "due_clips": "work of a stage by its own index, shown to nobody",
    "oldest_kept": "one instant of a point that the reader was let to",
    "links_of_clip": "100 links of one clip that the reader was let to",
    "newest_notices": "the outbox of a company, 50 at a time, for who may operate it; each passes allows()",
    "old_notices": "what is forgotten, shown to nobody",
    "open_alarms": FEW,
    "open_asks": "few at a time, 200 at most; each passes allows() with the recording it is about",
    "markers_between": "read by a stage alone: marks of a company within some hours, 400 at most, shown to nobody",
    "ends_of_sessions": "read by a preview alone: ends of one point's recordings, shown to nobody",
    "devices_of_company": FEW,
    "buttons_of_company": FEW,
    "sites_of_company": FEW,
    "points_of_company": FEW,
    "open_signals": QUEUE,
    "oldest_open_of_kind": QUEUE,
    "oldest_open_without_kind": QUEUE,
    "later_signals_due": QUEUE,
    "draws_to_check": "draws of one account, the reader's; every row passes allows() in memory",
    "plan_of_company": "the question plan belongs to the whole company; the route's right guards it",
    "uploads_in_state": "files of one sender, who alone sees them; of the watched folder each row passes allows()",
    "newest_settled": "files of one sender, who alone sees them; of the watched folder each row passes allows()",
    "pins_of_company": "a panel shows who may start a shift at its own point; the rest is dropped in memory",
    "forms_of_company": "forms belong to the whole company; the route's right guards them",
    "calendars_of_company": FEW,
    "drafts_of_company": "drafts belong to the whole company as forms do; the route's right guards them",
    "past_score_keys": "hashes only, for the preview of an import; shown to nobody",
    "form_defaults": "one row per kind of signal; forms belong to the whole company",
    "unassessed_checks": "at most 2 000 of the asked days, counted by point; allows() decides on each",
    "signals_without_words": "work of a stage at start, shown to nobody",
    "next_word": "signal_word has a row per ancestor, as sight; only granted units are walked",
    "signals_of_word": "as next_word; each signal is read through allows() before it is shown",
    "questions_of_company": "questions belong to the whole company; the route's right guards them",
}


def rooms_of(tree: Tree) -> dict[str, set[str]]:
    graph = {}
    for path in tree.paths(r"src/.*CMakeLists\.txt"):
        for name, rest in ROOM.findall(tree.texts[path]):
            uses, word = set(), ""
            for token in rest.split():
                if token in KEYWORDS:
                    word = token
                elif word == "USES":
                    uses.add(token)
            graph[name] = uses
    return graph


def closure(graph: dict[str, set[str]], room: str) -> set[str]:
    found, waiting = set(), [room]
    while waiting:
        for used in graph.get(waiting.pop(), ()):
            if used not in found:
                found.add(used)
                waiting.append(used)
    return found


def folders(tree: Tree) -> dict[str, str]:
    """The room of every folder of src that declares one."""
    found = {}
    for path in tree.paths(r"src/.*CMakeLists\.txt"):
        if declared := ROOM.search(tree.texts[path]):
            found[os.path.dirname(path)] = declared[1]
    return found


def room_of(places: dict[str, str], path: str) -> str:
    folder = os.path.dirname(path)
    while folder and folder not in places:
        folder = os.path.dirname(folder)
    return places.get(folder, "")


def includes(tree: Tree) -> list[str]:
    """A file includes only its own room and those that its CMakeLists names, or that these name."""
    graph, places, found = rooms_of(tree), folders(tree), []
    for path in tree.paths(SRC):
        room = room_of(places, path)
        allowed = {room} | closure(graph, room)
        for sign, header in INCLUDE.findall(tree.texts[path]):
            target = room_of(places, "src/" + header) if sign == '"' else ""
            if room and target and target not in allowed:
                found.append(f"{path}: includes {header}, but room({room} ...) does not use {target}")
    return found


def private_headers(tree: Tree) -> list[str]:
    """name_sql.h, name_inside.h and name_connection.h are included only by their own folder."""
    return [f"{path}: includes {header}, which is private to its folder"
            for path in tree.paths(SRC) for sign, header in INCLUDE.findall(tree.texts[path])
            if sign == '"' and re.search(r"(_sql|_inside|_connection)\.h$", header)
            and os.path.dirname("src/" + header) != os.path.dirname(path)]


def confined_headers(tree: Tree) -> list[str]:
    found = []
    for pattern, places, most, why in CONFINED:
        users = []
        for path in tree.paths(r"(src|tests|bench)/.*\.(cpp|h)"):
            for _, header in INCLUDE.findall(tree.texts[path]):
                if re.fullmatch(pattern, header) and not is_test(path):
                    users += [path] if path.endswith(".cpp") else []
                    if not re.fullmatch(places, path):
                        found.append(f"{path}: includes {header}: {why}")
        users = sorted(set(users))
        if len(users) > most:
            found += [f"{path}: {pattern} in {len(users)} files, at most {most}: {why}" for path in users]
    return found


def system_scope(tree: Tree) -> list[str]:
    return [f"{path}:{n}: Scope::system() reads past all rights; it may only stand where tidy_house.py lists it"
            for path in tree.paths(SRC) if not is_test(path)
            and not any(re.fullmatch(place, path) for place in SYSTEM_SCOPE)
            for n, line in enumerate(tree.source(path).code.split("\n"), 1) if "Scope::system(" in line]


def statements(tree: Tree) -> list[tuple[str, int, str, str]]:
    """Path, line, name and text of the statements of all rooms."""
    found = []
    for path in tree.paths(r"src/.*_sql\.cpp"):
        lines = tree.source(path).code.split("\n")
        for n, text in joined(tree.source(path)):
            before = "\n".join(lines[:n - 1] + [lines[n - 1].split('"')[0]]).rpartition(";")[2]
            names = re.findall(r"(\w+)\s*(?:\[\])?\s*[={]", before)
            found.append((path, n, names[-1] if names else "", " ".join(text.lower().split())))
    return found


def rights(tree: Tree) -> list[str]:
    """A list narrows by `sight` or by its parent, and memory decides by allows(): no other filter by unit."""
    found = []
    for path, n, name, text in statements(tree):
        if not text.startswith(("select", "with")) or path.startswith(("src/kinds/", "src/store/")):
            continue
        if re.search(r"\bsight\b", text) or name in LISTS_WITHOUT_SIGHT:
            continue
        where = text.partition(" where ")[2]
        parents = set(re.findall(r"\b(?:\w+\.)?(\w*_id|id|\w+_hash|hash)\s*=\s*:", where)) - {"company_id"}
        if re.search(r"\bunit\b\s*(=|in\b|<|>)", where):
            found.append(f"{path}:{n}: {name} filters by unit: lists walk sight, allows() decides")
        elif " order by " in text and not text.endswith(" limit 1") and not parents:
            found.append(f"{path}:{n}: {name} is a list without sight or parent; join sight, or name it with the "
                         "reason in LISTS_WITHOUT_SIGHT (tools/tidy_house.py)")
    return found


def documented(tree: Tree) -> list[str]:
    """Facts stand in docs/architecture.md, settings in docs/operating.md, routes in api/openapi.yaml."""
    facts = tree.texts.get("docs/architecture.md", "")
    settings = tree.texts.get("docs/operating.md", "")
    routes = tree.texts.get("api/openapi.yaml")
    found = []
    for path in tree.paths(r"src/.*\.cpp"):
        if is_test(path):
            continue
        text = tree.texts[path]
        for fact in re.findall(r"\btell\(\s*\w+,\s*\"([a-z_]+\.[a-z_]+)\"", text):
            if f"`{fact}`" not in facts:
                found.append(f"{path}: fact {fact} does not stand in docs/architecture.md")
        for setting in re.findall(r"\bsettings?(?:\.|->)\w+\(\s*\"([a-z_.]+)\"", text):
            if f"`{setting}`" not in settings:
                found.append(f"{path}: setting {setting} does not stand in docs/operating.md")
        if routes is not None and path.startswith("src/web/"):
            for verb, way in re.findall(r"[({]\s*\"(GET|POST|PUT|PATCH|DELETE|HEAD)\",\s*\"(/[^\"]*)\"", text):
                if not re.search(rf"^\s*[\"']?(/api/v1)?{re.escape(way)}[\"']?:", routes, re.M):
                    found.append(f"{path}: route {verb} {way} does not stand in api/openapi.yaml")
    rows = tree.texts.get("src/base/settings.cpp", "")
    found += [f"src/base/settings.cpp: setting {key} does not stand in docs/operating.md"
              for key in re.findall(r'^\s*\{"([a-z_]+)",', rows, re.M) if f"`{key}`" not in settings]
    return sorted(set(found))


def seal(root: str) -> int:
    """Freezes every migration that is there; one that a release has is never changed again."""
    folder, known = os.path.join(root, "db", "migrations"), {}
    sums = os.path.join(folder, "SUMS")
    if os.path.exists(sums):
        with open(sums, encoding="utf-8") as file:
            known = {name: total for total, name in (line.split() for line in file if line.strip())}
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".sql")):
        with open(os.path.join(folder, name), "rb") as file:
            total = hashlib.sha256(file.read()).hexdigest()
        if known.setdefault(name, total) != total:
            print(f"{name} was changed after its release: write a new migration instead")
            return 1
    with open(sums, "w", encoding="utf-8") as file:
        file.writelines(f"{total}  {name}\n" for name, total in sorted(known.items()))
    return 0


def migrations(tree: Tree) -> list[str]:
    """Numbered without a hole; those in SUMS (released ones) are never edited or removed."""
    found = []
    files = {os.path.basename(p): tree.texts[p] for p in tree.paths(r"db/migrations/[^/]+\.sql")}
    for number, name in enumerate(sorted(files), 1):
        if not re.fullmatch(rf"{number:04}_[a-z0-9_]+\.sql", name):
            found.append(f"db/migrations/{name}: the next in order is {number:04}_name.sql")
    for line in tree.texts.get("db/migrations/SUMS", "").splitlines():
        total, name = line.split()
        if name not in files:
            found.append(f"db/migrations/{name}: was released, and is gone")
        elif hashlib.sha256(files[name].encode()).hexdigest() != total:
            found.append(f"db/migrations/{name}: was released and may not change: write a new one")
    return found


def flat_keys(data: object, prefix: str = "") -> dict[str, str]:
    if not isinstance(data, dict):
        return {prefix: str(data)}
    found = {}
    for key, value in data.items():
        found.update(flat_keys(value, f"{prefix}.{key}" if prefix else key))
    return found


def message_parameters(text: str) -> set[str]:
    """Names of an ICU message: what opens a brace in plain text, at any depth of branches, is one; a branch is text."""
    names, kinds = set(), []  # kinds of the open braces: "argument" or "branch"
    for token in re.finditer(r"\{\s*(\w+)\s*(?=[,}])|[{}]", text):
        if token[0] == "}":
            kinds = kinds[:-1]
        elif kinds and kinds[-1] == "argument":
            kinds.append("branch")  # what follows a selector is words, even a single one
        elif token[1]:
            names.add(token[1])
            kinds.append("argument")
        else:
            kinds.append("argument")
    return names


def messages(tree: Tree) -> list[str]:
    """Both catalogues have the same keys, no empty text, and the same parameters in each."""
    texts, found = {}, []
    for path in ("i18n/ru.json", "i18n/en.json"):
        if path in tree.texts:
            try:
                texts[path] = flat_keys(json.loads(tree.texts[path]))
            except ValueError as error:
                found.append(f"{path}: is no JSON: {error}")
    if len(texts) < 2:
        return found + ([f"{path}: has no pair in the other language" for path in texts])
    ru, en = texts["i18n/ru.json"], texts["i18n/en.json"]
    found += [f"i18n/en.json: lacks {key}" for key in sorted(ru.keys() - en.keys())]
    found += [f"i18n/ru.json: lacks {key}" for key in sorted(en.keys() - ru.keys())]
    for key in sorted(ru.keys() & en.keys()):
        pair = [message_parameters(text) for text in (ru[key], en[key])]
        if pair[0] != pair[1]:
            found.append(f"i18n/ru.json: {key}: parameters {sorted(pair[0])}, in English {sorted(pair[1])}")
        if not ru[key].strip() or not en[key].strip():
            found.append(f"i18n/ru.json: {key} is empty in one language")
    return found


# Where a code of the catalogue is thrown: the second word of an Error, and the helpers that make one.
THROWN = re.compile(r"\bError\s*(?:\w+\s*)?[({]\s*(?:Death::\w+,\s*)?Fault::\w+(?:\s*[?:]\s*Fault::\w+)*,")
CODE = r"[a-z_]+(?:\.[a-z_]+)+"
HELPERS = re.compile(rf'\b(?:refuse|bad)\(\s*"({CODE})"|\{{\s*[45]\d\d,\s*"({CODE})"\s*\}}'
                     rf'|\b(?:error_code|refusal|code)\s*=\s*"({CODE})"')


def thrown_codes(text: str) -> set[str]:
    """Every code of one file: literals of the argument that names it, up to its comma."""
    found = {code for groups in HELPERS.findall(text) for code in groups if code}
    for thrown in THROWN.finditer(text):
        depth, at = 0, thrown.end()
        while at < len(text) and not (depth == 0 and text[at] in ",)}"):
            depth += (text[at] in "({") - (text[at] in ")}")
            at += 1
        found |= set(re.findall(r'"([a-z_.]+)"', text[thrown.end():at]))
    return found


def error_words(tree: Tree) -> list[str]:
    """Whatever can be thrown has words in both catalogues: what happened, why, what to do."""
    found = []
    for path in ("i18n/ru.json", "i18n/en.json"):
        words = flat_keys(json.loads(tree.texts[path])) if path in tree.texts else {}
        for source in tree.paths(SRC):
            if is_test(source) or not words:
                continue
            for code in sorted(thrown_codes(tree.texts[source])):
                if f"error.{code}" not in words:
                    found.append(f"{source}: throws {code}, but {path} has no error.{code}")
    return found


ROOMS = {"src/a/CMakeLists.txt": "room(a LIBS x)\n", "src/b/CMakeLists.txt": "room(b USES a LIBS y)\n",
         "src/c/CMakeLists.txt": "room(c USES b)\n"}
LIST = 'constexpr auto newest = "select id from clip {} order by at limit :n";\n'
RULES = {
    "includes": (includes, {**ROOMS, "src/a/a.cpp": '#include "b/b.h"\n'},
                 {**ROOMS, "src/c/c.cpp": '#include "b/b.h"\n#include "a/a.h"\n#include "c/c.h"\n'}),
    "private_headers": (private_headers, {"src/b/b.cpp": '#include "a/a_sql.h"\n'},
                        {"src/a/a.cpp": '#include "a/a_sql.h"\n'}),
    "confined_headers": (confined_headers, {"src/a/a.cpp": "#include <sqlite3.h>\n"},
                         {"src/store/a.cpp": "#include <sqlite3.h>\n"}),
    "system_scope": (system_scope, {"src/a/a.cpp": "auto s = Scope::system();\n"},
                     {"src/app/pipeline.cpp": "auto s = Scope::system();\n"}),
    "rights": (rights, {"src/a/a_sql.cpp": LIST.format("where unit = :unit")},
               {"src/a/a_sql.cpp": LIST.format("join sight on sight.id = clip.id where sight.unit = :unit")}),
    "rights_of_lists": (rights, {"src/a/a_sql.cpp": LIST.format("where open = 1")},
                        {"src/a/a_sql.cpp": 'constexpr auto one = "select id from clip where id = :id";\n'}),
    "documented_facts": (documented, {"src/a/a.cpp": 'tell(tx, "clip.lost", 1);\n'},
                         {"src/a/a.cpp": 'tell(tx, "clip.final", 1);\n', "docs/architecture.md": "`clip.final`\n"}),
    "documented_routes": (documented,
                          {"src/web/api/a.cpp": 'route<&x>("GET", "/clips", y)', "api/openapi.yaml": "paths:\n"},
                          {"src/web/api/a.cpp": '{"GET", "/clips", x}', "api/openapi.yaml": "  /clips:\n"}),
    "migrations": (migrations, {"db/migrations/0001_a.sql": "changed", "db/migrations/SUMS": "00  0001_a.sql\n"},
                   {"db/migrations/0001_a.sql": "select", "db/migrations/0002_b.sql": ""}),
    "messages": (messages, {"i18n/ru.json": '{"a": "x {n}"}', "i18n/en.json": '{"a": "x"}'},
                 {"i18n/ru.json": '{"a": {"b": "x {n}"}}', "i18n/en.json": '{"a": {"b": "y {n, number}"}}'}),
    "error_words": (error_words, {"i18n/ru.json": '{"a": "x"}', "src/a/a.cpp": 'throw Error(Fault::full, "a.b");\n'},
                    {"i18n/ru.json": '{"error.a.b": "x"}',
                     "src/a/a.cpp": 'throw Error(x ? Fault::full : Fault::busy, "a.b", {{"c.d", "e"}});\n'}),
}
