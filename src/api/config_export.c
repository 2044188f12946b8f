/* From a snapshot to config.xml. */
#include <string.h>

#include "api/config_map.h"
#include "api/config_xml.h"
#include "schema/types.h"

static void
export_fields(struct arena *arena, const struct record *record, struct xml *node)
{
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const struct field        *field = &record->resource->fields[i];
		const struct nested_field *nested = nested_field(record, field->name);

		/* An empty element would be read as a flag that is set. */
		if ((field->flags & VOLATILE) || (record->values[i][0] == '\0' && field->type == &type_boolean))
			continue;
		if (nested)
			nested->to_xml(arena, record->values[i], node);
		else
			xml_make_path(arena, node, field->name)->text = text_of(record->values[i]);
	}
}

static void
export_collection(struct arena *arena, const struct snapshot *snapshot, const struct resource *resource,
                  const char *mount, struct xml *root)
{
	const struct collection *collection = snapshot_collection(snapshot, resource);
	const struct place       place = collection_place(arena, mount, resource->path);
	struct xml              *above = xml_make_path(arena, root, place.above);

	for (size_t i = 0; i < collection_count(collection); i++) {
		const struct record *record = collection_at(collection, i);
		struct xml          *node = xml_make(arena, above, place.name);

		node->uuid = record->uuid;
		export_fields(arena, record, node);
	}
}

static void
export_system(struct arena *arena, const struct snapshot *snapshot, struct xml *root)
{
	const struct record     *nat = snapshot_single(snapshot, "firewall.filter_settings");
	const struct collection *interfaces = snapshot_named(snapshot, "interfaces.interface");

	for (size_t i = 0; i < system_places_count; i++) {
		const struct record *record = snapshot_single(snapshot, system_places[i].resource);
		struct text          list = record_text(record, system_places[i].field), one;

		if (list.len == 0 || system_places[i].is_pfsense)
			continue;
		if (strcmp(system_places[i].field, "dns_servers") != 0) {
			xml_make_path(arena, root, system_places[i].path)->text = list;
			continue;
		}
		while (text_next(&list, ",", &one))
			xml_make(arena, xml_make_path(arena, root, "system"), "dnsserver")->text =
				text_of(arena_copy(arena, one));
	}
	if (!record_has(snapshot_single(snapshot, "system.ssh"), "keyonly"))
		xml_make_path(arena, root, "system/ssh/passwordauth")->text = TEXT("1");
	xml_make_path(arena, root, "nat/outbound/mode")->text = record_text(nat, "general.snat_mode");
	for (size_t i = 0; i < collection_count(interfaces); i++)
		interface_to_xml(arena, collection_at(interfaces, i),
				 xml_make_path(arena, root, arena_print(arena, "interfaces/%s",
									collection_at(interfaces, i)->uuid)));
}

void
config_export(struct buffer *buffer, const struct snapshot *snapshot)
{
	scoped_arena         arena = arena_new();
	const struct schema *schema = snapshot_schema(snapshot);
	struct xml          *root = xml_make(arena, NULL, "opnsense");

	export_system(arena, snapshot, root);
	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource *resource = schema_at(schema, i);
		const struct resource *owner = mount_owner(schema, resource);

		if (!owner)
			continue;
		if (resource->shape == COLLECTION)
			export_collection(arena, snapshot, resource, owner->mount, root);
		else if (resource->nfields > 0 && strcmp(resource->name, "firewall.filter_settings") != 0 &&
			 !text_ends(text_of(resource->mount), TEXT("+")))
			export_fields(arena, snapshot_single(snapshot, resource->name),
				      xml_make_path(arena, root, mount_path(arena, resource->mount)));
	}
	xml_write(buffer, root);
}
