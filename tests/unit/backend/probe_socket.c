/* Whoever may have sockets made may not listen anywhere. */
#include "test.h"

#include "backend/running/probe_socket.h"
#include "wire/order.h"

TEST(nobody_listens_but_on_the_ports_of_the_portal)
{
	static const uint16_t ports[] = { 0, 22, 80, 443, 7999, 8020, 8999, 9020, 65535 };
	const enum family     families[] = { FAMILY_INET, FAMILY_INET6 };

	for (size_t i = 0; i < COUNT(ports); i++)
		for (size_t k = 0; k < COUNT(families); k++) {
			const struct probe_socket_wish wish = { .kind = PROBE_SOCKET_PORTAL, .family = families[k], .port = ports[i] };
			scoped_buffer                  message = BUFFER_NONE;
			int                            fd = -1;

			CHECK_NUMBER(probe_socket_open(&wish, &fd, &message), RESULT_REFUSED);
			CHECK(fd == -1 && message.len > 0);
		}
}

TEST(nobody_listens_on_one_address_alone)
{
	const struct probe_socket_wish wish = { .kind = PROBE_SOCKET_PORTAL, .family = FAMILY_INET, .port = 8000,
						.source = { FAMILY_INET, { 127, 0, 0, 1 } } };
	scoped_buffer                  message = BUFFER_NONE;
	int                            fd = -1;

	CHECK_NUMBER(probe_socket_open(&wish, &fd, &message), RESULT_REFUSED);
}

RUN(cmocka_unit_test(nobody_listens_but_on_the_ports_of_the_portal), cmocka_unit_test(nobody_listens_on_one_address_alone));
