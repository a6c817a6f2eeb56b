#!/usr/bin/env bash
# Long form of the fuzz tests: ./scripts/fuzz.sh [--runs N] [--seed N] [arguments of vitest]
# Every target gets N cases (10,000 by default); the same seed makes the same cases.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=10000
seed=$((RANDOM * 32768 + RANDOM))
rest=()
whole() {
  if [[ "${2:-}" =~ ^[0-9]{1,9}$ ]]; then return; fi
  echo "fuzz: $1: give a whole number" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  case $1 in
    --runs) whole "$@"; runs=$2; shift 2 ;;
    --seed) whole "$@"; seed=$2; shift 2 ;;
    *) rest+=("$1"); shift ;;
  esac
done
echo "fuzz: $runs cases of every target, seed $seed (again: npm run fuzz -- --runs $runs --seed $seed)"
FUZZ_RUNS=$runs FUZZ_SEED=$seed exec npx vitest run --testTimeout=7200000 test/fuzz "${rest[@]}"
