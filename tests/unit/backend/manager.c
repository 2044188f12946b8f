/*
 * A service manager that is only played: the test starts itself again on a bus of its own, where a thread owns systemd's name
 * and keeps one unit.
 */
#include "backend/manager.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "test.h"

#define UNIT_PATH "/org/freedesktop/systemd1/unit/unbound_2eservice"

static struct {
	_Atomic(bool) is_ready, is_ending, is_masked, is_stubborn, is_there;
	_Atomic(int)  polls; /* how often it is still running after it was told to stop */
	_Atomic(bool) is_told;
} play;

static int
mask(sd_bus_message *message, void *context, sd_bus_error *error)
{
	(void)context;
	(void)error;
	play.is_masked = true;
	return sd_bus_reply_method_return(message, "a(sss)", 0);
}

static int
stop(sd_bus_message *message, void *context, sd_bus_error *error)
{
	(void)context;
	if (play.is_stubborn)
		return sd_bus_error_set(error, "org.example.No", "not today");
	play.is_told = true;
	return sd_bus_reply_method_return(message, "o", "/job/1");
}

static int
get(sd_bus_message *message, void *context, sd_bus_error *error)
{
	(void)context;
	if (!play.is_there)
		return sd_bus_error_set(error, "org.freedesktop.systemd1.NoSuchUnit", "no such unit");
	return sd_bus_reply_method_return(message, "o", UNIT_PATH);
}

static int
state(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *context,
      sd_bus_error *error)
{
	const bool is_stopped = play.is_told && play.polls-- <= 0;

	(void)bus, (void)path, (void)interface, (void)property, (void)context, (void)error;
	return sd_bus_message_append(reply, "s", is_stopped ? "inactive" : "active");
}

static const sd_bus_vtable manager_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("MaskUnitFiles", "asbb", "a(sss)", mask, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("StopUnit", "ss", "o", stop, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("GetUnit", "s", "o", get, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};
static const sd_bus_vtable unit_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("ActiveState", "s", state, 0, 0),
	SD_BUS_VTABLE_END,
};

static void *
run(void *context)
{
	sd_bus *bus = NULL;

	(void)context;
	if (sd_bus_open_system(&bus) < 0 ||
	    sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", manager_table, NULL) < 0 ||
	    sd_bus_add_object_vtable(bus, NULL, UNIT_PATH, "org.freedesktop.systemd1.Unit", unit_table, NULL) < 0 ||
	    sd_bus_request_name(bus, "org.freedesktop.systemd1", 0) < 0)
		return NULL;
	play.is_ready = true;
	while (!play.is_ending)
		if (sd_bus_process(bus, NULL) == 0)
			sd_bus_wait(bus, 50000);
	sd_bus_flush_close_unref(bus);
	return NULL;
}

static void
reset(bool is_there)
{
	play.is_there = is_there;
	play.is_masked = play.is_told = play.is_stubborn = false;
	play.polls = 0;
}

TEST(a_unit_that_runs_is_masked_and_waited_for)
{
	scoped_buffer message = BUFFER_NONE;

	reset(true);
	play.polls = 3;
	CHECK_NUMBER(manager_yield("unbound.service", &message), RESULT_DONE);
	CHECK(play.is_masked && play.is_told);
	CHECK(play.polls < 0);
}

TEST(a_unit_that_does_not_stop_is_told)
{
	scoped_buffer message = BUFFER_NONE;

	reset(true);
	play.is_stubborn = true;
	CHECK_NUMBER(manager_yield("unbound.service", &message), RESULT_FAILED);
	CHECK_STRING(buffer_string(&message), "unbound.service runs and cannot be stopped: not today");
}

TEST(a_unit_that_is_not_there_is_fine)
{
	scoped_buffer message = BUFFER_NONE;

	reset(false);
	CHECK_NUMBER(manager_yield("unbound.service", &message), RESULT_DONE);
	CHECK(!play.is_told);
}

TEST(without_a_bus_there_is_nobody_to_ask)
{
	scoped_buffer message = BUFFER_NONE;
	char         *bus = strdup(getenv("DBUS_SYSTEM_BUS_ADDRESS"));

	reset(true);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", 1);
	CHECK_NUMBER(manager_yield("unbound.service", &message), RESULT_DONE);
	CHECK(!play.is_masked);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", bus, 1);
	free(bus);
}

/* The session's bus is taken for the system's. */
int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_unit_that_runs_is_masked_and_waited_for), cmocka_unit_test(a_unit_that_does_not_stop_is_told),
		cmocka_unit_test(a_unit_that_is_not_there_is_fine), cmocka_unit_test(without_a_bus_there_is_nobody_to_ask),
	};
	pthread_t thread;
	int       failed;

	if (argc < 2) {
		execl("/usr/bin/dbus-run-session", "dbus-run-session", "--", argv[0], "played", NULL);
		fprintf(stderr, "SKIPPED: this test needs /usr/bin/dbus-run-session (package dbus-daemon)\n");
		return 77;
	}
	setenv("DBUS_SYSTEM_BUS_ADDRESS", getenv("DBUS_SESSION_BUS_ADDRESS"), 1);
	assert_int_equal(pthread_create(&thread, NULL, run, NULL), 0);
	for (int i = 0; i < 3000 && !play.is_ready; i++)
		usleep(20000);
	assert_true(play.is_ready);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	play.is_ending = true;
	pthread_join(thread, NULL);
	return failed;
}
