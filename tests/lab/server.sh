#!/bin/sh
# script/server starts an instance, its curl lines work, and nothing of it remains.
# usage: server.sh DRAWBRIDGED
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
command -v curl >/dev/null || { echo "SKIPPED: curl is missing: script/bootstrap run"; exit 77; }

fail() { echo "FAILED: $*" >&2; exit 1; }

script/server --check --daemon "$program" || fail "script/server --check"

# As a person uses it: start, look, interrupt.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/said"
TMPDIR=$work script/server --daemon "$program" >"$work/said" 2>&1 &
server=$!
tries=0
until grep -q '^Ctrl-C' "$work/said"; do
	kill -0 "$server" || fail "it ended: $(cat "$work/said")"
	[ "$tries" -lt 600 ] || fail "it is not there after a minute: $(cat "$work/said")"
	sleep 0.1
	tries=$((tries + 1))
done
for dialect in OPNsense pfSense; do
	sh -c "$(sed -n "s/^$dialect  *//p" "$work/said")" | grep -q web_servers || fail "the $dialect line shows no sample"
done
kill "$server"
wait "$server" || true
[ -z "$(find "$work" -mindepth 1 -not -name said)" ] || fail "files remain: $(ls "$work")"
url=$(sed -n 's/^Drawbridge answers at //p' "$work/said")
! curl -s -o "$work/said" "$url" || fail "it still answers"
