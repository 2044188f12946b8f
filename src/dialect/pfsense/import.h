/* dialect/pfsense/import.h: sections of pfSense's config.xml that no model of the other dialect lies in. */
#pragma once

#include "api/config_xml.h"

/*
 * For config_import(): what the file has of the services that this API serves becomes what its clients would have made; the settings
 * of this API itself come along, with its tokens. Files of others are left alone.
 */
config_more pfsense_import;
