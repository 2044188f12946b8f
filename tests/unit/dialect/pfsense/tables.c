/* The tables of the pfSense dialect: every expression means something, every operation has its place. */
#include <stdio.h>

#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/operation.h"
#include "test.h"

TEST(every_expression_can_be_read)
{
	scoped_buffer mistakes = BUFFER_NONE;
	const bool    fine = operations_verify(&mistakes);

	if (!fine)
		fprintf(stderr, "%s", buffer_string(&mistakes));
	CHECK(fine);
}

TEST(there_are_249_operations)
{
	size_t count = 0;

	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			count++;
	CHECK_NUMBER(count, 249);
}

TEST(every_return_code_of_a_table_is_known)
{
	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			for (const struct task *step = operation->steps; step && (step->kind || step->value); step++)
				if (step->kind == DO_CHECK)
					CHECK_NUMBER(code_find(step->code)->number, step->code);
}

TEST(return_codes_are_sorted)
{
	CHECK_NUMBER(ncodes, 787);
	for (size_t i = 1; i < ncodes; i++)
		CHECK(codes[i - 1].number < codes[i].number);
}

RUN(cmocka_unit_test(every_expression_can_be_read), cmocka_unit_test(there_are_249_operations),
    cmocka_unit_test(every_return_code_of_a_table_is_known), cmocka_unit_test(return_codes_are_sorted));
