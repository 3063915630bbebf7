# shellcheck shell=bash
# Shared by build, run and test. Sourced, not run.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 2
}

# install_packages PACKAGE...: installs Debian packages, as root or through sudo.
install_packages() {
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "Missing: $*. Install it as root: apt-get install $*"
        as_root=(sudo)
    fi
    command -v apt-get >/dev/null || fail "Missing: $*. Install it with this system's package manager."
    say "Installing $* (apt-get)"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600)
    "${apt[@]}" install --no-install-recommends "$@" >/dev/null 2>&1 ||
        { "${apt[@]}" update >/dev/null && "${apt[@]}" install --no-install-recommends "$@" >/dev/null; } ||
        fail "apt-get could not install $*. Install it by hand and try again."
}

# has_library NAME: whether the dynamic linker knows a library.
has_library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -F "$1" >/dev/null; }

# fingerprint PATH...: changes whenever a source file is added, removed or edited.
fingerprint() {
    find "$@" \( -name node_modules -o -name wwwroot -o -name dist -o -name '*.tsbuildinfo' \) -prune \
        -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum
}

# fetch_packages WHAT FOLDER [OPTION...]: fetches a folder's npm packages unless they are there; once, however many ask
# at the same time.
fetch_packages() {
    local what="$1" folder="$2" lock
    shift 2
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && return
    command -v npm >/dev/null || install_packages nodejs npm
    mkdir -p "$root/artifacts/logs"
    exec {lock}>"$root/artifacts/logs/npm-$(basename "$folder").lock"
    flock "$lock"
    if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        say "Fetching $what (npm ci)"
        quietly "$root/artifacts/logs/npm-$(basename "$folder").log" npm --prefix "$folder" ci --no-audit --no-fund "$@"
    fi
    exec {lock}>&-
}

# quietly LOG COMMAND...: runs a command, showing its output only when it fails.
quietly() {
    local log="$1"
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 </dev/null || {
        cat "$log" >&2
        fail "Failed: $*"
    }
}
