/* Two short tables. */
#include "base/icmp.h"

#include "base/number.h"

struct name {
	const char *name;
	int         type;
};

static const struct name names4[] = {
	{ "echorep", 0 },     { "unreach", 3 },    { "squench", 4 },    { "redir", 5 },      { "althost", 6 },
	{ "echoreq", 8 },     { "routeradv", 9 },  { "routersol", 10 }, { "timex", 11 },     { "paramprob", 12 },
	{ "timereq", 13 },    { "timerep", 14 },   { "inforeq", 15 },   { "inforep", 16 },   { "maskreq", 17 },
	{ "maskrep", 18 },    { "trace", 30 },     { "dataconv", 31 },  { "mobredir", 32 },  { "ipv6-where", 33 },
	{ "ipv6-here", 34 },  { "mobregreq", 35 }, { "mobregrep", 36 }, { "skip", 39 },      { "photuris", 40 },
	{ NULL },
};

/* Of several names for one type the first is ours. */
static const struct name names6[] = {
	{ "unreach", 1 },      { "toobig", 2 },      { "timex", 3 },        { "paramprob", 4 },    { "echoreq", 128 },
	{ "echorep", 129 },    { "listqry", 130 },   { "groupqry", 130 },   { "listenrep", 131 },  { "grouprep", 131 },
	{ "listendone", 132 }, { "groupterm", 132 }, { "routersol", 133 },  { "routeradv", 134 },  { "neighbrsol", 135 },
	{ "neighbradv", 136 }, { "redir", 137 },     { "routrrenum", 138 }, { "niqry", 139 },      { "wrureq", 139 },
	{ "fqdnreq", 139 },    { "nirep", 140 },     { "wrurep", 140 },     { "fqdnrep", 140 },    { "mtraceresp", 200 },
	{ "mtrace", 201 },     { NULL },
};

static const struct name *
names_of(enum family family)
{
	return family == FAMILY_INET6 ? names6 : names4;
}

int
icmp_type_read(enum family family, struct text t)
{
	int64_t number;

	for (const struct name *one = names_of(family); one->name; one++)
		if (text_is(t, one->name))
			return one->type;
	return number_read(t, 0, ICMP_TYPES - 1, &number) ? (int)number : -1;
}

const char *
icmp_type_name(enum family family, int type)
{
	for (const struct name *one = names_of(family); one->name; one++)
		if (one->type == type)
			return one->name;
	return NULL;
}
