#!/bin/sh
# What a small reply costs in our HTTP layer, and in libmicrohttpd alone: CPU time of the server.
# usage: http.sh OURS REFERENCE   (the two programs; started by `meson test --benchmark`)
set -eu
command -v wrk >/dev/null || { echo "SKIPPED: wrk is missing: script/bootstrap bench"; exit 77; }

rounds=3 seconds=2 pid=
trap '[ -z "$pid" ] || kill "$pid"' EXIT
work=$(mktemp -d)
mkfifo "$work/hold"

ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# cost PROGRAM: nanoseconds of CPU for one request, over some seconds of load from 32 connections.
cost() {
	port=$((20000 + ($$ + round * 2) % 20000))
	"$1" "$port" 1 <"$work/hold" &
	pid=$!
	exec 3>"$work/hold"
	sleep 0.2
	before=$(ticks "$pid")
	requests=$(wrk -t1 -c32 -d"$seconds" "http://127.0.0.1:$port/x" | awk '/requests in/ { print $1 }')
	after=$(ticks "$pid")
	exec 3>&-
	wait "$pid"
	pid=
	echo $(((after - before) * (1000000000 / $(getconf CLK_TCK)) / requests))
}

best() { sort -n "$1" | awk 'NR == 1 { printf "%.1f µs", $1 / 1000 }'; }

# One after the other in turn, so that a busy moment of the machine meets both.
for round in $(seq "$rounds"); do
	cost "$1" >>"$work/ours"
	cost "$2" >>"$work/reference"
done
printf 'bench\tCPU for a small reply over HTTP\t%s\t%s\tlibmicrohttpd alone, canned reply\n' \
	"$(best "$work/ours")" "$(best "$work/reference")"
rm -r "$work"
