#!/usr/bin/env bash
# Shows the console: a stand-in portal, a Redis of its own, workers, and two consoles with batches in
# every interesting state; one moves, one is held. Called by `demo.sh --console`; stays until Ctrl-C.
set -euo pipefail
if [ $# -gt 0 ]; then
  echo "demo-console: takes no arguments, but got $1" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./scripts/setup.sh
server=$(command -v redis-server || command -v valkey-server) || {
  echo 'demo: the demo of the console needs redis-server on this machine: install it' >&2
  exit 1
}

work=$(mktemp -d)
children=()
finish() {
  trap '' INT TERM
  if [ ${#children[@]} -gt 0 ]; then
    kill "${children[@]}" 2>/dev/null || true
    wait "${children[@]}" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 0' INT TERM

say() { printf '%s\n' "$*" >&2; }

# Starts a command in the background; its output is a file of the work folder.
start() {
  local name=$1
  shift
  "$@" >"$work/$name.out" 2>"$work/$name.err" &
  children+=($!)
}

# Waits until the output of a command has a text.
until_says() {
  for _ in $(seq 200); do
    if grep -q "$2" "$work/$1.out" 2>/dev/null; then return; fi
    sleep 0.1
  done
  say "demo: $1 did not start:"
  cat "$work/$1.err" >&2
  exit 1
}

# Writes a list of people: demo numbers from $2 on, as many as $3.
people() {
  {
    echo first_name,last_name,email,department
    seq -f 'Demo,Person,demo%.0f@example.com,Sales' "$2" "$(($2 + $3 - 1))"
  } >"$work/$1.csv"
}

# Runs a command silently; if it fails, shows what it said.
onboard() {
  node dist/cli.js "$@" >"$work/said" 2>&1 || {
    cat "$work/said" >&2
    return 1
  }
}

say 'Starting a stand-in portal, Redis, workers and two consoles on this machine…'
unset DOCSPACE_API_KEY_FILE ONBOARD_ACTOR ONBOARD_NOTIFY_URL
export LOG_LEVEL=warn ONBOARD_DATA_DIR=$work/data ONBOARD_LOOKUP_DELAY_MS=200 ONBOARD_BACKOFF_MS=100
password=$(node -p 'crypto.randomBytes(16).toString("hex")')
port=$(node -e 'const s = net.createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
printf 'bind 127.0.0.1\nport %s\nrequirepass %s\ndir %s\nappendonly yes\nsave ""\n' "$port" "$password" "$work" >"$work/redis.conf"
start redis "$server" "$work/redis.conf"
start portal node dist/cli.js sandbox --existing examples/already-there.txt --existing-groups Finance Sales --writes-per-day 0
until_says portal DOCSPACE_API_KEY
# shellcheck disable=SC1090,SC1091  # two lines, DOCSPACE_URL=… and DOCSPACE_API_KEY=…
set -a; . "$work/portal.out"; set +a
until_says redis 'eady to accept'
export REDIS_URL=redis://:$password@127.0.0.1:$port

# Changes what goes wrong on the stand-in portal.
faults() {
  node -e 'fetch(process.argv[1] + "/__sandbox/faults", { method: "POST", body: process.argv[2] })' "$DOCSPACE_URL" "$1"
}

# Submits a list and says its name.
submit() {
  local name=$1
  shift
  onboard submit "$work/$name.csv" --batch "$name" --no-check "$@"
}

# Waits until a batch is over or waits for a person; people who failed are no failure of the demo.
ended() { node dist/cli.js watch "$1" >/dev/null 2>&1 || true; }

say 'Filling the first one: a moment, please.'
export ONBOARD_PREFIX={moving}
start worker node dist/cli.js worker
faults '{"create":{"error500Before":0.25}}'
people spring-2026 0 40
ONBOARD_ATTEMPTS=1 submit spring-2026
ended spring-2026
faults '{"reset":true}'
onboard submit examples/people.csv --batch first-list --no-check
people staff-2026 100 30
submit staff-2026 --hold-invite
people pilot 200 30
submit pilot --limit 10
people mistake 300 300
submit mistake
onboard cancel mistake --no-invite --yes
people autumn-2026 1000 20000
submit autumn-2026
start first env CONSOLE_LABEL=Demo node dist/cli.js console --port 0 --role admin
until_says first 'sign in'

say 'Filling the second one, whose key the portal does not accept.'
export ONBOARD_PREFIX={held}
people winter-2026 50000 800
submit winter-2026
start stopped env DOCSPACE_API_KEY=sk-0000000000000000wrong node dist/cli.js worker
start second env CONSOLE_LABEL=Production node dist/cli.js console --port 0 --role operator
until_says second 'sign in'

printf '\nOne batch moves here (admin):\n'
grep 'sign in' "$work/first.out"
printf '\nEverything is held here (operator):\n'
grep 'sign in' "$work/second.out"
printf '\nEach address signs in once. Ctrl-C ends everything and leaves nothing behind.\n'
wait
