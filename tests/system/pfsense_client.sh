#!/bin/sh
# The foreign client against a simulated box, once for each way to log in.
# usage: pfsense_client.sh DRAWBRIDGED STEPS
set -eu
program=$1 steps=$2
folder=$(dirname "$0")
work=$(mktemp -d)
daemon=
trap 'if [ -n "$daemon" ]; then kill "$daemon"; wait "$daemon" || true; fi; rm -rf "$work"' EXIT
for mode in local jwt token; do
	: >"$work/said"
	"$program" --ephemeral --plain --listen 127.0.0.1:0 --apply none --user admin --password pfsense \
		>"$work/said" 2>"$work/log" &
	daemon=$!
	tries=0
	until grep -q url "$work/said"; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] && kill -0 "$daemon" || { cat "$work/log"; echo "FAILED: the daemon does not come up"; exit 1; }
		sleep 0.1
	done
	url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$work/said")
	python3 "$folder/pfsense_client.py" "$steps" "$url" admin pfsense "$mode"
	kill "$daemon"
	wait "$daemon" || { cat "$work/log"; echo "FAILED: the daemon ended badly"; exit 1; }
	daemon=
done
