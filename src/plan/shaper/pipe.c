/*
 * Pipes and their queues as classes. The number of a class follows from the uuid of what it is for, so that it stays the same
 * when others come or go; where two meet, the one that comes later in the configuration moves on.
 */
#include "plan/ruleset/ruleset.h"
#include "plan/shaper/making.h"

#define PACKET_MAX    1514U /* bytes of a frame */
#define QUANTUM_MAX   60000U
#define OWN_WEIGHT    1U /* of what is sent into a pipe with queues past them, as in dummynet */

/* --- Numbers ---------------------------------------------------------------------------------------- */

/* 0: there is no more room. */
static uint32_t
take_number(struct shaping *shaping, const char *uuid, const char *what)
{
	uint32_t number = (uint32_t)(ruleset_mix_string(ruleset_mix_string(0, uuid), what) % SHAPER_SINGLE_MAX);

	for (uint32_t i = 0; i < SHAPER_SINGLE_MAX; i++, number = (number + 1) % SHAPER_SINGLE_MAX) {
		if (shaping->is_taken[number + 1])
			continue;
		shaping->is_taken[number + 1] = true;
		return number + 1;
	}
	return 0;
}

static uint32_t
take_group(struct shaping *shaping, const char *uuid)
{
	uint32_t group = (uint32_t)(ruleset_mix_string(0, uuid) % SHAPER_GROUPS_MAX);

	for (uint32_t i = 0; i < SHAPER_GROUPS_MAX; i++, group = (group + 1) % SHAPER_GROUPS_MAX) {
		const uint32_t first = SHAPER_GROUP_FIRST + group * SHAPER_GROUP;

		if (shaping->is_taken[first])
			continue;
		shaping->is_taken[first] = true;
		return first;
	}
	return 0;
}

static uint32_t
number_for(struct shaping *shaping, const struct wish *wish)
{
	const uint32_t number = shaping->nclasses + 2 >= SHAPER_CLASSES_MAX ? 0 :
				wish->mask ? take_group(shaping, wish->uuid) : take_number(shaping, wish->uuid, "");

	if (!number)
		shaping_miss(shaping, wish->name, "there are too many pipes and queues");
	return number;
}

/* --- What wishes say ---------------------------------------------------------------------------------- */

uint32_t
shaping_rate(uint64_t bits)
{
	const uint64_t bytes = bits / 8;

	return bytes < 1 ? 1 : bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
}

void
shaping_leaf(struct shaping *shaping, const char *name, uint32_t delay, struct shaper_leaf *leaf)
{
	if (delay && leaf->discipline != SHAPER_FIFO)
		shaping_miss(shaping, name, "what is delayed waits in one row: its scheduler, CoDel or PIE is not used");
	if (delay)
		*leaf = (struct shaper_leaf){ .discipline = SHAPER_DELAY, .limit = leaf->limit, .delay = delay };
	else if (leaf->limit == 0 && leaf->discipline == SHAPER_FIFO)
		leaf->limit = SHAPER_SLOTS;
}

static struct shaper_target *
add_target(struct shaping *shaping, const struct wish *wish, const char *pipe, uint32_t class, uint32_t rate)
{
	struct shaper_target *target = &shaping->targets[shaping->ntargets++];

	*target = (struct shaper_target){ .uuid = wish->uuid, .description = wish->name, .pipe = pipe, .number = wish->number,
					  .weight = wish->weight, .mask = wish->mask, .family = wish->family, .class = class,
					  .rate = rate, .leaf = wish->leaf };
	return target;
}

/* --- Queues ----------------------------------------------------------------------------------------- */

struct weights {
	uint32_t all, least;
};

static struct weights
weigh(const struct wish *pipe)
{
	struct weights weights = { OWN_WEIGHT, UINT32_MAX };

	for (size_t i = 0; i < pipe->nqueues; i++) {
		weights.all += pipe->queues[i].weight;
		if (pipe->queues[i].weight < weights.least)
			weights.least = pipe->queues[i].weight;
	}
	return weights;
}

