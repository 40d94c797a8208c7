//! The claims of this domain, registered before any data. Claims with a later date were added on that day.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

const WORK: Estimand = Estimand::Work { charged: true };

/// Date of registration.
const REGISTERED: &str = "2026-11-23";
/// Date of varinit-6b, added after the rows of the record because varinit-6 compares unequal sums of variances.
const FAIR: &str = "2026-11-30";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "varinit-1",
        "deep ReLU networks of 30 and 12 layers train in fewer steps with variance 2 / n (he) than with Xavier's \
         (xavier), by gradient descent and by Adam",
        "He et al. 2015, ICCV",
        REGISTERED,
        Kind::superior("he", "xavier", WORK, 1.5),
    )
    .over(&["deep-relu-sgd", "deep-relu-adam", "deep-relu-12-sgd", "deep-relu-12-adam"])
    .control("orthogonal-xavier")
    .expected("supported")
    .published(
        "He et al.",
        2015,
        "section 2.2, figures 2 and 3",
        "22 ReLU layers learn earlier with variance 2 / n than with Xavier's, and 30 layers learn with it alone",
    ),
    Claim::new(
        "varinit-2",
        "on prelu-sgd, 20 PReLU layers of slope 0.5 train in fewer steps with the PReLU rule (prelu-rule) than with \
         He's rule (he)",
        "this project's hypothesis; cf. He et al. 2015, ICCV",
        REGISTERED,
        Kind::superior("prelu-rule", "he", WORK, 1.2),
    )
    .over(&["prelu-sgd"])
    .expected("supported"),
    Claim::new(
        "varinit-3",
        "on dropout-sgd, weights reduced for dropout (dropout-rule) train in fewer steps than He's (he)",
        "this project's hypothesis; cf. Hendrycks and Gimpel 2016, arXiv:1607.02488",
        REGISTERED,
        Kind::superior("dropout-rule", "he", WORK, 1.2),
    )
    .over(&["dropout-sgd"])
    .control("rule-quarter")
    .expected("supported"),
    Claim::new(
        "varinit-4",
        "on recall-sgd, attention with logits of variance 1 (unit-logits) learns in fewer steps than with variance 81 \
         (logits-81)",
        "this project's hypothesis; cf. Vaswani et al. 2017, NeurIPS",
        REGISTERED,
        Kind::superior("unit-logits", "logits-81", WORK, 1.2),
    )
    .over(&["recall-sgd"])
    .expected("supported"),
    Claim::new(
        "varinit-4b",
        "on recall-sgd, attention with logits of variance 1 (unit-logits) learns in fewer steps than with variance \
         1e-4 (logits-1e-4)",
        "this project's hypothesis; cf. Vaswani et al. 2017, NeurIPS",
        REGISTERED,
        Kind::superior("unit-logits", "logits-1e-4", WORK, 1.2),
    )
    .over(&["recall-sgd"])
    .expected("supported"),
    Claim::new(
        "varinit-5",
        "on recall-adam, Adam hides small logits: attention with logits of variance 1e-4 (logits-1e-4) learns in as \
         many steps as with variance 1 (unit-logits)",
        "this project's hypothesis",
        REGISTERED,
        Kind::equivalent("unit-logits", "logits-1e-4", WORK, 1.25),
    )
    .over(&["recall-adam"])
    .expected("supported"),
    Claim::new(
        "varinit-6",
        "on branches-sgd and branches-adam, branches that contribute equally to their sum (balanced-branches) train in \
         fewer steps than branches that are scaled separately (he-per-branch)",
        "this project's hypothesis",
        REGISTERED,
        Kind::superior("balanced-branches", "he-per-branch", WORK, 2.0),
    )
    .over(&["branches-sgd", "branches-adam"])
    .control("equal-total")
    .expected("unspecific"),
    Claim::new(
        "varinit-6b",
        "on branches-sgd and branches-adam, at the same sum of variances, branches that contribute equally \
         (balanced-branches) train in fewer steps than branches of equal weight variance (equal-total)",
        // In varinit-6, the sum of the variances differs as well as the shares.
        "this project's hypothesis",
        FAIR,
        Kind::superior("balanced-branches", "equal-total", WORK, 2.0),
    )
    .over(&["branches-sgd", "branches-adam"]),
    Claim::new(
        "varinit-7",
        "on low-variance-sgd and low-variance-adam, a first layer that undoes the inputs' covariance (mahalanobis) \
         learns a target in the directions of least variance in fewer steps than an isotropic one (isotropic)",
        "this project's hypothesis",
        REGISTERED,
        Kind::superior("mahalanobis", "isotropic", WORK, 1.2),
    )
    .over(&["low-variance-sgd", "low-variance-adam"])
    .control("diagonal")
    .expected("supported"),
    Claim::new(
        "varinit-8",
        "on top-component-sgd and top-component-adam, a first layer that undoes the inputs' covariance (mahalanobis) \
         learns a target in the direction of most variance in fewer steps than an isotropic one (isotropic)",
        "this project's hypothesis",
        REGISTERED,
        Kind::superior("mahalanobis", "isotropic", WORK, 1.2),
    )
    .over(&["top-component-sgd", "top-component-adam"])
    .expected("refuted"),
    Claim::new(
        "varinit-9",
        "on flow-moons and flow-ring, scale networks with Xavier's weights (xavier), which give log-determinants near \
         0, learn in fewer steps than with N(0, 1) weights (normal-1)",
        "this project's hypothesis; cf. Kingma and Dhariwal 2018, NeurIPS",
        REGISTERED,
        Kind::superior("xavier", "normal-1", WORK, 1.2),
    )
    .over(&["flow-moons", "flow-ring"])
    .control("zero-last")
    .expected("supported"),
    Claim::new(
        "varinit-10",
        "on dead-relu, a small positive bias (bias-plus-0.1) leaves fewer ReLUs dead than a zero bias (bias-0)",
        "Goodfellow, Bengio and Courville 2016, Deep Learning, MIT Press",
        REGISTERED,
        Kind::superior("bias-plus-0.1", "bias-0", Estimand::metric("dead"), 0.05),
    )
    .over(&["dead-relu"])
    .expected("refuted")
    .published(
        "Goodfellow, Bengio and Courville",
        2016,
        "section 6.3.1",
        "biases of 0.1 make it very likely that rectified units are active at first for most inputs",
    ),
    Claim::new(
        "varinit-11",
        "on first-step-0.01, first-step-0.05 and first-step-0.2, Adam's first step at rate rho sigma (adam-scaled) \
         changes the weights by rho of their norm, as exact-step does, for every sigma",
        "this project's hypothesis; cf. Kingma and Ba 2015, ICLR",
        REGISTERED,
        Kind::equivalent("adam-scaled", "exact-step", Estimand::metric_ratio("first_update"), 1.05),
    )
    .over(&["first-step-0.01", "first-step-0.05", "first-step-0.2"])
    .control("sgd-fixed")
    .expected("supported"),
    Claim::new(
        "varinit-12",
        "on rate-grid, the best learning rate of Adam rises with the standard deviation sigma of the initial weights",
        "this project's hypothesis",
        REGISTERED,
        Kind::Association { of: Estimand::metric("sigma"), with: Estimand::metric("best_rate"), sign: Sign::Positive },
    )
    .over(&["rate-grid"])
    .rule(Rule::Pooled)
    .control("best_rate_sgd")
    .expected("open"),
];
