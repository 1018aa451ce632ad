// FFTW in double (fftw_) and single (fftwf_) precision; only NumericCore/Fourier calls it.
#include <fftw3.h>
