#!/usr/bin/env bash
# Installs what is missing, asks for known vulnerabilities, then runs lint, types, unused code, build and all tests.
# Without Chromium everything but the browser tests runs, and the status is 1.
set -euo pipefail
if [ $# -gt 0 ]; then
  echo "test: takes no arguments, but got $1" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./scripts/setup.sh
./scripts/audit.sh
if ./scripts/chromium.sh; then exec npm run check; fi
npm run check
echo 'browser tests: NOT RUN' >&2
exit 1
