"""PyTorch's side of a curve of iterative magnitude pruning, on one thread: crates/lottery/examples/levels.rs in PyTorch.

python pruning_peer.py OPTIMISER SAMPLES.csv, with OPTIMISER one of fused, foreach. Gradients and weights are masked after
every step. Prints a line of JSON: training steps a second, and for each level the share kept and the accuracy.
"""
import copy
import json
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

LEVELS, STEPS, BATCH, RATE = 16, 600, 64, 1.2e-3


def main():
    optimiser, path = sys.argv[1], sys.argv[2]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    table = numpy.loadtxt(path, delimiter=",", dtype=numpy.float32)
    judged = torch.tensor(table[:, -1] == 1)
    x, classes = torch.tensor(table[:, :-2]), torch.tensor(table[:, -2].astype(numpy.int64))
    x_train, y_train, x_test, y_test = x[~judged], classes[~judged], x[judged], classes[judged]
    model = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 50), nn.ReLU(), nn.Linear(50, 10))
    for layer in model[::2]:
        nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
    initial = copy.deepcopy(model.state_dict())
    weights = [layer.weight for layer in model[::2]]
    masks = [torch.ones_like(weight) for weight in weights]
    rates = [0.2, 0.2, 0.1]
    levels, start = [], time.perf_counter()
    for _ in range(LEVELS):
        model.load_state_dict(initial)
        with torch.no_grad():
            for weight, mask in zip(weights, masks):
                weight.mul_(mask)
        adam = torch.optim.Adam(model.parameters(), lr=RATE, **{optimiser: True})
        for _ in range(STEPS):
            chosen = torch.randint(0, len(x_train), (BATCH,))
            adam.zero_grad(set_to_none=True)
            functional.cross_entropy(model(x_train[chosen]), y_train[chosen]).backward()
            with torch.no_grad():
                for weight, mask in zip(weights, masks):
                    weight.grad.mul_(mask)
                adam.step()
                for weight, mask in zip(weights, masks):
                    weight.mul_(mask)
        with torch.no_grad():
            accuracy = (model(x_test).argmax(1) == y_test).float().mean().item()
            kept = sum(int(mask.sum()) for mask in masks) / sum(mask.numel() for mask in masks)
            levels.append([round(kept, 4), round(accuracy, 4)])
            for weight, mask, rate in zip(weights, masks, rates):
                sizes = weight.abs().flatten()
                sizes[mask.flatten() == 0] = float("inf")
                cut = round(rate * int(mask.sum()))
                mask.view(-1)[sizes.argsort()[:cut]] = 0
    seconds = time.perf_counter() - start
    print(json.dumps({"steps_per_second": LEVELS * STEPS / seconds, "levels": levels}))


if __name__ == "__main__":
    main()
