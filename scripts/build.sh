# What is built: the engine (wasm), the extension (jar), and the command line (jit-policy).
# shellcheck shell=bash

WASM=$TARGET/jit-policy.wasm
BROWSER=$TARGET/browser
WASM_TARGET=wasm32-unknown-unknown

cmd_wasm() {
  local print built
  if [[ ${1:-} == --names ]]; then
    wasm_names
    return
  fi
  print=$(fingerprint Cargo.toml Cargo.lock rust-toolchain.toml policy-core/Cargo.toml policy-core/src \
    wasm-bindings/Cargo.toml wasm-bindings/build.rs wasm-bindings/src wasm-bindings/signed)
  up_to_date wasm "$print" "$WASM" && return
  ensure_rust
  built=$(engine_module)
  check_imports "$built"
  # As HotSpot compiles it best: see the crate.
  cargo run --locked --quiet -p signed-comparisons -- "$built" "$WASM"
  stamp wasm "$print"
  say "target/jit-policy.wasm: $(($(wc -c <"$WASM") / 1024)) KiB, no imports"
}

# The engine for web pages and Node, as an ES module. `--check` plays the corpus in both.
cmd_browser() {
  local print module
  print=$(fingerprint Cargo.toml Cargo.lock rust-toolchain.toml policy-core/Cargo.toml policy-core/src wasm-bindings)
  if ! up_to_date browser "$print" "$BROWSER/jit_policy.js" "$BROWSER/jit_policy_bg.wasm"; then
    ensure_rust
    # The bindings are made for what the module says of itself, which stripping would take out; they leave out the rest.
    module=$(engine_module --features browser -- -C strip=debuginfo)
    say "Writing the JavaScript that goes with it"
    rm -rf "$BROWSER"
    cargo run --locked --quiet -p browser-bindgen -- "$module" "$BROWSER"
    stamp browser "$print"
    say "target/browser/jit_policy.js, with $(($(wc -c <"$BROWSER/jit_policy_bg.wasm") / 1024)) KiB of WebAssembly"
  fi
  [[ ${1:-} == --check ]] || return 0
  ensure_node_modules
  ensure_browser
  ensure_replay
  node --test tests/browser/corpus.test.js
}

# Builds the engine's module, for the JVM or as the arguments of `cargo rustc` have it, and says where it is. It is run in a command
# substitution, where bash goes on after an error unless it is told not to.
engine_module() {
  if rust_wasm_target; then
    say "Building the policy engine (Rust $(rust_channel))"
    cargo rustc --locked --release -p wasm-bindings --lib --target "$WASM_TARGET" "$@" >&2 || return
    printf '%s\n' "${CARGO_TARGET_DIR:-$TARGET}/$WASM_TARGET/release/wasm_bindings.wasm"
  else
    debian_wasm "$@" >&2 || return
    debian_wasm_file
  fi
}

# What is shipped has no names, and numbers its functions as this one does.
wasm_names() {
  local module
  ensure_rust
  ensure_node
  module=$(engine_module -- -C strip=debuginfo)
  node scripts/wasm-names.js "$module"
}

# Where rustup may not fetch the target, Debian's compiler builds the standard library from source.
rust_wasm_target() {
  [[ ${JIT_WASM_WAY:-} != debian ]] || return 1
  rustup target list --installed | grep -qx "$WASM_TARGET" && return
  rustup target add "$WASM_TARGET" >/dev/null 2>&1
}

debian_wasm() {
  local tool
  for tool in rustc-web cargo-web rust-web-src lld-19; do
    dpkg -s "$tool" >/dev/null 2>&1 ||
      { apt_install "Rust for WebAssembly (rustup does not give $WASM_TARGET here)" rustc-web cargo-web rust-web-src lld-19; break; }
  done
  say "Building the policy engine and the standard library (Debian's Rust)"
  # Debian's cargo must find Debian's rustc, not rustup's, and has a target folder of its own: two compilers that share one
  # rebuild each other's work.
  env -u RUSTUP_TOOLCHAIN PATH="/usr/bin:/bin" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 CARGO_TARGET_DIR="$TARGET/debian-rust" \
    /usr/bin/cargo rustc --release -p wasm-bindings --lib --target "$WASM_TARGET" -Zbuild-std=std,panic_abort "$@"
}

debian_wasm_file() { printf '%s\n' "$TARGET/debian-rust/$WASM_TARGET/release/wasm_bindings.wasm"; }

# The JVM gives the engine nothing: a module that imports anything would not start there.
check_imports() {
  ensure_node
  node scripts/wasm-imports.js "$1"
}

# The module counts by itself: what is in a target folder is no source, and fingerprints leave it out.
jar_print() {
  printf '%s %s\n' "$(sha256sum <"$WASM" | cut -d' ' -f1)" "$(fingerprint keycloak-extension/pom.xml keycloak-extension/src)"
}

# The jar, wherever Maven put it; sources, original and test jars are not it.
jar_file() {
  find keycloak-extension/target -maxdepth 1 -name '*.jar' -not -name 'original-*' -not -name '*-sources.jar' \
    -not -name '*-tests.jar' -not -name '*-javadoc.jar' 2>/dev/null | head -n 1
}

cmd_jar() {
  cmd_wasm
  local print
  print=$(jar_print)
  [[ -n $(jar_file) ]] && up_to_date jar "$print" && return
  ensure_java
  say "Building the Keycloak extension"
  quietly jar mvn -B -ntp -f keycloak-extension/pom.xml -DskipTests package
  stamp jar "$print"
  say "$(jar_file)"
}

# The command line for auditors and operators, as one file.
cmd_cli() {
  ensure_rust
  say "Building jit-policy"
  cargo build --locked --release -p policy-cli
  say "${CARGO_TARGET_DIR:-target}/release/jit-policy"
}

cmd_clean() {
  rm -rf "$TARGET" keycloak-extension/target node_modules tests/node_modules examples/relying-party/node_modules examples/resource-server/node_modules
}
