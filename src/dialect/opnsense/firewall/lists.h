/* dialect/opnsense/firewall/lists.h: what rule pages choose from, and what they show beside a rule. */
#pragma once

#include "dialect/opnsense/call.h"
#include "schema/schema.h"

/* The handlers of .../list_categories (of the route's resource), list_network_select_options and so on. */
void firewall_list_categories(struct call *);
void firewall_list_networks(struct call *);
void firewall_list_ports(struct call *);
void firewall_interface_list(struct call *);

/* "category_colors": of a field that holds uuids (or, by name, names). */
void put_category_colors(struct call *, const char *categories, bool by_name);
/* "alias_meta_<field>": what each part of a value is; nothing for an empty one. */
void put_alias_meta(struct call *, const char *field, const char *value);
