#!/usr/bin/env bash
# Installs Chromium for the browser tests where it is missing, with apt-get and root. Exits with 0 when
# there is one afterwards, with 1 when there is none. Messages go to standard error.
set -euo pipefail
if [ $# -gt 0 ]; then
  echo "chromium: takes no arguments, but got $1" >&2
  exit 2
fi

has_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

if has_chromium; then exit 0; fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo 'chromium: none found, and installing one needs apt-get and root: install the package chromium' >&2
  exit 1
fi
echo 'chromium: installing Chromium for the browser tests (apt-get)' >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends)
{ apt-get update && "${apt[@]}" chromium fonts-dejavu-core; } >"$log" 2>&1 </dev/null || tail -n 12 "$log" >&2
has_chromium
