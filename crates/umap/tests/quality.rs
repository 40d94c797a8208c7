//! Metrics compared with scikit-learn 1.9, with formulas in Python on the points of tests/data, and with values by
//! hand.

use headstart_umap::quality::{
    Reference, continuity, cross_entropy, effective_loss, neighbour_recall, procrustes, spearman, triplet_accuracy,
    trustworthiness,
};
use headstart_umap::{Curve, Error, Graph};
use ndarray::{Array2, Axis, array, s};

fn points() -> Array2<f32> {
    let rows = include_str!("data/points.csv").lines();
    let rows: Vec<Vec<f32>> = rows.map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect();
    headstart_umap::from_rows(&rows).unwrap()
}

/// The points without the three copies of one point, whose ties scikit-learn orders at random, and a plane without tied
/// distances.
fn without_copies() -> (Array2<f32>, Array2<f32>) {
    let kept: Vec<usize> = (0..200).filter(|i| !(190..193).contains(i)).collect();
    let data = points().select(Axis(0), &kept);
    let layout = Array2::from_shape_fn((197, 2), |(i, axis)| data[[i, axis]] + 0.0137 * data[[i, axis + 2]]);
    (data, layout)
}

#[test]
fn local_quality_agrees_with_scikit_learn() {
    let (data, layout) = without_copies();
    for (k, trust, cont) in
        [(5, 0.882_367_792_012_462_1, 0.956_796_390_298_928_4), (12, 0.897_616_914_786_219_1, 0.952_745_903_776_062)]
    {
        assert!((trustworthiness(data.view(), layout.view(), k).unwrap() - trust).abs() < 1e-12);
        assert!((continuity(data.view(), layout.view(), k).unwrap() - cont).abs() < 1e-12);
    }
    assert_eq!(neighbour_recall(data.view(), layout.view(), 12).unwrap(), 973.0 / 2364.0);
    assert_eq!(neighbour_recall(data.view(), data.view(), 12).unwrap(), 1.0);
    assert_eq!(trustworthiness(data.view(), data.view(), 12).unwrap(), 1.0);
}

#[test]
fn spearman_and_procrustes_agree_with_scipy() {
    let data = points();
    let (first, last) = (data.slice(s![.., ..2]), data.slice(s![.., 2..]));
    let found = spearman(Reference::Points(data.view()), first).unwrap();
    assert!((found - 0.935_203_241_036_326_2).abs() < 1e-6, "{found}");
    let found = procrustes(first, last).unwrap();
    assert!((found - 0.270_745_778_223_636_05).abs() < 1e-6, "{found}");
}

#[test]
fn losses_agree_with_the_formulas() {
    let edges: Vec<(u32, u32, f32)> = include_str!("data/graph_union.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut parts = line.split(',');
            let mut next = || parts.next().unwrap();
            (next().parse().unwrap(), next().parse().unwrap(), next().parse().unwrap())
        })
        .collect();
    let graph = Graph::from_edges(200, &edges).unwrap();
    let (data, curve) = (points(), Curve { a: 1.576_943_460_405_378, b: 0.895_060_878_122_785_9 });
    let layout = data.slice(s![.., ..2]);
    let found = cross_entropy(&graph, layout, curve).unwrap();
    assert!((found / 5_561.985_567_758_391 - 1.0).abs() < 1e-6, "{found}");
    let found = effective_loss(&graph, layout, curve, 5).unwrap();
    assert!((found / 1_324.296_779_306_588_4 - 1.0).abs() < 1e-6, "{found}");
}

#[test]
fn a_distance_matrix_gives_the_same_result_as_points() {
    let data = points();
    let layout = data.slice(s![.., ..2]);
    let matrix = Array2::from_shape_fn((200, 200), |(i, j)| {
        (&data.row(i) - &data.row(j)).mapv(|d| f64::from(d).powi(2)).sum().sqrt() as f32
    });
    let (points, matrix) = (Reference::Points(data.view()), Reference::Distances(matrix.view()));
    let (a, b) = (spearman(points, layout).unwrap(), spearman(matrix, layout).unwrap());
    assert!((a - b).abs() < 1e-6, "{a} {b}");
    let (a, b) = (triplet_accuracy(points, layout, 20_000, 1), triplet_accuracy(matrix, layout, 20_000, 1));
    assert!((a.unwrap() - b.unwrap()).abs() < 1e-3);
}

