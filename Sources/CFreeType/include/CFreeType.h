// FreeType keeps its headers in <prefix>/include/freetype2, yet they include one another as
// <freetype/...>, so its users are meant to pass -I<prefix>/include/freetype2. A Swift package can name
// no folder outside of itself. The headers beside this one have the names that FreeType asks for, and
// each passes the question on to the real header of that name.
#ifndef CFREETYPE_H
#define CFREETYPE_H

#if !__has_include(<freetype2/ft2build.h>)
#error "FreeType's headers are missing: apt-get install libfreetype-dev"
#endif

#include <freetype/freetype.h>
#include <freetype/ftoutln.h>
#include <freetype/ftstroke.h>

#endif
