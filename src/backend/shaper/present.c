/* Links, then their queueing disciplines, then the classes of the shaper's link, then the filters where there can be any. */
#include "backend/shaper/present.h"

#include <net/if.h>

#include <libmnl/libmnl.h>
#include <linux/gen_stats.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "backend/netlink.h"
#include "backend/shaper/send.h"
#include "base/bug.h"
#include "plan/shaper/shaper.h"

#define LINKS_MAX   8192
#define NUMBERS     65536U
#define MINOR(id)   ((id) & 0xffffU)
#define ROOT_HANDLE (SHAPER_HANDLE << 16)
#define EGRESS      TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)
#define INGRESS     TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)

struct reading {
	struct arena          *arena;
	struct shaper_present *out;
	struct present_device *device; /* whose filters are read */
	bool                   is_egress;
};

static const char *
string_of(const struct nlattr *attribute)
{
	return attribute && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0 ? mnl_attr_get_str(attribute) : "";
}

/* --- Links ------------------------------------------------------------------------------------------ */

/* Attributes of a message or nest by type; those that are not asked for are left out. */
struct wanted {
	const struct nlattr **list;
	unsigned              count;
};

static int
sort(const struct nlattr *attribute, void *data)
{
	const struct wanted *wanted = data;
	const unsigned       type = mnl_attr_get_type(attribute);

	if (type < wanted->count)
		wanted->list[type] = attribute;
	return MNL_CB_OK;
}

static bool
is_kind(const struct nlattr *info, const char *kind)
{
	const struct nlattr *list[IFLA_INFO_KIND + 1] = { NULL };
	struct wanted        wanted = { list, COUNT(list) };

	if (info)
		mnl_attr_parse_nested(info, sort, &wanted);
	return strcmp(string_of(list[IFLA_INFO_KIND]), kind) == 0;
}

static int
take_link(const struct nlmsghdr *message, void *self)
{
	struct reading         *reading = self;
	struct shaper_present  *out = reading->out;
	const struct ifinfomsg *about = mnl_nlmsg_get_payload(message);
	const struct nlattr    *list[IFLA_IFALIAS + 1] = { NULL };
	struct wanted           wanted = { list, COUNT(list) };

	mnl_attr_parse(message, sizeof(*about), sort, &wanted);
	if (strcmp(string_of(list[IFLA_IFNAME]), SHAPER_DEVICE) == 0) {
		out->index = (uint32_t)about->ifi_index;
		out->is_up = about->ifi_flags & IFF_UP;
		out->is_ours = is_kind(list[IFLA_LINKINFO], "ifb") && strcmp(string_of(list[IFLA_IFALIAS]), SHAPER_ALIAS) == 0;
		out->classes = ARENA_MAKE(reading->arena, struct present_class, NUMBERS);
	} else if (out->ndevices < LINKS_MAX) {
		out->devices[out->ndevices++] = (struct present_device){
			.name = arena_copy(reading->arena, text_of(string_of(list[IFLA_IFNAME]))),
			.index = (uint32_t)about->ifi_index, .is_port = list[IFLA_MASTER] != NULL };
	}
	return MNL_CB_OK;
}

static struct present_device *
device_at(const struct shaper_present *present, int index)
{
	for (size_t i = 0; i < present->ndevices; i++)
		if (present->devices[i].index == (uint32_t)index)
			return &present->devices[i];
	return NULL;
}

/* --- Disciplines and classes ------------------------------------------------------------------------ */

static struct tcmsg *
take_traffic(const struct nlmsghdr *message, const struct nlattr **list, unsigned count)
{
	struct tcmsg *about = mnl_nlmsg_get_payload(message);
	struct wanted wanted = { list, count };

	mnl_attr_parse(message, sizeof(*about), sort, &wanted);
	return about;
}

