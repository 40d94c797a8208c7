//! Problems with each vector type of argmin, alone and in sequence.

use argmin::core::{CostFunction, Error, Executor, Gradient, IterState, State};
use headstart_bfgs_argmin::{Bfgs, Parameters, RecycleOptions, recycle};
use nalgebra::{DMatrix, DVector};
use ndarray::{Array1, Array2, array};

/// f(x) = sum of `(i + 1)^2 (x_i - shift)^2 / 2`.
struct Bowl<P>(f64, std::marker::PhantomData<P>);

impl<P> Bowl<P> {
    fn new(shift: f64) -> Self {
        Self(shift, std::marker::PhantomData)
    }

    fn slopes(&self, x: &[f64]) -> Vec<f64> {
        x.iter().zip(1..).map(|(x, i)| f64::from(i * i) * (x - self.0)).collect()
    }
}

impl<P: Parameters> CostFunction for Bowl<P> {
    type Param = P;
    type Output = f64;

    fn cost(&self, x: &P) -> Result<f64, Error> {
        Ok(x.entries().iter().zip(self.slopes(&x.entries())).map(|(x, g)| 0.5 * g * (x - self.0)).sum())
    }
}

impl<P: Parameters> Gradient for Bowl<P> {
    type Param = P;
    type Gradient = P;

    fn gradient(&self, x: &P) -> Result<P, Error> {
        Ok(P::from_entries(&self.slopes(&x.entries())))
    }
}

/// The end and the inverse Hessian there, which is that of the bowl after enough steps.
fn solve<P: Parameters>(h0: Option<&P::Matrix>) -> (Vec<f64>, P::Matrix)
where
    P::Matrix: Clone,
{
    let begin = |state: IterState<P, P, (), P::Matrix, (), f64>| {
        let state = state.param(P::from_entries(&[4.0, -3.0, 2.0]));
        match h0 {
            Some(h0) => state.inv_hessian(h0.clone()),
            None => state,
        }
    };
    let found = Executor::new(Bowl::<P>::new(1.0), Bfgs::new()).configure(begin).run().unwrap();
    let state = found.state();
    (state.get_best_param().unwrap().entries().to_vec(), state.get_inv_hessian().unwrap().clone())
}

#[test]
fn vectors_of_nalgebra_give_the_run_of_ndarray() {
    let (of_ndarray, h) = solve::<Array1<f64>>(None);
    let (of_nalgebra, same) = solve::<DVector<f64>>(None);
    assert_eq!(of_ndarray, of_nalgebra);
    assert!(h.indexed_iter().all(|((i, j), x)| *x == same[(i, j)]));
    assert!(of_ndarray.iter().all(|x| (x - 1.0).abs() < 1e-6));
    let exact = DMatrix::from_diagonal(&DVector::from_column_slice(&[1.0, 0.25, 1.0 / 9.0]));
    assert_eq!(solve::<DVector<f64>>(Some(&exact)).0, solve::<Array1<f64>>(Some(&inverse())).0);
}

fn inverse() -> Array2<f64> {
    Array2::from_diag(&array![1.0, 0.25, 1.0 / 9.0])
}

#[test]
fn a_matrix_that_is_not_square_is_refused() {
    let found = Executor::new(Bowl::<DVector<f64>>::new(1.0), Bfgs::new())
        .configure(|state| state.param(DVector::from_element(3, 0.0)).inv_hessian(DMatrix::zeros(3, 2)))
        .run();
    assert!(found.is_err_and(|error| error.to_string().contains('2')));
}

#[test]
fn a_sequence_begins_where_the_last_problem_ended() {
    let path = || (0..8).map(|k| Bowl::<Array1<f64>>::new(1.0 + 0.1 * f64::from(k)));
    let found = recycle(path(), &Array1::zeros(3), &RecycleOptions::default()).unwrap();
    assert_eq!(found.solutions.len(), 8);
    assert!(found.saved() > 0);
    assert!(found.solutions.iter().zip(path()).all(|(end, bowl)| end.x.iter().all(|x| (x - bowl.0).abs() < 1e-5)));
}

#[test]
fn sequences_without_a_result_say_why() {
    let none = recycle(Vec::<Bowl<Vec<f64>>>::new(), &vec![0.0], &RecycleOptions::default());
    assert!(none.is_err_and(|error| error.to_string().contains("at least one")));
    let wrong = RecycleOptions { patience: -1.0, ..RecycleOptions::default() };
    assert!(recycle([Bowl::new(1.0)], &vec![0.0], &wrong).is_err_and(|error| error.to_string().contains("patience")));
    let broken = recycle([Bowl::new(f64::NAN)], &vec![0.0], &RecycleOptions::default());
    assert!(broken.is_err());
}
