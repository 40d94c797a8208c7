//! Problems at the edge: walls, gradients of a wrong length, ragged matrices.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use headstart_bfgs_argmin::{Bfgs, Status};

/// The minimum of x + y^2 in x >= 1 is on the edge. The run returns its best point.
#[test]
fn a_wall_keeps_the_best_point() {
    struct Wall;
    impl CostFunction for Wall {
        type Param = Vec<f64>;
        type Output = f64;
        fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
            Ok(if x[0] >= 1.0 { x[0] + x[1] * x[1] } else { f64::NAN })
        }
    }
    impl Gradient for Wall {
        type Param = Vec<f64>;
        type Gradient = Vec<f64>;
        fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
            Ok(vec![1.0, 2.0 * x[1]])
        }
    }
    let answer = Executor::new(Wall, Bfgs::new()).configure(|state| state.param(vec![5.0, 3.0])).ctrlc(false).run();
    let answer = answer.unwrap();
    assert!(answer.state().get_best_cost() < 6.0 && answer.state().get_best_param().unwrap()[0] >= 1.0);
    assert!(matches!(answer.solver.status(), Some(Status::NonFinite | Status::Stalled)));
}

#[test]
fn gradients_of_another_length_and_ragged_matrices_are_refused() {
    struct Short;
    impl CostFunction for Short {
        type Param = Vec<f64>;
        type Output = f64;
        fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
            Ok(x[0] * x[0])
        }
    }
    impl Gradient for Short {
        type Param = Vec<f64>;
        type Gradient = Vec<f64>;
        fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
            Ok(vec![2.0 * x[0]])
        }
    }
    let short = Executor::new(Short, Bfgs::new()).configure(|state| state.param(vec![1.0, 2.0])).ctrlc(false).run();
    assert!(short.err().unwrap().to_string().contains("1 entries, but there are 2 parameters"));
    let ragged = Executor::new(Short, Bfgs::new())
        .configure(|state| state.param(vec![1.0, 2.0]).inv_hessian(vec![vec![1.0, 0.0], vec![0.0]]))
        .ctrlc(false)
        .run();
    let expected = headstart_bfgs::Error::H0NotSquare { rows: 2, columns: 1 };
    assert_eq!(ragged.err().unwrap().downcast_ref(), Some(&expected));
}
