"""The network of `mini`: EnCodec's 24 kHz architecture with few filters, as a Hugging Face model."""

from transformers import EncodecConfig, EncodecModel

SAMPLE_RATE = 24000
HOP = 320
BANDWIDTHS = [1.5, 3.0, 6.0]
CODEBOOKS_AT = {1.5: 2, 3.0: 4, 6.0: 8}


def configuration(filters: int, hidden: int) -> EncodecConfig:
    """Ratios 8-5-4-2 (75 frames a second), 8 codebooks of 1024, causal, weight norm."""
    return EncodecConfig(
        target_bandwidths=BANDWIDTHS, sampling_rate=SAMPLE_RATE, audio_channels=1, normalize=False,
        num_filters=filters, hidden_size=hidden, codebook_dim=hidden, upsampling_ratios=[8, 5, 4, 2],
        codebook_size=1024, norm_type="weight_norm", use_causal_conv=True, architectures=["EncodecModel"])


def new_model(filters: int, hidden: int) -> EncodecModel:
    return EncodecModel(configuration(filters, hidden))
