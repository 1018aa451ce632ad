// libsndfile: WAV, FLAC, OGG and MP3 files; only AudioIO calls it.
#include <sndfile.h>
