"""Small models of the design: forward, gradients, running statistics and one AdamW step, in both modes."""

import copy

import torch
from safetensors.torch import save_file

from networks import Autoencoder, Decoder, audio_encoder
from store import OUT, distance, save

BATCH = 24
OUTPUTS = ("bottleneck", "voxels", "video", "audio", "text")
STEP = {"lr": 1e-4, "weight_decay": 0.01}


def codes(books=3, frames=10, vocabulary=16):
    return {"codes": {"codebookCount": books, "frameCount": frames, "vocabularySize": vocabulary}}


def mel(bins=4, frames=65):
    return {"mel": {"binCount": bins, "frameCount": frames}}


def audio(form, design="convolution", **options):
    return {"format": form, "design": design, "tables": "perCodebook", "reshape": "permute", "embeddingWidth": 4,
            "scaleWidth": 6, "hiddenWidth": 9, "outputWidth": 5, "usesDropout": False, **options}


def decoder(form, head):
    return {"bottleneckWidth": 14, "trunkWidths": [20, 18, 16, 15], "videoCount": 9, "videoWidths": [10, 12],
            "audio": form, "audioHead": head, "audioWidths": [11, 10], "textCount": 8, "textWidths": [7, 6],
            "dropoutRate": 0}


def whole(encoder, form, head):
    return {
        "encoder": {
            "video": {"inputCount": 20, "widths": [12, 8, 6], "dropoutRates": [0.3, 0.3, 0.2]}, "audio": encoder,
            "text": {"inputCount": 10, "widths": [7, 4], "dropoutRates": [0.2, 0.2]}, "hiddenWidths": [18, 20],
            "bottleneckWidth": 14, "voxelCount": 11, "voxelHiddenWidth": 16, "usesDropout": False},
        "decoder": decoder(form, head),
    }


ENCODERS = {
    "audio_convolution": audio(codes()),
    "audio_seed_view": audio(codes(), reshape="seedView"),
    "audio_shared": audio(codes(), tables="shared"),
    "audio_mel": audio(mel(7, 9)),
    "audio_linear": audio(codes(), design="linear"),
    "audio_linear_mel": audio(mel(7, 9), design="linear"),
}
DECODERS = {
    "decoder_classes": decoder(codes(), {"classification": {}}),
    "decoder_factorized": decoder(codes(), {"factorizedClassification": {"width": 6}}),
    "decoder_mel_zero": decoder(mel(), {"mel": {"tail": "zero"}}),
    "decoder_mel_repeat": decoder(mel(4, 66), {"mel": {"tail": "repeatLast"}}),
    "decoder_mel_cut": decoder(mel(4, 61), {"mel": {"tail": "repeatLast"}}),
}
WHOLE = {
    "autoencoder_regression": whole(audio(codes()), codes(), {"regression": {}}),
    "autoencoder_python": whole(audio(codes(), design="linear"), codes(), {"regression": {}}),
}

# Cases that also hold gradients in evaluation mode and a step; the others would only repeat the same layers.
COMPLETE = {"audio_convolution", "audio_linear", "autoencoder_regression", "decoder_mel_zero"}

# A network may divide by a variance near 0, or stand so near a kink of ReLU that rounding decides which side it is on;
# then float32 is no fair test of anything. Such seeds are refused below, and another one stands here.
SEEDS = {name: 41 for name in ("decoder_mel_zero", "decoder_mel_repeat", "decoder_mel_cut", "autoencoder_regression")}


def audio_batch(form):
    if "mel" in form:
        return torch.randn(BATCH, form["mel"]["binCount"], form["mel"]["frameCount"]) * 8 - 40
    shape = form["codes"]
    return torch.randint(0, shape["vocabularySize"], (BATCH, shape["codebookCount"], shape["frameCount"]))


def double(values):
    return [v.double() if v.is_floating_point() else v for v in values]


def run(model, inputs, upstreams, mode):
    """All outputs after a backward pass of sum(output * upstream); floating-point inputs get gradients too."""
    for x in inputs:
        if x.is_floating_point():
            x.grad = None
            x.requires_grad_()
    model.train(mode == "train")
    model.zero_grad(set_to_none=True)
    outputs = model(*inputs)
    outputs = [o for o in (outputs if isinstance(outputs, tuple) else (outputs,)) if o is not None]
    sum((o * u).sum() for o, u in zip(outputs, upstreams)).backward()
    return outputs


