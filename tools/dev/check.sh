# ./dev check, format and hook: what is too slow or too strict for every build.

cpp_files() {
    git ls-files --cached --others --exclude-standard -- 'src/*.cpp' 'src/*.h' 'tests/*.cpp' 'tests/*.h' \
        'bench/*.cpp' 'bench/*.h' 'tools/*.cpp' | while read -r file; do [ -f "$file" ] && echo "$file"; done
}

verb_format() {
    install_packages format
    local files
    if [ "${1:-}" = --check ]; then
        files=$(cpp_files)
        [ -z "$files" ] || xargs -n 40 clang-format-16 --dry-run --Werror <<<"$files"
        ! web_has format:check || npm --prefix web run --silent format:check
        return
    fi
    files=$(cpp_files)
    [ "${1:-}" = --all ] || files=$( (git diff --name-only HEAD; git ls-files --others --exclude-standard) |
        sort -u | comm -12 - <(sort <<<"$files"))
    [ -z "$files" ] || xargs -n 40 clang-format-16 -i <<<"$files"
    ! web_has format || npm --prefix web run --silent format
}

web_has() { [ -d web/node_modules ] && grep -q "\"$1\":" web/package.json; }  # web_has SCRIPT

verb_hook() {
    install_packages format
    local hook
    hook=$(git rev-parse --git-path hooks/pre-commit)
    cat >"$hook" <<'TXT'
#!/usr/bin/env bash
# Installed by ./dev hook: formats and checks the staged files.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
staged=$(git diff --cached --name-only --diff-filter=ACMR)
[ -n "$staged" ] || exit 0
while read -r file; do
    case $file in
        src/*.cpp | src/*.h | tests/*.cpp | tests/*.h | bench/*.cpp | bench/*.h)
            if git diff --quiet -- "$file"; then clang-format-16 -i "$file" && git add -- "$file"
            else clang-format-16 --dry-run --Werror "$file"  # half staged: only look, never stage the rest
            fi ;;
    esac
done <<<"$staged"
# shellcheck disable=SC2086
python3 tools/tidy.py --only $staged
TXT
    chmod +x "$hook"
    echo "hook installed: $hook"
}

sanitized() {  # sanitized PRESET : builds everything with a sanitizer and runs the C++ tests
    compile "$1"
    local names
    names=external_symbolizer_path=$(command -v llvm-symbolizer-16)
    OTKLIK_BUILD=$root/build/$1 \
        ASAN_OPTIONS=$names:detect_leaks=1:strict_string_checks=1 \
        UBSAN_OPTIONS=$names:halt_on_error=1:print_stacktrace=1 \
        TSAN_OPTIONS=$names:halt_on_error=1:second_deadlock_stack=1:suppressions=$root/tools/tsan.supp \
        python3 "$root/tools/suite.py" cpp
}

# Each step is a process of its own, so that its first failing command ends it and the next step still runs.
verb_check() {
    local failed=() step
    install_for build test check
    for step in "test" "format --check" "do clang_tidy" "do compile plain" "do sanitized asan" \
        "do sanitized tsan"; do
        say "check: $step"
        # shellcheck disable=SC2086
        "$root/dev" $step || failed+=("$step;")
    done
    say "check: package --test"
    if [ "$(id -u)" != 0 ]; then echo "package --test: needs root, not run"
    else "$root/dev" package --test || failed+=("package --test;")
    fi
    if [ ${#failed[@]} -gt 0 ]; then echo "./dev check: failed: ${failed[*]}"; return 1; fi
    echo "./dev check: all passed"
}

clang_tidy() {
    configure dev
    # Generated headers must exist before anything is parsed.
    ninja -C "$root/build/dev" otklik_embedded >/dev/null
    # shellcheck disable=SC2046
    python3 "$root/tools/clang_tidy.py" "$root/build/dev" $(cpp_files | grep -E '^src/.*\.cpp$' | grep -v '_test\.cpp$')
}

# What libFuzzer finds to be new stays in build/fuzz/corpus; what breaks a target, in build/fuzz/NAME-*.
verb_fuzz() {
    local seconds=60 name failed=()
    if [[ ${1:-} =~ ^[0-9]+$ ]]; then seconds=$1; shift; fi
    [ $# -gt 0 ] || set -- $(cd tests/fuzz && ls ./*_fuzz.cpp | sed 's,^./,,; s,_fuzz.cpp$,,')
    install_for build test check
    compile fuzz $(printf '%s_fuzz ' "$@")
    for name in "$@"; do
        say "fuzz: $name, $seconds s"
        mkdir -p "build/fuzz/corpus/$name"
        "build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=2048 \
            -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$name" \
            $(find "tests/fuzz/corpus/$name" -maxdepth 0 2>/dev/null) >"build/fuzz/$name.log" 2>&1 || failed+=("$name")
        grep -hE 'number_of_executed|average_exec|ERROR|SUMMARY|runtime error' "build/fuzz/$name.log" || true
    done
    if [ ${#failed[@]} -gt 0 ]; then echo "./dev fuzz: broken: ${failed[*]}"; return 1; fi
    echo "./dev fuzz: nothing broke"
}
