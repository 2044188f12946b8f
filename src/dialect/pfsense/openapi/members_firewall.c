/* What the operations of this family take: see members.h for the notation. */
#include "dialect/pfsense/openapi/members.h"

/* clang-format off */
const struct members members_firewall[] = {
	{ "POST firewall/alias",
	  "name! type! descr address:list! detail:list apply:bool" },
	{ "PUT firewall/alias",
	  "id! name type descr address:list detail:list apply:bool" },
	{ "DELETE firewall/alias",
	  "id! apply:bool" },
	{ "PUT firewall/alias/advanced",
	  "aliasesresolveinterval:int checkaliasesurlcert:bool" },
	{ "POST firewall/alias/entry",
	  "name! address:list detail:list apply:bool" },
	{ "DELETE firewall/alias/entry",
	  "name! address apply:bool" },
	{ "POST firewall/apply",
	  "async:bool" },
	{ "POST firewall/nat/one_to_one",
	  "interface! external! src! dst! disabled:bool nobinat:bool descr natreflection top:bool "
	  "apply:bool" },
	{ "PUT firewall/nat/one_to_one",
	  "id:int! interface external src! dst! disabled:bool nobinat:bool descr natreflection top:bool "
	  "apply:bool" },
	{ "DELETE firewall/nat/one_to_one",
	  "id:int! apply:bool" },
	{ "PUT firewall/nat/outbound",
	  "mode apply:bool" },
	{ "POST firewall/nat/outbound/mapping",
	  "interface! protocol! poolopts source_hash_key target! staticnatport:bool natport src! dst! "
	  "srcport dstport disabled:bool nonat:bool nosync:bool descr top:bool apply:bool" },
	{ "PUT firewall/nat/outbound/mapping",
	  "id:int! interface protocol poolopts source_hash_key target staticnatport:bool natport src "
	  "dst srcport dstport disabled:bool nonat:bool nosync:bool descr top:bool apply:bool" },
	{ "DELETE firewall/nat/outbound/mapping",
	  "id:int! apply:bool" },
	{ "POST firewall/nat/port_forward",
	  "interface! protocol! target! local-port src! dst! srcport dstport disabled:bool nordr:bool "
	  "nosync:bool descr natreflection associated-rule-id top:bool apply:bool" },
	{ "PUT firewall/nat/port_forward",
	  "id:int! interface protocol target local-port src dst srcport dstport disabled:bool "
	  "nordr:bool nosync:bool descr natreflection associated-rule-id top:bool apply:bool" },
	{ "DELETE firewall/nat/port_forward",
	  "id:int! apply:bool" },
	{ "POST firewall/rule",
	  "floating:bool type! interface:strings ipprotocol! protocol! icmptype:list src! dst! srcport "
	  "dstport gateway sched dnpipe pdnpipe defaultqueue ackqueue disabled:bool descr log:bool "
	  "tcpflags_any:bool tcpflags2:strings tcpflags1:strings statetype direction quick:bool "
	  "top:bool apply:bool" },
	{ "PUT firewall/rule",
	  "tracker:int! floating:bool type interface:strings ipprotocol protocol icmptype:list src dst "
	  "srcport dstport gateway sched dnpipe pdnpipe defaultqueue ackqueue disabled:bool descr "
	  "log:bool tcpflags_any:bool tcpflags2:strings tcpflags1:strings statetype top:bool direction "
	  "quick:bool apply:bool" },
	{ "DELETE firewall/rule",
	  "tracker:int! apply:bool" },
	{ "PUT firewall/rule/flush",
	  "rules[].floating:bool rules[].type! rules[].interface rules[].ipprotocol! rules[].protocol! "
	  "rules[].icmptype rules[].src! rules[].dst! rules[].srcport rules[].dstport rules[].gateway "
	  "rules[].sched rules[].dnpipe rules[].pdnpipe rules[].defaultqueue rules[].ackqueue "
	  "rules[].disabled:bool rules[].descr rules[].log:bool rules[].tcpflags_any:bool "
	  "rules[].tcpflags2 rules[].tcpflags1 rules[].statetype rules[].direction rules[].quick:bool "
	  "rules:objects apply:bool" },
	{ "PUT firewall/rule/sort",
	  "field! option dry_run:bool apply:bool" },
	{ "POST firewall/schedule",
	  "name! timerange:objects! timerange[].position timerange[].month timerange[].day "
	  "timerange[].hour! timerange[].rangedescr descr" },
	{ "PUT firewall/schedule",
	  "name! timerange[].position timerange[].month timerange[].day timerange[].hour! "
	  "timerange[].rangedescr timerange:objects descr" },
	{ "DELETE firewall/schedule",
	  "name!" },
	{ "POST firewall/schedule/time_range",
	  "name! position month day hour! rangedescr" },
	{ "DELETE firewall/schedule/time_range",
	  "name! id:int!" },
	{ "DELETE firewall/states",
	  "reset:bool source destination sleep:int async:bool" },
	{ "PUT firewall/states/size",
	  "maximumstates!" },
	{ "POST firewall/traffic_shaper",
	  "interface! scheduler! bandwidthtype! bandwidth:int! enabled:bool qlimit:int tbrconfig:int "
	  "apply:bool" },
	{ "PUT firewall/traffic_shaper",
	  "interface! scheduler bandwidthtype bandwidth:int enabled:bool qlimit:int tbrconfig:int "
	  "apply:bool" },
	{ "DELETE firewall/traffic_shaper",
	  "interface! apply:bool" },
	{ "POST firewall/traffic_shaper/limiter",
	  "name! bandwidth:objects! bandwidth[].bw:int! bandwidth[].bwscale! bandwidth[].bwsched mask "
	  "maskbits:int maskbitsv6:int description aqm! sched! enabled:bool qlimit:int ecn:bool "
	  "delay:int plr:number buckets:int param_codel_interval:int param_codel_target:int "
	  "param_pie_target:int param_pie_tupdate:int param_pie_alpha:int param_pie_beta:int "
	  "param_pie_max_burst:int param_pie_max_ecnth:int param_red_w_q:int param_red_max_p:int "
	  "param_red_max_th:int param_red_min_th:int param_gred_w_q:int param_gred_max_p:int "
	  "param_gred_max_th:int param_gred_min_th:int param_fq_codel_target:int "
	  "param_fq_codel_interval:int param_fq_codel_quantum:int param_fq_codel_limit:int "
	  "param_fq_codel_flows:int param_fq_pie_target:int param_fq_pie_tupdate:int "
	  "param_fq_pie_alpha:int param_fq_pie_beta:int param_fq_pie_max_burst:int "
	  "param_fq_pie_max_ecnth:int apply:bool" },
	{ "DELETE firewall/traffic_shaper/limiter",
	  "name! apply" },
	{ "POST firewall/traffic_shaper/limiter/bandwidth",
	  "name! bw:int! bwscale! bwsched apply:bool" },
	{ "DELETE firewall/traffic_shaper/limiter/bandwidth",
	  "name! id:int! apply:bool" },
	{ "POST firewall/traffic_shaper/limiter/queue",
	  "limiter! name! mask maskbits:int maskbitsv6:int description aqm! enabled:bool qlimit:int "
	  "ecn:bool weight:int plr:number buckets:int param_codel_interval:int param_codel_target:int "
	  "param_pie_target:int param_pie_tupdate:int param_pie_alpha:int param_pie_beta:int "
	  "param_pie_max_burst:int param_pie_max_ecnth:int param_red_w_q:int param_red_max_p:int "
	  "param_red_max_th:int param_red_min_th:int param_gred_w_q:int param_gred_max_p:int "
	  "param_gred_max_th:int param_gred_min_th:int apply:bool" },
	{ "DELETE firewall/traffic_shaper/limiter/queue",
	  "limiter! name! apply" },
	{ "POST firewall/traffic_shaper/queue",
	  "interface! name! priority:int qlimit:int description enabled:bool default:bool red:bool "
	  "rio:bool ecn:bool codel:bool bandwidthtype bandwidth:int buckets hogs borrow:bool "
	  "upperlimit:bool upperlimit1 upperlimit2:int upperlimit3 linkshare:bool linkshare1 "
	  "linkshare2:int linkshare3 realtime:bool realtime1 realtime2:int realtime3 apply:bool" },
	{ "DELETE firewall/traffic_shaper/queue",
	  "interface! name! apply" },
	{ "POST firewall/virtual_ip",
	  "mode! interface! subnet! descr noexpand:bool vhid:int advbase:int advskew:int password" },
	{ "PUT firewall/virtual_ip",
	  "id:int! mode interface subnet descr noexpand:bool vhid:int advbase:int advskew:int password" },
	{ "DELETE firewall/virtual_ip",
	  "id:int!" },
	{ NULL },
};
/* clang-format on */
