// Debian puts the headers under hiredis/; some installations give only -I<prefix>/include/hiredis.
#if __has_include(<hiredis/hiredis.h>)
#include <hiredis/hiredis.h>
#include <hiredis/read.h>
#else
#include <hiredis.h>
#include <read.h>
#endif