def smallest_activation(model, inputs):
    """How near any normalised value, the input of a ReLU, comes to 0 in a training pass."""
    found = []
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.register_forward_hook(lambda _, __, y: found.append(y.abs().min().item()))
    model.train()(*inputs)
    return min(found)


def make_case(name, config, model, inputs, output_names):
    for key, buffer in model.named_buffers():
        if buffer.is_floating_point():
            buffer.copy_(torch.rand_like(buffer) + (0.5 if "var" in key else -0.5))
    arrays = {f"input.{k}": v for k, v in inputs.items()}
    model.eval()
    with torch.no_grad():
        outputs = model(*inputs.values())
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    # The bottleneck's own gradient is the decoder's business: no upstream for it.
    upstreams = [torch.randn_like(o) * (n != "bottleneck") for n, o in zip(output_names, outputs)]
    arrays.update({f"upstream.{n}": u for n, u in zip(output_names, upstreams) if n != "bottleneck"})
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / "model.safetensors")
    if name in ("audio_convolution", "autoencoder_python"):
        nested = {"epoch": 3, "model_state_dict": model.state_dict(), "best_val_loss": 0.5}
        torch.save(nested if name == "autoencoder_python" else model.state_dict(), folder / "model.pt")
    measured = {}
    for mode in ("train", "eval"):
        exact, single = copy.deepcopy(model).double(), copy.deepcopy(model)
        exact_inputs = double(v.detach() for v in inputs.values())
        found = run(exact, exact_inputs, double(upstreams), mode)
        rough = run(single, [v.detach().clone() for v in inputs.values()], upstreams, mode)
        arrays.update({f"{mode}.output.{n}": o for n, o in zip(output_names, found)})
        if mode == "train" or name in COMPLETE:
            arrays.update({f"{mode}.inputGradient.{k}": v.grad for k, v in zip(inputs, exact_inputs)
                           if k == "bottleneck"})
            arrays.update({f"{mode}.gradient.{k}": p.grad for k, p in exact.named_parameters()})
        idle = [k for k, p in exact.named_parameters() if p.grad.abs().max() < 1e-12]
        measured[mode] = {
            "outputs": max(distance(a, b) for a, b in zip(found, rough)),
            "gradients": max(distance(p.grad, q.grad) for (k, p), q in
                             zip(exact.named_parameters(), single.parameters()) if k not in idle)}
        if mode == "train":
            arrays.update({f"after.{k}": v for k, v in exact.named_buffers() if v.is_floating_point()})
            unstepped = idle
        if mode == "train" and name in COMPLETE:
            torch.optim.AdamW(exact.parameters(), **STEP).step()
            arrays.update({f"step.{k}": p for k, p in exact.named_parameters()})
    near = smallest_activation(copy.deepcopy(model).double(), double(inputs.values()))
    if max(measured[mode]["outputs"] for mode in measured) > 3e-6 or near < 1e-5:
        raise SystemExit(f"{name}: float32 moves PyTorch by {measured}, a ReLU is {near} from 0; choose another seed")
    save(name, arrays, {"configuration": config, "unstepped": unstepped, "step": STEP, "oracleFloat32": measured})


def make(name):
    torch.manual_seed(SEEDS.get(name, 40))
    if name in ENCODERS:
        config = ENCODERS[name]
        make_case(name, config, audio_encoder(config), {"audio": audio_batch(config["format"])}, ("audio",))
    elif name in DECODERS:
        config = DECODERS[name]
        make_case(name, config, Decoder(config), {"bottleneck": torch.randn(BATCH, 14)}, OUTPUTS[2:])
    else:
        config = WHOLE[name]
        inputs = {"video": torch.rand(BATCH, 20), "audio": audio_batch(config["encoder"]["audio"]["format"]),
                  "text": torch.randn(BATCH, 10)}
        make_case(name, config, Autoencoder(config), inputs, OUTPUTS)
