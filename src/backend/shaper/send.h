/* backend/shaper/send.h: single changes of the shaper by rtnetlink. Each gives 0 or the error number. */
#pragma once

#include "backend/netlink.h"
#include "plan/shaper/shaper.h"

/* Does the kernel have this discipline? Nothing is made; it may load what it takes. */
bool send_has_discipline(struct netlink *, const char *kind);
/* The kind of link that what is shaped goes through. */
bool send_has_device(struct netlink *);
/* The kernel's name of what packets of a class wait in. */
const char *send_discipline(enum shaper_discipline);

int send_device(struct netlink *);       /* made, ours, up */
int send_device_up(struct netlink *, uint32_t index);
int send_device_delete(struct netlink *, uint32_t index);
int send_root(struct netlink *, uint32_t index);
/* The n-th of its row, new or another than before. */
int send_class(struct netlink *, uint32_t index, const struct shaper_class *, uint32_t n);
int send_class_delete(struct netlink *, uint32_t index, uint32_t id);
int send_leaf(struct netlink *, uint32_t index, const struct shaper_class *, uint32_t n);
/* Where filters go. */
int send_clsact(struct netlink *, uint32_t device);
int send_clsact_delete(struct netlink *, uint32_t device);
/* Is it what our filter looks at packets with? */
bool send_is_program(const void *bytes, size_t size);
/* What is marked goes through the shaper before it leaves by the device. */
int send_filter(struct netlink *, uint32_t device, uint32_t shaper);
int send_filter_delete(struct netlink *, uint32_t device);
