//! The stack of the engine's module. The linker gives a module a mebibyte, in each instance; of all that the tests know, nested groups of a
//! regular expression take the most, a tenth of that. Beyond it the module traps.

#[expect(clippy::disallowed_methods, reason = "this is the build, not the engine")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=262144");
    }
}
