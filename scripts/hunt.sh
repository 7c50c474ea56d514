# What looks for mistakes for longer than a submission can wait: fuzzing, and mutants that no test notices.
# shellcheck shell=bash

CARGO_FUZZ_VERSION=0.13.2
CARGO_MUTANTS_VERSION=27.1.0
FUZZ_TARGETS=(policy cel context envelope events)
FUZZ=$TARGET/fuzz

# The longest input that is kept, in bytes, and the most of one target: `cargo test` replays them all.
FUZZ_LONGEST_KEPT=400
FUZZ_MOST_KEPT=60

# A cargo subcommand at the version named, in target/tools.
ensure_cargo_tool() {
  local name=$1 version=$2
  export PATH=$TARGET/tools/bin:$PATH
  up_to_date "$name" "$version" "$TARGET/tools/bin/$name" && return
  say "Installing $name $version"
  quietly "$name" cargo install "$name" --version "$version" --locked --root "$TARGET/tools"
  stamp "$name" "$version"
}

# cmd_fuzz [SECONDS] [TARGET…]: seconds for each target.
cmd_fuzz() {
  local seconds=600 targets=("${FUZZ_TARGETS[@]}") target binaries failed=()
  if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
  fi
  [[ $# -eq 0 ]] || targets=("$@")
  for target in "${targets[@]}"; do
    [[ " ${FUZZ_TARGETS[*]} " == *" $target "* ]] || die "there is no fuzz target '$target'; there are: ${FUZZ_TARGETS[*]}"
  done
  ensure_rust
  have c++ || apt_install "a C++ compiler, for libFuzzer" g++
  ensure_cargo_tool cargo-fuzz "$CARGO_FUZZ_VERSION"
  say "Writing the seeds"
  cargo run --locked --quiet -p fuzz-checks -- "$FUZZ/seeds"
  say "Building the fuzz targets"
  # The versions of everything are those of the engine; what is missing is added.
  cp Cargo.lock policy-core/fuzz/Cargo.lock
  # The instrumentation is not stable yet, and the pinned compiler has it all the same. No sanitizer: the core has no unsafe code that
  # it could watch over, and without one twice as many inputs are tried.
  RUSTC_BOOTSTRAP=1 cargo fuzz build --fuzz-dir policy-core/fuzz --target-dir "$FUZZ/build" --sanitizer none
  binaries=$FUZZ/build/$(rustc -vV | sed -n 's/^host: //p')/release
  for target in "${targets[@]}"; do
    fuzz_one "$binaries/$target" "$target" "$seconds" || failed+=("$target")
  done
  [[ ${#failed[@]} -eq 0 ]] ||
    die "what fails is in tests/fuzz-corpus/, for: ${failed[*]}. 'cargo test -p fuzz-checks' shows it; mend it and commit the input."
}

# Fuzzes one target. An input that fails is kept, and so are the smallest that reach what nothing before them reached.
fuzz_one() {
  local binary=$1 target=$2 seconds=$3 found=$FUZZ/corpus/$2 seeds=$FUZZ/seeds/$2 kept=$ROOT/tests/fuzz-corpus/$2 longest=16384
  local dictionary=policy-core/fuzz/dictionaries/$target.dict options=()
  mkdir -p "$found" "$kept" "$TARGET/logs"
  [[ $target != events ]] || longest=200
  [[ ! -f $dictionary ]] || options=("-dict=$dictionary")
  say "Fuzzing $target for $seconds s (target/logs/fuzz-$target.log)"
  if ! "$binary" "$found" "$seeds" "$kept" -max_total_time="$seconds" -max_len="$longest" -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$kept/" -print_final_stats=1 "${options[@]}" >"$TARGET/logs/fuzz-$target.log" 2>&1; then
    tail -n 40 "$TARGET/logs/fuzz-$target.log" >&2
    return 1
  fi
  grep -E '^stat::(number_of_executed_units|average_exec_per_sec|slowest_unit_time_sec)' "$TARGET/logs/fuzz-$target.log" >&2 || true
  fuzz_keep "$binary" "$found" "$seeds" "$kept"
}

# Of all that was ever found, the smallest that reach what neither a seed nor an input that failed reaches. The merge of libFuzzer leaves in
# the first folder what it had, and adds what reaches more.
fuzz_keep() {
  local binary=$1 found=$2 seeds=$3 kept=$4 merged file room=$FUZZ_MOST_KEPT
  merged=$(mktemp -d)
  find "$seeds" "$kept" -type f \( -path "$seeds/*" -o -name '*-*' \) -exec cp {} "$merged" \;
  ls "$merged" >"$merged.before"
  "$binary" -merge=1 "$merged" "$found" "$kept" >"$TARGET/logs/fuzz-merge.log" 2>&1
  find "$kept" -type f -not -name '*-*' -delete
  while read -r _ file; do
    [[ $room -gt 0 ]] || break
    cp "$merged/$file" "$kept/"
    room=$((room - 1))
  done < <(find "$merged" -type f -size -"$((FUZZ_LONGEST_KEPT + 1))"c -printf '%s %f\n' | sort -n | grep -vwFf "$merged.before")
  rm -rf "$merged" "$merged.before"
  say "$(find "$kept" -type f | wc -l) inputs are kept in ${kept#"$ROOT"/}"
}

# cmd_mutants [FILE…]: all that .cargo/mutants.toml names, or these files.
cmd_mutants() {
  local file options=()
  for file in "$@"; do
    options+=(--file "$file")
  done
  ensure_rust
  ensure_cargo_tool cargo-mutants "$CARGO_MUTANTS_VERSION"
  cargo mutants "${options[@]}"
}
