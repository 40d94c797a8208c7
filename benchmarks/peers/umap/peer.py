"""Runs umap-learn behind a pipe: one request per line, one answer per line. run.py starts it."""
import json
import sys
import time
import warnings

import numpy as np
import umap
import umap.umap_ as inside

warnings.filterwarnings("ignore")
SECONDS = {}
STAGES = ("neighbours", "graph", "start", "descent")
DEPTH = []


def timed(module, function, stage):
    """Adds the time of a function, without that of other stages inside it, to the seconds of a stage."""
    inner = getattr(module, function)

    def outer(*args, **kwargs):
        clock = time.perf_counter()
        DEPTH.append(0.0)
        try:
            return inner(*args, **kwargs)
        finally:
            taken = time.perf_counter() - clock
            SECONDS[stage] = SECONDS.get(stage, 0.0) + taken - DEPTH.pop()
            if DEPTH:
                DEPTH[-1] += taken

    setattr(module, function, outer)


# Up to 4096 points umap-learn computes all distances first.
timed(inside, "pairwise_distances", "neighbours")
timed(inside, "nearest_neighbors", "neighbours")
timed(inside, "fuzzy_simplicial_set", "graph")
timed(inside, "spectral_layout", "start")
timed(inside, "optimize_layout_euclidean", "descent")


def fit(table, seed):
    SECONDS.clear()
    clock = time.perf_counter()
    layout = umap.UMAP(random_state=seed).fit_transform(table)
    whole = time.perf_counter() - clock
    return layout, {"whole": whole, **{stage: SECONDS.get(stage, 0.0) for stage in STAGES}}


def main():
    # Compiles all functions: both ways to find neighbours, with and without a seed.
    for n in (500, 5000):
        for seed in (1, None):
            fit(np.random.default_rng(0).standard_normal((n, 10)).astype(np.float32), seed)
    for line in sys.stdin:
        request = json.loads(line)
        layout, seconds = fit(np.load(request["data"]), request["seed"])
        np.save(request["layout"], layout)
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main()
