//! `cargo test -p public-api-check` holds the public API of `policy-core` against `policy-core/public-api.txt`. Who changes it on purpose
//! writes it down again with `JIT_BLESS=1`; a line that goes or changes breaks those who use it, and belongs into the changelog.
