#!/bin/sh
# A program of ours must give no function to libraries: one that is called as theirs would be taken for it.
# Names that begin with "__" are the sanitizers' questions.
# usage: exports.sh PROGRAM...
set -eu
[ $# -gt 0 ] || { echo "FAILED: no program"; exit 1; }
for program; do
	given=$(readelf --dyn-syms --wide "$program" | awk '$4 == "FUNC" && $7 != "UND" && $8 !~ /^__/ { print $8 }')
	[ -z "$given" ] || { echo "FAILED: $program gives away:" $given; exit 1; }
done
