#!/bin/sh
# Each test that docs/coverage.md cites for a backend must be one of ours, and each endpoint must have a line there.
# usage: proofs.sh DRAWBRIDGED BUILD
set -eu
program=$1 build=$2
cited=$("$program" --proofs)
[ "$(printf '%s\n' "$cited" | wc -l)" -gt 20 ] || { echo "FAILED: too few proofs"; exit 1; }
meson introspect "$build" --tests | CITED="$cited" python3 -c '
import json, os, sys
tests = {test["name"] for test in json.load(sys.stdin)}
wrong = [line for line in os.environ["CITED"].splitlines() if line.split()[-1] not in tests]
print(*(f"no such test: {line}" for line in wrong), sep="\n", end="")
sys.exit(bool(wrong))'
empty=$(mktemp -d)
trap 'rmdir "$empty"' EXIT
! "$program" --coverage "$empty" | grep 'of no backend in proc/about/proofs.c' || exit 1
