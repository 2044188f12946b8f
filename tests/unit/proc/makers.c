/* Makers of hardware by the first half of its addresses. */
#include "proc/record/makers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

TEST(makers_are_found_and_nonsense_is_left_out)
{
	static const uint8_t known[6] = { 0x00, 0x22, 0x72 }, other[6] = { 0xac, 0xde, 0x48, 1, 2, 3 }, none[6] = { 2 };
	char                 path[] = "/tmp/drawbridge-makers-XXXXXX";
	const int            fd = mkstemp(path);
	FILE                *file = fdopen(fd, "w");
	struct makers       *makers;

	fputs("OUI/MA-L   Organization\r\n00-22-72   (hex)\t\tMicro-Fuel Corp.\r\n002272     (base 16)\t\tMicro-Fuel Corp.\r\n"
	      "AC-DE-48   (hex)\t\tPrivate\n0X-22-72   (hex)\t\tBad\n00-22 72   (hex)\t\tBad\n00-22-73   (hex)\t\t\n", file);
	fclose(file);
	makers = makers_new(path);
	CHECK(text_is(makers_find(makers, known), "Micro-Fuel Corp."));
	CHECK(text_is(makers_find(makers, other), "Private"));
	CHECK_NUMBER(makers_find(makers, none).len, 0);
	makers_free(makers);
	unlink(path);
	makers = makers_new(path);
	CHECK_NUMBER(makers_find(makers, known).len, 0);
	makers_free(makers);
}

RUN(cmocka_unit_test(makers_are_found_and_nonsense_is_left_out));