static void
take_counters(struct present_class *class, const struct nlattr *stats)
{
	const struct nlattr *list[TCA_STATS_MAX + 1] = { NULL };
	struct wanted        wanted = { list, COUNT(list) };

	if (!stats)
		return;
	mnl_attr_parse_nested(stats, sort, &wanted);
	if (list[TCA_STATS_BASIC] && mnl_attr_get_payload_len(list[TCA_STATS_BASIC]) >= sizeof(uint64_t) + sizeof(uint32_t)) {
		const char *basic = mnl_attr_get_payload(list[TCA_STATS_BASIC]);
		uint32_t    packets;

		memcpy(&class->bytes, basic, sizeof(class->bytes));
		memcpy(&packets, basic + sizeof(class->bytes), sizeof(packets));
		class->packets = packets;
	}
	if (list[TCA_STATS_PKT64])
		class->packets = mnl_attr_get_u64(list[TCA_STATS_PKT64]);
	if (list[TCA_STATS_QUEUE] && mnl_attr_get_payload_len(list[TCA_STATS_QUEUE]) >= sizeof(struct gnet_stats_queue)) {
		struct gnet_stats_queue queue;

		memcpy(&queue, mnl_attr_get_payload(list[TCA_STATS_QUEUE]), sizeof(queue));
		class->dropped = class->dropped > queue.drops ? class->dropped : queue.drops;
		class->backlog = class->backlog > queue.qlen ? class->backlog : queue.qlen;
	}
}

static void
take_leaf(struct present_class *class, const struct nlattr *const *list)
{
	struct present_class counted = { .dropped = class->dropped };

	snprintf(class->leaf, sizeof(class->leaf), "%s", string_of(list[TCA_KIND]));
	if (strcmp(class->leaf, "pfifo") == 0 && list[TCA_OPTIONS] &&
	    mnl_attr_get_payload_len(list[TCA_OPTIONS]) >= sizeof(struct tc_fifo_qopt))
		memcpy(&class->limit, mnl_attr_get_payload(list[TCA_OPTIONS]), sizeof(class->limit));
	take_counters(&counted, list[TCA_STATS2]);
	class->dropped = counted.dropped;
	class->backlog = counted.backlog;
}

static int
take_discipline(const struct nlmsghdr *message, void *self)
{
	const struct reading  *reading = self;
	const struct nlattr   *list[TCA_MAX + 1] = { NULL };
	const struct tcmsg    *about = take_traffic(message, list, COUNT(list));
	struct shaper_present *out = reading->out;
	const char            *kind = string_of(list[TCA_KIND]);

	if ((uint32_t)about->tcm_ifindex == out->index && out->index) {
		if (about->tcm_parent == TC_H_ROOT)
			out->has_root = strcmp(kind, "htb") == 0 && about->tcm_handle == ROOT_HANDLE;
		else if ((about->tcm_parent & TC_H_MAJ_MASK) == ROOT_HANDLE)
			take_leaf(&out->classes[MINOR(about->tcm_parent)], list);
		return MNL_CB_OK;
	}
	struct present_device *device = device_at(out, about->tcm_ifindex);

	if (device && strcmp(kind, "clsact") == 0)
		device->has_clsact = true;
	else if (device && strcmp(kind, "ingress") == 0)
		device->has_ingress = true;
	return MNL_CB_OK;
}

static void
take_options(struct present_class *class, const struct nlattr *options)
{
	const struct nlattr *list[TCA_HTB_MAX + 1] = { NULL };
	struct wanted        wanted = { list, COUNT(list) };
	struct tc_htb_opt    htb;

	if (!options)
		return;
	mnl_attr_parse_nested(options, sort, &wanted);
	if (!list[TCA_HTB_PARMS] || mnl_attr_get_payload_len(list[TCA_HTB_PARMS]) < sizeof(htb))
		return;
	memcpy(&htb, mnl_attr_get_payload(list[TCA_HTB_PARMS]), sizeof(htb));
	class->rate = htb.rate.rate;
	class->ceil = htb.ceil.rate;
	class->quantum = htb.quantum;
}

