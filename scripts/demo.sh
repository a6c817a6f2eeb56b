#!/usr/bin/env bash
# Demonstrates the main job: installs what is missing, starts the stand-in portal on a free loopback
# port and runs examples/people.csv against it. With --console it shows the console instead
# (demo-console.sh). Safe to run again: each run starts from scratch.
set -euo pipefail
if [ "${1:-}" = --console ] && [ $# -eq 1 ]; then
  exec "$(dirname "${BASH_SOURCE[0]}")/demo-console.sh"
fi
if [ $# -gt 0 ]; then
  echo "demo: takes no argument but --console, and got $1" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./scripts/setup.sh

work=$(mktemp -d)
sandbox=
finish() {
  if [ -n "$sandbox" ]; then
    kill "$sandbox" 2>/dev/null || true
    wait "$sandbox" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

say() { printf '\n%s\n' "$*" >&2; }

say 'Starting a stand-in portal on this machine; 10 of the people have an account already, and there is a group Finance.'
LOG_LEVEL=warn node dist/cli.js sandbox --existing examples/already-there.txt --existing-groups Finance >"$work/portal" &
sandbox=$!
for _ in $(seq 100); do
  if grep -q DOCSPACE_API_KEY "$work/portal"; then break; fi
  kill -0 "$sandbox" 2>/dev/null || { echo 'demo: the stand-in portal did not start (see above)' >&2; exit 1; }
  sleep 0.1
done
# shellcheck disable=SC1090  # two lines, DOCSPACE_URL=… and DOCSPACE_API_KEY=…
set -a; . "$work/portal"; set +a
export ONBOARD_DATA_DIR=$work/data
# Ignores a Redis, a key file and a prefix of the user.
unset REDIS_URL DOCSPACE_API_KEY_FILE ONBOARD_PREFIX

if command -v redis-server >/dev/null || command -v valkey-server >/dev/null; then :; else
  echo 'demo: no Redis server, because REDIS_URL is set; install redis-server for the demo' >&2
  exit 1
fi

say '$ onboard run examples/people.csv --groups create'
node dist/cli.js run examples/people.csv --groups create

say 'The rejected and duplicate rows, and some others:  $ onboard report BATCH'
batch=$(node dist/cli.js status --json | sed -E 's/.*"batchId":"([^"]+)".*/\1/')
node dist/cli.js report "$batch" >"$work/report.csv"
{ head -n 1 "$work/report.csv"; grep -E ',(rejected|duplicate),' "$work/report.csv"; } | cut -c 1-150
grep -E ',(created|existing),' "$work/report.csv" | sed -n 1,4p | cut -c 1-150
say 'Done. To use your own portal, see "Run it" in README.md.'
