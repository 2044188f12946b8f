#!/bin/sh
# tools/layers refuses what it is there to refuse, and says where.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

begin() {
	rm -rf "$tree/src" "$tree/tools"
	mkdir -p "$tree/src/base" "$tree/src/json" "$tree/src/store" "$tree/tools"
	cp "$top/tools/layers" "$tree/tools/"
	: >"$tree/tools/layers.allow"
	printf '/* Bytes. */\n#pragma once\n' >"$tree/src/base/bytes.h"
}

# refuses WORDS WHAT: the tool fails and says the words.
refuses() {
	if said=$("$tree/tools/layers"); then
		echo "FAILED: lets through $2"
		failed=1
	elif ! printf '%s\n' "$said" | grep -qF "$1"; then
		echo "FAILED: for $2 it says: $said"
		failed=1
	fi
}

accepts() {
	"$tree/tools/layers" >"$tree/said" || { echo "FAILED: refuses $1: $(cat "$tree/said")"; failed=1; }
}

begin
printf '/* A. */\n#include "base/bytes.h"\n' >"$tree/src/json/a.c"
accepts "an include the table names"

printf '/* A. */\n#include "store/a.h"\n' >"$tree/src/json/a.c"
refuses 'src/json/a.c:2: json/ may not include store/' "an include the table does not name"

begin
printf '/* A. */\n#include "bytes.h"\n' >"$tree/src/base/a.c"
refuses 'src/base/a.c:2: "bytes.h"' "an include without a folder"

begin
mkdir "$tree/src/extra"
echo '/* A. */' >"$tree/src/extra/a.c"
refuses 'src/extra/a.c: a folder' "a folder it does not know"

begin
{ echo '/* A. */'; seq -f '/* %g */' 499; } >"$tree/src/json/a.c"
accepts "a file of 500 lines"
echo '/* 500 */' >>"$tree/src/json/a.c"
refuses 'src/json/a.c: 501 lines' "a file of 501 lines"
echo 'src/json/a.c a table that people read as one' >"$tree/tools/layers.allow"
accepts "a long file that is allowed"

function_of() {
	printf '/* A. */\nint\nlong_one(void)\n{\n'
	seq -f '	work(%g);' "$1"
	echo '}'
}
begin
function_of 80 >"$tree/src/json/a.c"
accepts "a function of 80 lines"
function_of 81 >"$tree/src/json/a.c"
refuses 'src/json/a.c:4: long_one has 81 lines' "a function of 81 lines"

begin
for i in $(seq 25); do echo '/* A. */' | tee "$tree/src/json/m$i.h" >"$tree/src/json/m$i.c"; done
accepts "a folder of 25 modules"
echo '/* A. */' >"$tree/src/json/m26.c"
refuses 'src/json: 26 modules' "a folder of 26 modules"

begin
printf '/* A. */\n#pragma once\nsize_t a(void);\n' >"$tree/src/json/a.h"
refuses 'src/json/a.h: does not compile alone' "a header that needs another before it"

for line in 'int a = atoi("1");' 'void a(void) { goto end; }' 'int a; // TODO later'; do
	begin
	printf '/* A. */\n%s\n' "$line" >"$tree/src/json/a.c"
	refuses 'src/json/a.c:2: ' "$line"
done
begin
printf '/* atoi(x) and goto are words here. */\nconst char *a = "atoi(";\n/* TODO: waits for b */\n' >"$tree/src/json/a.c"
accepts "banned words in comments and strings"

begin
echo 'int a;' >"$tree/src/json/a.c"
refuses 'src/json/a.c:1: begins without' "a file that does not say what it is for"
exit $failed
