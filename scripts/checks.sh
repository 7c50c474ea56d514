# What `./jit test` runs, one function a group; each is also a command, run in a shell of its own so that
# a failure inside it stops it (bash ignores `set -e` in a function whose result is looked at).
# shellcheck shell=bash

JAVASCRIPT=(package.json tsconfig.json "{scripts,tests,examples}/**/*.{js,json}")

cmd_fmt() {
  ensure_rust
  ensure_node_modules
  if [[ ${1:-} == --check ]]; then
    cargo fmt --all --check
    npx --no-install prettier --check --log-level warn "${JAVASCRIPT[@]}"
  else
    cargo fmt --all
    npx --no-install prettier --write --log-level warn "${JAVASCRIPT[@]}"
  fi
}

cmd_lint() {
  ensure_rust
  ensure_node_modules
  cargo clippy --locked --workspace --all-targets -- -D warnings
  npx --no-install tsc -p .
  if have shellcheck; then
    shellcheck jit .ci/run scripts/*.sh tests/build/*.sh
  fi
  tests/build/rebuilds.sh
}

# Unit, property and corpus tests, natively and through wasmtime; leaves target/corpus/replay.jsonl for Java.
cmd_rust() {
  cmd_wasm
  ensure_rust
  cargo test --locked --workspace
  stamp corpus "$(corpus_print)"
}

cmd_corpus() {
  cmd_wasm
  ensure_rust
  cargo test --locked -p corpus-runner
  stamp corpus "$(corpus_print)"
}

corpus_print() { fingerprint Cargo.lock policy-core/src tests/corpus tests/corpus-runner/src; }

# What native Rust answers today, for the hosts that play it again.
ensure_replay() {
  up_to_date corpus "$(corpus_print)" "$TARGET/corpus/replay.jsonl" || cmd_corpus
}

cmd_java() {
  cmd_wasm
  ensure_java
  ensure_replay
  local print
  print=$(jar_print)
  mvn -B -ntp -f keycloak-extension/pom.xml verify
  stamp jar "$print"
}

cmd_journeys() {
  cmd_jar
  # The tool of auditors and operators, for the journeys that tamper with what is stored and that have no console; as `cargo test` has built it.
  if [[ -z ${JIT_POLICY:-} ]]; then
    ensure_rust
    cargo build --locked -p policy-cli
  fi
  ensure_keycloak
  ensure_node_modules
  ensure_browser
  ensure_postgres
  ensure_schemathesis
  npx --no-install playwright test -c tests/playwright.config.js --repeat-each="${JIT_REPEAT_JOURNEYS:-1}" --retries="${JIT_RETRY_JOURNEYS:-0}" "$@"
}

# The way to build the engine that this machine may not take by itself.
cmd_debian-wasm() {
  debian_wasm
  check_imports "$(debian_wasm_file)"
}

GROUPS_FAST=(format lint rust browser java)
GROUPS_ALL=("${GROUPS_FAST[@]}" journeys)

cmd_test() {
  local groups=()
  case ${1:-} in
    '')
      groups=("${GROUPS_ALL[@]}")
      # Hundreds of browsers on a small machine: one that hangs costs a second try, and is listed as flaky. `full` shows no such mercy.
      export JIT_RETRY_JOURNEYS=1
      ;;
    fast) groups=("${GROUPS_FAST[@]}") ;;
    full)
      groups=("${GROUPS_ALL[@]}" debian-wasm)
      # Races show when the same thing is done again.
      export JIT_REPEAT_JOURNEYS=3
      ;;
    *) groups=("$@") ;;
  esac
  local group
  for group in "${groups[@]}"; do
    [[ " ${GROUPS_ALL[*]} debian-wasm " == *" $group "* ]] || die "there is no test group '$group'; there are: ${GROUPS_ALL[*]}"
  done
  run_groups "${groups[@]}"
}

run_groups() {
  local group started result words passed=0 failed=0 table='' begin=$SECONDS
  for group in "$@"; do
    say "Test group: $group"
    started=$SECONDS
    words=("$group")
    [[ $group != format ]] || words=(fmt --check)
    [[ $group != browser ]] || words=(browser --check)
    if "$ROOT/jit" "${words[@]}"; then
      result=passed passed=$((passed + 1))
    else
      result=FAILED failed=$((failed + 1))
    fi
    table+=$(printf '  %-11s %-7s %5ds' "$group" "$result" $((SECONDS - started)))$'\n'
  done
  printf '\n%s  %-11s %-7s %5ds\n\n%d passed, %d failed\n' "$table" total '' $((SECONDS - begin)) "$passed" "$failed"
  [[ $failed -eq 0 ]]
}
