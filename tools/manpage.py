#!/usr/bin/env python3
"""The manual page of otklik, written from the program's own --help, so that it cannot say another thing.

    manpage.py BINARY --write PAGE    writes the page
    manpage.py BINARY --check PAGE    exit code 1 when the page says another thing than the program
"""
import re
import subprocess
import sys

HEAD = re.compile(r"^(\w[\w ]*):$")
INDENT = " " * 30  # where what a word means begins; a longer word has it on the next line
FILES = [
    ("/etc/otklik/otklik.toml", "Settings of the service; otklikctl(8) gives it to every verb."),
    ("/var/lib/otklik/data", "Database, recordings, the lock and the local socket of the service."),
    ("/var/lib/otklik/keys", "The key that signs the audit journal, and its signed heads."),
    ("/usr/share/otklik/web", "The desk."),
]
STATUS = [("0", "done"), ("1", "refused or failed, with words on the standard error"), ("2", "wrong usage")]
Entries = list[tuple[str, str]]


def help_of(binary: str, words: list[str]) -> tuple[str, str, dict[str, Entries]]:
    """What it is about, its usage, and its sections."""
    # No variable of the surroundings may change what is printed as a default.
    made = subprocess.run(["otklik", *words, "--help"], executable=binary, env={}, capture_output=True,
                          text=True, timeout=30, check=True)
    about, usage, sections, section = "", "", {}, []
    printed = made.stdout.splitlines()
    for line, after in zip(printed, [*printed[1:], ""]):
        head = HEAD.match(line)
        if line.startswith("Usage: "):
            usage = line.removeprefix("Usage: ").removeprefix("otklik").strip()
        elif head:
            section = sections.setdefault(head[1], [])
        elif line.startswith(INDENT) and section:
            section[-1] = (section[-1][0], f"{section[-1][1]} {line.strip()}".strip())
        elif line.startswith("  "):
            whole = after.startswith(INDENT) or line[29:30] not in ("", " ")
            section.append((line.strip(), "") if whole else (line[:29].strip(), line[29:].strip()))
        elif line and not usage:
            about = line
    return about, usage, sections


def escaped(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def tagged(entries: Entries) -> list[str]:
    lines = []
    for name, about in entries:
        lines += [".TP", ".B " + escaped(name), escaped(about) if about else "\\&"]
    return lines


def verbs_of(binary: str, words: list[str]) -> list[tuple[str, str, Entries]]:
    """Verb by verb: its usage, what it does, its own words and options."""
    about, usage, sections = help_of(binary, words)
    if "Subcommands" in sections:  # only a family: its members are verbs
        return [verb for name, _ in sections["Subcommands"] for verb in verbs_of(binary, words + [name])]
    entries = [each for title in sections for each in sections[title] if not each[0].startswith("-h,")]
    return [(usage, about, entries)]


def shared_by(verbs: list[tuple[str, str, Entries]]) -> Entries:
    """Options that most verbs have: said once."""
    every = [each for _, _, entries in verbs for each in entries]
    return [each for each in dict.fromkeys(every) if every.count(each) * 2 > len(verbs)]


def page(binary: str) -> str:
    about, _, sections = help_of(binary, [])
    lines = ['.\\" Written by tools/manpage.py from the program\'s --help: change the help, not this.',
             '.TH OTKLIK 1 "" Otklik "User commands"', ".SH NAME",
             "otklik \\- " + escaped(about.partition(": ")[2]), ".SH SYNOPSIS", ".B otklik", ".I VERB",
             ".RI [ options ]", ".SH DESCRIPTION",
             "A verb goes to the server that holds the data folder, over its local socket; when none runs, it",
             "opens the folder itself. On an installed machine", ".BR otklikctl (8)",
             "runs a verb as the user and on the folders of the service.", ".SH OPTIONS",
             *tagged(sections["Options"]), ".SH VERBS"]
    verbs = verbs_of(binary, [])
    shared = shared_by(verbs)
    for usage, what, entries in verbs:
        lines += [f'.SS "otklik {escaped(usage)}"', escaped(what[:1].upper() + what[1:]) + "."]
        lines += tagged([each for each in entries if each not in shared])
    lines += [".SH OPTIONS OF ALL VERBS THAT OPEN DATA", *tagged(shared)]
    lines += [".SH FILES"]
    for path, what in FILES:
        lines += [".TP", ".I " + escaped(path), escaped(what)]
    lines += [".SH EXIT STATUS", *tagged(STATUS), ".SH SEE ALSO", ".BR otklikctl (8),", ".BR journalctl (1)"]
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> int:
    binary, mode, path = words
    text = page(binary)
    if mode == "--write":
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    with open(path, encoding="utf-8") as file:
        fresh = file.read() == text
    if not fresh:
        print(f"{path} says another thing than the program: ./dev accept, and review the difference")
    return 0 if fresh else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
