/* Jobs and looks, as topics. */
#include "proc/diagnose/diagnose.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/archive.h"
#include "base/number.h"
#include "json/write.h"
#include "plan/network/network.h"
#include "proc/jobs/jobs.h"
#include "proc/jobs/looks.h"
#include "proc/jobs/pcap.h"
#include "proc/record/makers.h"
#include "wire/bulk.h"
#include "wire/routes.h"

#define VIEW_ROWS 500

/* --- Jobs ------------------------------------------------------------------------------------------------------- */

enum result
topic_job_make(struct asking *asking, struct value **answer)
{
	const char       *uuid = "";
	const enum result result = jobs_make(asking->box->jobs, asking->arena, asked_text(asking, "kind"),
					     asked_text(asking, "settings"), &uuid, asking->message);

	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "uuid", uuid);
	return result;
}

enum result
topic_job_list(struct asking *asking, struct value **answer)
{
	*answer = jobs_list(asking->box->jobs, asking->arena, asked_text(asking, "kind"));
	return RESULT_DONE;
}

static enum result
told(struct asking *asking, enum result result, unsigned processes, struct value **answer)
{
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "processes", value_integer(asking->arena, processes));
	if (result == RESULT_MISSING && asking->message->len == 0)
		buffer_add_string(asking->message, "no such job");
	return result;
}

enum result
topic_job_start(struct asking *asking, struct value **answer)
{
	unsigned          processes;
	const enum result result = jobs_start(asking->box->jobs, asked_text(asking, "kind"), asked_text(asking, "job"),
					      &processes, asking->message);

	return told(asking, result, processes, answer);
}

enum result
topic_job_stop(struct asking *asking, struct value **answer)
{
	unsigned          processes;
	const enum result result =
		jobs_stop(asking->box->jobs, asked_text(asking, "kind"), asked_text(asking, "job"), &processes);

	return told(asking, result, processes, answer);
}

enum result
topic_job_remove(struct asking *asking, struct value **answer)
{
	unsigned          processes;
	const enum result result =
		jobs_remove(asking->box->jobs, asked_text(asking, "kind"), asked_text(asking, "job"), &processes);

	return told(asking, result, processes, answer);
}

/* --- Captures ----------------------------------------------------------------------------------------------------- */

static const char *
iso_time(struct arena *arena, int64_t microseconds)
{
	const time_t seconds = (time_t)(microseconds / 1000000);
	struct tm    parts;
	char         date[32];

	localtime_r(&seconds, &parts);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
	return arena_print(arena, "%s.%06u", date, (unsigned)(microseconds % 1000000));
}

static const char *
mac_at(struct arena *arena, struct text bytes, size_t at)
{
	return bytes.len < at + 6 ? "" : mac_print(arena, (const uint8_t *)bytes.ptr + at);
}

static struct value *
packet_row(struct arena *arena, const struct pcap_packet *packet, bool is_raw, enum pcap_detail detail)
{
	struct value *row = value_object(arena);
	scoped_buffer text = BUFFER_NONE;

	value_set_string(arena, row, "timestamp", iso_time(arena, packet->time));
	value_set_string(arena, row, "esrc", is_raw ? "" : mac_at(arena, packet->bytes, 6));
	value_set_string(arena, row, "edst", is_raw ? "" : mac_at(arena, packet->bytes, 0));
	pcap_describe(&text, packet, is_raw, detail);
	value_set(arena, row, "raw", value_text(arena, buffer_text(&text)));
	if (pcap_family(packet, is_raw)[0])
		value_set_string(arena, row, "fam", pcap_family(packet, is_raw));
	return row;
}

static struct value *
file_rows(struct arena *arena, struct text file, enum pcap_detail detail)
{
	struct value      *rows = value_list(arena);
	struct pcap        pcap;
	struct pcap_packet packet;

	if (!pcap_begin(&pcap, file))
		return rows;
	while (rows->count < VIEW_ROWS && pcap_next(&pcap, &packet))
		value_add(arena, rows, packet_row(arena, &packet, pcap.is_raw, detail));
	return rows;
}

