#!/bin/sh
# Makes src/assets/golos-*.woff2: the letters the desk needs, weight axis and tabular figures kept.
# Needs Debian's python3-fonttools and python3-brotli; run from web/ after `npm ci`.
set -eu
from=node_modules/@fontsource-variable/golos-text
to=src/assets
subset() { # part, unicodes
    "${PYTHON:-/usr/bin/python3}" -m fontTools.subset "$from/files/golos-text-$1-wght-normal.woff2" \
        --unicodes="$2" --layout-features='*' --flavor=woff2 \
        --output-file="$to/golos-$1.woff2"
}
marks='U+00A0,U+00A7,U+00AB,U+00B0,U+00B1,U+00B7,U+00BB,U+00D7'
marks="$marks,U+2009,U+2013,U+2014,U+201C,U+201E,U+2026,U+2191,U+2193,U+2212"
subset latin "U+0020-007E,$marks"
subset cyrillic 'U+0401,U+0410-044F,U+0451,U+2116'
subset latin-ext 'U+20BD'
cp "$from/LICENSE" "$to/golos-OFL.txt"
total=$(cat "$to"/golos-*.woff2 | wc -c)
echo "golos: $total bytes"
test "$total" -le 61440
