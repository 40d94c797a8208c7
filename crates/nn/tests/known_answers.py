"""Computes the values of known_answers.in with PyTorch in double precision and writes them. known_answers.rs reads them.

python known_answers.py   (an environment with torch: benchmarks/peers/nn makes one)
"""
import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
lines = []


def wave(*shape, phase=0.0, scale=1.0):
    n = math.prod(shape)
    return (scale * torch.sin(phase + 0.7 * torch.arange(n))).reshape(shape)


def note(name, *tensors):
    numbers = torch.cat([t.detach().reshape(-1) for t in tensors])
    lines.append(name + " " + " ".join(repr(float(x)) for x in numbers))


def pulled(name, y, x, dy):
    """Writes the output y and the gradient with respect to x for the output gradient dy."""
    (dx,) = torch.autograd.grad(y, x, dy)
    note(name, y)
    note(name + "-dx", dx)


x = wave(12, phase=0.3, scale=2.0).requires_grad_()
for name, f in {
    "relu": F.relu, "leaky": lambda x: F.leaky_relu(x, 0.2), "tanh": torch.tanh, "sigmoid": torch.sigmoid, "gelu": F.gelu,
    "silu": F.silu, "selu": F.selu, "elu": F.elu,
}.items():
    pulled(name, f(x), x, wave(12, phase=1.0))

# Channels last here, channels first there. Weights here are [height, width, in, out].
picture = wave(2, 5, 4, 3, phase=0.1).requires_grad_()
weight, bias = wave(3, 2, 3, 4, phase=0.5), wave(4, phase=0.2)
y = F.conv2d(picture.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1), bias, stride=2, padding=1).permute(0, 2, 3, 1)
pulled("conv", y, picture, wave(*y.shape, phase=2.0))
y = F.max_pool2d(picture.permute(0, 3, 1, 2), 2, stride=1).permute(0, 2, 3, 1)
pulled("max", y, picture, wave(*y.shape, phase=2.0))
y = F.avg_pool2d(picture.permute(0, 3, 1, 2), 3, stride=2, padding=1, count_include_pad=False).permute(0, 2, 3, 1)
pulled("average", y, picture, wave(*y.shape, phase=2.0))
norm = nn.BatchNorm2d(3)
norm.weight.data, norm.bias.data = wave(3, phase=0.4), wave(3, phase=0.9)
y = norm(picture.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
pulled("batch-norm", y, picture, wave(*y.shape, phase=2.0))
norm.eval()
note("batch-norm-running", norm(picture.permute(0, 3, 1, 2)).permute(0, 2, 3, 1))
y = F.layer_norm(picture, [3], wave(3, phase=0.4), wave(3, phase=0.9))
pulled("layer-norm", y, picture, wave(*y.shape, phase=2.0))

tokens = wave(2, 3, 4, phase=0.1).requires_grad_()
attention = nn.MultiheadAttention(4, 2, bias=True, batch_first=True)
parts = [wave(4, 4, phase=p) for p in (0.3, 0.6, 0.9, 1.2)]
biases = [wave(4, phase=p) for p in (0.4, 0.7, 1.0, 1.3)]
# Weights here are [in, out].
attention.in_proj_weight.data = torch.cat([part.T for part in parts[:3]])
attention.in_proj_bias.data = torch.cat(biases[:3])
attention.out_proj.weight.data, attention.out_proj.bias.data = parts[3].T.contiguous(), biases[3]
for name, mask in {"attention": None, "causal": torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)}.items():
    y, _ = attention(tokens, tokens, tokens, attn_mask=mask)
    pulled(name, y, tokens, wave(*y.shape, phase=2.0))

logits = wave(4, 3, phase=0.1, scale=3.0).requires_grad_()
values = wave(4, 3, phase=1.1)
for name, loss in {
    "mse": F.mse_loss(logits, values), "huber": F.huber_loss(logits, values, delta=0.7),
    "cross-entropy": F.cross_entropy(logits, torch.tensor([0, 2, 1, 1])),
}.items():
    (dx,) = torch.autograd.grad(loss, logits)
    note(name, loss, dx)

for name, make in {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1), "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05), "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.05),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.1),
}.items():
    w = wave(5, phase=0.5).requires_grad_()
    optimiser = make([w])
    for step in range(7):
        # The gradient of a quadratic, and something that changes.
        w.grad = (w.detach() * torch.arange(1.0, 6.0) + wave(5, phase=float(step)))
        optimiser.step()
    note(name, w)

Path(__file__).with_suffix(".in").write_text("\n".join(lines) + "\n")
