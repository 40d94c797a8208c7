//! The starts of this domain.

use std::rc::Rc;

use headstart_domain::{Result, Role, Setup, Start as DomainStart};
use serde::Serialize;

use super::LotteryDomain;
use super::instance::{Experiment, Instance};
use crate::prune::Scope;
use crate::{Mapping, Mask, Plan, Ticket, controls, imp, one_shot, saliency};

/// The initial mask and weights.
#[derive(Serialize)]
pub struct InitialNetwork {
    /// The mask; without one, nothing is cut.
    pub mask: Option<Mask>,
    /// All parameters before masking.
    pub weights: Vec<f32>,
    /// Whether the mask is the reference for overlaps.
    #[serde(skip)]
    pub is_reference: bool,
}

pub(super) const STARTS: &[DomainStart<LotteryDomain>] = &[
    DomainStart::new(
        "random-mask",
        "random mask with as many weights in each layer as the own ticket keeps",
        |i: &Instance, setup| {
            let model = i.target.model()?;
            let mask = controls::random(model.layers(), &i.keep(&*model)?, setup.stream())?;
            masked(i, mask)
        },
    ),
    DomainStart::new("dense", "the dense network: upper reference", |i: &Instance, _| {
        Ok(InitialNetwork { mask: None, weights: i.weights.clone(), is_reference: false })
    })
    .role(Role::Oracle),
    DomainStart::new(
        "ticket",
        "own ticket: iterative magnitude pruning of this network from these initial weights",
        |i: &Instance, setup| Ok(InitialNetwork { is_reference: true, ..masked(i, own(i, setup)?.mask.clone())? }),
    ),
    DomainStart::new(
        "other-ticket",
        "the fair ceiling: mask of this network's ticket from other initial weights",
        |i: &Instance, setup| {
            let mask = setup.shared("other ticket", |stream| {
                let mut model = i.target.model()?;
                let weights = model.draw(stream);
                bill(imp(&mut *model, &weights, &Plan::rounds(i.rounds), stream)?)
            })?;
            masked(i, mask.mask.clone())
        },
    ),
    // Controls for the ticket's weights: this start drops them, the next one drops their magnitudes.
    DomainStart::new(
        "re-init",
        "own ticket's mask on redrawn weights (Frankle and Carbin 2019)",
        |i: &Instance, setup| {
            let mask = own(i, setup)?.mask.clone();
            anew(i, mask, setup)
        },
    )
    .role(Role::Control),
    DomainStart::new(
        "sign-constant",
        "own ticket with the signs of its weights and one magnitude per layer (Zhou et al. 2019)",
        |i: &Instance, setup| {
            let mask = own(i, setup)?.mask.clone();
            let weights = controls::constant_sizes(&i.weights, i.target.model()?.layers());
            Ok(InitialNetwork { mask: Some(mask), weights, is_reference: true })
        },
    )
    .role(Role::Control),
    DomainStart::new(
        "ticket-shuffle",
        "control: own ticket's mask shuffled so that every unit keeps its numbers of weights",
        |i: &Instance, setup| {
            let mask = own(i, setup)?.mask.clone();
            masked(i, controls::shuffled(&mask, i.target.model()?.layers(), setup.stream()))
        },
    )
    .role(Role::Control),
    DomainStart::new(
        "transferred",
        "mask of the source architecture's ticket, on the weights of this network",
        |i: &Instance, setup| masked(i, carried(i, setup, &Mapping::SameIndex)?),
    )
    .needs_truth(),
    DomainStart::new("transferred-re-init", "the transferred mask on redrawn weights", |i: &Instance, setup| {
        let mask = carried(i, setup, &Mapping::SameIndex)?;
        anew(i, mask, setup)
    })
    .needs_truth()
    .role(Role::Control),
    DomainStart::new(
        "transferred-weights",
        "the transferred mask with the initial weights of the source's ticket",
        |i: &Instance, setup| {
            let mut begin = masked(i, carried(i, setup, &Mapping::SameIndex)?)?;
            source_weights(i, setup, &mut begin.weights)?;
            Ok(begin)
        },
    )
    .needs_truth(),
    DomainStart::new(
        "transferred-signs",
        "the transferred mask; this network's magnitudes of weights with the source's signs",
        |i: &Instance, setup| {
            let mut begin = masked(i, carried(i, setup, &Mapping::SameIndex)?)?;
            let mut signs = i.weights.clone();
            source_weights(i, setup, &mut signs)?;
            begin.weights = controls::with_signs(&i.weights, &signs);
            Ok(begin)
        },
    )
    .needs_truth(),
    DomainStart::new(
        "degree-shuffle",
        "control: the transferred mask shuffled so that every unit keeps its numbers of weights",
        |i: &Instance, setup| {
            let mask = carried(i, setup, &Mapping::SameIndex)?;
            masked(i, controls::shuffled(&mask, i.target.model()?.layers(), setup.stream()))
        },
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new(
        "relabelled",
        "control: the transferred mask with the channels of every position permuted separately in each layer",
        |i: &Instance, setup| {
            let mask = carried(i, setup, &Mapping::SameIndex)?;
            masked(i, controls::relabelled(&mask, i.target.model()?.layers(), setup.stream()))
        },
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new(
        "renamed",
        "control: the transferred mask with the channels between layers permuted in the same way on both sides",
        |i: &Instance, setup| {
            let mask = carried(i, setup, &Mapping::SameIndex)?;
            masked(i, controls::renamed(&mask, i.target.model()?.layers(), setup.stream()))
        },
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new(
        "layer-reversed",
        "control: the transferred mask with the order of its layers reversed",
        |i: &Instance, setup| masked(i, controls::reversed(&carried(i, setup, &Mapping::SameIndex)?)),
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new(
        "other-task",
        "control: mask of a source that learned another map with the same bias",
        |i: &Instance, setup| {
            let mask = ticket_of(i, setup, "other task", i.other.as_ref())?;
            masked(i, Mapping::SameIndex.transfer(&mask.mask, i.target.model()?.layers())?)
        },
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new(
        "wrong-bias",
        "control: mask of a source that learned a map coupled in the other direction",
        |i: &Instance, setup| {
            let mask = ticket_of(i, setup, "wrong bias", i.wrong.as_ref())?;
            masked(i, Mapping::SameIndex.transfer(&mask.mask, i.target.model()?.layers())?)
        },
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new(
        "transferred-cyclic",
        "layer l takes the mask of layer l mod 4 of the source",
        |i: &Instance, setup| masked(i, carried(i, setup, &Mapping::Cyclic)?),
    )
    .needs_truth(),
    DomainStart::new(
        "transferred-depth-ratio",
        "layer l takes the mask of layer floor(l / 2) of the source",
        |i: &Instance, setup| masked(i, carried(i, setup, &Mapping::DepthRatio)?),
    )
    .needs_truth(),
    DomainStart::new(
        "transferred-blocks",
        "every pair of source layers serves two pairs: 0 1 0 1 2 3 2 3",
        |i: &Instance, setup| masked(i, carried(i, setup, &Mapping::blocks("0 1 | 0 1 | 2 3 | 2 3")?)?),
    )
    .needs_truth(),
    DomainStart::new(
        "snip",
        "the weights to which the initial loss is most sensitive (Lee et al. 2019)",
        |i: &Instance, setup| {
            let mut model = i.target.model()?;
            let keep = i.keep(&*model)?.iter().sum();
            let (mask, cost) = saliency::snip(&mut *model, &i.weights, keep, setup.stream())?;
            setup.charge(cost);
            masked(i, mask)
        },
    ),
    DomainStart::new(
        "synflow",
        "the weights that would carry the largest flow (Tanaka et al. 2020)",
        |i: &Instance, setup| {
            let mut model = i.target.model()?;
            let keep = i.keep(&*model)?.iter().sum();
            let (mask, cost) = saliency::synflow(&mut *model, &i.weights, keep)?;
            setup.charge(cost);
            masked(i, mask)
        },
    ),
    DomainStart::new("magnitude-at-init", "the largest initial weights of each layer", |i: &Instance, _| {
        let model = i.target.model()?;
        masked(i, saliency::magnitude(&*model, &i.weights, &i.keep(&*model)?)?)
    }),
    DomainStart::new("one-shot", "pruned once after one training", |i: &Instance, setup| {
        let mut model = i.target.model()?;
        let (mask, cost) = one_shot(&mut *model, &i.weights, &Plan::rounds(i.rounds), setup.stream())?;
        setup.charge(cost as f64);
        masked(i, mask)
    }),
    DomainStart::new("global-ticket", "own ticket, pruned over all layers together", |i: &Instance, setup| {
        let plan = Plan { scope: Scope::Global, ..Plan::rounds(i.rounds) };
        let mut model = i.target.model()?;
        let ticket = imp(&mut *model, &i.weights, &plan, setup.stream())?;
        setup.charge(ticket.steps as f64);
        masked(i, ticket.mask)
    }),
];

/// The mask on the network's initial weights.
fn masked(instance: &Instance, mask: Mask) -> Result<InitialNetwork> {
    Ok(InitialNetwork { mask: Some(mask), weights: instance.weights.clone(), is_reference: false })
}

/// The mask on redrawn weights.
fn anew(instance: &Instance, mask: Mask, setup: &mut Setup) -> Result<InitialNetwork> {
    let weights = instance.target.model()?.draw(setup.stream());
    Ok(InitialNetwork { mask: Some(mask), weights, is_reference: false })
}

fn bill(ticket: Ticket) -> Result<(Ticket, f64)> {
    let steps = ticket.steps as f64;
    Ok((ticket, steps))
}

/// The target's own ticket, shared by the starts of a replicate.
fn own(instance: &Instance, setup: &mut Setup) -> Result<Rc<Ticket>> {
    setup.shared("own ticket", |stream| {
        let mut model = instance.target.model()?;
        bill(imp(&mut *model, &instance.weights, &Plan::rounds(instance.rounds), stream)?)
    })
}

/// The ticket of another network. Its initial weights are those of its first level.
fn ticket_of(instance: &Instance, setup: &mut Setup, name: &str, of: Option<&Experiment>) -> Result<Rc<Ticket>> {
    let of = of.ok_or("this problem has no source network for the mask")?;
    setup.shared(name, |stream| {
        let mut model = of.model()?;
        let weights = model.draw(stream);
        bill(imp(&mut *model, &weights, &Plan::rounds(instance.rounds), stream)?)
    })
}

/// The mapped mask of the source's ticket. The charge is the source's training.
fn carried(instance: &Instance, setup: &mut Setup, mapping: &Mapping) -> Result<Mask> {
    let ticket = ticket_of(instance, setup, "source", instance.source.as_ref())?;
    Ok(mapping.transfer(&ticket.mask, instance.target.model()?.layers())?)
}

/// Replaces the network's weights by the initial weights of the source's ticket.
fn source_weights(instance: &Instance, setup: &mut Setup, into: &mut [f32]) -> Result<()> {
    let ticket = ticket_of(instance, setup, "source", instance.source.as_ref())?;
    let source = instance.source.as_ref().ok_or("this problem has no source")?.model()?;
    let target = instance.target.model()?;
    Ok(Mapping::SameIndex.weights((source.layers(), &ticket.weights), target.layers(), into)?)
}
