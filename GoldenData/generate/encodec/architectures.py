"""The three published EnCodec architectures and small relatives of them, as Hugging Face configurations."""

from transformers import EncodecConfig

from formula import Formula

FULL24 = dict()
FULL48 = dict(
    target_bandwidths=[3.0, 6.0, 12.0, 24.0], sampling_rate=48000, audio_channels=2, normalize=True,
    chunk_length_s=1.0, overlap=0.01, norm_type="time_group_norm", use_causal_conv=False)
FULL32 = dict(
    target_bandwidths=[2.2], sampling_rate=32000, num_filters=64, upsampling_ratios=[8, 5, 4, 4],
    codebook_size=2048, use_causal_conv=False, use_conv_shortcut=False)

# 75 frames a second of 5 bits: 375 bit/s a codebook, so 1, 2 and 4 codebooks.
SMALL = dict(
    target_bandwidths=[0.375, 0.75, 1.5], num_filters=2, hidden_size=8, codebook_size=32)
# As at 48 kHz: 150 frames a second (of 5 bits: 750 bit/s a codebook), and chunks of 1200 samples = 150 frames of 8
# that overlap by 12 samples = 1.5 frames. (Overlap above one frame is what makes decoding some lengths fail.)
SMALL_STEREO = dict(
    target_bandwidths=[0.75, 1.5, 3.0], sampling_rate=1200, audio_channels=2, normalize=True, chunk_length_s=1.0,
    overlap=0.01, norm_type="time_group_norm", use_causal_conv=False, num_filters=4, upsampling_ratios=[4, 2],
    hidden_size=16, codebook_size=32)
# 50 frames a second of 6 bits: 300 bit/s a codebook.
SMALL_IDENTITY = dict(
    target_bandwidths=[1.2], sampling_rate=1000, num_filters=4, upsampling_ratios=[5, 4], hidden_size=16,
    codebook_size=64, use_causal_conv=False, use_conv_shortcut=False)

# What the published models leave at its default: several residual units with growing dilation, padding with zeros, a
# transposed convolution cut at both ends, one LSTM layer, other kernels. 62.5 frames a second of 5 bits, rounded up to
# 63: 315 bit/s a codebook.
SMALL_OPTIONS = dict(
    target_bandwidths=[0.315, 1.26], sampling_rate=1000, num_filters=4, upsampling_ratios=[4, 4], hidden_size=8,
    codebook_size=32, num_residual_layers=3, dilation_growth_rate=3, pad_mode="constant", trim_right_ratio=0.5,
    num_lstm_layers=1, compress=4, kernel_size=5, last_kernel_size=3, residual_kernel_size=5)
# The same in a centred model that repeats its edge values, with three LSTM layers.
SMALL_CENTRED = dict(SMALL_OPTIONS, use_causal_conv=False, trim_right_ratio=1.0, pad_mode="replicate",
                     num_lstm_layers=3, use_conv_shortcut=False, compress=1)

ARCHITECTURES = {
    "small": SMALL, "small_stereo": SMALL_STEREO, "small_identity": SMALL_IDENTITY,
    "small_options": SMALL_OPTIONS, "small_centred": SMALL_CENTRED,
    "full24": FULL24, "full48": FULL48, "full32": FULL32,
}


def configuration(name: str) -> EncodecConfig:
    """The configuration, with the key a checkpoint's config.json names its class by."""
    return EncodecConfig(**ARCHITECTURES[name], architectures=["EncodecModel"])
