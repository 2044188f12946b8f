/* schema/hosts.h: names of hosts, and addresses as clients write them. */
#pragma once

#include <stdbool.h>

#include "base/address.h"
#include "base/text.h"

/* Labels of letters, digits and inner dashes, each at most 63, all at most 253; a dot may follow. */
bool host_name_is_valid(struct text);
/* Labels of anything, with the same limits. */
bool domain_name_is_valid(struct text);
/* Six octets: "aa:bb:..", "aa-bb-..", "aabb.ccdd.eeff". */
bool mac_address_is_valid(struct text);
/* Cut "host:port" or "[v6]:port"; the port is empty when there is none. False when it is neither. */
bool address_and_port_read(struct text, struct text *host, struct text *port);
/* 1..65535 in plain digits. */
bool port_number_is_valid(struct text);
/* "a-b" of addresses of one family; order is not looked at. */
bool address_range_read(struct text, struct address *first, struct address *last);
bool mail_address_is_valid(struct text);
bool url_is_valid(struct text);
/* PHP's idea of an integer: blanks around it, a sign, no leading zeros, 64 bits. */
bool integer_read(struct text, int64_t *out);

struct field;
struct view;
/* One entry of a field of type_network, by its settings. */
bool network_accepts(const struct field *, struct text entry, const struct view *);
