# Building: C++ by CMake and ninja, the screens by npm; each does nothing when nothing changed.

configure() {  # configure PRESET
    local dir=$root/build/$1
    # A folder made before the presets changed would go on with the old ones.
    if [ ! -f "$dir/build.ninja" ] || [ "$root/CMakePresets.json" -nt "$dir/configure.log" ]; then
        mkdir -p "$dir"
        # A half made cache would hold on to what was missing.
        cmake --preset "$1" >"$dir/configure.log" 2>&1 ||
            { tail -n 30 "$dir/configure.log"; rm -rf "$dir/CMakeCache.txt" "$dir/CMakeFiles"; return 1; }
    fi
}

compile() {  # compile PRESET TARGET... ; no target: all of them
    local preset=$1 began=$SECONDS log=$root/build/$1/ninja.log
    shift
    configure "$preset"
    if ! ninja -C "$root/build/$preset" "$@" >"$log" 2>&1; then
        if grep -q '^FAILED' "$log"; then
            sed -n '/^FAILED/,$p' "$log" | grep -vE '^\[[0-9]+/' | cut -c1-400 | head -n 80
        else tail -n 40 "$log"
        fi
        echo "./dev: the build of $preset failed; all of it is in $log" >&2
        return 1
    fi
    if grep -q 'no work to do' "$log"; then echo "$preset: nothing to build"
    else took "build-$preset" $((SECONDS - began))
    fi
}

# Everything the screens are made of; the stamp lies inside dist, so removing dist builds it again.
web_hash() {
    (cd "$root" && { find web i18n api/openapi.yaml \
        \( -path web/node_modules -o -path web/dist -o -path web/e2e/out \) -prune -o -type f -print0 2>/dev/null ||
        true; } | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

build_web() {
    [ -f "$root/web/package.json" ] || return 0
    local stamp=$root/web/dist/.built began=$SECONDS hash
    hash=$(web_hash)
    [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && { echo "web: nothing to build"; return 0; }
    (cd "$root/web" && npm run --silent build) >"$root/build/web.log" 2>&1 ||
        { tail -n 60 "$root/build/web.log"; echo "./dev: the web build failed" >&2; return 1; }
    web_hash >"$stamp"  # again: the build may have written generated files
    took build-web $((SECONDS - began))
}

product_binary() {
    local found
    for found in "$build/src/otklik"; do
        [ -x "$found" ] && { echo "$found"; return 0; }
    done
    return 0
}
