# What is built: the engine (wasm), the extension (jar), and the command line (jit-policy).
# shellcheck shell=bash

WASM=$TARGET/jit-policy.wasm
WASM_TARGET=wasm32-unknown-unknown

cmd_wasm() {
  local print built
  print=$(fingerprint Cargo.toml Cargo.lock rust-toolchain.toml policy-core/Cargo.toml policy-core/src \
    wasm-bindings/Cargo.toml wasm-bindings/src)
  up_to_date wasm "$print" "$WASM" && return
  ensure_rust
  if rust_wasm_target; then
    say "Building the policy engine (Rust $(rust_channel))"
    cargo build --locked --release -p wasm-bindings --target "$WASM_TARGET"
    built=$TARGET/$WASM_TARGET/release/wasm_bindings.wasm
  else
    debian_wasm
    built=$(debian_wasm_file)
  fi
  check_imports "$built"
  cp "$built" "$WASM"
  stamp wasm "$print"
  say "target/jit-policy.wasm: $(($(wc -c <"$WASM") / 1024)) KiB, no imports"
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
    /usr/bin/cargo build --release -p wasm-bindings --target "$WASM_TARGET" -Zbuild-std=std,panic_abort
}

debian_wasm_file() { printf '%s\n' "$TARGET/debian-rust/$WASM_TARGET/release/wasm_bindings.wasm"; }

# The JVM gives the engine nothing: a module that imports anything would not start there.
check_imports() {
  ensure_node
  node scripts/wasm-imports.js "$1"
}

jar_print() {
  fingerprint "$WASM" keycloak-extension/pom.xml keycloak-extension/src
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
