#!/bin/sh
# What clients configure is what packets meet: a lab with the daemon, asked through both dialects.
# usage: traffic.sh DRAWBRIDGED
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."

skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }

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
url=$(field url) key=$(field key):$(field secret) user=$(field user):$(field password)

opnsense() { curl -s -f -u "$key" -H 'Content-Type: application/json' -d "${2-}" "$url/api/$1" || fail "POST $1"; }
pfsense() { curl -s -f -u "$user" -H 'Content-Type: application/json' -d "$2" "$url/api/v1/$1" || fail "POST v1 $1"; }

lan() { script/lab exec --name "$name" lan -- "$@"; }
reaches() { lan ping -q -c 1 -W 5 "$1" >/dev/null || fail "lan does not reach $1: $2"; }
misses() { ! lan ping -q -c 1 -W 1 "$1" >/dev/null || fail "lan reaches $1: $2"; }

reaches 8.8.8.8 "the seed lets the LAN out, translated to the address of the WAN"
script/lab exec --name "$name" isp -- ping -q -c 1 -W 5 "$(script/lab exec --name "$name" fw -- \
	ip -4 -o address show dev em0 | sed 's/.*inet \([0-9.]*\).*/\1/')" >/dev/null || fail "the WAN lets nothing in"

opnsense firewall/alias/add_item '{"alias":{"name":"forbidden","type":"host","content":"8.8.4.4"}}' |
	grep -q '"saved"' || fail "the alias is not saved"
pfsense firewall/rule '{"type":"block","interface":"lan","ipprotocol":"inet","protocol":"any","src":"any",
	"dst":"forbidden","descr":"Not there","top":true,"apply":false}' >/dev/null
reaches 8.8.4.4 "what is saved is not applied yet"

opnsense firewall/filter/apply >/dev/null
misses 8.8.4.4 "a rule of one dialect blocks the alias of the other"
reaches 8.8.8.8 "other addresses are not blocked"

opnsense firewall/alias_util/add/forbidden '{"address":"8.8.8.8"}' >/dev/null
misses 8.8.8.8 "an address that is added to an alias is blocked at once"
opnsense firewall/alias_util/delete/forbidden '{"address":"8.8.8.8"}' >/dev/null
reaches 8.8.8.8 "an address that is taken out of it is not"
