//! The stack of the engine's module. The linker gives a module a mebibyte, in each instance. What takes the most is a regular expression of 50
//! groups inside each other, the most there may be, at the bottom of an expression: some 100 KiB. The stack lies below everything else, so that
//! running over it traps.

#[expect(clippy::disallowed_methods, reason = "this is the build, not the engine")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=262144");
        println!("cargo::rustc-link-arg-cdylib=--stack-first");
    }
}
