/* schema/json_text.h: is it JSON? Nothing is made of it; the json/ folder reads what we work with. */
#pragma once

#include "base/text.h"

bool json_text_is_valid(struct text);
