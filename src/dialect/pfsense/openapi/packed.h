/* dialect/pfsense/openapi/packed.h: files that were there at build time (tools/pack). */
#pragma once

struct packed {
	const char *name; /* without folder */
	const char *tag;  /* for ETag, in its quotes; changes with the bytes */
	const char *bytes, *end;
};

extern const struct packed packed_files[]; /* ends with an empty one */
