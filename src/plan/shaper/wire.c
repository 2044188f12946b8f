/* Classes and devices as bytes, and back with nothing taken on trust. */
#include <string.h>

#include "base/bug.h"
#include "plan/coding.h"
#include "plan/network/network.h"
#include "plan/shaper/shaper.h"

#define LIMIT_MAX    1000000U /* packets */
#define TIME_MAX     60000000U /* microseconds */
#define QUANTUM_MAX  200000U
#define FLOWS_MAX    65536U

void
shaper_encode(struct buffer *out, const struct shaper *shaper)
{
	coding_put_number(out, shaper->ndevices);
	for (size_t i = 0; i < shaper->ndevices; i++)
		coding_put_text(out, text_of(shaper->devices[i]));
	coding_put_number(out, shaper->nclasses);
	for (size_t i = 0; i < shaper->nclasses; i++) {
		const struct shaper_class *class = &shaper->classes[i];
		const uint32_t             numbers[] = {
			class->id, class->count, class->parent, class->rate, class->ceil, class->quantum, class->leaf.discipline,
			class->leaf.limit, class->leaf.target, class->leaf.interval, class->leaf.delay, class->leaf.quantum,
			class->leaf.flows,
		};

		for (size_t k = 0; k < COUNT(numbers); k++)
			coding_put_number(out, numbers[k]);
		coding_put_bool(out, class->is_inner);
		coding_put_bool(out, class->leaf.ecn);
	}
}

static void
take_devices(struct coding *in, struct shaper *out)
{
	const char **devices;

	out->ndevices = coding_number(in, SHAPER_DEVICES_MAX);
	devices = ARENA_MAKE(in->arena, const char *, out->ndevices + 1);
	for (size_t i = 0; i < out->ndevices && !in->failed; i++)
		devices[i] = coding_string(in, SHAPER_NAME_MAX, network_name_is_valid);
	out->devices = devices;
}

static void
take_leaf(struct coding *in, struct shaper_leaf *leaf)
{
	leaf->discipline = (enum shaper_discipline)coding_number(in, SHAPER_DISCIPLINES - 1);
	leaf->limit = (uint32_t)coding_number(in, LIMIT_MAX);
	leaf->target = (uint32_t)coding_number(in, TIME_MAX);
	leaf->interval = (uint32_t)coding_number(in, TIME_MAX);
	leaf->delay = (uint32_t)coding_number(in, TIME_MAX);
	leaf->quantum = (uint32_t)coding_number(in, QUANTUM_MAX);
	leaf->flows = (uint32_t)coding_number(in, FLOWS_MAX);
}

static void
take_class(struct coding *in, struct shaper_class *class)
{
	class->id = (uint32_t)coding_number(in, UINT16_MAX);
	class->count = (uint32_t)coding_number(in, SHAPER_GROUP);
	class->parent = (uint32_t)coding_number(in, UINT16_MAX);
	class->rate = (uint32_t)coding_number(in, UINT32_MAX);
	class->ceil = (uint32_t)coding_number(in, UINT32_MAX);
	class->quantum = (uint32_t)coding_number(in, QUANTUM_MAX);
	take_leaf(in, &class->leaf);
	class->is_inner = coding_bool(in);
	class->leaf.ecn = coding_bool(in);
	in->failed |= class->id == 0 || class->count == 0 || class->id + class->count > UINT16_MAX + 1U || class->rate == 0 ||
		      class->ceil < class->rate || class->quantum == 0 || (class->is_inner && class->count > 1);
}

enum { ABSENT_CLASS, LEAF_CLASS, INNER_CLASS };

/* No class twice, and none below one that is not there. */
static bool
is_placed(uint8_t *kinds, const struct shaper_class *class)
{
	if (class->parent && kinds[class->parent] != INNER_CLASS)
		return false;
	for (uint32_t i = 0; i < class->count; i++) {
		if (kinds[class->id + i] != ABSENT_CLASS)
			return false;
		kinds[class->id + i] = class->is_inner ? INNER_CLASS : LEAF_CLASS;
	}
	return true;
}

bool
shaper_decode(struct arena *arena, struct text bytes, struct shaper *out)
{
	struct coding        in = { .arena = arena, .rest = bytes };
	struct shaper        read = { .stamp = 1 };
	uint8_t             *kinds = ARENA_MAKE(arena, uint8_t, UINT16_MAX + 1);
	struct shaper_class *classes;

	take_devices(&in, &read);
	read.nclasses = coding_number(&in, SHAPER_CLASSES_MAX);
	classes = ARENA_MAKE(arena, struct shaper_class, read.nclasses + 1);
	for (size_t i = 0; i < read.nclasses && !in.failed; i++) {
		take_class(&in, &classes[i]);
		in.failed |= !in.failed && !is_placed(kinds, &classes[i]);
	}
	read.classes = classes;
	if (!coding_is_whole(&in))
		return false;
	*out = read;
	return true;
}
