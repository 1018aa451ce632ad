// libav*: audio streams of containers that libsndfile cannot open; only AudioIO calls it.
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

// Macros built from character tags and casts are not visible to Swift.
static const int shim_error_end_of_file = AVERROR_EOF;
static const int shim_error_try_again = AVERROR(EAGAIN);
static const int64_t shim_no_timestamp = AV_NOPTS_VALUE;
