// libsoxr: the one resampler of every path; only AudioIO calls it.
#include <soxr.h>
