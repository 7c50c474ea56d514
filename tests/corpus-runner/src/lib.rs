//! Runs the corpus in `tests/corpus` against any host of the engine.
