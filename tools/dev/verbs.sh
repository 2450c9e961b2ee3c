# The verbs a person types.

verb_run() {
    local demo=0 port="" data=./data keys=./keys binary
    while [ $# -gt 0 ]; do
        case $1 in
            --demo) demo=1 ;;
            --port) port=$2; shift ;;
            --data) data=$2; keys=$2-keys; shift ;;
            *) echo "./dev run: unknown option $1" >&2; return 2 ;;
        esac
        shift
    done
    install_for build
    compile release
    build_web
    binary=$(product_binary)
    [ -n "$binary" ] || { echo "./dev run: the tree has no otklik binary yet" >&2; return 1; }
    export OTKLIK_WEB=${OTKLIK_WEB:-$root/web/dist}
    if [ $demo = 1 ]; then
        data=$(mktemp -d "${TMPDIR:-/tmp}/otklik-demo.XXXXXX")
        # Not exec: the throw-away folder goes when the server stops. The name is put in now: at the exit
        # of the shell the locals of this function are gone.
        # shellcheck disable=SC2064
        trap "rm -rf $(printf %q "$data")" EXIT
        trap 'kill -TERM "$server" 2>/dev/null' INT TERM
        "$binary" demo --data "$data" ${port:+--port "$port"} &
        server=$!
        local code=0
        while :; do  # a signal ends `wait`, not the server
            code=0; wait "$server" || code=$?
            kill -0 "$server" 2>/dev/null || break
        done
        return $code
    fi
    exec "$binary" serve --data "$data" --keys "$keys" ${port:+--port "$port"}
}

verb_test() {
    mkdir -p "$root/build"
    : >"$root/build/times.txt"
    : >"$root/build/installed.txt"
    install_packages build test
    # npm waits for the network while the compiler works.
    local web_log=$root/build/web-side.log web code=0
    { install_web && build_web; } >"$web_log" 2>&1 &
    web=$!
    compile release || code=1
    wait $web || code=1
    cat "$web_log"
    [ $code = 0 ] || return 1
    if [ -s "$root/build/installed.txt" ]; then
        say "installed by this run"
        fold -s -w 118 <(tr '\n' ' ' <"$root/build/installed.txt"); echo
    else echo "installed: nothing was missing"
    fi
    OTKLIK_BUILD=$build python3 "$root/tools/suite.py" "$@"
}

verb_tidy() { python3 "$root/tools/tidy.py" "$@"; }

verb_changed() {
    install_for build
    local preset=dev files
    files=$(git diff --name-only HEAD; git ls-files --others --exclude-standard)
    [ -n "$files" ] || files=$(git diff --name-only HEAD~1 HEAD 2>/dev/null || true)
    compile $preset
    # shellcheck disable=SC2046
    OTKLIK_BUILD=$root/build/$preset python3 "$root/tools/suite.py" --changed $(echo "$files" | tr '\n' ' ')
}

verb_release() {
    install_for build test
    compile release
    OTKLIK_BUILD=$build python3 "$root/tools/release.py" "$@"
}

verb_bench() { local parts=("$@"); campaign bench/run 1 bench; }

verb_faults() { local parts=(); campaign tests/faults/run 1 bench test; }

campaign() {  # campaign SCRIPT SCALE SECTION...
    local script=$root/$1 scale=$2
    shift 2
    install_for build "$@"
    compile release
    build_web
    [ -x "$script" ] || { echo "./dev: $script is absent: nothing to run" >&2; return 1; }
    OTKLIK_BUILD=$build python3 "$root/tools/suite.py" --script "$script" --scale "$scale" "${parts[@]}"
}

verb_web() {
    install_for build
    (cd "$root/web" && exec npm run dev -- "$@")
}

verb_screens() {
    install_for build test
    compile release
    build_web
    grep -q '"screens"' web/package.json || { echo "./dev screens: web/ has no screens script yet" >&2; return 1; }
    OTKLIK_BIN=$(product_binary) OTKLIK_WEB=$root/web/dist CHROMIUM=$(command -v chromium) \
        npm --prefix web run screens -- "$@"
}

verb_accept() {
    install_for build test
    compile release
    "$(product_binary)" openapi >"$root/api/openapi.yaml"
    python3 tools/manpage.py "$(product_binary)" --write packaging/otklik.1
    [ ! -f web/package.json ] || ! grep -q '"gen"' web/package.json || npm --prefix web run --silent gen
    OTKLIK_ACCEPT=1 OTKLIK_BUILD=$build python3 "$root/tools/suite.py" cpp
    git --no-pager diff --stat -- api tests web/src/api
}
