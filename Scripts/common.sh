# Shared by the scripts beside it: the Debian packages, the check for Swift, and how they speak.
# shellcheck shell=bash disable=SC2034

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian packages. The captcha is drawn with FreeType, libpng and these fonts; hiredis speaks to Redis; zlib and bzip2
# read compressed messages.
build_packages=(libhiredis-dev libfreetype-dev libpng-dev zlib1g-dev libbz2-dev)
run_packages=(redis-server fonts-dejavu-core fonts-liberation iproute2 curl)
# What the tests of the Redis client alone need.
client_test_packages=(libhiredis-dev redis-server redis-tools openssl python3)
# The browser test, the real Celery, certificates, and the checks of the scripts, units and alerts.
test_packages=(
    redis-tools openssl curl chromium chromium-driver python3 python3-venv procps shellcheck systemd prometheus
)
# Scripts/bench: what our programs and the yardsticks in C are built with, and the server with its own benchmark.
benchmark_packages=(libhiredis-dev zlib1g-dev libbz2-dev redis-server redis-tools python3)

say() { printf '%s\n' "$*"; }

# A step of the work, with the seconds since the start in front.
step() { printf '\n==> [%4d s] %s\n' "$SECONDS" "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Prints the comment at the head of the running script when its first argument asks for help, and ends it.
help_if_asked() {
    if [[ ${1:-} == -h || ${1:-} == --help ]]; then
        sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$root/Scripts/$(basename "$0")"
        exit
    fi
}

# Installs those of the named Debian packages that are missing, with one call of apt-get.
need_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This is no Debian: make sure that the counterparts of these packages are installed: $*"
        return
    fi
    local missing=() package
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    [[ ${#missing[@]} -eq 0 ]] && return
    step "Installing Debian packages: ${missing[*]}"
    local as_root=()
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null ||
            fail "these packages are missing, and there is no sudo. As root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    # Debian starts a service when it installs one; here only the programs are wanted.
    local services=()
    for package in redis-server prometheus; do
        if [[ " ${missing[*]} " == *" $package "* && -d /run/systemd/system ]]; then services+=("$package.service"); fi
    done
    [[ ${#services[@]} -eq 0 ]] || "${as_root[@]}" systemctl --quiet --runtime mask "${services[@]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    if [[ ${#services[@]} -gt 0 ]]; then
        "${as_root[@]}" systemctl --quiet --runtime unmask "${services[@]}"
        "${as_root[@]}" systemctl --quiet disable "${services[@]}"
    fi
}

# Where the Python packages of the tests are, the real Celery among them.
test_python=$root/.build/test-python

need_test_python() {
    need_python_packages "$root/Tests/EndToEndTests/requirements.txt" "$test_python"
}

# Installs the Python packages that a file lists into a folder, anew when they are not those that are there.
need_python_packages() {
    local requirements=$1 folder=$2
    cmp --silent "$requirements" "$folder/installed.txt" && return
    step "Installing the Python packages of $(basename "$requirements") into $folder"
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
    cp "$requirements" "$folder/installed.txt"
}

# Swift has no Debian package of the version that is needed.
need_swift() {
    local where="https://www.swift.org/install/linux/" version
    command -v swift >/dev/null ||
        fail "Swift is not installed. Get Swift 6.2 or later from $where and put it into PATH."
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
    [[ $(printf '%s\n' 6.2 "${version:-0}" | sort -V | head -n 1) == 6.2 ]] ||
        fail "Swift ${version:-of unknown version} is too old: get Swift 6.2 or later from $where"
}
