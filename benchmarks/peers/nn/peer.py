"""PyTorch's side: training steps a second of the networks of crates/nn/examples/throughput.rs, on one thread.

python peer.py NAME OPTIMISER SECONDS, with OPTIMISER one of fused, foreach, single. Prints a line of JSON.
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x):
        batch, tokens, width = x.shape
        parts = self.project(self.norm(x)).view(batch, tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return x + self.out(mixed.transpose(1, 2).reshape(batch, tokens, width))


class Feed(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.body = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, inner), nn.ReLU(), nn.Linear(inner, width))

    def forward(self, x):
        return x + self.body(x)


def network(name):
    if name == "mlp":
        layers = [nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)]
        return nn.Sequential(*layers), torch.rand(64, 64) * 2 - 1
    if name == "conv":
        first = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        second = [nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(512, 10)), torch.rand(32, 1, 16, 16) * 2 - 1
    body = nn.Sequential(Attention(32, 4), Feed(32, 64), nn.Flatten(), nn.Linear(512, 10))
    return body, torch.rand(32, 16, 32) * 2 - 1


def main():
    name, optimiser, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model, x = network(name)
    classes = torch.randint(0, 10, (len(x),))
    options = {"fused": {"fused": True}, "foreach": {"foreach": True}, "single": {"foreach": False}}[optimiser]
    adam = torch.optim.Adam(model.parameters(), lr=1e-4, **options)

    def steps(count):
        for _ in range(count):
            adam.zero_grad(set_to_none=True)
            loss = functional.cross_entropy(model(x), classes)
            loss.backward()
            adam.step()
        return loss.item()

    steps(100)
    start, done, loss = time.perf_counter(), 0, 0.0
    while time.perf_counter() - start < seconds:
        loss = steps(50)
        done += 50
    rate = done / (time.perf_counter() - start)
    print(json.dumps({"name": name, "batch": len(x), "steps_per_second": rate, "loss": loss}))


if __name__ == "__main__":
    main()
