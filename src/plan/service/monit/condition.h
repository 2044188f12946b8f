/* plan/service/monit/condition.h: the conditions of tests, which clients write in Monit's own language. */
#pragma once

#include "base/buffer.h"

/* What a condition asks root for, beyond looking. */
enum monit_use {
	MONIT_READS = 1 << 0,  /* what is in a file, which is told to whoever gets the alert; or what a server or program says */
	MONIT_SPEAKS = 1 << 1, /* to a socket of this machine, where others may have no right to */
};

/*
 * Only words that belong into a condition, numbers and signs stay bare; whatever else is in it is put between quotes, where it can be a
 * value and nothing more. False, with the reason and nothing added: it has what cannot stand in quotes, or more cores than
 * there is a place for. *uses are of enum monit_use.
 */
bool monit_condition(struct text condition, struct buffer *out, unsigned *uses, const char **why);
/* A value between quotes; false, and nothing added: it cannot stand there. */
bool monit_quote(struct buffer *out, struct text value);
