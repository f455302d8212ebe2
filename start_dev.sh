#!/usr/bin/env bash
# The one command: installs what is missing, then runs the API, the monitor and the dashboard.
#
#   ./start_dev.sh               start everything; Ctrl-C stops everything
#   ./start_dev.sh --setup-only  only install and build
#
# The monitor is a thread of the API's process; it logs to logs/monitor.log.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly API_PORT=5001 WEB_PORT=3000
export FLASK_ENV=development PYTHONUNBUFFERED=1
api_pid='' web_pid=''

say() { printf '%s\n' "$*"; }
fail() { printf 'Cannot go on: %s\n' "$*" >&2; exit 1; }

port_is_busy() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

require_free_port() {
    ! port_is_busy "$1" ||
        fail "port $1 is in use, and $2 needs it. Stop the other program first" \
            "(lsof -i :$1 shows it)."
}

is_running() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# Asks the leader of a group to end, waits, and ends whatever is left of the group.
stop_group() {
    local leader=$1 tenths=0
    [ -n "$leader" ] || return 0
    kill -TERM "$leader" 2>/dev/null || true
    while kill -0 "$leader" 2>/dev/null && [ "$tenths" -lt 100 ]; do
        sleep 0.1
        tenths=$((tenths + 1))
    done
    kill -KILL -- "-$leader" 2>/dev/null || true
}

# A second Ctrl-C, or a terminal that is gone, must not interrupt the stopping.
stop_everything() {
    local status=$?
    trap '' INT TERM HUP PIPE
    trap - EXIT
    say 'Stopping.' 2>/dev/null || true
    stop_group "$web_pid"
    stop_group "$api_pid"
    exit "$status"
}

# Job control gives each program a process group of its own: Ctrl-C then reaches only this
# script, which stops them in order.
start_in_group() {
    local log=$1
    shift
    set -m
    "$@" >>"$log" 2>&1 </dev/null &
    set +m
}

fail_with_log() {
    say "Last lines of $2:" >&2
    tail -n 20 "$2" >&2
    fail "$1"
}

api_answers() {
    .venv/bin/python - "http://127.0.0.1:$API_PORT/api/health" 2>/dev/null <<'PY'
import sys, urllib.request
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=2).read()
PY
}

wait_for_api() {
    local tries=0
    until api_answers; do
        is_running "$api_pid" || fail_with_log 'the API ended while starting.' logs/api.log
        tries=$((tries + 1))
        [ "$tries" -lt 240 ] || fail_with_log 'the API does not answer.' logs/api.log
        sleep 0.5
    done
}

watch() {
    while true; do
        is_running "$api_pid" || fail_with_log 'the API ended.' logs/api.log
        is_running "$web_pid" || fail_with_log 'the dashboard server ended.' logs/web.log
        sleep 1 &
        wait $! || true
    done
}

case "${1:-}" in
    '' | --setup-only) ;;
    *) fail "there is no option '$1'; only --setup-only." ;;
esac

scripts/setup.sh runtime env build
if [ "${1:-}" = --setup-only ]; then
    say 'Everything is installed. Start it with ./start_dev.sh'
    exit 0
fi

require_free_port "$API_PORT" 'the API'
require_free_port "$WEB_PORT" 'the dashboard'
mkdir -p logs data
.venv/bin/flask prepare

trap stop_everything EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
start_in_group logs/api.log .venv/bin/gunicorn -w 1 -b "0.0.0.0:$API_PORT" api_server:app
api_pid=$!
start_in_group logs/web.log bash -c 'cd frontend && exec node node_modules/vite/bin/vite.js'
web_pid=$!
wait_for_api

say "
  Dashboard  http://localhost:$WEB_PORT
  API        http://localhost:$API_PORT
  Monitor    running in the background: tail -f logs/monitor.log
  Log in as  demo@ict.com with the password demo123

  Ctrl-C stops everything."
watch
