# The benchmarks: of the engine alone, and of a running server.
# shellcheck shell=bash

cmd_bench() {
  local what=${1:-}
  [[ $# -eq 0 ]] || shift
  case $what in
    engine) bench_engine "$@" ;;
    login) bench_login "$@" ;;
    replay) bench_replay "$@" ;;
    *) die "there is no benchmark '$what'; there are: engine, login, replay" ;;
  esac
}

bench_engine() {
  cmd_jar
  ensure_rust
  ensure_node
  say "Building the benchmarks"
  quietly engine-bench mvn -B -ntp -f tests/bench/engine/pom.xml process-classes
  exec node tests/bench/engine.js "$@"
}

bench_login() {
  cmd_jar
  ensure_keycloak
  ensure_node_modules
  exec node tests/bench/login.js "$@"
}

bench_replay() {
  cmd_cli
  ensure_node
  exec node tests/bench/replay.js "$@"
}
