"""Times crates/umap against umap-learn on the same data, alternately. See README.md in this folder.

python3 benchmarks/peers/umap/run.py [--only NAME] [--repeats N] [--large]
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer_bench import Bench, build, call, environ, row  # noqa: E402

BENCH = Bench(__file__)
CLUSTERS = 20
K = 15
# With more points, quality is measured on a sample of this size: the exact measures take n² log n.
SAMPLE = 5000
PROBLEMS = {"digits": None, "mixture-10k": (10_000, 50), "mixture-50k": (50_000, 50)}
LARGE = {**PROBLEMS, "mixture-200k": (200_000, 50), "mixture-1m": (1_000_000, 20)}
del LARGE["digits"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(PROBLEMS), action="append", help="run only this problem (may be repeated)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; the median is reported (3)")
    parser.add_argument("--large", action="store_true", help="run only Headstart, up to a million points")
    options = parser.parse_args()
    python = BENCH.environment()
    if not in_environment():
        os.execv(python, [str(python), *sys.argv])
    program = build("headstart-umap", "fit_npy")
    (large if options.large else compare)(options, program)


def in_environment():
    return Path(sys.prefix).resolve() == (BENCH.work / "venv").resolve()


def data_for(name, shape):
    """Returns the file of a problem's table; writes it if it does not exist."""
    import numpy as np

    path = BENCH.work / f"{name}.npy"
    if not path.exists():
        if shape is None:
            from sklearn.datasets import load_digits

            table = load_digits().data
        else:
            n, p = shape
            rng = np.random.default_rng(20)
            # Centres are as far apart as the clusters are wide, so that the neighbour graph is connected.
            centres = rng.standard_normal((CLUSTERS, p))
            table = centres[rng.integers(0, CLUSTERS, n)] + rng.standard_normal((n, p))
        np.save(path, np.ascontiguousarray(table, dtype=np.float32))
    return path


def ours(program, data, seed, threads):
    layout = BENCH.work / "ours.npy"
    return call(program, data, layout, seed, threads=threads), layout


class Peer:
    """A process with umap-learn that compiles all functions before the first timed run."""

    def __init__(self, threads):
        command = [sys.executable, BENCH.here / "peer.py"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=environ(threads), text=True, **pipes)

    def fit(self, data, seed):
        layout = BENCH.work / "peer.npy"
        request = {"data": str(data), "layout": str(layout), "seed": seed}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline()), layout


def quality(data, layout):
    """Returns trustworthiness and the share of preserved nearest neighbours at K, by the same code for both sides."""
    import numpy as np
    from sklearn.manifold import trustworthiness
    from sklearn.neighbors import NearestNeighbors

    x, y = np.load(data), np.load(layout)
    if len(x) > SAMPLE:
        kept = np.random.default_rng(0).choice(len(x), SAMPLE, replace=False)
        x, y = x[kept], y[kept]
    near = [NearestNeighbors(n_neighbors=K).fit(t).kneighbors(return_distance=False) for t in (x, y)]
    recall = sum(len(set(a) & set(b)) for a, b in zip(*near)) / (K * len(x))
    return {"trust": float(trustworthiness(x, y, n_neighbors=K)), "recall": recall}


STAGES = ["whole", "neighbours", "graph", "start", "descent"]


def compare(options, program):
    problems = {name: PROBLEMS[name] for name in options.only or PROBLEMS}
    peers = {1: Peer(1), 2: Peer(2)}
    sides = {
        "umap-learn, seeded, 1 thread": lambda data, seed: peers[1].fit(data, seed),
        "umap-learn, seeded, 2 threads": lambda data, seed: peers[2].fit(data, seed),
        "umap-learn, unseeded, 2 threads": lambda data, seed: peers[2].fit(data, None),
        "headstart-umap, 1 thread": lambda data, seed: ours(program, data, seed, 1),
        "headstart-umap, 2 threads": lambda data, seed: ours(program, data, seed, 2),
    }
    results = {}
    for name, shape in problems.items():
        data = data_for(name, shape)
        runs = {side: [] for side in sides}
        for seed in range(1, options.repeats + 1):
            for side, fit in sides.items():
                run, layout = fit(data, seed)
                runs[side].append({**run, **quality(data, layout)})
                print(f"{name}, {side}: {run['whole']:.2f} s", file=sys.stderr)
        results[name] = {side: summary(side_runs) for side, side_runs in runs.items()}
        print(table(name, results[name]), flush=True)
    BENCH.write("results.json", results, rows(results))


def summary(runs):
    middle = {stage: statistics.median(run[stage] for run in runs) for stage in STAGES}
    means = {measure: statistics.mean(run[measure] for run in runs) for measure in ("trust", "recall")}
    return {**middle, **means, "runs": runs}


def rows(results):
    """Pairs the sides. With a seed both are reproducible; umap-learn without a seed is faster on two threads."""
    pairs = [("1 thread", "seeded"), ("2 threads", "seeded"), ("2 threads", "unseeded")]
    for name, sides in results.items():
        for threads, kind in pairs:
            ours, theirs = sides[f"headstart-umap, {threads}"], sides[f"umap-learn, {kind}, {threads}"]
            quality = ", ".join(f"{ours[m]:.3f} against {theirs[m]:.3f} {m}" for m in ("trust", "recall"))
            times = theirs["whole"] / ours["whole"]
            yield row(f"fit, {name}, {threads}", f"umap-learn, {kind}", "s", ours["whole"], theirs["whole"], times, quality)


def table(name, sides):
    lines = [f"\n### {name}\n", "| | whole s | neighbours | graph | start | descent | trust | recall | times faster | without neighbours |"]
    lines.append("|---|---|---|---|---|---|---|---|---|---|")
    for side, values in sides.items():
        threads = side.split(", ")[-1]
        base = sides[f"umap-learn, seeded, {threads}"]
        rest = [other["whole"] - other["neighbours"] for other in (base, values)]
        seconds = " | ".join(f"{values[stage]:.3f}" for stage in STAGES)
        measures = f"{values['trust']:.4f} | {values['recall']:.4f}"
        ratios = f"{base['whole'] / values['whole']:.1f} | {rest[0] / rest[1]:.1f}"
        lines.append(f"| {side} | {seconds} | {measures} | {ratios} |")
    return "\n".join(lines)


def large(options, program):
    results = {}
    lines = ["| | whole s | neighbours | graph | start | descent | peak MiB |", "|---|---|---|---|---|---|---|"]
    for name, shape in LARGE.items():
        run, _ = ours(program, data_for(name, shape), 1, os.cpu_count())
        results[name] = run
        seconds = " | ".join(f"{run[stage]:.2f}" for stage in STAGES)
        lines.append(f"| {name} x {shape[1]} | {seconds} | {run['peak_mib']} |")
        print(lines[-1], file=sys.stderr)
    # Least squares of log seconds on log n.
    points = [(math.log(shape[0]), math.log(results[name]["whole"])) for name, shape in LARGE.items() if shape[1] == 50]
    mean = [statistics.mean(axis) for axis in zip(*points)]
    growth = sum((x - mean[0]) * (y - mean[1]) for x, y in points) / sum((x - mean[0]) ** 2 for x, _ in points)
    results["growth"] = growth
    print("\n".join(lines))
    print(f"\nSeconds grow as n^{growth:.2f} from 10,000 to 200,000 points of 50 columns, on {os.cpu_count()} threads.")
    BENCH.write("large.json", results)


if __name__ == "__main__":
    main()
