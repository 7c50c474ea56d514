# The benchmarks that need a running server.
# shellcheck shell=bash

cmd_bench() {
  [[ ${1:-} == login ]] || die "there is no benchmark '${1:-}'; there is: login"
  shift
  cmd_jar
  ensure_keycloak
  ensure_node_modules
  exec node tests/bench/login.js "$@"
}
