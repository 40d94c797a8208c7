"""Computes the molecules of this folder: integrals in canonical and in localised orbitals, full CI energies by spin and
irreducible representation. Needs PySCF (2.14.0) and NumPy; prints what it writes.

    pip install pyscf==2.14.0
    python3 data/dmrg/make.py [NAME ...]

Canonical orbitals are those of restricted (open-shell) Hartree-Fock in D2h or a subgroup, in the order of their energies.
Localised orbitals (Pipek and Mezey 1989) are made from the occupied, the open and the empty ones separately, so the
Hartree-Fock determinant stays one determinant. Where core orbitals are frozen, the manifest says so.
"""
import gzip
import sys
from pathlib import Path

import numpy
import pyscf
from pyscf import ao2mo, fci, gto, lo, scf, symm, tools
from scipy.optimize import linear_sum_assignment

HERE = Path(__file__).resolve().parent
ANGSTROM = "angstrom"
# Largest number of determinants of a full CI.
MOST = 2_000_000


def ring(symbol, count, distance):
    """A regular polygon with this distance between neighbours."""
    radius = distance / (2 * numpy.sin(numpy.pi / count))
    angles = 2 * numpy.pi * numpy.arange(count) / count
    return "; ".join(f"{symbol} {radius * numpy.cos(a):.10f} {radius * numpy.sin(a):.10f} 0" for a in angles)


def benzene():
    """Experimental geometry: C-C 1.397, C-H 1.084 angstrom."""
    return ring("C", 6, 1.397) + "; " + ring("H", 6, 1.397 + 1.084)


def naphthalene():
    """Regular hexagons of 1.40 angstrom, C-H 1.09."""
    a = 1.40
    x, y = a * numpy.sqrt(3) / 2, a / 2
    carbons = [(0, y), (0, -y)]
    hydrogens = []
    for side in (1, -1):
        carbons += [(side * x, 2 * y), (side * x, -2 * y), (side * 2 * x, y), (side * 2 * x, -y)]
        hydrogens += [(side * x, 2 * y + 1.09), (side * x, -2 * y - 1.09)]
        reach = 1.09 * numpy.array([numpy.sqrt(3) / 2, 0.5])
        hydrogens += [(side * (2 * x + reach[0]), y + reach[1]), (side * (2 * x + reach[0]), -y - reach[1])]
    atoms = [("C", c) for c in carbons] + [("H", h) for h in hydrogens]
    return "; ".join(f"{s} {p[0]:.10f} {p[1]:.10f} 0" for s, p in atoms)


