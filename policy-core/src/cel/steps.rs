//! Counts what loading a policy does, so that a test can say how much that is without a clock.

use std::cell::Cell;

thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

/// One node looked at, or one name compared with another.
pub(super) fn take() {
    TAKEN.with(|taken| taken.set(taken.get().saturating_add(1)));
}

/// How many steps something takes.
pub(super) fn of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = TAKEN.with(Cell::get);
    let done = work();
    (done, TAKEN.with(Cell::get).saturating_sub(before))
}
