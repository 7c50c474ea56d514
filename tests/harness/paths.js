import { readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url))

/** Where everything that is built or run lives. */
export const TARGET = join(ROOT, "target")

/** The version of Keycloak that the journeys run on; `./jit` sets it. */
export const KEYCLOAK_VERSION = process.env.KEYCLOAK_VERSION ?? "26.7.3"

/** Keycloak as its project ships it, unpacked by `./jit`. Never changed, only copied. */
export const KEYCLOAK_DIST = join(TARGET, "keycloak", `keycloak-${KEYCLOAK_VERSION}`)

/** The command line tool, as `cargo build` leaves it. */
export const JIT_POLICY =
  process.env.JIT_POLICY ?? join(process.env.CARGO_TARGET_DIR ?? TARGET, "debug", "jit-policy")

/**
 * The extension's jar, built by `./jit jar`.
 *
 * @throws {Error} when it has not been built
 */
export function extensionJar() {
  const folder = join(ROOT, "keycloak-extension", "target")
  const jars = readdirSync(folder).filter((name) =>
    /^keycloak-jit-approval-[\d.]+(-SNAPSHOT)?\.jar$/.test(name),
  )
  if (jars.length !== 1)
    throw new Error(`expected one extension jar in ${folder}, found ${jars.length}: run ./jit jar`)
  return join(folder, jars[0])
}