# Name: geometry (angstrom), basis, charge, 2S of the Hartree-Fock reference, frozen core orbitals, active pi electrons
# (or none), description.
MOLECULES = {
    "n2-1.1": ("N 0 0 0; N 0 0 1.1", "sto-3g", 0, 0, 0, None, "N2 at 1.1 angstrom"),
    "n2-2.0": ("N 0 0 0; N 0 0 2.0", "sto-3g", 0, 0, 0, None, "N2 at 2.0 angstrom"),
    "n2-2.5": ("N 0 0 0; N 0 0 2.5", "sto-3g", 0, 0, 0, None, "N2 at 2.5 angstrom"),
    "c2-1.25": ("C 0 0 0; C 0 0 1.25", "sto-3g", 0, 0, 0, None, "C2 at 1.25 angstrom"),
    "c2-1.8": ("C 0 0 0; C 0 0 1.8", "sto-3g", 0, 0, 0, None, "C2 at 1.8 angstrom"),
    "f2-2.0": ("F 0 0 0; F 0 0 2.0", "sto-3g", 0, 0, 0, None, "F2 at 2.0 angstrom"),
    "co-1.8": ("C 0 0 0; O 0 0 1.8", "sto-3g", 0, 0, 0, None, "CO at 1.8 angstrom"),
    "cn-1.17": ("C 0 0 0; N 0 0 1.17", "sto-3g", 0, 1, 0, None, "CN at 1.17 angstrom"),
    "no-1.15": ("N 0 0 0; O 0 0 1.15", "sto-3g", 0, 1, 0, None, "NO at 1.15 angstrom"),
    "b2-1.6": ("B 0 0 0; B 0 0 1.6", "sto-3g", 0, 2, 0, None, "B2 at 1.6 angstrom"),
    "o2-1.21": ("O 0 0 0; O 0 0 1.21", "sto-3g", 0, 2, 0, None, "O2 at 1.21 angstrom"),
    "ch2": ("C 0 0 0; H 0 0.9877 0.4238; H 0 -0.9877 0.4238", "6-31g", 0, 2, 1, None, "CH2, 1.075 angstrom, 133.5 degrees"),
    "beh2": ("Be 0 0 0; H 0 0 1.33; H 0 0 -1.33", "6-31g", 0, 0, 1, None, "BeH2, linear, 1.33 angstrom"),
    "lih-1.6": ("Li 0 0 0; H 0 0 1.6", "6-31g", 0, 0, 0, None, "LiH at 1.6 angstrom"),
    "lih-3.5": ("Li 0 0 0; H 0 0 3.5", "6-31g", 0, 0, 0, None, "LiH at 3.5 angstrom"),
    "hf-2.0": ("H 0 0 0; F 0 0 2.0", "6-31g", 0, 0, 1, None, "HF at 2.0 angstrom"),
    "h2o": ("O 0 0 0; H 0 0.7572 0.5865; H 0 -0.7572 0.5865", "6-31g", 0, 0, 1, None, "H2O, 0.958 angstrom, 104.5 degrees"),
    "h4-square": (ring("H", 4, 1.23), "6-31g", 0, 0, 0, None, "square of 4 H atoms, 1.23 angstrom"),
    "h6-ring": (ring("H", 6, 1.5), "6-31g", 0, 0, 0, None, "ring of 6 H atoms, 1.5 angstrom"),
    "benzene-pi": (benzene(), "sto-3g", 0, 0, 0, 6, "benzene, pi electrons in pi orbitals"),
    "naphthalene-pi": (naphthalene(), "sto-3g", 0, 0, 0, 10, "naphthalene, pi electrons in pi orbitals"),
    "h2-dimer": ("H 0 0 0; H 0 0 0.7414; H 0 3.4 0; H 0 3.4 0.7414", "6-31g", 0, 0, 0, None, "two H2 molecules, 3.4 angstrom apart"),
    "be": ("Be 0 0 0", "6-31g*", 0, 0, 0, None, "Be atom"),
    "nh-1.04": ("N 0 0 0; H 0 0 1.04", "6-31g", 0, 2, 1, None, "NH at 1.04 angstrom"),
    "lif-3.0": ("Li 0 0 0; F 0 0 3.0", "sto-3g", 0, 0, 0, None, "LiF at 3.0 angstrom"),
}


# The potential curve of N2: bond lengths in angstrom.
CURVE = [1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4]


def mean_field(geometry, basis, charge, spin, density=None):
    """Restricted Hartree-Fock in D2h or a subgroup, from a density or, if there is none, the lowest of several runs."""
    mol = gto.M(atom=geometry, basis=basis, charge=charge, spin=spin, unit=ANGSTROM, symmetry=True, verbose=0)
    # Linear molecules and atoms have groups without labels in an FCIDUMP file.
    group = {"Dooh": "D2h", "SO3": "D2h", "Coov": "C2v"}.get(mol.groupname, mol.groupname)
    mol = gto.M(atom=geometry, basis=basis, charge=charge, spin=spin, unit=ANGSTROM, symmetry=group, verbose=0)
    best = None
    for guess in ("minao", "atom", "1e", "huckel") if density is None else ("minao",):
        field = scf.RHF(mol) if spin == 0 else scf.ROHF(mol)
        field.conv_tol, field.init_guess, field.max_cycle = 1e-12, guess, 300
        field.kernel(dm0=density)
        if not field.converged:
            field = field.newton()
            field.conv_tol = 1e-12
            field.kernel()
        if field.converged and (best is None or field.e_tot < best.e_tot - 1e-9):
            best = field
    return mol, best


def active(mol, field, frozen, pi):
    """Indices of frozen and active orbitals in the order of energies."""
    order = list(range(len(field.mo_energy)))
    if pi is None:
        return order[:frozen], order[frozen:]
    # Pi orbitals are odd under reflection in the plane z = 0.
    z = [label.split()[2].startswith("2pz") for label in mol.ao_labels()]
    weights = (field.get_ovlp() @ field.mo_coeff * field.mo_coeff)[z].sum(axis=0)
    inside = [i for i in order if weights[i] > 0.5]
    outside = [i for i in order if i not in inside and field.mo_occ[i] > 0]
    assert len(inside) == pi and sum(field.mo_occ[i] for i in inside) == pi, (len(inside), pi)
    return outside, inside