/* Settings without the words before the dot. */
static struct value *
plain_settings(struct arena *arena, const struct value *settings)
{
	struct value *out = value_object(arena);

	for (size_t i = 0; i < settings->count; i++) {
		struct text name = settings->members[i].name;

		if (text_starts(name, TEXT("settings.")))
			name = text_after(name, 9);
		if (name.len > 0 && name.ptr[0] != '%')
			value_set_text(arena, out, name, value_copy(arena, settings->members[i].value));
	}
	return out;
}

enum result
topic_capture_view(struct asking *asking, struct value **answer)
{
	struct arena          *arena = asking->arena;
	const char            *detail = asked_text(asking, "detail");
	const struct captured *files;
	const struct value    *settings;
	struct value          *interfaces = value_object(arena);
	size_t                 n;
	const enum pcap_detail level = strcmp(detail, "high") == 0     ? PCAP_HIGH
				       : strcmp(detail, "medium") == 0 ? PCAP_MEDIUM
								       : PCAP_NORMAL;
	const enum result result =
		jobs_captured(asking->box->jobs, arena, asked_text(asking, "job"), &files, &n, &settings);

	if (result != RESULT_DONE)
		return result;
	for (size_t i = 0; i < n; i++) {
		struct value *entry = value_object(arena);
		const char   *name = asked_description(asking, files[i].link);

		value_set_string(arena, entry, "name", name[0] ? name : files[i].link);
		value_set(arena, entry, "rows", file_rows(arena, files[i].file, level));
		value_set(arena, interfaces, files[i].link, entry);
	}
	*answer = value_object(arena);
	value_set(arena, *answer, "settings", plain_settings(arena, settings));
	value_set_string(arena, *answer, "status", "ok");
	value_set(arena, *answer, "interfaces", interfaces);
	return RESULT_DONE;
}

/* A zip file: one pcap for each link, and the settings. */
enum result
topic_capture_download(struct asking *asking, struct value **answer)
{
	const struct captured *files;
	const struct value    *settings;
	scoped_buffer          out = BUFFER_NONE, text = BUFFER_NONE;
	struct zip             zip = { .out = &out };
	const int64_t          now = time(NULL);
	size_t                 n;
	const enum result      result =
		jobs_captured(asking->box->jobs, asking->arena, asked_text(asking, "job"), &files, &n, &settings);

	if (result != RESULT_DONE)
		return result;
	json_value(&(struct json){ .out = &text }, plain_settings(asking->arena, settings));
	for (size_t i = 0; i < n; i++)
		zip_add(&zip, arena_print(asking->arena, "%s.pcap", files[i].link), files[i].file, now);
	zip_add(&zip, "settings.json", buffer_text(&text), now);
	zip_finish(&zip);
	*answer = value_text(asking->arena, buffer_text(&out));
	return RESULT_DONE;
}

static bool
read_mac(const char *text, uint8_t *mac)
{
	unsigned parts[6];
	char     end;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &parts[0], &parts[1], &parts[2], &parts[3], &parts[4], &parts[5], &end) != 6)
		return false;
	for (size_t i = 0; i < 6; i++)
		mac[i] = (uint8_t)parts[i];
	return true;
}

enum result
topic_wake_send(struct asking *asking, struct value **answer)
{
	const struct record *interface = collection_find(snapshot_named(asking->snapshot, "interfaces.interface"),
							 text_of(asked_text(asking, "interface")));
	const struct text    link = interface ? record_text(interface, "if") : TEXT_NONE;
	struct address       source, destination;
	uint8_t              mac[6];

	if (!network_name_is_valid(link) || !read_mac(asked_text(asking, "mac"), mac) ||
	    !address_read(text_of(asked_text(asking, "interface_ip")), &source) || source.family != FAMILY_INET ||
	    !address_read(text_of(asked_text(asking, "broadcast_ip")), &destination) || destination.family != FAMILY_INET)
		return asked_wrong(asking, RESULT_INVALID, "this interface has no IPv4 network to wake somebody in");
	scoped_writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_text(&order, link);
	for (size_t i = 0; i < sizeof(mac); i++)
		put_u8(&order, mac[i]);
	put_address(&order, &source);
	put_address(&order, &destination);
	*answer = value_bool(asking->arena, true);
	return asked_order(asking, ORDER_WAKE, &order, &reply);
}

