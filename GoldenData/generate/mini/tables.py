"""The tables of the model card, as Markdown."""

KINDS = {"speech": "speech", "music": "music", "env": "environment"}
HEAD = ("| kind | kbps | SI-SDR dB | STOI | ESTOI | mel distance dB | multi-resolution STFT |\n"
        "|---|---|---|---|---|---|---|")


def cell(value, digits: int) -> str:
    return "not measurable" if value is None else f"{value:.{digits}f}"


def metric_cells(row: dict) -> str:
    parts = (("si_sdr", 2), ("stoi", 3), ("estoi", 3), ("mel", 2), ("stft", 3))
    return " | ".join(cell(row[name], digits) for name, digits in parts)


def kind_rows(label: str, found: dict) -> list:
    return [f"| {label} ({found['items']}) | {bandwidth} | {metric_cells(row)} |"
            for bandwidth, row in found["bandwidths"].items()]


def quality(result: dict) -> str:
    lines = [HEAD]
    for kind, label in KINDS.items():
        lines += kind_rows(label, result["held_out"][kind])
    if "unseen_speech" in result:
        lines += kind_rows("speech of shared/audio", result["unseen_speech"])
    return "\n".join(lines)


def codebooks(result: dict) -> str:
    """Use of the codes on all held-out excerpts, and entropies by kind."""
    everything = result["held_out_all"]
    lines = [f"| codebook | used of 1024 ({everything['frames']} frames) | entropy, bits | "
             + " | ".join(f"{label}, bits" for label in KINDS.values()) + " |", "|---" * 6 + "|"]
    for index, (share, bits) in enumerate(zip(everything["usage"], everything["entropy_bits"])):
        by_kind = " | ".join(f"{result['held_out'][kind]['entropy_bits'][index]:.2f}" for kind in KINDS)
        lines.append(f"| {index + 1} | {100 * share:.1f} % | {bits:.2f} | {by_kind} |")
    return "\n".join(lines)


def inversion(result: dict) -> str:
    lines = ["| held-out speech, 3 clips of 3 s | SI-SDR dB | STOI | ESTOI | mel distance dB | multi-resolution STFT |",
             "|---|---|---|---|---|---|"]
    return "\n".join(lines + [f"| {name} | {metric_cells(row)} |" for name, row in result["griffin_lim"].items()])


def markdown(result: dict) -> str:
    return "\n\n".join([quality(result), codebooks(result), inversion(result)])
