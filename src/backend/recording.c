/* The twin of the real backends: for --apply none and for tests. */
#include "backend/recording.h"

#include "backend/links.h"

static enum result
record_rules(void *self, struct text rules, struct buffer *message)
{
	struct recording *recording = self;

	if (recording->answer != RESULT_DONE) {
		buffer_add_string(message, "told to refuse");
		return recording->answer;
	}
	buffer_cut(&recording->rules, 0);
	buffer_add(&recording->rules, rules);
	recording->rules_loaded++;
	return RESULT_DONE;
}

static enum result
show_links(void *self, struct arena *arena, struct links *out)
{
	(void)self;
	links_simulate(arena, out);
	return RESULT_DONE;
}

struct backends
recording_backends(struct recording *recording)
{
	return (struct backends){
		.name = "recording", .self = recording, .load_rules = record_rules, .read_links = show_links,
	};
}

void
recording_clear(struct recording *recording)
{
	buffer_clear(&recording->rules);
}
