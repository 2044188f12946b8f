#!/bin/sh
# tools/tally counts what ran, names what did not, and fails when nothing did.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/build/meson-logs"
log=$work/build/meson-logs/testlog.json
failed=0

# says STATUS LAST-LINE WHAT
says() {
	status=0
	said=$("$top/tools/tally" "$log") || status=$?
	if [ "$status" -ne "$1" ] || [ "$(printf '%s\n' "$said" | tail -n 1)" != "$2" ]; then
		echo "FAILED: $3: status $status, $said"
		failed=1
	fi
}

ok='{"name": "a", "result": "OK", "stdout": "\"result\": \"FAIL\""}'
skip='{"name": "b", "result": "SKIP", "stdout": "SKIPPED: needs root\n"}'
late='{"name": "c", "result": "TIMEOUT"}'

printf '%s\n' "$ok" "$ok" >"$log"
says 0 "2 passed, 0 failed" "all pass"
printf '%s\n' "$ok" "$skip" >"$log"
says 0 "1 passed, 0 failed" "one is skipped"
"$top/tools/tally" "$log" | grep -x 'SKIPPED build: b: SKIPPED: needs root' >/dev/null || { echo "FAILED: no reason"; failed=1; }
printf '%s\n' "$ok" "$late" >"$log"
says 1 "1 passed, 1 failed" "one does not end"
printf '{"name": "c", "result": "OK"}\n' >"$work/build/meson-logs/again.json"
says 0 "2 passed, 0 failed" "one is well alone"
"$top/tools/tally" "$log" | grep -x 'UNSTEADY build: c: TIMEOUT among others, well alone' >/dev/null || { echo "FAILED: not named"; failed=1; }
rm "$work/build/meson-logs/again.json"
printf '%s\n' "$skip" >"$log"
says 1 "0 passed, 1 failed" "nothing ran"
rm "$log"
says 1 "0 passed, 1 failed" "no log"
exit $failed
