"""Values of umap-learn 0.5.12 for crates/umap/tests/data."""
import numpy as np, warnings
warnings.filterwarnings("ignore")
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, nearest_neighbors
out = ""
with open(out + "curve.csv", "w") as f:
    f.write("min_dist,spread,a,b\n")
    for md, sp in [(0.1, 1.0), (0.0, 1.0), (0.25, 1.0), (0.5, 1.0), (0.8, 1.0), (0.99, 1.0), (0.1, 2.0), (0.5, 0.5)]:
        a, b = find_ab_params(sp, md)
        f.write(f"{md},{sp},{a:.17g},{b:.17g}\n")
rng = np.random.default_rng(2026)
x = np.concatenate([rng.normal(size=(120, 4)), 3 + 0.4 * rng.normal(size=(70, 4)), np.full((3, 4), 1.5), rng.normal(size=(7, 4)) + 8]).astype(np.float32)
x = np.round(x, 3).astype(np.float32)
np.savetxt(out + "points.csv", x, fmt="%.3f", delimiter=",")
from sklearn.metrics import pairwise_distances
d = np.sqrt(((x[:, None, :].astype(np.float64) - x[None, :, :]) ** 2).sum(-1))
for i in range(len(x)): d[i, i] = -1
idx = np.argsort(d, axis=1, kind="stable")[:, :15]
dist = np.take_along_axis(d, idx, 1); dist[:, 0] = 0
assert (idx[:, 0] == np.arange(len(x))).all()
for name, mix, lc in [("union", 1.0, 1.0), ("mixed", 0.5, 1.5)]:
    g, s, r = fuzzy_simplicial_set(x, 15, np.random.RandomState(0), "euclidean", knn_indices=idx.astype(np.int32), knn_dists=dist.astype(np.float32), set_op_mix_ratio=mix, local_connectivity=lc)
    g = g.tocsr(); g.sort_indices(); g = g.tocoo()
    with open(out + f"graph_{name}.csv", "w") as f:
        f.write("row,column,weight\n")
        for i, j, w in zip(g.row, g.col, g.data):
            if i < j: f.write(f"{i},{j},{w:.9g}\n")
    print(name, g.nnz)
    np.savetxt(out + f"bandwidths_{name}.csv", np.stack([r, s], 1), fmt="%.9g", delimiter=",", header="rho,sigma", comments="")
