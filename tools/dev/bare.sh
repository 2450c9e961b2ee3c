# ./dev bare: a Debian 12 with nothing but apt, a clean clone of HEAD, and both commands of the README in it.

BARE_PORT=8099
BARE_START_S_MAX=60

verb_bare() {
    [ "$(id -u)" = 0 ] || { echo "./dev bare: needs root" >&2; return 1; }
    install_packages bare
    local chroot code=0
    chroot=$(mktemp -d /var/tmp/otklik-bare.XXXXXX)
    say "a bare Debian 12 in $chroot"
    mmdebstrap --quiet --variant=minbase bookworm "$chroot"
    mkdir -p "$chroot/opt/otklik/shared"
    git clone --quiet "$root" "$chroot/opt/otklik/main"
    bare_network "$chroot"
    # An own mount namespace: whatever happens, no mount is left behind.
    unshare --mount --pid --fork --kill-child bash -euo pipefail -c '
        chroot=$1; shared=$2
        mount -t proc proc "$chroot/proc"
        mount --rbind /dev "$chroot/dev"
        if [ -d "$shared" ]; then mount --bind -o ro "$shared" "$chroot/opt/otklik/shared"
        else rmdir "$chroot/opt/otklik/shared"; fi
        shift 2
        exec chroot "$chroot" /usr/bin/env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" \
            bash /opt/otklik/main/dev do bare_inside
    ' bare "$chroot" "$(dirname "$root")/shared" "${bare_env[@]}" </dev/null || code=$?
    if [ -n "${OTKLIK_KEEP:-}" ]; then echo "kept: $chroot"
    else rm -rf --one-file-system "$chroot"; fi
    [ $code = 0 ] && echo "./dev bare: both commands work on a bare Debian 12" || echo "./dev bare: failed ($code)"
    return $code
}

# How this machine reaches the registries goes along: name server, its own certificates, the npm registry's address.
bare_network() {
    local chroot=$1
    bare_env=()
    cp /etc/resolv.conf "$chroot/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$chroot/usr/sbin/policy-rc.d"  # services do not start in a chroot
    chmod +x "$chroot/usr/sbin/policy-rc.d"
    if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
        mkdir -p "$chroot/usr/local/share/ca-certificates"
        cp /usr/local/share/ca-certificates/*.crt "$chroot/usr/local/share/ca-certificates/"
        bare_env+=("NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt"
            "npm_config_cafile=/etc/ssl/certs/ca-certificates.crt")
    fi
    if command -v npm >/dev/null; then bare_env+=("npm_config_registry=$(npm config get registry 2>/dev/null)"); fi
}

bare_inside() {
    local began=$SECONDS
    say "inside: ./dev test"
    CI=true bash .ci/run
    took bare-test $((SECONDS - began))
    say "inside: ./dev run"
    bare_server run --port $BARE_PORT --data /tmp/bare
    if "$(product_binary)" demo --help >/dev/null 2>&1; then
        say "inside: ./dev run --demo"
        bare_server run --demo --port $BARE_PORT
    else echo "./dev run --demo: the binary has no demo yet"
    fi
}

bare_server() {  # starts ./dev with these words, waits until it answers, and asks that nothing was made anew
    local pid until
    ./dev "$@" >/tmp/bare-run.log 2>&1 &
    pid=$!
    until=$((SECONDS + BARE_START_S_MAX))
    until curl -fsS -o /dev/null "http://127.0.0.1:$BARE_PORT/healthz" 2>/dev/null; do
        if ! kill -0 $pid 2>/dev/null || [ $SECONDS -gt $until ]; then
            cat /tmp/bare-run.log
            kill $pid 2>/dev/null || true
            echo "./dev $*: did not answer"
            return 1
        fi
        read -r -t 0.5 <> <(:) || true  # half a second
    done
    kill -TERM $pid
    wait $pid || true
    cat /tmp/bare-run.log
    if grep -qE 'installing|took build' /tmp/bare-run.log; then echo "./dev run made something anew"; return 1; fi
}
