/* What the operations of this family take: see members.h for the notation. */
#include "dialect/pfsense/openapi/members.h"

/* clang-format off */
const struct members members_ipsec[] = {
	{ "POST services/ipsec/apply",
	  "initiate:bool" },
	{ "POST services/ipsec/phase1",
	  "descr disabled:bool iketype! protocol! interface! remote-gateway! authentication_method! "
	  "myid_type! myid_data peerid_type! peerid_data pre-shared-key certref caref mode "
	  "rekey_time:int reauth_time:int rand_time:int lifetime:int startaction closeaction "
	  "nat_traversal mobike:bool splitconn:bool prfselect_enable:bool gw_duplicates:bool "
	  "ikeport:int nattport:int dpd_enable:bool dpd_delay:int dpd_maxfail:int encryption:objects! "
	  "encryption[].encryption-algorithm! encryption[].hash-algorithm! encryption[].dhgroup:int! "
	  "encryption[].prf-algorithm apply:bool" },
	{ "PUT services/ipsec/phase1",
	  "ikeid:int! remote-gateway myid_data peerid_data pre-shared-key certref caref mode "
	  "lifetime:int startaction nattport:int dpd_delay:int dpd_maxfail:int descr disabled:bool "
	  "iketype protocol interface authentication_method myid_type peerid_type rekey_time:int "
	  "reauth_time:int rand_time:int closeaction nat_traversal mobike:bool splitconn:bool "
	  "prfselect_enable:bool gw_duplicates:bool ikeport:int dpd_enable:bool encryption:objects "
	  "encryption[].encryption-algorithm! encryption[].hash-algorithm! encryption[].dhgroup:int! "
	  "encryption[].prf-algorithm apply:bool" },
	{ "DELETE services/ipsec/phase1",
	  "ikeid! apply" },
	{ "POST services/ipsec/phase1/encryption",
	  "ikeid:int! encryption-algorithm:object! hash-algorithm! dhgroup:int! prf-algorithm apply" },
	{ "POST services/ipsec/phase2",
	  "ikeid:int! descr disabled:bool mode! localid:object localid.type localid.address "
	  "localid.netbits:int natlocalid:object natlocalid.type natlocalid.address "
	  "natlocalid.netbits:int remoteid:object remoteid.type remoteid.address remoteid.netbits:int "
	  "protocol! encryption-algorithm-option:objects hash-algorithm-option:strings pfsgroup:int! "
	  "rekey_time:int rand_time:int lifetime:int pinghost keepalive:bool apply:bool" },
	{ "PUT services/ipsec/phase2",
	  "uniqid! ikeid:int! descr disabled:bool mode! localid:object localid.type localid.address "
	  "localid.netbits:int natlocalid:object natlocalid.type natlocalid.address "
	  "natlocalid.netbits:int remoteid:object remoteid.type remoteid.address remoteid.netbits:int "
	  "protocol! encryption-algorithm-option:objects hash-algorithm-option:strings pfsgroup:int! "
	  "rekey_time:int rand_time:int lifetime:int pinghost keepalive:bool apply:bool" },
	{ "DELETE services/ipsec/phase2",
	  "uniqid! apply" },
	{ NULL },
};
/* clang-format on */
