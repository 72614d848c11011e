#if !__has_include(<bzlib.h>)
#error "libbzip2's headers are missing: apt-get install libbz2-dev"
#endif
#include <bzlib.h>