static int
take_class(const struct nlmsghdr *message, void *self)
{
	const struct reading *reading = self;
	const struct nlattr  *list[TCA_MAX + 1] = { NULL };
	const struct tcmsg   *about = take_traffic(message, list, COUNT(list));
	struct present_class *class = &reading->out->classes[MINOR(about->tcm_handle)];

	if ((uint32_t)about->tcm_ifindex != reading->out->index || (about->tcm_handle & TC_H_MAJ_MASK) != ROOT_HANDLE)
		return MNL_CB_OK;
	class->is_there = true;
	class->parent = about->tcm_parent == TC_H_ROOT ? 0 : MINOR(about->tcm_parent);
	take_options(class, list[TCA_OPTIONS]);
	take_counters(class, list[TCA_STATS2]);
	return MNL_CB_OK;
}

/* --- Filters ---------------------------------------------------------------------------------------- */

/* The kernel names each chain of filters once, without a handle. */
static int
take_filter(const struct nlmsghdr *message, void *self)
{
	const struct reading *reading = self;
	const struct nlattr  *list[TCA_MAX + 1] = { NULL };
	const struct tcmsg   *about = take_traffic(message, list, COUNT(list));
	const struct nlattr  *options[TCA_BPF_MAX + 1] = { NULL };
	struct wanted         wanted = { options, COUNT(options) };

	if (about->tcm_handle == 0)
		return MNL_CB_OK;
	if (list[TCA_OPTIONS])
		mnl_attr_parse_nested(list[TCA_OPTIONS], sort, &wanted);
	if (reading->is_egress && TC_H_MAJ(about->tcm_info) >> 16 == SHAPER_PREF && strcmp(string_of(list[TCA_KIND]), "bpf") == 0 &&
	    options[TCA_BPF_OPS] &&
	    send_is_program(mnl_attr_get_payload(options[TCA_BPF_OPS]), mnl_attr_get_payload_len(options[TCA_BPF_OPS])))
		reading->device->has_filter = true;
	else
		reading->device->has_others = true;
	return MNL_CB_OK;
}

static bool
read_filters(struct reading *reading, struct present_device *device)
{
	static const uint32_t sides[] = { EGRESS, INGRESS };

	reading->device = device;
	for (size_t i = 0; i < COUNT(sides); i++) {
		const struct tcmsg which = { .tcm_ifindex = (int)device->index, .tcm_parent = sides[i] };

		reading->is_egress = i == 0;
		if (!netlink_dump_of(RTM_GETTFILTER, &which, sizeof(which), take_filter, reading))
			return false;
	}
	return true;
}

enum result
shaper_present_read(struct arena *arena, struct shaper_present *out)
{
	struct reading     reading = { .arena = arena, .out = out };
	const struct tcmsg all = { .tcm_family = 0 };

	*out = (struct shaper_present){ .devices = ARENA_MAKE(arena, struct present_device, LINKS_MAX) };
	if (!netlink_dump(RTM_GETLINK, take_link, &reading) ||
	    !netlink_dump_of(RTM_GETQDISC, &all, sizeof(all), take_discipline, &reading))
		return RESULT_FAILED;
	if (out->has_root) {
		const struct tcmsg own = { .tcm_ifindex = (int)out->index };

		if (!netlink_dump_of(RTM_GETTCLASS, &own, sizeof(own), take_class, &reading))
			return RESULT_FAILED;
	}
	for (size_t i = 0; i < out->ndevices; i++)
		if (out->devices[i].has_clsact && !read_filters(&reading, &out->devices[i]))
			return RESULT_FAILED;
	return RESULT_DONE;
}

struct present_device *
shaper_present_device(const struct shaper_present *present, const char *name)
{
	for (size_t i = 0; i < present->ndevices; i++)
		if (strcmp(present->devices[i].name, name) == 0)
			return &present->devices[i];
	return NULL;
}
