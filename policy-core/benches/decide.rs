//! How long a decision takes natively: the engine, and the crate `cel` with the same rules.
//!
//! `./jit bench engine` runs this in turn with the contenders on the JVM, one contender and one set of rules a process:
//! `JIT_BENCH_CASES` is the folder of the sets that tests/bench/engine/cases.js wrote, `JIT_BENCH_RULES` the set's name and
//! `JIT_BENCH_CONTENDER` one of `native`, `cel-crate`, `cel-crate-indexed`. Set by hand, they serve a profiler as well.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark that cannot begin has nothing to tell"
)]

mod decide {
    pub(crate) mod case;
    pub(crate) mod cpu;
    pub(crate) mod crate_cel;
    pub(crate) mod engine;
}

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use decide::case::{Case, Step, Verdict};
use decide::cpu::CpuTime;
use decide::crate_cel::CrateCel;
use decide::engine::EngineCall;

/// Something that decides, with a case's rules loaded.
trait Contender: Sized {
    /// What comes out.
    type Decision;

    /// Loads the rules, or says why they are refused.
    fn load(case: &Case) -> Result<Self, String>;

    /// One whole decision: a context in JSON comes in, a decision goes out.
    fn decide(&mut self, context: &[u8]) -> Self::Decision;

    /// What a decision comes to.
    fn verdict(decision: &Self::Decision) -> Verdict;
}

fn main() {
    #[expect(clippy::disallowed_methods, reason = "a benchmark, not the engine, is told what to measure")]
    let told =
        |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run ./jit bench engine"));
    let rules = told("JIT_BENCH_RULES");
    let case = Case::read(&told("JIT_BENCH_CASES"), &rules);
    let name = told("JIT_BENCH_CONTENDER");
    let mut criterion = Criterion::default().with_measurement(CpuTime).configure_from_args();
    match name.as_str() {
        "native" => measure::<EngineCall>(&mut criterion, &name, &case),
        "cel-crate" => measure::<CrateCel<false>>(&mut criterion, &name, &case),
        "cel-crate-indexed" => measure::<CrateCel<true>>(&mut criterion, &name, &case),
        other => panic!("there is no contender {other}"),
    }
    criterion.final_summary();
}

/// Measures deciding and loading; nothing where the rules are refused.
fn measure<C: Contender>(criterion: &mut Criterion<CpuTime>, name: &str, case: &Case) {
    let Ok(mut contender) = C::load(case) else { return };
    for Step { context, expect } in &case.steps {
        let verdict = C::verdict(&contender.decide(context.as_bytes()));
        assert_eq!(&verdict, expect, "a wrong answer is not worth timing: {name} with {context}");
    }

    let mut steps = case.steps.iter().cycle();
    criterion.benchmark_group("decide").bench_function(BenchmarkId::new(name, &case.name), |bencher| {
        bencher.iter(|| {
            let context = steps.next().map_or("", |step| &step.context);
            contender.decide(black_box(context.as_bytes()))
        });
    });
    criterion
        .benchmark_group("load")
        .sample_size(10)
        .bench_function(BenchmarkId::new(name, &case.name), |bencher| {
            bencher.iter(|| C::load(black_box(case)).is_ok())
        });
}
