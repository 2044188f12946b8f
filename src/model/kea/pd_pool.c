/* Pd_pool records of the Kea.KeaDhcpv6 model. */
#include "model/checks.h"
#include "model/types.h"
#include "schema/networks.h"

/* clang-format off */
static const struct field fields[] = {
	{ "subnet", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "kea.subnet6", "interface,subnet", "%s %s" }) },
	{ "prefix", &type_network, .settings = ONLY_INET6 },
	{ "prefix_len", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 128 },
	{ "delegated_len", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "64",
	  .min = 1, .max = 128 },
	{ "description", &type_description },
};
/* clang-format on */

/* The whole pool; false when it is none. */
static bool
read_pool(const char *address, const char *length, struct prefix *out)
{
	int64_t bits;

	if (!address_read(text_of(address), &out->address) ||
	    !number_read(text_of(length), 0, address_bits(out->address.family), &bits))
		return false;
	out->bits = (unsigned)bits;
	return true;
}

static bool
rank_of(const struct index *by, const struct record *pool, struct rank *rank)
{
	struct prefix prefix;

	if (!read_pool(pool->values[by->fields[0]], pool->values[by->fields[1]], &prefix))
		return false;
	*rank = rank_of_network(&prefix);
	return true;
}

static bool
overlaps_another(const struct record *pool, const struct prefix *own, const struct view *view)
{
	const struct resource *resource = pool->resource;
	const struct index     by = { .fields = { resource_field(resource, "prefix"), resource_field(resource, "prefix_len") },
				      .count = 2, .rank = rank_of };

	return networks_overlapping(snapshot_collection(view->snapshot, resource), &by, own, pool->uuid) != NULL;
}

static void
check_static(const struct record *pool, const struct view *view, struct faults *faults)
{
	struct prefix prefix;

	must_be_set(pool, "prefix", faults, "A pool needs its prefix.");
	must_be_set(pool, "prefix_len", faults, "A pool needs the length of its prefix.");
	if (!read_pool(record_get(pool, "prefix"), record_get(pool, "prefix_len"), &prefix))
		return;
	const struct address first = prefix_first(&prefix);

	if (address_compare(&first, &prefix.address) != 0)
		faults_add(faults, "prefix", FAULT_CONFLICT, "The prefix does not begin at a boundary of its length.");
	if (bounded_number(pool, "delegated_len", 128) < (int64_t)prefix.bits)
		faults_add(faults, "delegated_len", FAULT_RANGE, "What is delegated cannot be larger than the pool.");
	if (overlaps_another(pool, &prefix, view))
		faults_add(faults, "prefix", FAULT_UNIQUE, "Another pool has part of this prefix.");
}

static void
check_dynamic(const struct record *pool, const struct view *view, struct faults *faults)
{
	must_be_empty(pool, "prefix", faults, "The subnet's prefix changes: nothing is written down here.");
	must_be_empty(pool, "prefix_len", faults, "The subnet's prefix changes: nothing is written down here.");
	if (has_twin(pool, "subnet", view))
		faults_add(faults, "subnet", FAULT_UNIQUE, "The subnet has a pool already.");
}

static void
check(const struct record *pool, const struct view *view, struct faults *faults)
{
	const struct record *subnet =
		collection_find(snapshot_named(view->snapshot, "kea.subnet6"), record_text(pool, "subnet"));

	if (subnet && record_bool(subnet, "dynamic_prefix"))
		check_dynamic(pool, view, faults);
	else
		check_static(pool, view, faults);
}

const struct resource kea_pd_pool_resource = {
	.name = "kea.pd_pool",
	.summary = "Pd_pool records of the Kea.KeaDhcpv6 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv6",
	.path = "pd_pools.pd_pool",
	.check = check,
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "_pd_pool", "pd_pool", CRUD | FACE_GUARDED }) },
};
