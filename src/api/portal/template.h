/* api/portal/template.h: templates of the captive portal: the files of its pages, as a ZIP file in base64. */
#pragma once

#include <stdint.h>

#include "base/unzip.h"

#define TEMPLATE_FILES_MAX 256
#define TEMPLATE_BYTES_MAX ((size_t)4 * 1024 * 1024) /* of all its files */

/* As unzip(). Nothing at all is a template without files. */
enum result template_unpack(struct arena *, struct text content, struct unzip_file **files, size_t *count, const char **why);
/* What a template with these files says. */
const char *template_pack(struct arena *, const struct unzip_file *files, size_t count, int64_t now);
