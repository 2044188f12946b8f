#!/bin/sh
# What clients configure is what packets meet: a lab with the daemon, asked through both dialects.
# usage: traffic.sh DRAWBRIDGED
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."

skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || skip "network namespaces that can be named need root"
for tool in curl dnsmasq dhcpcd ping; do
	command -v "$tool" >/dev/null || skip "$tool is missing: script/bootstrap run lab"
done
ip netns add "db-probe$$" 2>/dev/null || skip "this kernel or container lacks network namespaces"
ip netns delete "db-probe$$"

name=p$$
trap 'script/lab down --name $name' EXIT
lab=$(script/lab up --name "$name" --daemon "$program")
field() { printf '%s\n' "$lab" | sed -n "s/^{.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
json="Content-Type: application/json"
url=$(field url) key=$(field key):$(field secret) user=$(field user):$(field password)

opnsense() { curl -s --fail-with-body -u "$key" -X POST ${2:+-H "$json" -d "$2"} "$url/api/$1" || fail "POST $1"; }
pfsense() { curl -s --fail-with-body -u "$user" -H "$json" -d "$2" "$url/api/v1/$1" || fail "POST v1 $1"; }

lan() { script/lab exec --name "$name" lan -- "$@"; }
reaches() { lan ping -q -c 1 -w 60 "$1" >/dev/null || fail "lan does not reach $1: $2"; }
misses() { ! lan ping -q -c 1 -W 1 "$1" >/dev/null || fail "lan reaches $1: $2"; }

reaches 8.8.8.8 "the seed lets the LAN out, translated to the address of the WAN"
script/lab exec --name "$name" isp -- ping -q -c 1 -w 60 "$(script/lab exec --name "$name" fw -- \
	ip -4 -o address show dev em0 | sed 's/.*inet \([0-9.]*\).*/\1/')" >/dev/null || fail "the WAN lets nothing in"

uuid=$(opnsense firewall/alias/add_item '{"alias":{"name":"forbidden","type":"host","content":"8.8.4.4"}}' |
	sed -n 's/.*"uuid":"\([^"]*\)".*/\1/p')
[ -n "$uuid" ] || fail "the alias is not saved"
pfsense firewall/rule '{"type":"block","interface":"lan","ipprotocol":"inet","protocol":"any","src":"any",
	"dst":"forbidden","descr":"Not there","top":true,"apply":false}' >/dev/null
reaches 8.8.4.4 "what is saved is not applied yet"

opnsense firewall/filter/apply >&2
misses 8.8.4.4 "a rule of one dialect blocks the alias of the other"
reaches 8.8.8.8 "other addresses are not blocked"

opnsense "firewall/alias/set_item/$uuid" '{"alias":{"content":"8.8.8.8"}}' >&2
opnsense firewall/alias/reconfigure >&2
misses 8.8.8.8 "an address that is put into an alias is blocked"
reaches 8.8.4.4 "an address that is taken out of it is not"
