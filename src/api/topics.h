/*
 * api/topics.h: what the box can be asked (struct box, api/service.h). An argument is an object; the
 * answer is what stands behind the arrow. Numbers are integers.
 *
 * topic            argument                          answer
 * tables           -                                 [name] of the address tables that are loaded
 * tables.size      -                                 {size, used, details: {table: {count, updated, eval_match...}}}
 * table.list       {table}                           [{ip, in_block_p, in_block_b, ...}]
 * table.add        {table, address}                  true: it is in now
 * table.delete     {table, address}                  true: it was in
 * table.flush      {table}                           true
 * table.find       {address}                         [name] of the tables that hold it
 * states.list      {source, destination, address, source_port, destination_port, protocol, rule, id, interface, limit}
 *                                                    [{id, iface, proto, src_addr, state, ...}] as query_states has them
 * states.search    {phrase, rule, sort, order: asc or desc, skip, take, form: states or top}
 *                                                    {total, rows} as query_states or query_pf_top have them
 * states.kill_found {phrase, rule}                   {killed}; at least one of the two
 * sources.flush    -                                 true: nobody is counted any more
 * states.count     -                                 {current, limit}
 * filter.statistics {section}                        {info, memory, timeouts, interfaces, rules}, or one of them
 * filterlog.read   {limit, digest}                   [record] newest first, up to the one with that digest
 * filterlog.follow {after} or {last}                 {newest, records} oldest first
 * filterlog.stats  {group_by, limit}                 [{label, value}] top ten, then one "other"
 * log.read         {module, scope, phrase, severity, since, skip, take}  {rows, total, newest, origin} newest first
 * log.follow       {module, scope, after}            {rows, total, newest} oldest first
 * log.clear        {module, scope}                   true
 * log.lines        {log: dhcp, filter or system}     [text] oldest first
 * states.kill      as states.list, or all: true      {killed}; states.reset: all
 * arp.list         -                                 [{ip, mac, interface, status}]; arp.delete {address}
 * lockout.add      {address, seconds}                true: it will be; never waits
 * filter.notes     -                                 {total, notes: [{uuid, description, message}]}: what rules do otherwise
 *                                                    than in pf; never waits
 * keeper.status    -                                 {backends, uptime, gate_starts, rule_loads, last_rule_load: a result};
 *                                                    waits for nothing but the keeper
 * rules.counters   -                                 {uuid: {pf_rules, evaluations, packets, bytes, states, inserted}}
 * nat.automatic    -                                 [{interface, source_net}] translations that nobody wrote
 * services         -                                 [{id, name, description, running: 0 or 1, locked: 0 or 1}]
 * service.status   {name}                            {running: bool}
 * service.start    {name, id}                        {message}; also service.stop, service.restart
 * time.peers       -                                 [{status, server, refid, stratum, type, when, poll, reach, delay...}]
 * gateways.status  -                                 [{name, address, status: "none", "down", "loss"..., status_translated,
 *                                                    delay, stddev, loss, monitor}]
 * gateways.list    -                                 the same of all, disabled ones too, and {interface, device, ipprotocol, srcip,
 *                                                    priority, dynamic, virtual: nobody wrote it down, defunct, disabled, default}
 * dhcp.leases      {server: kea4, kea6, dnsmasq}     [{address, hwaddr, hostname, if, if_name, if_descr, state, expire...}]
 * dhcp.release     {address}                         true
 * interfaces.overview {details}                      [{device, macaddr, mtu, flags, status, identifier, ipv4, ipv6...}]
 * interfaces.counters -                             {device: {"packets received", "bytes transmitted", ...: text}}
 * interfaces.duids -                                 {kind: duid}; interfaces.renew {interface}: true, it is asked for again
 * resolver.upstreams -                               [address]
 * resolver.diagnostics {what: stats, dumpcache...}   what it says
 * resolver.test    {domain, src}                     {action: Block or Pass, policy: {uuid, bl, policy, source_nets}}
 * resolver.totals  {maximum}; resolver.rolling {hours, clients}; resolver.queries {client, from, until}; resolver.reset
 *                                                    as proc/resolver/query_log.h has them
 * resolver.expire  -                                 true: the next apply fetches its lists anew
 * wireguard.show   -                                 [{if, type: interface or peer, public-key, endpoint, ...}]
 * shaper.statistics -                                [{type: pipe or queue, id, description, uuid, flows, rules...}]
 * shaper.flush     -                                 true: what waited is dropped, counts begin anew
 * log.reset        -                                 true
 * neighbours.table {family: inet or inet6, resolve}  [{mac, ip, intf, manufacturer, ...}] as get_arp has them
 * neighbours.clear -                                 text: what ARP has forgotten
 * routes.table     {resolve}                         [{proto, destination, gateway, ...}]; route.delete {destination, gateway}: text
 * box.doctor       -                                 {rows: [{missing, package, for}], command}
 * vips.status      {mode}                            {rows: [{interface, vhid, status, ...}], carp: {demotion, status_msg, ...}}
 * interfaces.statistics -                            {"[descr] (dev) / address": {...}}
 * network.protocols, network.sockets, network.netisr, network.bpf, network.buffers, system.memory   as upstream has them
 * system.cpu       {before}                          {total, user, nice, sys, intr, idle, now}: now is the next time's before
 * system.processors -                                {model, cores, threads}; system.temperatures: [{device, temperature...}]
 * system.activity  -                                 {headers, details}; takes half a second
 * traffic.top      {interfaces}                      {name: {records, status}}; takes two seconds
 * health.list      -                                 [{item, topic}]; health.forget {series} ("": all), health.look (now): true
 * health.fetch     {series: item-topic, detail: 0 to 3} {item, topic, step: seconds, rows, columns: [{key, values: [[ms, number]]}]}
 * netflow.status   -                                 {status: active or inactive, collectors}; netflow.cached: {device: {Pkts, if, ...}}
 * insight.metadata -                                 {provider: {resolutions, fields}}; insight.forget: true
 * insight.series   {provider, from, to, resolution, fields} [{key, first: ms, step: seconds, octets: "1 0 2", packets: "1 0 1"}]
 * insight.top      {provider, from, to, fields, filter: "field=value,...", by: octets or packets, most} [{<fields>, total, last_seen}]
 * insight.export   {provider, from, to, resolution}  text: lines of comma separated values
 * capture.view     {job, detail: normal, medium or high} {settings, status, interfaces: {device: {name, rows}}}
 * capture.download {job}                             text: a zip file; names.mac {mac}: {status, ip, ip6, org}
 * look.dns         {hostname, server}                {A: {answers, query_time, server}...} or {error_message}
 * look.route       {hostname, ipproto, protocol, source_address} {rows, error, notice}
 * look.port        {hostname, port, ipproto, source_address, source_port, showtext} {message, payload}
 * names.reverse    {addresses: comma separated}      {address: name}
 * tables.update    {what: geoip or bogons}           true: it was begun
 * openvpn.sessions {type}; openvpn.routes {type}    [{id, type, description, ...}] as search_sessions and search_routes have them
 * openvpn.kill     {server: uuid, session: number or common name}  {status: killed or not_found, clients}
 * openvpn.status   -                                 {servers, p2p_servers, clients} as pfSense has them
 * ipsec.configuration -                            {content: the daemon's file, without secrets}
 * ipsec.phase1     -                                 [{name, connected, bytes-in, ...}]: connections; ipsec.status: associations
 * ipsec.phase2     {id: name of a connection}        [{name, state, spi-in, ...}]; ipsec.connect, ipsec.disconnect: true
 * ipsec.associations, ipsec.policies -               [{id, src, dst, ...}]
 * ipsec.forget_association, ipsec.forget_policy {id} {result, status: found or not_found}
 * ipsec.pools      -                                 {pools: {name: {net, online, offline, size}}, leases}; ipsec.leases: those
 * packages.start   {action: check, install..., name} true: it was begun
 * packages.status  {of: "check" or ""}               {state: never, running, done, failed; action, began, log}
 * packages.forget  -                                 true: the log of the last job is empty now
 * packages.file    {file: installed, automatic, reboot, copyright; name} {text}
 * system.halt, system.reboot -                       {}: it is on its way
 * wake.send        {interface, interface_ip, mac, broadcast_ip} true: the packet is on its way
 * portal.status, portal.logoff {zone, address}       {clientState, ipAddress, ...}; portal.logon {and user, password}: the same
 * portal.captive   {zone, address, host}             {captive, user-portal-url, seconds-remaining}
 * portal.connect   {zone, address, user}             {sessionId, ...}; portal.disconnect {session}: {terminateCause, ...}
 * portal.template  {file}                            text: a zip file; captiveportal.sessions {zone}: [{sessionId, ...}]
 * vouchers.servers -                                 [name]; vouchers.groups {server}: [name]; vouchers.list {server, group}: [{...}]
 * vouchers.make    {server, group, count, validity, expiry} [{username, password, ...}]
 * vouchers.drop    {server, group, expired}          how many; vouchers.expire {server, user}: true
 * command.run      {command}                         {output, ended: "", "late" or "full"}; may take as long as the file allows
 * job.make         {kind, settings: JSON}            {uuid}; job.list {kind}: [{...}]; job.start, job.stop,
 *                                                    job.remove {kind, job}: {processes}
 */
#pragma once

#include <stdarg.h>

#include "api/request.h"

/* Ask, with an argument of name and text by turns, then NULL. NULL: no answer; the message says why. */
struct value *topic_ask(struct request *, struct buffer *message, const char *topic, ...)
	__attribute__((sentinel));
struct value *topic_ask_args(struct request *, struct buffer *message, const char *topic, va_list);
/* The same for what goes on after its request. */
struct value *topic_ask_again(const struct service *, struct arena *, const char *topic, ...) __attribute__((sentinel));
/*
 * Make parts true for the newest snapshot. When it was not done the message, made in the arena, may say why; when it was,
 * request->notes says how much there is to know about it.
 */
enum result topic_apply(struct request *, unsigned parts, const char **message);
