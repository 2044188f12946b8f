/* wire/probe.h: which addresses the keeper is to probe, and what it has found. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "wire/reader.h"
#include "wire/writer.h"

#define PROBES_MAX          255
#define PROBE_TIME_MAX      3600000 /* ms */
#define PROBE_SIZE_MAX      1400    /* bytes behind the head of a probe */
#define PROBE_DEVICE_MAX    15

/* Times in ms, losses in percent. */
struct probe {
	uint8_t        number;    /* of the gateway; no two alike */
	bool           is_routed; /* goes by the gateway of this number whatever the routes say */
	struct address target;
	char           device[PROBE_DEVICE_MAX + 1]; /* for link-local targets; "": none */
	uint32_t       interval, loss_interval, period;
	uint32_t       delay_low, delay_high, loss_low, loss_high;
	uint32_t       size;
};

enum probe_state { PROBE_PENDING, PROBE_FINE, PROBE_DELAYED, PROBE_LOSSY, PROBE_POOR, PROBE_DOWN };

struct probe_result {
	uint8_t          number;
	enum probe_state state;
	bool             is_measured; /* something has come back, or was lost */
	uint32_t         delay, deviation; /* us */
	uint32_t         loss;             /* in thousandths */
};

/* Bytes at most. */
#define PROBE_SIZE        (1 + 1 + 17 + 4 + PROBE_DEVICE_MAX + 8 * 4)
#define PROBE_RESULT_SIZE (1 + 4 + 1 + 3 * 4)

void                put_probe(struct writer *, const struct probe *);
struct probe        get_probe(struct reader *); /* within its limits, or the reader has failed */
void                put_probe_result(struct writer *, const struct probe_result *);
struct probe_result get_probe_result(struct reader *);
