// zlib: deflated .npz members; only NumericCore/ArrayFiles calls it.
#include <zlib.h>
