#!/usr/bin/env bash
# What is built again, and when: `./jit lint` runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

TARGET=$(mktemp -d)/target
mkdir -p "$TARGET"
trap 'rm -rf "$(dirname "$TARGET")"' EXIT
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/build.sh
source scripts/build.sh

# The jar holds the module, which lies in a target folder like what is only built on the way.
echo one >"$WASM"
before=$(jar_print)
echo two >"$WASM"
[[ $(jar_print) != "$before" ]] || die "the jar would not be built again for another module"
echo one >"$WASM"
[[ $(jar_print) == "$before" ]] || die "the jar would be built again for the same module"
