//! The interface between a start and the harness: charged work, random numbers, and intermediate results shared by
//! starts.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::Instant;

use crate::error::Result;
use crate::knob::{Knob, KnobReader};
use crate::seed::{Seeds, Stream};

/// Context in which a start makes its state.
pub struct Setup<'a> {
    seeds: &'a Seeds,
    shared: &'a mut Shared,
    stream: Stream,
    knobs: KnobReader,
    /// Names of the shared results this start has requested, with the key under which each is stored.
    billed: BTreeMap<String, String>,
    work: f64,
    seconds_of_others: f64,
}

/// Results shared by the starts of one replicate, with their cost.
#[derive(Default)]
pub(crate) struct Shared(HashMap<String, Made>);

struct Made {
    value: Rc<dyn Any>,
    work: f64,
    seconds: f64,
}

impl<'a> Setup<'a> {
    /// Creates the context, with the start's own stream.
    pub(crate) fn new(seeds: &'a Seeds, start: &str, shared: &'a mut Shared, knobs: KnobReader) -> Self {
        let stream = seeds.start(start);
        Self { seeds, shared, stream, knobs, billed: BTreeMap::new(), work: 0.0, seconds_of_others: 0.0 }
    }

    /// Charges units of work that were spent on making the start (a pilot run, a CI, pruning rounds).
    pub fn charge(&mut self, work: f64) {
        self.work += work;
    }

    /// Returns this start's own random stream, which differs from that of every other start.
    pub fn stream(&mut self) -> &mut Stream {
        &mut self.stream
    }

    /// Returns the value of a hyperparameter in this trial, for a start that runs the solver itself (a pilot).
    pub fn knob(&mut self, knob: &Knob) -> f64 {
        self.knobs.read(knob)
    }

    /// Returns a result that several starts share (a pilot run, a ticket), and makes it if it does not exist yet. Its
    /// stream does not depend on the start, so a start and its control get the SAME result. `make` returns the result
    /// and its work. Every start that requests it is charged in full, in work and in seconds, even if an earlier start
    /// made it. A result made after a hyperparameter was read is shared only by starts that read the same value.
    pub fn shared<T: 'static>(
        &mut self,
        name: &str,
        make: impl FnOnce(&mut Stream) -> Result<(T, f64)>,
    ) -> Result<Rc<T>> {
        let key = self.billed.get(name).cloned().unwrap_or_else(|| format!("{name}; {}", self.knobs.seen()));
        if let Some(made) = self.shared.0.get(&key) {
            let value = Rc::clone(&made.value).downcast::<T>().map_err(|_| {
                format!("shared `{name}` already exists with another type: use a different name for each shared result")
            })?;
            // A second request by the same start is not charged again.
            if self.billed.insert(name.to_owned(), key).is_none() {
                self.work += made.work;
                self.seconds_of_others += made.seconds;
            }
            return Ok(value);
        }
        let began = Instant::now();
        let (value, work) = make(&mut self.seeds.shared(name))?;
        let value = Rc::new(value);
        let made = Made { value: Rc::clone(&value) as Rc<dyn Any>, work, seconds: began.elapsed().as_secs_f64() };
        self.shared.0.insert(key.clone(), made);
        self.work += work;
        self.billed.insert(name.to_owned(), key);
        Ok(value)
    }

    /// Returns the work, the seconds that earlier starts spent on results this one shares, and the hyperparameters for
    /// the solver.
    pub(crate) fn bill(self) -> (f64, f64, KnobReader) {
        (self.work, self.seconds_of_others, self.knobs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn a_shared_pilot_is_made_once_and_charged_to_each() {
        let seeds = Seeds::new(0, "d", "p", 0);
        let mut shared = Shared::default();
        let mut made = 0;
        let mut pilots = Vec::new();
        for start in ["a", "b"] {
            let mut setup = Setup::new(&seeds, start, &mut shared, KnobReader::default());
            let pilot = setup
                .shared("pilot", |stream| {
                    made += 1;
                    std::thread::sleep(std::time::Duration::from_millis(5));
                    Ok((stream.next_u64(), 40.0))
                })
                .unwrap();
            pilots.push(*pilot);
            let again = setup.shared("pilot", |_| Ok((0_u64, 40.0))).unwrap();
            assert_eq!(again, pilot);
            setup.charge(2.0);
            let (work, seconds, _) = setup.bill();
            assert_eq!(work, 42.0);
            assert_eq!(seconds >= 0.005, start == "b", "{start} was billed {seconds} s of others");
        }
        assert_eq!((made, pilots[0]), (1, pilots[1]));
    }

    #[test]
    fn one_name_is_one_type() {
        let seeds = Seeds::new(0, "d", "p", 0);
        let mut shared = Shared::default();
        let mut setup = Setup::new(&seeds, "a", &mut shared, KnobReader::default());
        setup.shared("x", |_| Ok((1_u8, 0.0))).unwrap();
        assert!(setup.shared("x", |_| Ok((1_u16, 0.0))).is_err());
    }

    #[test]
    fn what_depends_on_a_knob_is_shared_by_those_at_its_value() {
        const RATE: Knob = Knob::new("rate", "step length", &[0.1, 1.0], 1.0);
        let seeds = Seeds::new(0, "d", "p", 0);
        let mut shared = Shared::default();
        let mut made = Vec::new();
        for (start, rate) in [("a", 0.1), ("b", 1.0), ("c", 0.1)] {
            let knobs = KnobReader::new(&[RATE], &crate::Settings::default().with("rate", rate)).unwrap();
            let mut setup = Setup::new(&seeds, start, &mut shared, knobs);
            let data = setup.shared("data", |_| Ok((start, 1.0))).unwrap();
            let rate = setup.knob(&RATE);
            let pilot = setup.shared("pilot", |stream| Ok(((start, rate, stream.next_u64()), 5.0))).unwrap();
            assert_eq!(*setup.shared("data", |_| Ok(("again", 1.0))).unwrap(), *data);
            assert_eq!(setup.bill().0, 6.0);
            made.push((*data, *pilot));
        }
        assert!(made.iter().all(|(data, _)| *data == "a"));
        assert_eq!((made[0].1.0, made[1].1.0, made[2].1), ("a", "b", made[0].1));
        assert_eq!(made[0].1.2, made[1].1.2, "the stream depends on the name alone");
    }
}
