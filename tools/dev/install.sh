# Installing: Debian packages by section of tools/packages.txt, and the web side by its lock file.
# Nothing here runs twice: what is installed is asked of dpkg, the web side keeps the hash of its lock file.

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else echo "./dev: need root or sudo for: $*" >&2; return 1
    fi
}

# packages SECTION... : the names in these sections
packages() {
    awk -v want=" $* " '
        /^\[/ { name = substr($1, 2, length($1) - 2); on = index(want, " " name " "); next }
        /^#/ || NF == 0 { next }
        on { print $1 }' "$root/tools/packages.txt" | sort -u
}

missing() {
    local name
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
    done
}

# The seconds of each part of the work, for the budgets of design.md: build/times.json.
took() {  # took NAME SECONDS
    mkdir -p "$root/build"
    printf '%s %s\n' "$1" "$2" >>"$root/build/times.txt"
    printf -- '-- %s took %s s\n' "$1" "$2"
}

install_packages() {  # install_packages SECTION...
    local wanted lacking began=$SECONDS
    wanted=$(packages "$@")
    if [[ " $* " = *" build "* ]] && ! command -v npm >/dev/null; then
        wanted+=$'\n'$(packages node)
    fi
    # shellcheck disable=SC2086
    lacking=$(missing $wanted)
    [ -n "$lacking" ] || return 0
    say "installing from Debian: $(echo $lacking)"
    as_root apt-get update -qq || echo "apt-get update met faults; going on with the lists that came"
    # A throw-away machine need not sync every unpacked file.
    local quick=()
    [ -z "${CI:-}" ] || quick=(-o Dpkg::Options::=--force-unsafe-io)
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${quick[@]}" $lacking \
        >"$root/build/apt.log" 2>&1 || { tail -n 30 "$root/build/apt.log"; return 1; }
    printf '%s\n' $lacking >>"$root/build/installed.txt"
    took install-packages $((SECONDS - began))
}

lock_hash() { (cd "$root/web" && cat package.json package-lock.json | sha256sum | cut -d' ' -f1); }

install_web() {
    [ -f "$root/web/package-lock.json" ] || { echo "web/: absent, no screens are built"; return 0; }
    local stamp=$root/web/node_modules/.otklik-lock began=$SECONDS
    [ "$(cat "$stamp" 2>/dev/null)" = "$(lock_hash)" ] && return 0
    say "installing the web side by its lock file"
    (cd "$root/web" && npm ci --no-audit --no-fund --loglevel=error)
    # Some npm versions skip install scripts; this one fetches the pinned Node, also from the registry.
    [ -x "$root/web/node_modules/node/bin/node" ] || (cd "$root/web" && npm rebuild node --loglevel=error)
    [ -x "$root/web/node_modules/node/bin/node" ] || { echo "the pinned Node did not arrive" >&2; return 1; }
    lock_hash >"$stamp"
    echo "npm: $(cd "$root/web/node_modules" && ls -d -- [!.@]* @*/* | wc -l) packages, node" \
        "$("$root/web/node_modules/node/bin/node" --version)" | tee -a "$root/build/installed.txt"
    took install-web $((SECONDS - began))
}

install_for() {  # install_for SECTION... : everything for these sections
    mkdir -p "$root/build"
    install_packages "$@"
    install_web
}
