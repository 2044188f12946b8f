/* The declarations hold what the schema asks of them. */
#include "model/registry.h"

#include "base/buffer.h"
#include "test.h"

TEST(the_tables_have_no_mistakes)
{
	struct schema *schema = schema_new(registry, registry_count);
	scoped_buffer  mistakes = BUFFER_NONE;

	if (!schema_check(schema, NULL, &mistakes))
		fputs(buffer_string(&mistakes), stderr);
	schema_free(schema);
	CHECK_NUMBER(mistakes.len, 0);
}

RUN(cmocka_unit_test(the_tables_have_no_mistakes));
