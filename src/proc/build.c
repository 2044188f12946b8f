/* Finding the note that the linker left in the program: another build has another one. */
#include "proc/build.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>

#define ALIGN4(n) (((n) + 3) & ~(size_t)3)

static bool
find_note(const char *at, size_t len, struct text *id)
{
	while (len >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const void *)at;
		const size_t size = sizeof(*note) + ALIGN4(note->n_namesz) + ALIGN4(note->n_descsz);

		if (size > len)
			return false;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(at + sizeof(*note), "GNU", 4) == 0) {
			*id = (struct text){ at + sizeof(*note) + 4, note->n_descsz };
			return true;
		}
		at += size;
		len -= size;
	}
	return false;
}

/* The first object is the program itself; stop there. */
static int
look(struct dl_phdr_info *object, size_t size, void *id)
{
	(void)size;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];

		if (part->p_type == PT_NOTE &&
		    find_note((const char *)(uintptr_t)(object->dlpi_addr + part->p_vaddr), part->p_memsz, id))
			break;
	}
	return 1;
}

struct text
build_id(void)
{
	struct text id = TEXT(DRAWBRIDGE_VERSION);

	dl_iterate_phdr(look, &id);
	return id;
}
