// zlib: deflated .npz members (NumericCore/ArrayFiles) and packed NIfTI images (FeaturePipeline/Imaging).
#include <zlib.h>
