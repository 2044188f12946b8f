/* schema/types.h: the kinds of field that any family uses. Each reads the settings named behind it. */
#pragma once

#include "schema/type.h"

extern const struct type type_actions;
extern const struct type type_auth_group;
extern const struct type type_auth_server;
extern const struct type type_auto_number;
extern const struct type type_base64;
extern const struct type type_boolean;
extern const struct type type_certificate;
extern const struct type type_country;
extern const struct type type_csv;
extern const struct type type_description;
extern const struct type type_email;
extern const struct type type_hostname;
extern const struct type type_integer;
extern const struct type type_interface;
extern const struct type type_ip_port;
extern const struct type type_json;
extern const struct type type_key_value;
extern const struct type type_legacy_link;
extern const struct type type_mac_address;
extern const struct type type_network;
extern const struct type type_network_alias;
extern const struct type type_numeric;
extern const struct type type_option;
extern const struct type type_port;
extern const struct type type_protocol;
extern const struct type type_relation;
extern const struct type type_strict_text;
extern const struct type type_text;
extern const struct type type_unique_id;
extern const struct type type_update_only;
extern const struct type type_url;
extern const struct type type_virtual_ip;
