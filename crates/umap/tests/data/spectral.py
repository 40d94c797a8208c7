"""spectral.csv: eigenvectors 2 to 4 of the normalised Laplacian of graph_union.csv, by NumPy's dense solver.

Also prints the overlap of these with the two columns of umap-learn 0.5.12's `spectral_layout`, which misses the lowest
one at its tolerance of 1e-4.
"""
import numpy as np
import scipy.sparse
from umap.spectral import spectral_layout

g = np.zeros((200, 200))
for line in open("graph_union.csv").read().split()[1:]:
    i, j, w = line.split(",")
    g[int(i), int(j)] = g[int(j), int(i)] = float(w)
degree = g.sum(1)
values, vectors = np.linalg.eigh(np.eye(200) - g / np.sqrt(np.outer(degree, degree)))
np.savetxt("spectral.csv", vectors[:, 1:4], fmt="%.9g", delimiter=",")
print("eigenvalues", values[:5])
layout = spectral_layout(None, scipy.sparse.coo_matrix(g), 2, np.random.RandomState(0))
print("overlap of umap-learn's columns with eigenvectors 1 to 4", np.abs(vectors[:, :4].T @ layout).round(6).tolist())
