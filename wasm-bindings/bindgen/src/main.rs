//! `browser-bindgen MODULE FOLDER`: makes of a module that was built with the feature `browser` the package that web
//! pages and Node import: `jit_policy.js`, `jit_policy_bg.wasm`, and their types.
//!
//! It is what the tool `wasm-bindgen` does, from the library crate: the lock file keeps it at the very version of the
//! macros in the module, which is the one that understands them, and nobody installs anything.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

/// The name of what is made, without its endings.
const NAME: &str = "jit_policy";

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, folder] = arguments.as_slice() else {
        bail!("usage: browser-bindgen MODULE FOLDER");
    };
    // `web`: an ES module that fetches its WebAssembly from beside it, or is handed it, which is as well with a page as with Node.
    Bindgen::new()
        .web(true)
        .and_then(|bindgen| {
            bindgen.input_path(module).out_name(NAME).typescript(true).omit_default_module_path(false);
            bindgen.remove_name_section(true).remove_producers_section(true).generate(folder)
        })
        .with_context(|| format!("no bindings for {}", module.display()))
}
