/* org.freedesktop.systemd1 over D-Bus: mask, stop, and ask until it is so. */
#include "backend/manager.h"

#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define NAME      "org.freedesktop.systemd1"
#define PATH      "/org/freedesktop/systemd1"
#define MANAGER   NAME ".Manager"
#define UNIT      NAME ".Unit"
#define POLL_MS   50
#define STATE_MAX 32

/* "active", "inactive", "failed", ...; "" when there is no such unit. */
static bool
read_state(sd_bus *bus, const char *unit, char *state)
{
	sd_bus_message *reply = NULL;
	const char     *path;
	char           *said = NULL;

	state[0] = '\0';
	if (sd_bus_call_method(bus, NAME, PATH, MANAGER, "GetUnit", NULL, &reply, "s", unit) >= 0 &&
	    sd_bus_message_read(reply, "o", &path) >= 0 &&
	    sd_bus_get_property_string(bus, NAME, path, UNIT, "ActiveState", NULL, &said) >= 0)
		snprintf(state, STATE_MAX, "%s", said);
	free(said);
	sd_bus_message_unref(reply);
	return state[0] != '\0';
}

static bool
is_stopped(const char *state)
{
	return strcmp(state, "inactive") == 0 || strcmp(state, "failed") == 0;
}

static enum result
stop(sd_bus *bus, const char *unit, struct buffer *message)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	char         state[STATE_MAX];
	enum result  result = RESULT_FAILED;

	if (!read_state(bus, unit, state) || is_stopped(state))
		return RESULT_DONE;
	if (sd_bus_call_method(bus, NAME, PATH, MANAGER, "StopUnit", &error, NULL, "ss", unit, "replace") < 0)
		buffer_print(message, "%s runs and cannot be stopped: %s", unit, error.message ? error.message : "no answer");
	else
		for (unsigned ms = 0; ms < MANAGER_STOP_MS && result != RESULT_DONE; ms += POLL_MS) {
			if (!read_state(bus, unit, state) || is_stopped(state))
				result = RESULT_DONE;
			else
				usleep(POLL_MS * 1000);
		}
	if (result != RESULT_DONE && message->len == 0)
		buffer_print(message, "%s runs and does not stop", unit);
	sd_bus_error_free(&error);
	return result;
}

enum result
manager_yield(const char *unit, struct buffer *message)
{
	sd_bus     *bus = NULL;
	enum result result;

	if (sd_bus_open_system(&bus) < 0)
		return RESULT_DONE;
	sd_bus_set_method_call_timeout(bus, (uint64_t)MANAGER_CALL_MS * 1000);
	/* A unit that is not there cannot be masked, and need not be. */
	(void)sd_bus_call_method(bus, NAME, PATH, MANAGER, "MaskUnitFiles", NULL, NULL, "asbb", 1, unit, 1, 0);
	result = stop(bus, unit, message);
	sd_bus_flush_close_unref(bus);
	return result;
}
