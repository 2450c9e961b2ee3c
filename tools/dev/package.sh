# ./dev package: the Debian package in build/package, packed by debhelper from what the other verbs build.

package_usage="./dev package [--version V] [--test]"

verb_package() {
    local version="" try=0
    while [ $# -gt 0 ]; do
        case $1 in
            --version) version=$2; shift ;;
            --test) try=1 ;;
            *) echo "$package_usage" >&2; return 2 ;;
        esac
        shift
    done
    install_for build package
    compile release otklik otklik-decode otklik-hear
    build_web
    version=${version:-$(package_version)}
    package_make "$version"
    say "lintian"
    # Tags of style are shown; errors and warnings fail.
    lintian --fail-on error,warning --allow-root --profile debian "$package_file" ||
        { echo "./dev package: lintian found fault" >&2; return 1; }
    echo "built $package_file ($(du -h "$package_file" | cut -f1))"
    [ $try = 1 ] || return 0
    # The next version, to be upgraded to.
    local first=$package_file
    package_make "$version+next"
    "$root/tests/package/install" "$first" "$package_file"
}

# Grows with every commit, so that apt sees which is newer; a tagged commit is the release itself.
package_version() {
    local version
    version=$(sed -n 's/^project(otklik VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
    if git describe --tags --exact-match >/dev/null 2>&1; then echo "$version"
    else echo "$version+git$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y%m%d%H%M%S)"
    fi
}

package_make() {  # package_make VERSION : leaves the path in $package_file
    local tree=$root/build/package/tree began=$SECONDS
    rm -rf "$tree"
    mkdir -p "$tree"
    cp -r packaging/debian "$tree/debian"
    package_stage "$tree/stage"
    cat >"$tree/debian/changelog" <<TXT
otklik ($1) bookworm; urgency=medium

  * Commit $(git describe --tags --always); for users: what-changed.md beside.

 -- Otklik maintainers <maintainers@otklik.example>  $(git log -1 --format=%cD)
TXT
    (cd "$tree" && SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) dpkg-buildpackage -b -us -uc -d) \
        >"$root/build/package/log" 2>&1 || { tail -n 40 "$root/build/package/log"; return 1; }
    package_file=$root/build/package/otklik_$1_$(dpkg --print-architecture).deb
    took package $((SECONDS - began))
}

package_stage() {
    local stage=$1 doc=$1/usr/share/doc/otklik binary
    mkdir -p "$stage"/usr/{bin,sbin,lib/otklik,share/otklik/web,share/man/man1,share/man/man8} \
        "$stage/etc/otklik" "$doc/examples"
    for binary in otklik otklik-decode otklik-hear; do
        install -m 755 "$build/src/$binary" "$stage/usr/lib/otklik/$binary"
    done
    # The program looks for its helpers beside the file that the link names.
    ln -s ../lib/otklik/otklik "$stage/usr/bin/otklik"
    install -m 755 packaging/otklikctl "$stage/usr/sbin/otklikctl"
    install -m 644 packaging/otklik.toml "$stage/etc/otklik/otklik.toml"
    install -m 644 packaging/otklik.1 "$stage/usr/share/man/man1/"
    install -m 644 packaging/otklikctl.8 "$stage/usr/share/man/man8/"
    (cd web/dist && tar -c --exclude=./.built .) | tar -x -C "$stage/usr/share/otklik/web"
    install -m 644 docs/operating.md web/src/assets/golos-OFL.txt "$doc/"
    install -m 644 CHANGELOG.md "$doc/what-changed.md"
    install -m 644 packaging/log-to-file.conf packaging/otklik-record.service "$doc/examples/"
    python3 tools/web_licences.py web >"$doc/web-licences.txt"
}
