"""umap-learn behind a pipe: one request a line, one answer a line. run.py starts it."""
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
    """Adds what a function takes, without what it calls of other stages, to the stage's seconds."""
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
    # Both ways to find neighbours, seeded and not, so that all is compiled.
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
