#!/usr/bin/env python3
"""Turns files into one C++ source with a constant table of their names and bytes.

    embed.py OUT.cpp NAMESPACE_FUNCTION=FILE[,FILE...] ...

Called by cmake/embed.cmake. Writes OUT only when its text changes, so nothing is rebuilt for nothing.
"""
import os
import sys

CHUNK = 4096  # bytes per literal: compilers join them, and none meets a limit of literal length
PLAIN = set(range(0x20, 0x7F)) - {ord('"'), ord("\\"), ord("?")}


def literal(data: bytes) -> str:
    """The bytes as C string literals; octal escapes are always three digits, so none can run on."""
    if not data:
        return '""'
    parts = []
    for start in range(0, len(data), CHUNK):
        piece = data[start:start + CHUNK]
        text = "".join("\\n" if b == 10 else chr(b) if b in PLAIN else f"\\{b:03o}" for b in piece)
        parts.append(f'        "{text}"')
    return "\n" + "\n".join(parts)


def table(function: str, files: list[str]) -> str:
    lines = [f"std::span<const EmbeddedFile> {function}() noexcept {{"]
    if not files:
        return lines[0] + "\n    return {};\n}\n"
    lines.append("    static constexpr EmbeddedFile files[] = {")
    for path in sorted(files, key=os.path.basename):
        with open(path, "rb") as source:
            data = source.read()
        name = os.path.basename(path)
        lines.append(f'        {{"{name}", std::string_view({literal(data)}, {len(data)})}},')
    lines += ["    };", "    return files;", "}"]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    out, tables = arguments[0], arguments[1:]
    text = ("// Written by tools/embed.py at build time: do not edit.\n"
            '#include "generated/embedded.h"\nnamespace otklik {\n')
    for entry in tables:
        function, _, files = entry.partition("=")
        text += table(function, [f for f in files.split(",") if f])
    text += "}  // namespace otklik\n"
    try:
        with open(out, encoding="utf-8") as old:
            if old.read() == text:
                return 0
    except OSError:
        pass
    with open(out, "w", encoding="utf-8") as new:
        new.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