def integrals(mol, field, core, orbitals):
    """One- and two-electron integrals over these orbitals (columns), and the energy of the frozen ones."""
    density = 2 * core @ core.T
    hcore = field.get_hcore()
    potential = field.get_veff(mol, density) if core.shape[1] else numpy.zeros_like(hcore)
    if isinstance(potential, numpy.ndarray) and potential.ndim == 3:
        potential = potential[0]
    if core.shape[1]:
        vj, vk = scf.hf.get_jk(mol, density)
        potential = vj - 0.5 * vk
    constant = mol.energy_nuc() + numpy.einsum("ij,ji", hcore + 0.5 * potential, density)
    one = orbitals.T @ (hcore + potential) @ orbitals
    two = ao2mo.restore(8, ao2mo.kernel(mol, orbitals, compact=True), orbitals.shape[1])
    return one, two, float(constant)


def write(path, one, two, constant, electrons, ms2, labels):
    """Writes a gzip file without a time stamp, so that the same integrals give the same bytes."""
    raw = path.with_suffix("")
    tools.fcidump.from_integrals(str(raw), one, two, one.shape[0], electrons, constant, ms=ms2, orbsym=labels, tol=1e-13,
                                 float_format=" %.14g")
    data = raw.read_bytes()
    raw.unlink()
    with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=9) as packed:
        packed.write(data)


def full_ci(one, two, constant, electrons, ms2, labels):
    """The lowest energy of each irreducible representation and spin: {(2S, irrep): energy}, irreps as in the file."""
    n = one.shape[0]
    found = {}
    for twice_spin in range(electrons % 2, ms2 + 3, 2):
        alpha, beta = (electrons + twice_spin) // 2, (electrons - twice_spin) // 2
        if beta < 0 or alpha > n:
            continue
        size = fci.cistring.num_strings(n, alpha) * fci.cistring.num_strings(n, beta)
        assert size <= MOST, size
        for irrep in sorted(range(8)):
            solver = fci.direct_spin1_symm.FCI()
            solver.conv_tol, solver.max_cycle, solver.max_space, solver.pspace_size = 1e-12, 500, 30, 400
            solver = fci.addons.fix_spin_(solver, shift=0.5, ss=0.25 * twice_spin * (twice_spin + 2))
            try:
                energy, vector = solver.kernel(one, two, n, (alpha, beta), orbsym=numpy.array(labels) - 1, wfnsym=irrep,
                                               ecore=constant)
            except (RuntimeError, AssertionError, ValueError, IndexError, KeyError):
                continue
            spin_squared = fci.spin_op.spin_square0(vector, n, (alpha, beta))[0]
            if solver.converged and abs(spin_squared - 0.25 * twice_spin * (twice_spin + 2)) < 1e-4:
                found[twice_spin, irrep + 1] = float(energy)
    return found


def molpro(mol, field, orbitals):
    """Labels 1 to 8 of the orbitals, as FCIDUMP files have them (Molpro's order)."""
    names = symm.label_orb_symm(mol, mol.irrep_name, mol.symm_orb, orbitals)
    numbers = [symm.irrep_name2id(mol.groupname, name) for name in names]
    return [int(tools.fcidump.ORBSYM_MAP[mol.groupname][number]) for number in numbers]


def curve():
    """N2 along its bond, with orbitals in the order and with the signs of the first point, so that states can be passed on."""
    before = density = None
    for distance in CURVE:
        mol, field = mean_field(f"N 0 0 0; N 0 0 {distance}", "sto-3g", 0, 0, density)
        density = field.make_rdm1()
        orbitals = field.mo_coeff
        if before is not None:
            orbitals = matched(before, orbitals, field.get_ovlp())
        before = orbitals
        one, two, constant = integrals(mol, field, orbitals[:, :0], orbitals)
        labels = molpro(mol, field, orbitals)
        name = f"curve-n2-{distance:.1f}"
        write(HERE / f"{name}.fcidump.gz", one, two, constant, 14, 0, labels)
        energies = full_ci(one, two, constant, 14, 0, labels)
        print(f'[[curve]]\nname = "{name}"\nwhat = "N2 at {distance} angstrom, STO-3G, orbitals as at {CURVE[0]} angstrom"')
        print(f"orbitals = 10\nelectrons = 14\nrhf = {field.e_tot:.10f}")
        print(f"state = {{ twice_spin = 0, irrep = 1, energy = {energies[0, 1]:.10f} }}\n", flush=True)


def matched(before, orbitals, overlap):
    """The orbitals in the order and with the signs of those at a neighbouring geometry."""
    # Both sets refer to the same atomic orbitals; the overlap of one with the other tells which is which.
    overlap = before.T @ overlap @ orbitals
    rows, columns = linear_sum_assignment(-abs(overlap))
    return orbitals[:, columns] * numpy.sign(overlap[rows, columns])


