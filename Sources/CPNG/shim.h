#if !__has_include(<png.h>)
#error "libpng's headers are missing: apt-get install libpng-dev"
#endif
#include <png.h>
