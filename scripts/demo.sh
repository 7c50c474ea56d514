# The demo: everything it needs, then examples/demo/demo.js.
# shellcheck shell=bash

cmd_demo() {
  cmd_jar
  ensure_keycloak
  ensure_node_modules
  [[ " $* " != *" --check "* ]] || ensure_browser
  # In this shell's place, so that Ctrl-C reaches the one that stops the servers.
  exec node examples/demo/demo.js "$@"
}
