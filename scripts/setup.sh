#!/usr/bin/env bash
# Prepares this folder, one step per argument, and does nothing where nothing changed.
#
#   scripts/setup.sh runtime       .venv with requirements.lock
#   scripts/setup.sh development   .venv with requirements-dev.lock
#   scripts/setup.sh env           .env with a SECRET_KEY of its own
#   scripts/setup.sh frontend      frontend/node_modules by its lock file
#   scripts/setup.sh build         frontend/dist
#   scripts/setup.sh chromium      a browser for the browser tests
#
# A finished installation keeps a copy of its lock file; while both are equal, no network is used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
fail() { printf 'Cannot go on: %s\n' "$*" >&2; exit 1; }

is_new_enough_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python3.14; do
        if is_new_enough_python "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found. Install it (Debian: apt install" \
        "python3 python3-venv, macOS: brew install python) or name one: PYTHON=/path/to/python3."
}

require_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        fail "Node.js 20.19 or newer with npm is needed and was not found. Install it from" \
            "your system's packages or from the Node.js project."
    fi
    node -e 'const [a, b] = process.versions.node.split(".").map(Number)
             process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
        fail "Node.js 20.19 or newer is needed; this is $(node --version). Please update it."
}

make_venv() {
    if [ -x .venv/bin/python ] && is_new_enough_python .venv/bin/python; then
        return
    fi
    local python
    python=$(find_python)
    say "Creating .venv with $("$python" --version)"
    "$python" -m venv --clear .venv ||
        fail "the virtual environment could not be made (Debian: apt install python3-venv)."
}

install_lock() {
    local lock=$1
    make_venv
    if cmp -s "$lock" ".venv/$lock"; then
        return
    fi
    say "Installing the Python packages of $lock (a minute the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes --requirement "$lock"
    cp "$lock" ".venv/$lock"
}

install_runtime() { install_lock requirements.lock; }

# The development lock holds every line of the other one, so both are installed afterwards.
install_development() {
    install_lock requirements-dev.lock
    cp requirements.lock .venv/requirements.lock
}

write_env() {
    make_venv
    .venv/bin/python scripts/make_env.py .
}

install_frontend() {
    require_node
    if cmp -s frontend/package-lock.json frontend/node_modules/.installed-lock.json; then
        return
    fi
    say "Installing the dashboard's packages (a minute the first time)"
    (cd frontend && npm ci --no-audit --no-fund --loglevel=error)
    cp frontend/package-lock.json frontend/node_modules/.installed-lock.json
}

# A folder counts as well: it is newer when a file in it was removed.
is_built() {
    local page=frontend/dist/index.html
    [ -f "$page" ] && [ -z "$(find frontend -maxdepth 1 -type f -newer "$page" -print -quit)" ] &&
        [ -z "$(find frontend/src frontend/public -newer "$page" -print -quit)" ]
}

build_frontend() {
    install_frontend
    if is_built; then
        return
    fi
    say "Building the dashboard"
    # Gone first, so that a build that fails is tried again.
    rm -f frontend/dist/index.html
    (cd frontend && npm run --silent build)
}

install_chromium() {
    if command -v chromium chromium-browser google-chrome >/dev/null; then
        return
    fi
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "the browser tests need Chromium; install it (Debian: apt install chromium)."
    fi
    say "Installing Chromium for the browser tests"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
}

[ $# -gt 0 ] || fail "name a step: runtime, development, env, frontend, build or chromium."
for step in "$@"; do
    case $step in
        runtime) install_runtime ;;
        development) install_development ;;
        env) write_env ;;
        frontend) install_frontend ;;
        build) build_frontend ;;
        chromium) install_chromium ;;
        *) fail "there is no step '$step'." ;;
    esac
done
