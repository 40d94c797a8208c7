"""Times crates/dmrg against TeNPy and block2 on the same problems, alternately. See README.md beside this file.

python3 benchmarks/peers/dmrg/run.py [--only NAME] [--repeats N] [--growth]
"""
import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
WORK = ROOT / "target" / "peers" / "dmrg"
OURS = "headstart-dmrg"
# Model, what of it, bond dimension, half-sweeps, norm of the local residual, who runs it, the exact energy.
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
    parser.add_argument("--only", choices=sorted(PROBLEMS), help="one problem instead of all")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each, of which the median counts (3)")
    parser.add_argument("--growth", action="store_true", help="our side alone, bond dimensions 50 to 800")
    options = parser.parse_args()
    program = build()
    if options.growth:
        growth(program)
    else:
        compare(options, program, environment())


def environment():
    """The interpreter of a virtual environment with what requirements.txt pins, made if it is not there."""
    python = WORK / "venv" / "bin" / "python"
    stamp = WORK / "venv" / "requirements.txt"
    wanted = (HERE / "requirements.txt").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return python


def build():
    """Our side, built."""
    command = ["cargo", "build", "--locked", "--release", "-p", "headstart-dmrg", "--example", "timed"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    WORK.mkdir(parents=True, exist_ok=True)
    return target / "release" / "examples" / "timed"


def run(command):
    """One process on one thread; the JSON that it ends with."""
    names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"]
    environ = {**os.environ, **{name: "1" for name in names}}
    command = [str(part) for part in command]
    output = subprocess.run(command, env=environ, cwd=WORK, check=True, capture_output=True, text=True)
    return json.loads(output.stdout.splitlines()[-1])


def compare(options, program, python):
    results = {}
    for name in [options.only] if options.only else PROBLEMS:
        model, of, bond_dimension, half_sweeps, residual, peers, exact = PROBLEMS[name]
        if model == "fcidump" and not (WORK / of).exists():
            subprocess.run([program, "write-chain", "10", name.split("-")[1], WORK / of], check=True)
        settings = [model, of, bond_dimension, half_sweeps, residual]
        sides = {OURS: [program, *settings]}
        sides.update({peer: [python, HERE / "peer.py", peer, *settings] for peer in peers})
        runs = {side: [] for side in sides}
        for _ in range(options.repeats):
            for side, command in sides.items():
                runs[side].append(run(command))
                print(f"{name}, {side}: {sum(runs[side][-1]['seconds']):.2f} s", file=sys.stderr)
        results[name] = {side: summary(side_runs, exact) for side, side_runs in runs.items()}
        print(table(name, results[name]), flush=True)
    write("results.json", results)


def summary(runs, exact):
    middle = lambda measure: statistics.median(measure(run) for run in runs)
    return {
        "whole": middle(lambda run: sum(run["seconds"])),
        # The last four half-sweeps, when every bond is as wide as it gets.
        "half-sweep": middle(lambda run: statistics.median(run["seconds"][-4:])),
        "above": middle(lambda run: min(run["energies"]) - exact),
        "peak_mib": middle(lambda run: run["peak_mib"]),
        "runs": runs,
    }


def table(name, sides):
    lines = [f"\n### {name}\n", "| | whole s | half-sweep s | above the exact energy | peak MiB | whole / ours | half-sweep / ours |"]
    lines.append("|---|---|---|---|---|---|---|")
    ours = sides[OURS]
    for side, values in sides.items():
        ratios = [values[measure] / ours[measure] for measure in ("whole", "half-sweep")]
        lines.append(
            f"| {side} | {values['whole']:.2f} | {values['half-sweep']:.3f} | {values['above']:.1e} | {values['peak_mib']:.0f} "
            f"| {ratios[0]:.1f} | {ratios[1]:.1f} |"
        )
    return "\n".join(lines)


def growth(program):
    results = {}
    for name, (model, of, widths) in GROWTH.items():
        points = []
        for width in widths:
            # Nothing is cut but by the bond dimension, so that every bond is as wide as it says.
            made = run([program, model, of, width, 4, 1e-4, 0.0])
            seconds = statistics.median(made["seconds"][-2:])
            points.append((width, seconds, made["work"], made["peak_mib"]))
            print(f"{name}, m = {width}: {seconds:.3f} s a half-sweep", file=sys.stderr)
        power = slope([(math.log(m), math.log(seconds)) for m, seconds, _, _ in points])
        results[name] = {"points": points, "power": power}
        print(f"\n### {name}\n\n| m | half-sweep s | peak MiB |\n|---|---|---|")
        print("\n".join(f"| {m} | {seconds:.3f} | {peak} |" for m, seconds, _, peak in points))
        print(f"\nSeconds of a half-sweep grow as m^{power:.2f} from {widths[0]} to {widths[-1]}.", flush=True)
    write("growth.json", results)


def slope(points):
    """Least squares."""
    mean = [statistics.mean(axis) for axis in zip(*points)]
    return sum((x - mean[0]) * (y - mean[1]) for x, y in points) / sum((x - mean[0]) ** 2 for x, _ in points)


def write(name, results):
    machine = {"processor": platform.processor() or platform.machine(), "threads": os.cpu_count()}
    path = WORK / name
    path.write_text(json.dumps({"machine": machine, "results": results}, indent=1))
    print(f"written to {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
