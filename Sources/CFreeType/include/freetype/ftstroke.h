#include <freetype2/freetype/ftstroke.h>
