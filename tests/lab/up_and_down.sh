#!/bin/sh
# A lab comes up with an upstream that answers, twice at once, and leaves nothing behind.
set -eu
cd "$(dirname "$0")/../.."

skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || skip "network namespaces that can be named need root"
for program in dnsmasq dhcpcd ping getent; do
	command -v "$program" >/dev/null || skip "$program is missing: script/bootstrap lab"
done
ip netns add "db-probe$$" 2>/dev/null || skip "this kernel or container lacks network namespaces"
ip netns delete "db-probe$$"

first=t$$a second=t$$b
trap 'script/lab down --name $first; script/lab down --name $second' EXIT

script/lab up --name "$first" --no-daemon
script/lab up --name "$second" --no-daemon
script/lab status --name "$first" >/dev/null || fail "a lab that is up says it is not"

script/lab exec --name "$first" fw -- ip -4 address show dev em0 | grep -q 'inet 198\.51\.100\.' ||
	fail "em0 has no address from the upstream"
script/lab exec --name "$second" fw -- ping -q -c 1 -w 60 8.8.8.8 >/dev/null || fail "8.8.8.8 does not answer"
script/lab exec --name "$first" fw -- getent ahosts dns.google | grep -q '^8\.8\.4\.4 ' ||
	fail "the upstream does not know dns.google"
script/lab exec --name "$first" lan -- ping -q -c 1 -w 60 192.168.1.1 >/dev/null ||
	fail "the firewall does not answer its lan"
! script/lab exec --name "$first" fw -- sh -c 'exit 9' || fail "exec loses the exit status"
script/lab exec --name "$first" fw -- sh -c 'echo mark >/etc/drawbridge-mark'
[ ! -e /etc/drawbridge-mark ] || fail "what fw writes to /etc is on the host"

script/lab down --name "$first"
! script/lab status --name "$first" 2>/dev/null || fail "a lab that is down says it is up"
script/lab status --name "$second" >/dev/null || fail "taking one lab down ended another"
script/lab down --name "$second"

! ip netns list | grep -E "^db-($first|$second)-" || fail "namespaces are left"
[ ! -e "/run/drawbridge-lab/$first" ] || fail "files are left"
! grep -E "drawbridge-lab/($first|$second)|db-($first|$second)-" /proc/mounts || fail "mounts are left"
