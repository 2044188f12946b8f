/* The elements of a map from addresses to classes, as the kernel tells them. */
#include "backend/shaper/hosts.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "backend/nft_encode.h"

struct reading {
	const struct ruleset_set *map;
	nft_take_class           *take;
	void                     *self;
};

/* The value of a key or of what it leads to, of at least this size; NULL: there is none. */
static const void *
value_in(const struct nlattr *nest, size_t size)
{
	struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, nest)
		if (mnl_attr_get_type(attribute) == NFTA_DATA_VALUE && mnl_attr_get_payload_len(attribute) >= size)
			return mnl_attr_get_payload(attribute);
	return NULL;
}

static void
take_element(const struct reading *reading, const struct nlattr *element)
{
	const unsigned size = set_key_size(reading->map->type);
	struct address host = { .family = size == 4 ? FAMILY_INET : FAMILY_INET6 };
	const void    *key = NULL, *data = NULL;
	struct nlattr *attribute;
	uint32_t       class;

	mnl_attr_for_each_nested(attribute, element) {
		if (mnl_attr_get_type(attribute) == NFTA_SET_ELEM_KEY)
			key = value_in(attribute, size);
		else if (mnl_attr_get_type(attribute) == NFTA_SET_ELEM_DATA)
			data = value_in(attribute, sizeof(class));
	}
	if (!key || !data)
		return;
	memcpy(host.bytes, key, size);
	memcpy(&class, data, sizeof(class));
	reading->take(reading->self, class, &host);
}

static int
take_elements(const struct nlmsghdr *message, void *self)
{
	struct nlattr *list, *element;

	mnl_attr_for_each(list, message, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(list) != NFTA_SET_ELEM_LIST_ELEMENTS)
			continue;
		mnl_attr_for_each_nested(element, list)
			take_element(self, element);
	}
	return MNL_CB_OK;
}

static void
ask(struct nlmsghdr *message, void *self)
{
	const struct reading *reading = self;

	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, reading->map->name);
}

enum result
shaper_read_hosts(struct nft_socket *socket, const struct ruleset_set *map, nft_take_class *take, void *self)
{
	struct reading reading = { map, take, self };

	return nft_dump(socket, NFT_MSG_GETSETELEM, ask, take_elements, &reading);
}
