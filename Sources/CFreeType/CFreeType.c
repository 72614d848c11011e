// A C target needs a source file; this one checks that the headers stand on their own.
#include "CFreeType.h"
