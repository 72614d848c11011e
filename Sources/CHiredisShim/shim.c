#include "CHiredisShim.h"
int hiredis_shim_placeholder(void){return 0;}
