// FFTW in double (fftw_) and single (fftwf_) precision; only NumericCore/Fourier calls it.
#include <fftw3.h>

// An array without a length, which Swift does not import.
static inline const char *shim_fftw_version(void) { return fftwf_version; }
