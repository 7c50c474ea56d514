# What the other commands need. Each `ensure_…` installs it, or says exactly what to install.
# shellcheck shell=bash

KEYCLOAK_VERSION=26.7.3
SCHEMATHESIS_VERSION=4.32.5
export KEYCLOAK_VERSION
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

# apt_install WHAT PACKAGE…: WHAT is for the message where installing is not possible.
apt_install() {
  local what=$1 run=()
  shift
  if ! have apt-get; then
    die "$what is missing. Install what Debian calls: $*"
  fi
  if [[ $(id -u) -ne 0 ]]; then
    if ! sudo -n true 2>/dev/null; then
      die "$what is missing, and installing needs root. Run: sudo apt-get install $*"
    fi
    run=(sudo -n)
  fi
  say "Installing $what ($*)"
  # The lists of a fresh machine are empty or stale, so update first; without a network the install may still work.
  quietly apt-update "${run[@]}" apt-get update || true
  quietly apt-install "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

ensure_java() {
  local major=0
  have javac && major=$(javac -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/')
  [[ $major -ge 17 ]] || apt_install "a JDK, 17 or newer" openjdk-17-jdk-headless
  have mvn || apt_install "Maven" maven
}

ensure_node() {
  local major=0
  have node && major=$(node -p 'process.versions.node.split(".")[0]')
  if [[ $major -lt 20 ]]; then
    [[ $(apt-cache policy nodejs 2>/dev/null | sed -n 's/ *Candidate: \([0-9]*\).*/\1/p') -ge 20 ]] ||
      die "Node.js 20 or newer is missing, and the system's packages are older. Install it from nodejs.org."
    apt_install "Node.js" nodejs
  fi
  have npm || apt_install "npm" npm
}

ensure_node_modules() {
  ensure_node
  local print
  print=$(fingerprint package.json package-lock.json .npmrc examples/relying-party/package.json examples/resource-server/package.json)
  up_to_date npm "$print" node_modules && return
  say "Installing the npm packages"
  quietly npm-ci npm ci --no-audit --no-fund
  stamp npm "$print"
}

# Chromium and fonts to draw the pages with.
# Chromium without a window, where the distribution has it as a package: it draws the same pages in less than half of the processor's time.
ensure_browser() {
  [[ -z ${JIT_CHROMIUM:-} ]] || return 0
  have chromium-headless-shell \
    || (apt_install "Chromium's headless shell" chromium-headless-shell fonts-liberation fonts-dejavu-core fontconfig) \
    || have chromium \
    || apt_install "Chromium" chromium fonts-liberation fonts-dejavu-core fontconfig
  JIT_CHROMIUM=$(command -v chromium-headless-shell || command -v chromium)
  export JIT_CHROMIUM
}

ensure_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || apt_install "PostgreSQL" postgresql
}

# Calls the APIs by their OpenAPI document; in a Python environment of its own.
ensure_schemathesis() {
  export JIT_SCHEMATHESIS=$TARGET/schemathesis/bin/schemathesis
  up_to_date schemathesis "$SCHEMATHESIS_VERSION" "$JIT_SCHEMATHESIS" && return
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install "Python with venv" python3 python3-venv
  fi
  say "Installing schemathesis $SCHEMATHESIS_VERSION"
  rm -rf "$TARGET/schemathesis"
  quietly schemathesis-venv python3 -m venv "$TARGET/schemathesis"
  quietly schemathesis "$TARGET/schemathesis/bin/pip" install --disable-pip-version-check "schemathesis==$SCHEMATHESIS_VERSION"
  stamp schemathesis "$SCHEMATHESIS_VERSION"
}

rust_channel() { sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml; }

# The pinned toolchain with rustfmt and clippy; the same release under another name (`stable`) does as well.
ensure_rust() {
  local channel name
  channel=$(rust_channel)
  have rustup || die "Rust is missing. Install rustup (https://rustup.rs), then run this again."
  have cc || apt_install "a C linker" gcc libc6-dev
  if rustup toolchain list | grep -q "^$channel-"; then
    return
  fi
  while read -r name _; do
    if RUSTUP_TOOLCHAIN=$name rustc --version 2>/dev/null | grep -q "^rustc $channel " &&
      RUSTUP_TOOLCHAIN=$name cargo fmt --version >/dev/null 2>&1 &&
      RUSTUP_TOOLCHAIN=$name cargo clippy --version >/dev/null 2>&1; then
      export RUSTUP_TOOLCHAIN=$name
      return
    fi
  done < <(rustup toolchain list)
  say "Installing Rust $channel"
  quietly rustup-toolchain rustup toolchain install "$channel" --profile minimal -c rustfmt -c clippy
}

# Keycloak as its project ships it, unpacked once and never changed: servers are built from copies.
ensure_keycloak() {
  local home=$TARGET/keycloak/keycloak-$KEYCLOAK_VERSION
  [[ -f $home/.unpacked ]] && return
  ensure_java
  say "Fetching Keycloak $KEYCLOAK_VERSION (177 MB, once)"
  rm -rf "$TARGET/keycloak"
  mkdir -p "$TARGET/keycloak"
  # From inside, because the plugin leaves a note there that it has unpacked.
  (cd "$TARGET/keycloak" &&
    quietly keycloak mvn -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
      "-Dartifact=org.keycloak:keycloak-quarkus-dist:$KEYCLOAK_VERSION:zip" "-DoutputDirectory=$TARGET/keycloak")
  touch "$home/.unpacked"
}
