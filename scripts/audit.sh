#!/usr/bin/env bash
# Asks the registry for known vulnerabilities and reports all of them. Fails only for high and critical
# ones in packages that ship: what only builds and tests cannot reach a user. A registry without that
# service, as many mirrors are, is reported and fails nothing.
set -euo pipefail
if [ $# -gt 0 ]; then
  echo "audit: takes no arguments, but got $1" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Prints the number of findings at a level and above, or why there is none.
count() {
  node -e '
    const answer = JSON.parse(require("node:fs").readFileSync(0, "utf8") || "{}");
    const found = answer.metadata?.vulnerabilities;
    if (found === undefined) console.log(`no answer (${answer.statusCode ?? answer.error?.code ?? "unknown"})`);
    else console.log(process.argv.slice(1).reduce((sum, level) => sum + found[level], 0));
  ' "$@"
}

all=$(npm audit --json 2>/dev/null | count info low moderate high critical || true)
if [[ ! "$all" =~ ^[0-9]+$ ]]; then
  echo "audit: not checked: the registry gives $all" >&2
  exit 0
fi
severe=$(npm audit --json --omit=dev 2>/dev/null | count high critical || true)
echo "audit: $all known vulnerabilities in all packages, $severe high or critical in those that ship" >&2
if [ "$all" != 0 ]; then npm audit >&2 || true; fi
if [ "$severe" != 0 ]; then
  echo 'audit: update the packages named above that ship (npm audit --omit=dev)' >&2
  exit 1
fi
