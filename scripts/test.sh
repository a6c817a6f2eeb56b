#!/usr/bin/env bash
# Installs what is missing, asks for known vulnerabilities, then runs lint, types, unused code, build and all tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./scripts/setup.sh
./scripts/audit.sh
exec npm run check