/* {status, ip, ip6, org}: who has this hardware address. */
enum result
topic_mac_info(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	scoped_sealed     mapped = TEXT_NONE;
	struct value     *four = value_list(arena), *six = value_list(arena);
	struct neighbours all = { NULL, 0 };
	uint8_t           mac[6];
	const bool        is_mac = read_mac(asked_text(asking, "mac"), mac);

	if (asked_sealed(asking, ORDER_NEIGHBOURS, NULL, ROUTES_BYTES_MAX, &mapped) == RESULT_DONE)
		neighbours_decode(arena, mapped, &all);
	buffer_cut(asking->message, 0);
	for (size_t i = 0; is_mac && i < all.n; i++)
		if (all.neighbours[i].has_mac && memcmp(all.neighbours[i].mac, mac, 6) == 0)
			value_add(arena, all.neighbours[i].address.family == FAMILY_INET6 ? six : four,
				  value_string(arena, address_print(arena, &all.neighbours[i].address)));
	*answer = value_object(arena);
	value_set_string(arena, *answer, "status", "ok");
	value_set(arena, *answer, "ip", four);
	value_set(arena, *answer, "ip6", six);
	value_set(arena, *answer, "org", value_text(arena, is_mac ? makers_find(asking->box->makers, mac) : TEXT_NONE));
	return RESULT_DONE;
}

/* --- Looks ------------------------------------------------------------------------------------------------------------ */

static struct look_wish
read_wish(const struct asking *asking)
{
	return (struct look_wish){
		.host = asked_text(asking, "hostname"), .source = asked_text(asking, "source_address"),
		.inet6 = strcmp(asked_text(asking, "ipproto"), "inet6") == 0,
		.is_icmp = strcmp(asked_text(asking, "protocol"), "icmp") == 0,
		.port = (unsigned)asked_number(asking, "port", 0, UINT16_MAX, 0),
		.source_port = (unsigned)asked_number(asking, "source_port", 0, UINT16_MAX, 0),
		.shows_text = strcmp(asked_text(asking, "showtext"), "1") == 0,
	};
}

#define SIMULATED "this box is only simulated: it has no network"

enum result
topic_look_dns(struct asking *asking, struct value **answer)
{
	*answer = value_object(asking->arena);
	if (asking->box->setup.is_simulated)
		value_set_string(asking->arena, *answer, "error_message", SIMULATED);
	else
		*answer = look_dns(asking->arena, asked_text(asking, "hostname"), asked_text(asking, "server"));
	return RESULT_DONE;
}

enum result
topic_look_route(struct asking *asking, struct value **answer)
{
	const struct look_wish wish = read_wish(asking);

	*answer = value_object(asking->arena);
	if (asking->box->setup.is_simulated) {
		value_set(asking->arena, *answer, "rows", value_list(asking->arena));
		value_set_string(asking->arena, *answer, "error", SIMULATED);
	} else {
		*answer = look_route(asking->arena, asking->box->setup.courier, &wish);
	}
	return RESULT_DONE;
}

enum result
topic_look_port(struct asking *asking, struct value **answer)
{
	const struct look_wish wish = read_wish(asking);

	*answer = value_object(asking->arena);
	if (asking->box->setup.is_simulated) {
		value_set_string(asking->arena, *answer, "message", SIMULATED);
		value_set_string(asking->arena, *answer, "payload", "");
	} else {
		*answer = look_port(asking->arena, asking->box->setup.courier, &wish);
	}
	return RESULT_DONE;
}
