#!/bin/sh
# usage: tests/openapi/validate.sh DRAWBRIDGED
command -v node >/dev/null || { echo "SKIPPED: node is missing (package nodejs)"; exit 77; }
exec node "$(dirname "$0")/validate.mjs" "$@"
