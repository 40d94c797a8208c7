//! The curve and the fuzzy graph compared with umap-learn 0.5.12 (values from tests/data/README.md).

use headstart_umap::{Curve, Error, Graph, Metric, Neighbours, OutOfRange, bandwidths};
use ndarray::{Array2, array};

fn table(text: &str, skip: usize) -> Vec<Vec<f64>> {
    let lines = text.lines().skip(skip);
    lines.map(|line| line.split(',').map(|x| x.trim().parse().unwrap()).collect()).collect()
}

fn points() -> Array2<f32> {
    let rows = table(include_str!("data/points.csv"), 0);
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j] as f32)
}

#[test]
fn a_and_b_agree_with_umap_learn() {
    let rows = table(include_str!("data/curve.csv"), 1);
    assert_eq!(rows.len(), 8);
    for row in rows {
        let [min_dist, spread, a, b] = row[..] else { panic!("four columns") };
        let curve = Curve::fit(min_dist, spread).unwrap();
        assert!((curve.a - a).abs() < 1e-5 && (curve.b - b).abs() < 1e-5, "{min_dist} {spread}: {curve:?} {a} {b}");
    }
    let usual = Curve::fit(0.1, 1.0).unwrap();
    assert!((usual.a - 1.576_943).abs() < 1e-6 && (usual.b - 0.895_061).abs() < 1e-6);
    assert_eq!(usual.at(0.0), 1.0);
    assert!(matches!(Curve::fit(-0.1, 1.0), Err(Error::OutOfRange(OutOfRange { name: "min_dist", .. }))));
    assert!(matches!(Curve::fit(3.0, 1.0), Err(Error::OutOfRange(OutOfRange { name: "min_dist", .. }))));
    assert!(matches!(Curve::fit(0.1, 0.0), Err(Error::OutOfRange(OutOfRange { name: "spread", .. }))));
    assert!(matches!(Curve::fit(0.1, f64::NAN), Err(Error::OutOfRange(OutOfRange { name: "spread", .. }))));
}

/// The points form a dense and a sparse cluster, three copies of one point and a distant group.
#[test]
fn the_fuzzy_graph_agrees_with_umap_learn() {
    let neighbours = Neighbours::exact(points().view(), 15, Metric::Euclidean).unwrap();
    let cases = [
        (1.0, 1.0, include_str!("data/graph_union.csv"), include_str!("data/bandwidths_union.csv")),
        (0.5, 1.5, include_str!("data/graph_mixed.csv"), include_str!("data/bandwidths_mixed.csv")),
    ];
    for (mix, connectivity, edges, scales) in cases {
        let found = bandwidths(&neighbours, connectivity).unwrap();
        for (i, row) in table(scales, 1).iter().enumerate() {
            assert!((found.rho[i] - row[0]).abs() <= 1e-6 * row[0], "rho {i}: {} {row:?}", found.rho[i]);
            assert!((found.sigma[i] - row[1]).abs() <= 1e-5 * row[1], "sigma {i}: {} {row:?}", found.sigma[i]);
        }
        let graph = Graph::fuzzy(&neighbours, connectivity, mix).unwrap();
        let edges = table(edges, 1);
        assert_eq!(graph.entries(), 2 * edges.len());
        for edge in edges {
            let (i, j) = (edge[0] as usize, edge[1] as usize);
            for (i, j) in [(i, j), (j, i)] {
                let (_, weight) = graph.row(i).find(|(column, _)| *column as usize == j).unwrap();
                assert!((f64::from(weight) - edge[2]).abs() < 1e-5, "({i}, {j}): {weight} {}", edge[2]);
            }
        }
    }
}

#[test]
fn memberships_sum_to_the_logarithm() {
    let neighbours = Neighbours::exact(points().view(), 15, Metric::Euclidean).unwrap();
    let found = bandwidths(&neighbours, 1.0).unwrap();
    for (row, distances) in neighbours.distances().rows().into_iter().enumerate() {
        let over = |&d: &f32| (f64::from(d) - found.rho[row]).max(0.0);
        let sum: f64 = distances.iter().skip(1).map(|d| (-over(d) / found.sigma[row]).exp()).sum();
        assert!((sum - 15f64.log2()).abs() < 2e-5, "row {row}: {sum}");
    }
}

#[test]
fn mixes_follow_the_formula() {
    // 0 lists 1, 1 lists 2, 2 lists 1. All are nearest neighbours, so all memberships are 1 before mixing.
    let neighbours =
        Neighbours::given(array![[0, 1], [1, 2], [2, 1]], array![[0.0, 1.0], [0.0, 0.5], [0.0, 0.5]]).unwrap();
    let edges = |mix| -> Vec<Vec<(u32, f32)>> {
        let graph = Graph::fuzzy(&neighbours, 1.0, mix).unwrap();
        (0..3).map(|row| graph.row(row).collect()).collect()
    };
    assert_eq!(edges(1.0), [vec![(1, 1.0)], vec![(0, 1.0), (2, 1.0)], vec![(1, 1.0)]]);
    assert_eq!(edges(0.25), [vec![(1, 0.25)], vec![(0, 0.25), (2, 1.0)], vec![(1, 1.0)]]);
    assert_eq!(edges(0.0), [vec![], vec![(2, 1.0)], vec![(1, 1.0)]]);
    assert!(matches!(
        Graph::fuzzy(&neighbours, 1.0, 1.1),
        Err(Error::OutOfRange(OutOfRange { name: "set_operation_mix", .. }))
    ));
    assert!(matches!(
        Graph::fuzzy(&neighbours, 1.1, 1.0),
        Err(Error::OutOfRange(OutOfRange { name: "local_connectivity", .. }))
    ));
}

#[test]
fn weak_edges_are_pruned_and_components_found() {
    let neighbours = Neighbours::exact(points().view(), 15, Metric::Euclidean).unwrap();
    let graph = Graph::fuzzy(&neighbours, 1.0, 1.0).unwrap();
    let pruned = graph.pruned(10);
    assert!(pruned.entries() < graph.entries());
    let kept = (0..graph.len()).flat_map(|row| graph.row(row)).filter(|edge| edge.1 >= graph.largest() / 10.0).count();
    assert_eq!(pruned.entries(), kept);
    // A line of 5 points, followed by a line of 7.
    let line = |from: usize, to: usize, i: usize| if i + 1 < to { i + 1 } else { from.max(i - 1) } as u32;
    let next: Vec<u32> = (0..12).map(|i| if i < 5 { line(0, 5, i) } else { line(5, 12, i) }).collect();
    let indices = Array2::from_shape_fn((12, 2), |(i, j)| if j == 0 { i as u32 } else { next[i] });
    let distances = Array2::from_shape_fn((12, 2), |(_, j)| j as f32);
    let lines = Graph::fuzzy(&Neighbours::given(indices, distances).unwrap(), 1.0, 1.0).unwrap();
    let (labels, sizes) = lines.components();
    assert_eq!(sizes, [7, 5]);
    assert_eq!(labels, [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn constant_data_and_duplicates_have_a_graph() {
    let constant = Neighbours::exact(Array2::zeros((30, 3)).view(), 5, Metric::Euclidean).unwrap();
    let graph = Graph::fuzzy(&constant, 1.0, 1.0).unwrap();
    assert!((0..30).flat_map(|row| graph.row(row)).all(|edge| edge.1 == 1.0));
    assert_eq!(graph.components().1, [30]);
}
