"""Times crates/dmrg against TeNPy and block2 on the same problems, alternately. See README.md in this folder.

python3 benchmarks/peers/dmrg/run.py [--only NAME] [--repeats N] [--growth]
"""
import argparse
import math
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer_bench import Bench, build, call, row  # noqa: E402

BENCH = Bench(__file__)
OURS = "headstart-dmrg"
# Model, its size or file, bond dimension, half-sweeps, norm of the local residual, peers, exact energy.
PROBLEMS = {
    "heisenberg-64": ("heisenberg", "64", 128, 12, 1e-5, ["tenpy", "block2"], -28.175424859743188),
    "h10-lowdin": ("fcidump", "h10-lowdin.fcidump", 200, 12, 1e-5, ["block2", "block2-su2"], -5.4243853763326815),
    "h10-canonical": ("fcidump", "h10-canonical.fcidump", 200, 12, 1e-5, ["block2", "block2-su2"], -5.4243853763326815),
}
GROWTH = {
    "hubbard 16, U = 8": ("hubbard", "16", [50, 100, 200, 400, 800]),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(PROBLEMS), help="run only this problem")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; the median is reported (3)")
    parser.add_argument("--growth", action="store_true", help="run only Headstart, bond dimensions 50 to 800")
    options = parser.parse_args()
    program = build("headstart-dmrg", "timed")
    if options.growth:
        growth(program)
    else:
        compare(options, program, BENCH.environment())


def compare(options, program, python):
    results = {}
    for name in [options.only] if options.only else PROBLEMS:
        model, of, bond_dimension, half_sweeps, residual, peers, exact = PROBLEMS[name]
        if model == "fcidump" and not (BENCH.work / of).exists():
            call(program, "write-chain", "10", name.split("-")[1], BENCH.work / of)
        settings = [model, of, bond_dimension, half_sweeps, residual]
        sides = {OURS: [program, *settings]}
        sides.update({peer: [python, BENCH.here / "peer.py", peer, *settings] for peer in peers})
        runs = {side: [] for side in sides}
        for _ in range(options.repeats):
            for side, command in sides.items():
                runs[side].append(call(*command, cwd=BENCH.work))
                print(f"{name}, {side}: {sum(runs[side][-1]['seconds']):.2f} s", file=sys.stderr)
        results[name] = {side: summary(side_runs, exact) for side, side_runs in runs.items()}
        print(table(name, results[name]), flush=True)
    BENCH.write("results.json", results, rows(results))


def summary(runs, exact):
    middle = lambda measure: statistics.median(measure(run) for run in runs)
    return {
        "whole": middle(lambda run: sum(run["seconds"])),
        # In the last four half-sweeps every bond has its largest dimension.
        "half-sweep": middle(lambda run: statistics.median(run["seconds"][-4:])),
        "above": middle(lambda run: min(run["energies"]) - exact),
        "peak_mib": middle(lambda run: run["peak_mib"]),
        "runs": runs,
    }


def table(name, sides):
    lines = [f"\n### {name}\n", "| | whole s | half-sweep s | above the exact energy | peak MiB | whole / Headstart | half-sweep / Headstart |"]
    lines.append("|---|---|---|---|---|---|---|")
    ours = sides[OURS]
    for side, values in sides.items():
        ratios = [values[measure] / ours[measure] for measure in ("whole", "half-sweep")]
        lines.append(
            f"| {side} | {values['whole']:.2f} | {values['half-sweep']:.3f} | {values['above']:.1e} | {values['peak_mib']:.0f} "
            f"| {ratios[0]:.1f} | {ratios[1]:.1f} |"
        )
    return "\n".join(lines)


def rows(results):
    for name, sides in results.items():
        ours = sides[OURS]
        for peer, theirs in sides.items():
            if peer != OURS:
                quality = f"{ours['above']:.0e} against {theirs['above']:.0e} above the exact energy"
                times = theirs["half-sweep"] / ours["half-sweep"]
                yield row(f"half-sweep, {name}", peer, "s", ours["half-sweep"], theirs["half-sweep"], times, quality)


def growth(program):
    results = {}
    for name, (model, of, widths) in GROWTH.items():
        points = []
        for width in widths:
            # Only the bond dimension truncates, so that every bond has this dimension.
            made = call(program, model, of, width, 4, 1e-4, 0.0, cwd=BENCH.work)
            seconds = statistics.median(made["seconds"][-2:])
            points.append((width, seconds, made["work"], made["peak_mib"]))
            print(f"{name}, m = {width}: {seconds:.3f} s a half-sweep", file=sys.stderr)
        power = slope([(math.log(m), math.log(seconds)) for m, seconds, _, _ in points])
        results[name] = {"points": points, "power": power}
        print(f"\n### {name}\n\n| m | half-sweep s | peak MiB |\n|---|---|---|")
        print("\n".join(f"| {m} | {seconds:.3f} | {peak} |" for m, seconds, _, peak in points))
        print(f"\nSeconds of a half-sweep grow as m^{power:.2f} from {widths[0]} to {widths[-1]}.", flush=True)
    BENCH.write("growth.json", results)


def slope(points):
    """Returns the slope of the least-squares line."""
    mean = [statistics.mean(axis) for axis in zip(*points)]
    return sum((x - mean[0]) * (y - mean[1]) for x, y in points) / sum((x - mean[0]) ** 2 for x, _ in points)


if __name__ == "__main__":
    main()
