#!/bin/sh
# A small office's first day: a host gets its address from Kea, names from Unbound, blocked ones too, and reaches what is
# outside; all of it told through the API.
# usage: office.sh DRAWBRIDGED
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."

skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || skip "network namespaces that can be named need root"
for tool in curl dnsmasq dhcpcd ping dig kea-dhcp4 unbound; do
	command -v "$tool" >/dev/null || skip "$tool is missing: script/bootstrap run lab test"
done
ip netns add "db-probe$$" 2>/dev/null || skip "this kernel or container lacks network namespaces"
ip netns delete "db-probe$$"

name=o$$
trap 'script/lab down --name $name' EXIT
lab=$(script/lab up --name "$name" --daemon "$program")
field() { printf '%s\n' "$lab" | sed -n "s/^{.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
url=$(field url) key=$(field key):$(field secret)

# Ends the test unless the answer has the word in it.
api() {
	said=$(curl -s -u "$key" -H "Content-Type: application/json" -d "${3:-{\}}" "$url/api/$1") || fail "POST $1"
	case $said in
	*"$2"*) ;;
	*) fail "POST $1: $said" ;;
	esac
}
lan() { script/lab exec --name "$name" lan -- "$@"; }

api dnsmasq/settings/set saved '{"dnsmasq":{"enable":"0"}}'
api dnsmasq/service/reconfigure ok
api kea/dhcpv4/set saved '{"dhcpv4":{"general":{"enabled":"1","interfaces":"lan"}}}'
api kea/dhcpv4/add_subnet saved '{"subnet4":{"subnet":"192.168.1.0/24","pools":"192.168.1.100-192.168.1.150"}}'
api kea/service/reconfigure ok
api unbound/settings/set saved '{"unbound":{"general":{"enabled":"1"}}}'
api unbound/settings/add_host_override saved \
	'{"host":{"hostname":"nas","domain":"lab.example","rr":"A","server":"192.168.1.9"}}'
api unbound/settings/add_dnsbl saved \
	'{"blocklist":{"enabled":"1","blocklists":"ads.lab.example","address":"192.0.2.99","description":"ads"}}'
api unbound/service/reconfigure ok
api firewall/filter/apply OK

# The host forgets what it has. What the client writes stays in a place of its own.
lan ip address flush dev eth0
lan ip route flush dev eth0 || true
lan unshare --mount sh -c 'mount -t tmpfs client /run && mkdir -p /var/lib/dhcpcd && mount -t tmpfs client /var/lib/dhcpcd &&
	dhcpcd --quiet --ipv4only --noarp --nohook resolv.conf,hostname --waitip=4 --timeout 60 --oneshot eth0' ||
	fail "no lease from Kea"
lan ip -4 address show dev eth0 | grep -q 'inet 192\.168\.1\.1[0-5][0-9]/24' || fail "the lease is not from the pool"
curl -s -u "$key" "$url/api/kea/leases4/search" | grep -q '"address":"192\.168\.1\.1[0-5][0-9]"' || fail "the lease is not listed"

name_is() {
	said=$(lan dig +short +time=5 +tries=3 @192.168.1.1 "$1" A)
	[ "$said" = "$2" ] || fail "$1 is \"$said\", not $2"
}
name_is nas.lab.example 192.168.1.9
name_is ads.lab.example 192.0.2.99
lan ping -q -c 1 -w 60 8.8.8.8 >/dev/null || fail "what is outside is not reached"
