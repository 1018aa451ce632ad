"""Every layer: forward, gradients, running statistics; losses; one optimiser step; the learning-rate trace."""

import copy
import math
import warnings

import torch
from torch import nn
import torch.nn.functional as F

from store import distance, save


def modules():
    """Key, module, input shape (PyTorch's order) and mode."""
    yield "linear", nn.Linear(13, 7), (5, 13), "train"
    yield "linear_rows", nn.Linear(6, 9), (3, 4, 6), "train"
    yield "linear_one", nn.Linear(1, 1), (1, 1), "train"
    for kernel in (3, 5, 7):
        yield f"conv_k{kernel}", nn.Conv1d(6, 5, kernel, padding=kernel // 2), (3, 6, 17), "train"
    yield "conv_stride2", nn.Conv1d(4, 7, 4, stride=2, padding=1), (2, 4, 11), "train"
    yield "conv_stride3", nn.Conv1d(3, 2, 2, stride=3), (4, 3, 13), "train"
    yield "conv_short", nn.Conv1d(3, 4, 5, padding=2), (2, 3, 1), "train"
    yield "conv_pointwise", nn.Conv1d(5, 3, 1), (1, 5, 9), "train"
    yield "transposed_up", nn.ConvTranspose1d(6, 6, 4, stride=2, padding=1), (3, 6, 8), "train"
    yield "transposed_gap", nn.ConvTranspose1d(3, 5, 2, stride=3), (2, 3, 5), "train"
    yield "transposed_one", nn.ConvTranspose1d(2, 3, 5, stride=1, padding=2), (2, 2, 1), "train"
    yield "norm_train", nn.BatchNorm1d(6), (9, 6), "train"
    yield "norm_two_rows", nn.BatchNorm1d(5), (2, 5), "train"
    yield "norm_time_train", nn.BatchNorm1d(4), (3, 4, 7), "train"
    yield "norm_eval", nn.BatchNorm1d(6), (9, 6), "eval"
    yield "norm_one_eval", nn.BatchNorm1d(3), (1, 3), "eval"
    yield "relu", nn.ReLU(), (4, 9), "train"
    yield "sigmoid", nn.Sigmoid(), (4, 9), "train"
    for length, out in ((9, 1), (9, 4), (8, 4), (3, 5)):
        yield f"max_pool_{length}_{out}", nn.AdaptiveMaxPool1d(out), (2, 5, length), "train"
        yield f"average_pool_{length}_{out}", nn.AdaptiveAvgPool1d(out), (2, 5, length), "train"


def run(module, x, upstream, mode):
    module.train(mode == "train")
    x = x.clone().requires_grad_(x.is_floating_point())
    y = module(x)
    y.backward(upstream.to(y.dtype))
    return x, y


def layer_cases(arrays):
    cases = []
    for key, module, shape, mode in modules():
        x = torch.randn(shape)
        if key == "sigmoid":
            x[0, :4] = torch.tensor([-90.0, 90.0, 0.0, -20.0])
        if key == "norm_two_rows":
            x *= 0.003  # else both rows become exactly +-1 and every gradient vanishes
        if key == "relu":
            x[0, :3] = torch.tensor([0.0, -0.0, 1e-30])
        for name, buffer in module.named_buffers():
            if buffer.is_floating_point():
                buffer.copy_(torch.rand_like(buffer) + 0.5)
        for parameter in module.parameters():
            parameter.data = torch.randn_like(parameter) * 0.5
        before = {f"{key}.state.{n}": v.clone() for n, v in module.state_dict().items()}
        double = copy.deepcopy(module).double()
        upstream = torch.randn(double.eval()(x.double()).shape)
        single = copy.deepcopy(module)
        double = copy.deepcopy(module).double()
        xd, yd = run(double, x.double(), upstream.double(), mode)
        xs, ys = run(single, x, upstream, mode)
        arrays.update(before)
        arrays.update({f"{key}.after.{n}": v for n, v in double.state_dict().items() if "running" in n or "num_" in n})
        arrays.update({f"{key}.gradient.{n}": p.grad for n, p in double.named_parameters()})
        arrays.update({f"{key}.input": x, f"{key}.output": yd, f"{key}.upstream": upstream,
                       f"{key}.inputGradient": xd.grad})
        cases.append({"key": key, "shape": list(shape), "mode": mode,
                      "oracleFloat32": {"output": distance(yd, ys), "inputGradient": distance(xd.grad, xs.grad)}})
    return cases


def embedding_case(arrays):
    module = nn.Embedding(11, 4)
    codes = torch.randint(0, 11, (3, 6))
    codes[0, :2] = torch.tensor([0, 10])
    upstream = torch.randn(3, 6, 4)
    double = copy.deepcopy(module).double()
    y = double(codes)
    y.backward(upstream.double())
    arrays.update({"embedding.state.weight": module.weight, "embedding.codes": codes, "embedding.output": y,
                   "embedding.upstream": upstream, "embedding.gradient.weight": double.weight.grad})


def dropout_case(arrays):
    """The mask is drawn here; only its use is compared."""
    x, upstream = torch.randn(40, 50, requires_grad=True), torch.randn(40, 50)
    y = F.dropout(x, 0.3, training=True)
    y.backward(upstream)
    arrays.update({"dropout.input": x, "dropout.mask": (y / x).round(decimals=4), "dropout.output": y,
                   "dropout.upstream": upstream, "dropout.inputGradient": x.grad})


def loss_cases(arrays):
    prediction, target = torch.randn(4, 6) * 2, torch.randn(4, 6) * 2
    prediction[0, 0] = target[0, 0]
    prediction[0, 1] = target[0, 1] + 1
    arrays.update({"loss.prediction": prediction, "loss.target": target})
    for key, loss in (("meanSquared", F.mse_loss), ("smoothL1", F.smooth_l1_loss)):
        p = prediction.double().requires_grad_()
        value = loss(p, target.double())
        value.backward()
        arrays.update({f"loss.{key}.value": value, f"loss.{key}.gradient": p.grad})
    logits = torch.randn(3, 2, 5, 16) * 3
    logits[0, 0, 0] = 0
    logits[0, 0, 1, 3] = 200.0
    targets = torch.randint(0, 16, (3, 2, 5))
    l = logits.double().requires_grad_()
    value = F.cross_entropy(l.reshape(-1, 16), targets.reshape(-1))
    value.backward()
    each = [F.cross_entropy(l[:, q].reshape(-1, 16), targets[:, q].reshape(-1)) for q in range(2)]
    match = [(l[:, q].argmax(-1) == targets[:, q]).double().mean() for q in range(2)]
    arrays.update({"loss.logits": logits, "loss.codes": targets, "loss.entropy.value": value,
                   "loss.entropy.gradient": l.grad, "loss.entropy.each": torch.stack(each),
                   "loss.entropy.match": torch.stack(match)})


def optimiser_cases(arrays):
    start = torch.randn(7, 5)
    gradients = [torch.randn(7, 5) * s for s in (1.0, 0.3, 5.0)]
    gradients[0][0, 0] = 0
    arrays["optimiser.start"] = start
    arrays["optimiser.gradients"] = torch.stack(gradients)
    cases = []
    settings = (("adam", torch.optim.Adam, {}), ("adam_decay", torch.optim.Adam, {"weight_decay": 0.1}),
                ("adamw", torch.optim.AdamW, {"weight_decay": 0.0}),
                ("adamw_decay", torch.optim.AdamW, {"weight_decay": 0.1, "betas": (0.8, 0.95), "eps": 1e-4}))
    for key, kind, options in settings:
        p = nn.Parameter(start.double())
        optimiser = kind([p], lr=0.01, **options)
        for count, gradient in enumerate(gradients, start=1):
            p.grad = gradient.double()
            optimiser.step()
            if count in (1, 3):
                arrays[f"optimiser.{key}.after{count}"] = p.detach().clone()
        arrays[f"optimiser.{key}.first"] = optimiser.state[p]["exp_avg"]
        arrays[f"optimiser.{key}.second"] = optimiser.state[p]["exp_avg_sq"]
        betas = options.get("betas", (0.9, 0.999))
        cases.append({"key": key, "decay": "coupled" if kind is torch.optim.Adam else "decoupled",
                      "weightDecay": options.get("weight_decay", 0.0), "beta1": betas[0], "beta2": betas[1],
                      "epsilon": options.get("eps", 1e-8), "learningRate": 0.01})
    for key, bound in (("clipped", 1.0), ("whole", 1000.0)):
        a, b = nn.Parameter(torch.zeros(7, 5).double()), nn.Parameter(torch.zeros(3).double())
        a.grad, b.grad = gradients[2].double().clone(), torch.tensor([3.0, -4.0, 12.0]).double()
        norm = nn.utils.clip_grad_norm_([a, b], bound)
        arrays.update({f"clip.{key}.norm": norm, f"clip.{key}.first": a.grad, f"clip.{key}.second": b.grad})
    return cases


def schedule_trace(rate, start, minimum, warm, total, hinge):
    """The optimiser's rate after 0 ... total steps, by PyTorch's schedulers."""
    warnings.simplefilter("ignore")
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=rate)
    down = torch.optim.lr_scheduler.CosineAnnealingLR
    up = torch.optim.lr_scheduler.LinearLR
    trace = []
    if hinge == "full":
        first = up(optimiser, start_factor=start / rate, total_iters=warm)
        schedule = torch.optim.lr_scheduler.SequentialLR(
            optimiser, [first, down(optimiser, total - warm, eta_min=minimum)], milestones=[warm])
        for _ in range(total + 1):
            trace.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            schedule.step()
        return trace
    # As the Python system: two schedulers on one optimiser; the step that would end the warm-up starts the cosine.
    first = up(optimiser, start_factor=start / rate, total_iters=warm)
    second = down(optimiser, total - warm, eta_min=minimum)
    for step in range(1, total + 2):
        trace.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        (first if step < warm else second).step()
    return trace


def schedules():
    result = []
    for hinge in ("full", "early"):
        for rate, start, minimum, warm, total in ((1e-3, 1e-5, 1e-6, 470, 2350), (3e-4, 1e-5, 0.0, 5, 23)):
            trace = schedule_trace(rate, start, minimum, warm, total, hinge)
            steps = sorted({0, 1, 2, warm // 10, warm - 2, warm - 1, warm, warm + 1, (total + warm) // 2,
                            1363 if total > 1363 else total - 3, total - 1, total})
            result.append({"hinge": hinge, "rate": rate, "start": start, "minimum": minimum, "warm": warm,
                           "total": total, "steps": steps, "rates": [trace[s] for s in steps]})
    return result


def make():
    torch.manual_seed(20)
    arrays = {}
    cases = layer_cases(arrays)
    embedding_case(arrays)
    dropout_case(arrays)
    loss_cases(arrays)
    optimisers = optimiser_cases(arrays)
    save("layers", arrays, {"cases": cases, "optimisers": optimisers, "schedules": schedules()})
