#!/bin/sh
# A program of ours must give no function to libraries: one that is called as theirs would be taken for it.
# usage: exports.sh PROGRAM...
set -eu
[ $# -gt 0 ] || { echo "FAILED: no program"; exit 1; }
for program; do
	given=$(readelf --dyn-syms --wide "$program" | awk '$4 == "FUNC" && $7 != "UND" { print $8 }')
	[ -z "$given" ] || { echo "FAILED: $program gives away:" $given; exit 1; }
done
