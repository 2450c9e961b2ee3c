"""Reading the tree for tidy.py: which files, and C++ or TypeScript split into code, strings and comments."""
import os
import re
import subprocess

RAW = re.compile(r'R"([^()\\\s]{0,16})\(')


class Source:
    """One file. `code` is the text with comments and the insides of strings blanked, line for line."""

    def __init__(self, text: str, typescript: bool) -> None:
        self.text = text
        self.lines = text.splitlines()
        self.code, self.strings, self.comments = split(text, typescript)


def split(text: str, typescript: bool) -> tuple[str, list[tuple[int, str]], list[tuple[int, str]]]:
    """Code without strings and comments; strings and comments with their line numbers."""
    out, strings, comments = [], [], []
    at, line, size = 0, 1, len(text)

    def blank(piece: str) -> str:
        return re.sub(r"[^\n]", " ", piece)

    while at < size:
        two, one = text[at:at + 2], text[at]
        if two == "//" or two == "/*":
            end = text.find("\n", at) if two == "//" else text.find("*/", at + 2)
            end = size if end < 0 else end + (0 if two == "//" else 2)
            comments.append((line, text[at:end]))
            out.append(blank(text[at:end]))
        elif not typescript and one == "R" and (raw := RAW.match(text, at)):
            end = text.find(f"){raw[1]}\"", raw.end())
            end = size if end < 0 else end
            strings.append((line, text[raw.end():end]))
            end = min(size, end + len(raw[1]) + 2)
            out.append('"' + blank(text[at + 1:end - 1]) + '"')
        elif one in "\"'`" and (typescript or one == '"' or not (at and text[at - 1].isalnum())):
            end = at + 1
            while end < size and text[end] != one and (one == "`" or text[end] != "\n"):
                end += 2 if text[end] == "\\" else 1
            strings.append((line, text[at + 1:end]))
            end = min(size, end + 1)
            out.append(one + blank(text[at + 1:end - 1]) + one)
        else:
            out.append(one)
            end = at + 1
        line += text.count("\n", at, end)
        at = end
    return "".join(out), strings, comments


def joined(source: Source) -> list[tuple[int, str]]:
    """String literals, those that stand directly side by side made one, as the compiler does."""
    found, code_lines, previous_end = [], source.code.split("\n"), None
    for number, text in source.strings:
        if previous_end is not None and number - previous_end <= 1:
            between = " ".join(code_lines[previous_end - 1:number]).strip()
            if re.fullmatch(r'[^"]*"[\s"]*"[^"]*', between) and found:
                found[-1] = (found[-1][0], found[-1][1] + text)
                previous_end = number + text.count("\n")
                continue
        found.append((number, text))
        previous_end = number + text.count("\n")
    return found


class Tree:
    """Files by path; `extra` plants or replaces files, for the self-tests."""

    def __init__(self, files: dict[str, str]) -> None:
        self.texts = files
        self.sources: dict[str, Source] = {}

    @staticmethod
    def of(root: str) -> "Tree":
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
        files = {}
        for path in sorted(set(listed)):
            full = os.path.join(root, path)
            if path and os.path.isfile(full) and os.path.getsize(full) < 2_000_000:
                try:
                    with open(full, encoding="utf-8") as file:
                        files[path] = file.read()
                except UnicodeDecodeError:
                    continue  # sound and pictures
        return Tree(files)

    def source(self, path: str) -> Source:
        if path not in self.sources:
            self.sources[path] = Source(self.texts[path], path.endswith((".ts", ".tsx", ".mjs")))
        return self.sources[path]

    def paths(self, pattern: str) -> list[str]:
        return [p for p in self.texts if re.fullmatch(pattern, p)]


def is_test(path: str) -> bool:
    named = re.search(r"(_test\.cpp|_testkit\.(h|cpp)|/test_\w+\.h|\.test\.tsx?)$", path)
    return bool(named) or path.startswith(("tests/", "web/e2e/"))


def functions(code: str) -> list[tuple[int, int]]:
    """First and last line of every outermost function body of C++ code without strings."""
    found, stack, header, line = [], [], "", 1
    depth_of_function = 0
    macro = re.compile(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*")
    code = macro.sub(lambda m: "\n" * m[0].count("\n"), code)  # macros are no functions
    for letter in code:
        if letter == "\n":
            line += 1
        if letter == "{":
            kind = "other" if depth_of_function else classify(header)
            depth_of_function += kind == "function"
            stack.append((kind, line, header))
            header = ""
        elif letter == "}":
            kind, began, before = stack.pop() if stack else ("other", line, "")
            if kind == "function":
                depth_of_function -= 1
                found.append((began, line))
            header = before + "()" if kind == "list" else ""
        elif letter == ";":
            header = ""
        else:
            header += letter
    return found


def classify(header: str) -> str:
    """What the brace after these words opens: a function, a list of a constructor, or something else."""
    text = " ".join(header.split())
    if re.search(r"\b(namespace|class|struct|enum|union|extern)\b[^()]*$", text) or text.endswith("="):
        return "other"
    after = r"(const|noexcept|override|final|mutable|&|&&|try|requires .*|noexcept\(.*\)|->[^{]*|\s)*$"
    if re.search(r"\)\s*" + after, text):
        return "function"
    if re.search(r"\)[^()]*:\s.*\w$|,\s*\w+$", text):
        return "list"
    return "other"
