/* schema/sealed.h: the texts of a sealed record as one piece, for who looks for something in all of them. */
#pragma once

#include "schema/record.h"

#define SEALED_BEHIND 32 /* bytes behind them that may be read, too */

/*
 * The values that were set, each with a NUL behind it: what is empty or a default is not among them. TEXT_NONE when the record
 * is not sealed: then its values lie anywhere.
 */
struct text sealed_texts(const struct record *);
