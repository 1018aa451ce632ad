#!/bin/sh
# Small media files made from formulas, and what ffmpeg decodes from them. Needs ffmpeg 5.1 and sox 14.4.
# Run from the top of the checkout:  sh GoldenData/generate/audio/make_media.sh
set -eu
cd "$(dirname "$0")/../../audio/media"
rm -f ./*
# Encoders and muxers must not write dates or random numbers.
quiet="-hide_banner -loglevel error -nostdin -y -fflags +bitexact -flags:a +bitexact -flags:v +bitexact"

# Two different tones a channel, so that a swap, a shift or a sign flip shows.
stereo="aevalsrc=0.4*sin(2*PI*440*t)+0.2*sin(2*PI*(300+900*t)*t)|0.5*sin(2*PI*1000*t*t):s=16000:d=0.4"
mono="aevalsrc=0.4*sin(2*PI*440*t)+0.2*sin(2*PI*(300+900*t)*t):s=16000:d=0.4"
six="aevalsrc=0.5*sin(2*PI*300*t)|0.5*sin(2*PI*500*t)|0.5*sin(2*PI*700*t)|0.5*sin(2*PI*60*t)|0.5*sin(2*PI*1100*t)|0.5*sin(2*PI*1300*t):s=16000:d=0.3:c=5.1"
four="aevalsrc=0.5*sin(2*PI*300*t)|0.5*sin(2*PI*500*t)|0.5*sin(2*PI*700*t)|0.5*sin(2*PI*60*t):s=16000:d=0.1:c=quad"
picture="color=c=gray:s=16x16:r=25:d=0.8"
video="-c:v mpeg4 -b:v 8k"

# Containers that libav reads.
ffmpeg $quiet -f lavfi -i "$stereo" -c:a aac -b:a 48k aac-stereo.mp4
ffmpeg $quiet -f lavfi -i "$picture" -itsoffset 0.3 -f lavfi -i "$stereo" $video -c:a aac -b:a 48k \
    -movflags +faststart aac-late.mp4
ffmpeg $quiet -f lavfi -i "$picture" -itsoffset 0.25 -f lavfi -i "$mono" $video -c:a flac flac-late.mkv
ffmpeg $quiet -f lavfi -i "$mono" -af "aselect=not(between(n\,3\,4))" -c:a pcm_f32le pcm-gap.mkv
ffmpeg $quiet -f lavfi -i "${mono%:s=16000*}:s=48000:d=0.2" -c:a libopus -b:a 32k opus.webm
ffmpeg $quiet -f lavfi -i "$stereo" -c:a libvorbis -q:a 2 vorbis.webm
ffmpeg $quiet -f lavfi -i "$six" -c:a aac -b:a 96k surround.mp4
ffmpeg $quiet -f lavfi -i "$stereo" -c:a alac -sample_fmt s32p alac24.m4a
ffmpeg $quiet -f lavfi -i "$mono" -c:a pcm_s24be -movflags +faststart pcm.mov
ffmpeg $quiet -f lavfi -i "$picture" $video -an video-only.mp4
ffmpeg $quiet -f lavfi -i "anullsrc=r=8000:cl=mono:d=4" -c:a flac silence.mkv

# Files that libsndfile reads.
ffmpeg $quiet -f lavfi -i "$six" -c:a pcm_s16le surround.wav
ffmpeg $quiet -f lavfi -i "$six" -c:a flac surround.flac
ffmpeg $quiet -f lavfi -i "$four" -c:a flac quad.flac
ffmpeg $quiet -f lavfi -i "$stereo" -c:a libvorbis -q:a 2 -serial_offset 7 vorbis.ogg
ffmpeg $quiet -f lavfi -i "$six" -c:a libvorbis -q:a 1 -serial_offset 7 surround.ogg
# Pages of 0.05 s, so that some can be taken out.
ffmpeg $quiet -f lavfi -i "${mono%:d=0.4}:d=0.8" -c:a libvorbis -q:a 1 -serial_offset 7 -page_duration 50000 paged.ogg
ffmpeg $quiet -f lavfi -i "$stereo" -c:a libmp3lame -b:a 48k tone.mp3
ffmpeg $quiet -f lavfi -i "$mono" -c:a pcm_u8 pcm8.wav
ffmpeg $quiet -f lavfi -i "$mono" -c:a pcm_s24le pcm24.wav
ffmpeg $quiet -f lavfi -i "$mono" -c:a pcm_f32le float32.wav
ffmpeg $quiet -f lavfi -i "$mono" -ar 8000 -c:a pcm_s16le rate8k.wav
ffmpeg $quiet -f lavfi -i "aevalsrc=0.5*sin(2*PI*9000*t):s=192000:d=0.05" -c:a pcm_s24le rate192k.wav
ffmpeg $quiet -f lavfi -i "$stereo" -c:a flac -sample_fmt s32 flac24.flac
# Open-ended files, which declare no length or an estimated one and are complete all the same.
ffmpeg $quiet -f lavfi -i "$picture" -f lavfi -i "$mono" $video -c:a aac -b:a 32k open-aac.ts
ffmpeg $quiet -f lavfi -i "$stereo" -c:a pcm_s16le -f wav - >open-pipe.wav
ffmpeg $quiet -f lavfi -i "$stereo" -c:a flac -f flac - >open-pipe.flac
ffmpeg $quiet -f lavfi -i "$stereo" -c:a aac -b:a 48k -movflags frag_keyframe+empty_moov -frag_duration 200000 \
    open-fragments.mp4
ffmpeg $quiet -f lavfi -i "aevalsrc=0.5*sin(2*PI*440*t)*gt(t\,0.6):s=16000:d=1" -c:a libmp3lame -q:a 6 -write_xing 0 \
    -id3v2_version 0 open-vbr.mp3
# A name that lies about the contents.
cp tone.mp3 mp3-named.wav

# What an outside decoder makes of each, on the container's time axis (gaps filled, start at time zero), in the native
# channels; and the mix to one channel with libswresample's matrix, normalised. Two files need care:
# - OGG: this ffmpeg places short files 256 frames late and leaves the padding at their end (the source's formula shows
#   it), so sox decodes them; its channels are in Vorbis order.
# - Opus: the stream starts 7 ms before zero, which is encoder delay that the decoder removes; putting the start of the
#   stream at zero would bring it back as silence, so the decoder's output is taken as it is.
axis="aresample=async=1:min_hard_comp=0.004:first_pts=0"
mix="aresample=rematrix_maxval=1,aformat=channel_layouts=mono"
entries=""
for file in *.mp4 *.mov *.mkv *.ts *.webm *.m4a *.wav *.flac *.ogg *.mp3; do
    case $file in
    video-only.mp4 | silence.mkv | mp3-named.wav) continue ;;
    *.ogg) sox "$file" -t f32 "$file.f32" ;;
    opus.webm) ffmpeg $quiet -i "$file" -map 0:a:0 -f f32le "$file.f32" ;;
    *) ffmpeg $quiet -i "$file" -map 0:a:0 -af "$axis" -f f32le "$file.f32" ;;
    esac
    stream=$(ffprobe -v error -select_streams a:0 -show_entries stream=codec_name,sample_rate,channels -of csv=p=0 "$file" | head -n 1)
    rate=$(echo "$stream" | cut -d, -f2)
    channels=$(echo "$stream" | cut -d, -f3)
    mono=null
    if [ "$channels" -gt 1 ]; then
        case $file in
        vorbis.ogg) from="-f f32le -ar $rate -ac $channels -i $file.f32" steps=$mix ;;
        surround.ogg)
            from="-f f32le -ar $rate -ac $channels -i $file.f32"
            steps="pan=5.1|c0=c0|c1=c2|c2=c1|c3=c5|c4=c3|c5=c4,$mix"
            ;;
        *) from="-i $file -map 0:a:0" steps="$axis,$mix" ;;
        esac
        ffmpeg $quiet $from -af "$steps" -f f32le "$file.mono.f32"
        mono="\"$(sha256sum <"$file.mono.f32" | cut -c1-64)\""
    fi
    entries="$entries$(printf '  {"file": "%s", "codec": "%s", "sampleRate": %s, "channels": %s, "frames": %s,\n   "sha256": "%s",\n   "nativeSHA256": "%s",\n   "monoSHA256": %s}' \
        "$file" "$(echo "$stream" | cut -d, -f1)" "$rate" "$channels" "$(($(wc -c <"$file.f32") / 4 / channels))" \
        "$(sha256sum <"$file" | cut -c1-64)" "$(sha256sum <"$file.f32" | cut -c1-64)" "$mono"),
"
done
cat >manifest.json <<EOF
{
 "producer": "$(ffmpeg -version | head -n 1 | cut -d' ' -f1-3); sox 14.4.2 for OGG",
 "command": "sh GoldenData/generate/audio/make_media.sh",
 "dtype": "float32 little-endian, interleaved; FILE.f32 native channels, FILE.mono.f32 one channel",
 "bound": {
  "metric": "largest absolute difference / largest absolute golden value",
  "losslessDB": -140,
  "losslessDerivation": "PCM, FLAC and ALAC up to 24 bits are exact in float32; mixing rounds twice at 2^-24 (-144 dB).",
  "lossyDB": -80,
  "lossyDerivation": "Decoders of one format may differ by their rounding: libvorbis and mpg123 against libavcodec, or one libavcodec build against another. The formats ask for 16-bit accuracy (-96 dB of full scale, -90 dB of these half-scale tones); -80 dB adds room for the few coefficients that are summed. A lag of one frame differs by more than -20 dB."
 },
 "cases": [
$(printf '%s' "$entries" | sed '$ s/,$//')
 ]
}
EOF
