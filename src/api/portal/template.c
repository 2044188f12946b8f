/* Whatever somebody sends is packed anew, so that only what was looked at is kept. */
#include "api/portal/template.h"

#include "base/archive.h"
#include "base/base64.h"

enum result
template_unpack(struct arena *arena, struct text content, struct unzip_file **files, size_t *count, const char **why)
{
	static const struct unzip_limits limits = { TEMPLATE_FILES_MAX, TEMPLATE_BYTES_MAX };
	size_t                           len;
	const char                      *zip = base64_decode(arena, text_trim(content), &len);

	if (!zip) {
		*why = "this is no base64";
		return RESULT_INVALID;
	}
	*files = NULL;
	*count = 0;
	return len > 0 ? unzip(arena, (struct text){ zip, len }, &limits, files, count, why) : RESULT_DONE;
}

const char *
template_pack(struct arena *arena, const struct unzip_file *files, size_t count, int64_t now)
{
	scoped_buffer bytes = BUFFER_NONE;
	struct zip    zip = { .out = &bytes };

	for (size_t i = 0; i < count; i++)
		zip_add(&zip, files[i].name, files[i].content, now);
	zip_finish(&zip);
	return base64_encode(arena, buffer_text(&bytes));
}
