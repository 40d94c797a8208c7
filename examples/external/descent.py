"""A domain of Headstart in Python, without any package: gradient descent on a quadratic from two starts.

    headstart check examples/external/descent.toml
    headstart run --external examples/external/descent.toml --suite smoke --out runs/descent
    headstart report runs/descent
"""
import json
import random
import sys

DESCRIPTION = {
    "name": "descent",
    "question": "Is the lowest of five points worth its five evaluations?",
    "work_unit": "step",
    "value_label": "height",
    "budget": 200,
    "problems": [{"name": "bowl-10", "about": "a random separable quadratic in ten dimensions"}],
    "starts": [
        {"name": "anywhere", "about": "a random point of a cube"},
        {"name": "best-of-5", "about": "the lowest of five random points of the cube"},
    ],
    "metrics": [{"name": "distance", "about": "square root of the final height", "direction": "minimise"}],
    "claims": [
        {
            "id": "descent-1",
            "statement": "the lowest of five random points needs less work than one random point, its five evaluations included",
            "source": "an example",
            "registered": "2026-11-26",
            "start": "best-of-5",
            "rival": "anywhere",
            "margin": 1.1,
        }
    ],
}


def say(**line):
    # Flushed, because the harness measures time when a line arrives.
    print(json.dumps(line), flush=True)


def trial(request):
    # `instance` is the same seed for all starts of a replicate; `start` differs between starts.
    draw = random.Random(request["seeds"]["instance"])
    centre = [draw.uniform(-1, 1) for _ in range(10)]
    steepness = [draw.uniform(0.1, 1) for _ in range(10)]

    def height(x):
        return sum(k * (xi - c) ** 2 for xi, c, k in zip(x, centre, steepness))

    say(instance=[centre, steepness], target=1e-3)
    own = random.Random(request["seeds"]["start"])
    points = [[own.uniform(-4, 4) for _ in range(10)] for _ in range(5)]
    x, charge = (points[0], 0) if request["start"] == "anywhere" else (min(points, key=height), 5)
    say(made=x, charge=charge)
    # The harness also enforces the budget, by {"stop": true}. A program that stops at the budget need not read it.
    for step in range(int(request["budget"]) + 1):
        say(work=step, value=height(x))
        x = [xi - 0.4 * k * (xi - c) for xi, c, k in zip(x, centre, steepness)]
    say(metric="distance", value=height(x) ** 0.5)
    say(end=True)


request = json.loads(sys.stdin.readline())
if request["ask"] == "describe":
    print(json.dumps(DESCRIPTION))
else:
    trial(request)