#[test]
fn sampled_triplets_agree_with_all_triplets() {
    let data = points();
    let all = |layout: &Array2<f32>| {
        // Every triplet of different points, without ties in the data.
        let squared = |table: &Array2<f32>, i: usize, j: usize| -> f64 {
            table.row(i).iter().zip(table.row(j)).map(|(&x, &y)| (f64::from(x) - f64::from(y)).powi(2)).sum()
        };
        let (mut agreed, mut judged) = (0u32, 0u32);
        for i in 0..200 {
            let given: Vec<f64> = (0..200).map(|j| squared(&data, i, j)).collect();
            let found: Vec<f64> = (0..200).map(|j| squared(layout, i, j)).collect();
            for j in (0..200).filter(|&j| j != i) {
                for k in (0..j).filter(|&k| k != i && given[j] != given[k]) {
                    judged += 1;
                    agreed += u32::from(given[j].total_cmp(&given[k]) == found[j].total_cmp(&found[k]));
                }
            }
        }
        f64::from(agreed) / f64::from(judged)
    };
    let layout = data.slice(s![.., ..2]).to_owned();
    let sampled = triplet_accuracy(Reference::Points(data.view()), layout.view(), 200_000, 3).unwrap();
    // Five standard deviations of 200,000 draws.
    assert!((sampled - all(&layout)).abs() < 5.0 * 0.5 / 200_000f64.sqrt(), "{sampled} {}", all(&layout));
    assert_eq!(triplet_accuracy(Reference::Points(data.view()), data.view(), 1000, 3).unwrap(), 1.0);
}

#[test]
fn ties_share_their_rank_and_reversal_is_minus_one() {
    // Distances between the points of a line at 0, 1, 3 are 1, 2, 3; the reference has them in reverse order.
    let line = array![[0.0f32], [1.0], [3.0]];
    let reverse = array![[0.0f32, 3.0, 1.0], [3.0, 0.0, 2.0], [1.0, 2.0, 0.0]];
    assert_eq!(spearman(Reference::Distances(reverse.view()), line.view()).unwrap(), -1.0);
    // Ranks 0.5, 0.5, 2 against 0, 1, 2.
    let tied = array![[0.0f32, 1.0, 4.0], [1.0, 0.0, 1.0], [4.0, 1.0, 0.0]];
    let found = spearman(Reference::Distances(tied.view()), line.view()).unwrap();
    // Distances of the line in the order (1,0), (2,0), (2,1) are 1, 3, 2; of the matrix 1, 4, 1.
    assert!((found - 1.5 / (2.0f64 * 1.5).sqrt()).abs() < 1e-12, "{found}");
}

#[test]
fn rotated_reflected_and_scaled_layouts_have_zero_disparity() {
    let layout = points().slice(s![.., ..2]).to_owned();
    let turned = Array2::from_shape_fn((200, 2), |(i, axis)| {
        let (x, y) = (layout[[i, 0]], layout[[i, 1]]);
        [3.0 * (0.6 * x + 0.8 * y) + 1.0, 3.0 * (0.8 * x - 0.6 * y) - 7.0][axis]
    });
    assert!(procrustes(layout.view(), turned.view()).unwrap() < 1e-10);
}

#[test]
fn undefined_measures_are_refused() {
    let data = points();
    let flat = Array2::<f32>::zeros((200, 2));
    let error = spearman(Reference::Points(data.view()), flat.view()).unwrap_err();
    assert!(matches!(error, Error::Constant { what: "the distances of the layout", .. }));
    assert!(matches!(procrustes(flat.view(), flat.view()), Err(Error::Constant { .. })));
    assert!(matches!(triplet_accuracy(Reference::Points(flat.view()), data.view(), 9, 1), Err(Error::Constant { .. })));
    assert!(matches!(trustworthiness(data.view(), data.view(), 100), Err(Error::TooFew { n: 200, least: 200, .. })));
    assert!(matches!(neighbour_recall(data.view(), data.view(), 0), Err(Error::OutOfRange(_))));
    let short = data.slice(s![..9, ..]);
    assert!(matches!(trustworthiness(data.view(), short, 5), Err(Error::Shape { .. })));
    assert!(matches!(spearman(Reference::Points(data.view()), short), Err(Error::Shape { .. })));
    assert!(matches!(
        spearman(Reference::Points(data.slice(s![..2, ..])), data.slice(s![..2, ..])),
        Err(Error::TooFew { .. })
    ));
}
