"""One run of a peer, in a separate process: peer.py LIBRARY MODEL OF BOND_DIMENSION HALF_SWEEPS RESIDUAL

Prints the peer's output, then one line of JSON: seconds and energies of its half-sweeps (TeNPy: of whole sweeps, halved).
"""
import io
import json
import os
import re
import sys
import tempfile
import warnings


def main():
    library, model, of, bond_dimension, half_sweeps, residual = sys.argv[1:]
    sides = {"tenpy": tenpy, "block2": block2, "block2-su2": block2_su2}
    run = sides[library](model, of, int(bond_dimension), int(half_sweeps), float(residual))
    print(json.dumps({**run, "peak_mib": peak_mib()}))


def tenpy(model, of, bond_dimension, half_sweeps, residual):
    warnings.simplefilter("ignore")
    from tenpy.algorithms.dmrg import TwoSiteDMRGEngine
    from tenpy.models.spins import SpinModel
    from tenpy.networks.mps import MPS

    assert model == "heisenberg"
    length = int(of)
    chain = SpinModel({"L": length, "S": 0.5, "Jx": 1.0, "Jy": 1.0, "Jz": 1.0, "bc_MPS": "finite", "conserve": "Sz"})
    psi = MPS.from_product_state(chain.lat.mps_sites(), ["up", "down"] * (length // 2), bc="finite")
    sweeps = half_sweeps // 2
    options = {
        "trunc_params": {"chi_max": bond_dimension, "svd_min": 1e-10},
        "max_sweeps": sweeps,
        "min_sweeps": sweeps,
        "mixer": None,
        "max_E_err": 0.0,
        "lanczos_params": {"P_tol": residual**2},
    }
    engine = TwoSiteDMRGEngine(psi, chain, options)
    engine.run()
    ends = [0.0, *engine.sweep_stats["time"]]
    seconds = [(b - a) / 2 for a, b in zip(ends, ends[1:]) for _ in range(2)]
    energies = [energy for energy in engine.sweep_stats["E"] for _ in range(2)]
    return {"seconds": seconds, "energies": energies, "discarded": engine.sweep_stats["max_trunc_err"]}


def block2(model, of, bond_dimension, half_sweeps, residual):
    from pyblock2.driver.core import SymmetryTypes

    return with_driver(SymmetryTypes.SZ if model == "fcidump" else SymmetryTypes.SGB, model, of, bond_dimension, half_sweeps, residual)


def block2_su2(model, of, bond_dimension, half_sweeps, residual):
    from pyblock2.driver.core import SymmetryTypes

    return with_driver(SymmetryTypes.SU2, model, of, bond_dimension, half_sweeps, residual)


def with_driver(symmetry, model, of, bond_dimension, half_sweeps, residual):
    from pyblock2.driver.core import DMRGDriver, MPOAlgorithmTypes

    with tempfile.TemporaryDirectory() as scratch:
        driver = DMRGDriver(scratch=scratch, symm_type=symmetry, n_threads=1, stack_mem=4 << 30)
        if model == "heisenberg":
            length = int(of)
            driver.initialize_system(n_sites=length, heis_twos=1, heis_twosz=0)
            terms = driver.expr_builder()
            for i in range(length - 1):
                terms.add_term("PM", [i, i + 1], 0.5)
                terms.add_term("MP", [i, i + 1], 0.5)
                terms.add_term("ZZ", [i, i + 1], 1.0)
            mpo = driver.get_mpo(terms.finalize(), iprint=0)
        else:
            driver.read_fcidump(filename=of, pg="c1", iprint=0)
            driver.initialize_system(n_sites=driver.n_sites, n_elec=driver.n_elec, spin=driver.spin)
            algorithm = MPOAlgorithmTypes.Conventional
            mpo = driver.get_qc_mpo(h1e=driver.h1e, g2e=driver.g2e, ecore=driver.ecore, algo_type=algorithm, iprint=0)
        ket = driver.get_random_mps(tag="KET", bond_dim=bond_dimension, nroots=1)
        words = captured(lambda: driver.dmrg(
            mpo, ket, n_sweeps=half_sweeps, bond_dims=[bond_dimension] * half_sweeps, noises=[0] * half_sweeps,
            thrds=[residual**2] * half_sweeps, tol=0, iprint=1, cutoff=1e-14,
        ))
        ends = [float(found) for found in re.findall(r"Time elapsed =\s*([0-9.eE+-]+)", words)]
        energies = [float(found) for found in re.findall(r"\| E =\s*([0-9.eE+-]+)", words)]
        discarded = [float(found) for found in re.findall(r"DW =\s*([0-9.eE+-]+)", words)]
        assert len(ends) == len(energies) == half_sweeps, words
        seconds = [b - a for a, b in zip([0.0, *ends], ends)]
        return {"seconds": seconds, "energies": energies, "discarded": discarded}


def captured(call):
    """Returns the output of a call, including output from C++."""
    sys.stdout.flush()
    saved = os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        try:
            call()
            sys.stdout.flush()
        finally:
            os.dup2(saved, 1)
            os.close(saved)
        file.seek(0)
        return io.TextIOWrapper(file).read()


def peak_mib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