static uint32_t
quantum_for(uint32_t weight, uint32_t least)
{
	const uint64_t quantum = (uint64_t)PACKET_MAX * weight / least;

	return quantum < PACKET_MAX ? PACKET_MAX : quantum > QUANTUM_MAX ? QUANTUM_MAX : (uint32_t)quantum;
}

/* What a weight is worth of all weights; whoever has more to send gets of what others leave. */
static uint32_t
share_of(uint32_t rate, uint32_t weight, uint32_t weights, uint32_t heads)
{
	const uint64_t share = (uint64_t)rate * weight / weights / heads;

	return share < 1 ? 1 : (uint32_t)share;
}

static void
add_queue(struct shaping *shaping, const struct wish *queue, struct weights weights, const struct shaper_class *parent,
          const char *pipe)
{
	const uint32_t id = number_for(shaping, queue), count = queue->mask ? SHAPER_GROUP : 1;

	if (!id)
		return;
	add_target(shaping, queue, pipe, id, parent->rate);
	shaping->classes[shaping->nclasses++] = (struct shaper_class){
		.id = id, .count = count, .parent = parent->id, .ceil = parent->rate, .leaf = queue->leaf,
		.rate = share_of(parent->rate, queue->weight, weights.all, count),
		.quantum = quantum_for(queue->weight, weights.least),
	};
}

/* --- Pipes ------------------------------------------------------------------------------------------ */

static void
add_masked(struct shaping *shaping, const struct wish *pipe, struct shaper_class class)
{
	for (size_t i = 0; i < pipe->nqueues; i++)
		shaping_miss(shaping, pipe->queues[i].name,
		             "its pipe gives each host a pipe of its own, which has no queues: the queue is not used");
	class.count = SHAPER_GROUP;
	shaping->classes[shaping->nclasses++] = class;
}

/* Queues below the pipe, and one for what is sent into the pipe itself. */
static void
add_shared(struct shaping *shaping, const struct wish *pipe, struct shaper_target *target, struct shaper_class class)
{
	const struct weights weights = weigh(pipe);
	struct shaper_class  own = class;

	own.id = take_number(shaping, pipe->uuid, "own");
	own.parent = class.id;
	own.rate = share_of(class.rate, OWN_WEIGHT, weights.all, 1);
	class.is_inner = true;
	class.leaf = (struct shaper_leaf){ .discipline = SHAPER_FIFO };
	shaping->classes[shaping->nclasses++] = class;
	if (own.id) {
		shaping->classes[shaping->nclasses++] = own;
		target->class = own.id;
	}
	for (size_t i = 0; i < pipe->nqueues; i++)
		add_queue(shaping, &pipe->queues[i], weights, &class, target->uuid);
}

static void
add_plain(struct shaping *shaping, const struct wish *pipe, const struct shaper_class *class)
{
	shaping->classes[shaping->nclasses++] = *class;
	for (size_t i = 0; i < pipe->nqueues; i++) {
		struct wish queue = pipe->queues[i];

		queue.leaf = pipe->leaf;
		queue.mask = SHAPER_NO_MASK;
		add_target(shaping, &queue, pipe->uuid, class->id, class->rate);
	}
}

void
shaping_pipe(struct shaping *shaping, const struct wish *pipe)
{
	const struct shaper_class class = { .id = number_for(shaping, pipe), .count = 1, .rate = pipe->rate, .ceil = pipe->rate,
					    .quantum = PACKET_MAX, .leaf = pipe->leaf };
	struct shaper_target     *target;

	if (!class.id)
		return;
	target = add_target(shaping, pipe, NULL, class.id, class.rate);
	if (pipe->mask)
		add_masked(shaping, pipe, class);
	else if (pipe->nqueues > 0 && !pipe->is_one_row)
		add_shared(shaping, pipe, target, class);
	else
		add_plain(shaping, pipe, &class);
}
