#!/usr/bin/env bash
# Installs missing packages and a missing Redis server, and builds. Safe to run again; it then does
# nothing. Other scripts call it. Needs Node and npm, and root or sudo only to install a Redis server.
# Messages go to standard error.
set -euo pipefail
if [ $# -gt 0 ]; then
  echo "setup: takes no arguments, but got $1" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

readonly POLICY=/usr/sbin/policy-rc.d POLICY_MARK='placed by setup.sh of docspace-onboard'
log='' policy_placed='' policy_rights=()

# Runs at the end, also after Ctrl-C: a policy left behind would keep every later service from starting.
clean_up() {
  if [ -n "$log" ]; then rm -f "$log"; fi
  if [ -n "$policy_placed" ]; then
    ${policy_rights[@]+"${policy_rights[@]}"} rm -f "$POLICY"
    policy_placed=''
  fi
}
# Bash runs these when the command in the foreground has ended, so not while apt-get installs.
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a command silently; if it fails, shows the beginning and the end of its output.
quietly() {
  local status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    # npm and tsc print the reason first, apt-get last.
    if (($(wc -l <"$log") <= 24)); then
      cat "$log" >&2
    else
      head -n 12 "$log" >&2
      printf '[...]\n' >&2
      tail -n 12 "$log" >&2
    fi
  fi
  rm -f "$log"
  log=''
  return "$status"
}

check_node() {
  local found major minor
  found=$(node --version 2>/dev/null) || found='none'
  IFS=. read -r major minor _ <<<"${found#v}"
  if [[ ! "$major" =~ ^[0-9]+$ ]] || ((major < 20 || (major == 20 && minor < 19))); then
    die "Node 20.19 or newer is needed, found $found: install it from https://nodejs.org and try again"
  fi
  command -v npm >/dev/null || die 'npm is needed besides Node: install it and try again'
}

install_packages() {
  # The npm package has no lock file: its packages were installed with it.
  if [ ! -f package-lock.json ]; then return; fi
  # npm writes this file last, so it is missing or old after an interrupted installation.
  local done_mark=node_modules/.package-lock.json
  if [ -f "$done_mark" ] && [ ! package-lock.json -nt "$done_mark" ]; then return; fi
  say 'installing the packages of package-lock.json (npm ci)'
  quietly npm ci || die 'npm ci failed (see above): check the network and try again'
  touch "$done_mark"
}

has_redis() { command -v redis-server >/dev/null || command -v valkey-server >/dev/null; }

# With an address in the environment or in .env, no server is needed here.
has_redis_url() {
  [ -n "${REDIS_URL:-}" ] || grep -Eqs '^[[:space:]]*(export[[:space:]]+)?REDIS_URL=[^[:space:]]' .env
}

readonly OWN_WAY='or set REDIS_URL to a running Redis 6.2+'

ensure_redis() {
  if has_redis || has_redis_url; then return; fi
  local manager as_root=()
  for manager in apt-get dnf apk brew none; do
    if command -v "$manager" >/dev/null; then break; fi
  done
  [ "$manager" != none ] || die "no Redis server and no package manager known here: install redis-server, $OWN_WAY"
  if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "no Redis server, and installing one needs root: run this as root, $OWN_WAY"
    as_root=(sudo)
    # Asks for the password here, where the prompt is visible.
    sudo -v || die "no Redis server, and sudo refused to install one: run this as root, $OWN_WAY"
  fi
  say "installing a Redis server ($manager)"
  # Bash 3.2 of macOS treats an empty array as unset.
  "install_with_${manager%-get}" ${as_root[@]+"${as_root[@]}"} || true
  has_redis || die "no Redis server could be installed (see above): check the network, or install redis-server yourself, $OWN_WAY"
}

# The package would start a service; policy-rc.d (exit status 101: not allowed) prevents this on
# Debian, and `disable` prevents its start with the machine. Commands start a server when needed.
# A policy of a run that was killed is replaced and removed; any other stays.
install_with_apt() {
  if [ ! -e "$POLICY" ] || grep -qs "$POLICY_MARK" "$POLICY"; then
    policy_rights=("$@") policy_placed=yes
    printf '#!/bin/sh\n# %s\nexit 101\n' "$POLICY_MARK" | "$@" tee "$POLICY" >/dev/null
    "$@" chmod 755 "$POLICY"
  fi
  quietly "$@" apt-get update ||
    say 'apt-get update failed: trying with the present lists'
  local package apt=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends)
  for package in redis-server valkey-server; do
    if quietly "$@" "${apt[@]}" "$package"; then break; fi
  done
  clean_up
  if [ -d /run/systemd/system ]; then quietly "$@" systemctl disable "$package" || true; fi
}

install_with_dnf() { quietly "$@" dnf install -y valkey || quietly "$@" dnf install -y redis; }
install_with_apk() { quietly "$@" apk add --no-cache redis || quietly "$@" apk add --no-cache valkey; }
install_with_brew() { quietly brew install redis; }

build() {
  if [ ! -d src ]; then return; fi
  local mark=node_modules/.onboard-built newer
  local sources=(src package.json package-lock.json tsconfig.json tsconfig.build.json tsconfig.browser.json)
  if [ -f dist/cli.js ] && [ -f "$mark" ]; then
    newer=$(find "${sources[@]}" -newer "$mark" -print -quit)
    if [ -z "$newer" ]; then return; fi
  fi
  say 'building (npm run build)'
  # The mark has the time before the build, so that a change during the build is built next time.
  touch "$mark.new"
  quietly npm run build || die 'the build failed (see above)'
  mv "$mark.new" "$mark"
}

check_node
install_packages
ensure_redis
build
