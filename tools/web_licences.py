#!/usr/bin/env python3
"""Names, versions, licences and licence texts of the npm packages that the screens are built from.

    web_licences.py WEB_FOLDER > web-licences.txt
"""
import json
import os
import re
import sys

TEXT = re.compile(r"^(licen[cs]e|copying|notice)(\W.*)?$", re.I)


def main(web: str) -> int:
    with open(os.path.join(web, "package-lock.json"), encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    for path, about in sorted(packages.items()):
        folder = os.path.join(web, path)
        if not path or about.get("dev") or about.get("optional") or not os.path.isdir(folder):
            continue
        print(f"{path.rpartition('node_modules/')[2]} {about['version']}: {about.get('license', 'not stated')}")
        for name in sorted(os.listdir(folder)):
            if TEXT.match(name) and os.path.isfile(os.path.join(folder, name)):
                with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                    print("\n" + file.read().strip())
        print("\n" + "-" * 80)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
