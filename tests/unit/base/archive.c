/* Archives: what comes out is read by the usual tools, where there are some; and always taken apart here. */
#include "test.h"

#include <stdlib.h>

#include "base/archive.h"

static uint32_t
number_at(const struct buffer *bytes, size_t at, unsigned size)
{
	uint32_t number = 0;

	for (unsigned i = size; i-- > 0;)
		number = number << 8 | (unsigned char)bytes->bytes[at + i];
	return number;
}

TEST(sums_are_those_of_the_standard)
{
	CHECK_NUMBER(crc32_of(TEXT("123456789")), 0xcbf43926);
	CHECK_NUMBER(crc32_of(TEXT_NONE), 0);
}

TEST(a_zip_file_has_a_directory_of_its_files)
{
	scoped_buffer out = BUFFER_NONE;
	struct zip    zip = { .out = &out };

	zip_add(&zip, "a/b.txt", TEXT("hello"), 1764000000);
	zip_add(&zip, "empty", TEXT_NONE, 0);
	zip_finish(&zip);
	const size_t end = out.len - 22, directory = number_at(&out, end + 16, 4);

	CHECK_NUMBER(number_at(&out, end, 4), 0x06054b50);
	CHECK_NUMBER(number_at(&out, end + 10, 2), 2);
	CHECK_NUMBER(directory + number_at(&out, end + 12, 4), end);
	CHECK_NUMBER(number_at(&out, directory, 4), 0x02014b50);
	CHECK_NUMBER(number_at(&out, directory + 16, 4), crc32_of(TEXT("hello")));
	CHECK_NUMBER(number_at(&out, directory + 24, 4), 5);
	const size_t second = directory + 46 + 7, header = number_at(&out, second + 42, 4);

	CHECK_NUMBER(number_at(&out, header, 4), 0x04034b50);
	CHECK(text_equal((struct text){ out.bytes + 30 + 7, 5 }, TEXT("hello")));
	CHECK(text_equal((struct text){ out.bytes + header + 30, 5 }, TEXT("empty")));
}

TEST(there_are_only_so_many_files_in_it)
{
	scoped_buffer out = BUFFER_NONE;
	struct zip    zip = { .out = &out };

	for (int i = 0; i < ARCHIVE_FILES_MAX + 5; i++)
		zip_add(&zip, "x", TEXT("y"), 0);
	zip_finish(&zip);
	CHECK_NUMBER(number_at(&out, out.len - 12, 2), ARCHIVE_FILES_MAX);
}

TEST(a_tar_file_is_made_of_blocks)
{
	scoped_buffer out = BUFFER_NONE, packed = BUFFER_NONE;
	unsigned      sum = 0;

	tar_add(&out, "dir/file", TEXT("hello"), 1764000000);
	tar_finish(&out);
	CHECK_NUMBER(out.len, 4 * 512);
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)out.bytes[i];
	CHECK_NUMBER(strtoul(out.bytes + 148, NULL, 8), sum);
	CHECK_NUMBER(strtoul(out.bytes + 124, NULL, 8), 5);
	CHECK_STRING(out.bytes, "dir/file");
	for (int i = 0; i < 200; i++)
		tar_add(&out, "more", TEXT("x"), 0);
	gzip_wrap(&packed, buffer_text(&out));
	CHECK_NUMBER(number_at(&packed, packed.len - 4, 4), out.len);
	CHECK_NUMBER(number_at(&packed, packed.len - 8, 4), crc32_of(buffer_text(&out)));
	/* Blocks of deflate: last or not, length, its complement, bytes. */
	size_t at = 10, len = 0;

	for (bool is_last = false; !is_last; at += 5 + len) {
		is_last = packed.bytes[at] == 1;
		len = number_at(&packed, at + 1, 2);
		CHECK_NUMBER(len ^ 0xffff, number_at(&packed, at + 3, 2));
	}
	CHECK_NUMBER(at, packed.len - 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_of_the_standard),
		cmocka_unit_test(a_zip_file_has_a_directory_of_its_files),
		cmocka_unit_test(there_are_only_so_many_files_in_it),
		cmocka_unit_test(a_tar_file_is_made_of_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
