"""scipy.optimize.minimize as a domain of Headstart: does BFGS benefit from a few steps of Nelder-Mead?

    headstart check examples/external/scipy_minimize.toml
"""
import json
import sys

import numpy as np
from scipy.optimize import minimize, rosen, rosen_der

DESCRIPTION = {
    "name": "scipy",
    "question": "Does BFGS on Rosenbrock's function benefit from 50 evaluations of Nelder-Mead before it?",
    "work_unit": "evaluation",
    "value_label": "f",
    "budget": 2000,
    "problems": [{"name": "rosenbrock-10", "about": "Rosenbrock's function in ten dimensions, from random points of a cube", "hard": True}],
    "starts": [
        {"name": "anywhere", "about": "a random point of the cube"},
        {"name": "simplex-50", "about": "the best point of 50 evaluations of Nelder and Mead's simplex from that point"},
    ],
}


class Stop(Exception):
    """The budget is spent."""


def say(**line):
    print(json.dumps(line), flush=True)


def trial(request):
    x = np.random.default_rng(request["seeds"]["instance"]).uniform(-2, 2, 10)
    say(instance="rosenbrock-10", target=1e-6)
    charge = 0
    if request["start"] == "simplex-50":
        before = minimize(rosen, x, method="Nelder-Mead", options={"maxfev": 50})
        x, charge = before.x, before.nfev
    say(made=x.tolist(), charge=charge)
    work = 0
    best = float("inf")

    def counted(x):
        nonlocal work, best
        work += 1
        best = min(best, rosen(x))
        say(work=work, value=best)
        if work >= request["budget"]:
            raise Stop
        return rosen(x), rosen_der(x)

    try:
        minimize(counted, x, jac=True, method="BFGS")
    except Stop:
        pass
    say(end=True)


request = json.loads(sys.stdin.readline())
if request["ask"] == "describe":
    print(json.dumps(DESCRIPTION))
else:
    trial(request)
