"""Counts evaluations of crates/bfgs and of SciPy on 48 functions with the same x0. See README.md in this folder.

python3 benchmarks/peers/bfgs/evaluations.py
"""
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parents[3]
TOLERANCE = 1e-5
MOST = 15_000
PAIRS = {"bfgs": "BFGS", "lbfgs": "L-BFGS-B"}


class Served:
    """The functions of the example `serve`, evaluated by that program."""

    def __init__(self):
        build = ["cargo", "build", "--release", "--locked", "-p", "headstart-bfgs", "--example", "serve"]
        subprocess.run(build, cwd=ROOT, check=True, stdout=sys.stderr)
        program = ROOT / "target" / "release" / "examples" / "serve"
        self.program = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.program.stdin.write("list\n")
        self.program.stdin.flush()
        self.functions = [json.loads(self.program.stdout.readline()) for _ in range(48)]

    def __call__(self, x, member):
        self.program.stdin.write(f"{member} {' '.join(repr(float(v)) for v in x)}\n")
        self.program.stdin.flush()
        numbers = [float(v) for v in self.program.stdout.readline().split()]
        return numbers[0], np.array(numbers[1:])


def main():
    served = Served()
    print(f"SciPy {scipy.__version__}; evaluations to a largest gradient entry of {TOLERANCE:g}; `*`: not converged; higher: in another minimum")
    print("| function | n | BFGS here | SciPy's | L-BFGS here | SciPy's L-BFGS-B |\n|---|---|---|---|---|---|")
    ratios = {method: [] for method in PAIRS}
    failures = {side: 0 for method in PAIRS for side in (method, PAIRS[method])}
    for member, function in enumerate(served.functions):
        ends = {}
        for ours, theirs in PAIRS.items():
            options = {"gtol": TOLERANCE, "maxiter": MOST}
            if theirs == "L-BFGS-B":
                # Only the gradient ends a run, as here.
                options |= {"ftol": 0.0, "maxfun": MOST, "maxcor": 10}
            found = minimize(served, function["x0"], args=(member,), jac=True, method=theirs, options=options)
            slope = float(np.abs(found.jac).max())
            ends[ours] = function[ours]
            ends[theirs] = {"converged": slope <= TOLERANCE, "value": float(found.fun), "evaluations": found.nfev}
        best = min(end["value"] for end in ends.values())
        cells = []
        for side, end in ends.items():
            failures[side] += not end["converged"]
            mark = "" if end["converged"] else "*"
            # Another minimum is no failure.
            where = "" if end["value"] - best <= 1e-6 * max(1, abs(best)) else " (higher)"
            cells.append(f"{end['evaluations']}{mark}{where}")
        for ours, theirs in PAIRS.items():
            if ends[ours]["converged"] and ends[theirs]["converged"]:
                ratios[ours].append(ends[ours]["evaluations"] / ends[theirs]["evaluations"])
        print(f"| {function['name']} | {len(function['x0'])} | {' | '.join(cells)} |", flush=True)
    for ours, theirs in PAIRS.items():
        mean = math.exp(sum(map(math.log, ratios[ours])) / len(ratios[ours]))
        print(f"{theirs}: {len(ratios[ours])} functions solved by both, evaluations here / SciPy's {mean:.2f} (geometric mean); not converged {failures[ours]} here, {failures[theirs]} SciPy's")


if __name__ == "__main__":
    main()