def longer(geometry):
    """The geometry scaled so that its shortest distance is 0.1 angstrom longer."""
    atoms = [atom.split() for atom in geometry.split(";")]
    places = numpy.array([[float(x) for x in atom[1:]] for atom in atoms])
    shortest = min(numpy.linalg.norm(a - b) for i, a in enumerate(places) for b in places[:i])
    scaled = places * (1 + 0.1 / shortest)
    return "; ".join(f"{atom[0]} {p[0]:.10f} {p[1]:.10f} {p[2]:.10f}" for atom, p in zip(atoms, scaled))


def near():
    """Neighbouring points of the molecules' potential curves, with orbitals in the order and with the signs of the molecule."""
    for name, (geometry, basis, charge, spin, frozen, pi, what) in MOLECULES.items():
        if ";" not in geometry:
            continue
        mol, field = mean_field(geometry, basis, charge, spin)
        outside, inside = active(mol, field, frozen, pi)
        before, labels = field.mo_coeff[:, inside], molpro(mol, field, field.mo_coeff[:, inside])
        mol, field = mean_field(longer(geometry), basis, charge, spin, field.make_rdm1())
        outside, inside = active(mol, field, frozen, pi)
        core, orbitals = field.mo_coeff[:, outside], matched(before, field.mo_coeff[:, inside], field.get_ovlp())
        assert molpro(mol, field, orbitals) == labels, name
        electrons = int(round(sum(field.mo_occ[inside])))
        one, two, constant = integrals(mol, field, core, orbitals)
        write(HERE / f"{name}-near.fcidump.gz", one, two, constant, electrons, spin, labels)
        scaled = "all distances scaled, the shortest by 0.1 angstrom; orbitals as there"
        print(f'[[near]]\nname = "{name}-near"\nwhat = "{what}, {basis.upper()}; {scaled}"')
        print(f"orbitals = {len(inside)}\nelectrons = {electrons}\nfrozen = {len(outside)}\nrhf = {field.e_tot:.10f}\n", flush=True)


def main():
    numpy.set_printoptions(precision=10)
    names = sys.argv[1:] or [*MOLECULES, "curve", "near"]
    if "curve" in names:
        curve()
    if "near" in names:
        near()
    for name in names:
        if name in ("curve", "near"):
            continue
        geometry, basis, charge, spin, frozen, pi, what = MOLECULES[name]
        mol, field = mean_field(geometry, basis, charge, spin)
        outside, inside = active(mol, field, frozen, pi)
        core, orbitals = field.mo_coeff[:, outside], field.mo_coeff[:, inside]
        occupation = field.mo_occ[inside]
        electrons = int(round(sum(occupation)))
        one, two, constant = integrals(mol, field, core, orbitals)
        labels = molpro(mol, field, orbitals)
        write(HERE / f"{name}.fcidump.gz", one, two, constant, electrons, spin, labels)
        energies = full_ci(one, two, constant, electrons, spin, labels)
        local = localised(mol, orbitals, occupation)
        one, two, constant = integrals(mol, field, core, local)
        write(HERE / f"{name}-local.fcidump.gz", one, two, constant, electrons, spin, [1] * len(inside))
        (twice_spin, irrep), lowest = min(energies.items(), key=lambda item: item[1])
        print(f'[[molecule]]\nname = "{name}"\nwhat = "{what}, {basis.upper()}"')
        print(f"orbitals = {len(inside)}\nelectrons = {electrons}\nfrozen = {len(outside)}")
        print(f"rhf = {field.e_tot:.10f}\nstate = {{ twice_spin = {twice_spin}, irrep = {irrep}, energy = {lowest:.10f} }}")
        for (twice_spin, irrep), energy in sorted(energies.items(), key=lambda item: item[1]):
            print(f"# 2S = {twice_spin}, irrep {irrep}: {energy:.10f}")
        print(flush=True)


def localised(mol, orbitals, occupation):
    """Pipek-Mezey orbitals of the doubly occupied, the open and the empty ones, in this order."""
    parts = []
    for count in (2, 1, 0):
        chosen = orbitals[:, numpy.round(occupation) == count]
        if chosen.shape[1] > 1:
            plain = mol.copy()
            plain.symmetry = False
            worker = lo.PM(plain, chosen)
            worker.conv_tol, worker.verbose = 1e-12, 0
            chosen = worker.kernel()
            # A stationary point need not be a maximum.
            for _ in range(5):
                mo, stable = worker.stability(return_status=True)[:2] if hasattr(worker, "stability") else (chosen, True)
                if stable:
                    break
                chosen = worker.kernel(mo)
        parts.append(chosen)
    return numpy.hstack(parts)


if __name__ == "__main__":
    print(f"# PySCF {pyscf.__version__}, NumPy {numpy.__version__}", flush=True)
    main()
