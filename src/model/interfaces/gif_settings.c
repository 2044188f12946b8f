/* Single settings of the Interfaces.Gif model. */
#include "model/types.h"

const struct resource interfaces_gif_settings_resource = {
	.name = "interfaces.gif_settings",
	.summary = "Single settings of the Interfaces.Gif model",
	.shape = SINGLETON,
	.model = "Interfaces.Gif",
	.path = "",
	.mount = "/gifs",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/gif_settings", "", "gif", VERB_GET | VERB_SET }) },
};
