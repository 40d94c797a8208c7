//! Mean ranks over problems, and which starts are not told apart.

use super::block::Block;
use crate::compare::ALPHA;
use crate::compare::pairs::{self, Cell};
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;
use headstart_stats::{self as stats, Friedman};

/// Under so many problems the laws of the tests are poor, and nothing is shown.
const FEWEST: usize = 6;

/// How starts rank over problems by what each problem ranks them by.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// The test that all do equally well, and the mean ranks.
    pub friedman: Friedman,
    /// Mean ranks that are this far apart differ, all pairs at once (Nemenyi at 0.05); for display.
    pub critical_difference: Option<f64>,
    /// Groups of starts that are not told apart, as places in the list of starts, best first (signed-rank over problems
    /// and Holm at 0.05); none where problems rank by different measures.
    pub cliques: Option<Vec<Vec<usize>>>,
    /// Whether so many problems can tell any pair of so many starts apart, whatever they say: the least two-sided p of N
    /// problems is 2^(1 - N), and Holm multiplies it by the number of pairs.
    pub can_tell: bool,
}

pub(super) fn ranking(info: &DomainInfo, block: &Block) -> Option<Ranking> {
    if block.studies.len() < FEWEST {
        return None;
    }
    let values: Vec<Vec<f64>> = block
        .studies
        .iter()
        .map(|study| {
            block.starts.iter().map(|start| typical_cost(info, &study.problem, study.cells.get(*start)?)).collect()
        })
        .collect::<Option<_>>()?;
    let friedman = stats::friedman(&values)?;
    let headlines: Vec<&Estimand> = block.studies.iter().map(|study| &study.problem.headline).collect();
    let p = if headlines.iter().all(|headline| matches!(headline, Estimand::Work { .. })) {
        stats::pairwise_p(&values, |a, b| (a / b).ln())
    } else if headlines.windows(2).all(|two| two[0] == two[1]) {
        stats::pairwise_p(&values, |a, b| a - b)
    } else {
        None
    };
    let (k, n) = (block.starts.len(), block.studies.len());
    let (pairs, least) = ((k * (k - 1) / 2) as f64, 2.0 * 0.5_f64.powf(n as f64));
    Some(Ranking {
        can_tell: pairs * least <= ALPHA,
        cliques: p.and_then(|p| stats::cliques(&friedman.mean_ranks, &p, ALPHA)),
        critical_difference: stats::critical_difference(k, n, ALPHA),
        friedman,
    })
}

/// What the replicates of a start come to by the problem's headline, smaller is better.
fn typical_cost(info: &DomainInfo, problem: &ProblemInfo, cell: &Cell) -> Option<f64> {
    let rows = || cell.rows.values();
    let costs: Vec<f64> = match &problem.headline {
        Estimand::Work { charged } => rows().map(|row| pairs::work_spent(row, *charged).work).collect(),
        Estimand::Final(metric) | Estimand::FinalRatio(metric) => {
            rows().map(|row| pairs::final_cost(row, metric, info)).collect()
        }
        estimand @ (Estimand::Success | Estimand::Rate(_)) => {
            let reached = rows().filter(|row| pairs::succeeded(row, estimand)).count();
            return Some(-(reached as f64) / cell.rows.len() as f64);
        }
    };
    stats::median(&costs)
}
