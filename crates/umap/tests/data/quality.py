"""Values in crates/umap/tests/quality.rs: scikit-learn 1.9, SciPy and NumPy on points.csv and graph_union.csv here."""
import numpy as np
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist, squareform
from scipy.stats import spearmanr
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

x = np.loadtxt("points.csv", delimiter=",", dtype=np.float32)
kept = x[np.r_[0:190, 193:200]]
plane = kept[:, :2] + np.float32(0.0137) * kept[:, 2:]
kept, plane = kept.astype(float), plane.astype(float)
for k in (5, 12):
    print(k, trustworthiness(kept, plane, n_neighbors=k), trustworthiness(plane, kept, n_neighbors=k))
near = [NearestNeighbors(n_neighbors=12).fit(t).kneighbors(return_distance=False) for t in (kept, plane)]
print("recall", sum(len(set(p) & set(q)) for p, q in zip(*near)), "of", 197 * 12)

x = np.loadtxt("points.csv", delimiter=",")
y, z = x[:, :2], x[:, 2:]
print("spearman", spearmanr(pdist(x), pdist(y)).statistic)
print("procrustes", procrustes(y, z)[2])
g = np.zeros((200, 200))
for line in open("graph_union.csv").read().split()[1:]:
    i, j, w = line.split(",")
    g[int(i), int(j)] = g[int(j), int(i)] = float(w)
a, b = 1.576943460405378, 0.8950608781227859
phi = 1 / (1 + a * (squareform(pdist(y)) ** 2) ** b)
apart = np.log(np.maximum(1 - phi, 1e-12))
degree = g.sum(1)
upper = np.triu_indices(200, 1)
print("cross-entropy", (-g * np.log(phi) - (1 - g) * apart)[upper].sum())
print("effective", (-g * np.log(phi) - 5 * (degree[:, None] + degree[None, :]) / 400 * apart)[upper].sum())
