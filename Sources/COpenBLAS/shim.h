// CBLAS and OpenBLAS' own thread and core queries; only NumericCore/Linear calls it.
#include <cblas.h>
