import { createHash } from "node:crypto"
import { cpSync, readFileSync, readdirSync } from "node:fs"
import { basename, join } from "node:path"
import { copyFolder, madeOnce } from "./folders.js"
import { Keycloak } from "./keycloak.js"
import { KEYCLOAK_DIST, TARGET, extensionJar } from "./paths.js"
import { startPostgres } from "./postgres.js"
import { run } from "./processes.js"

/** @typedef {{ say?: (text: string) => void }} Telling */

/** @param {string} what @returns {string} a folder that is another one for each jar and each set of changes to the database's tables */
const folderOf = (what) =>
  join(
    TARGET,
    "keycloak",
    `${what}-${createHash("sha256").update(readFileSync(extensionJar())).digest("hex").slice(0, 16)}`,
  )

/**
 * A Keycloak with the extension, built once for the same jar and database.
 *
 * @param {{ db?: "dev-file" | "postgres" } & Telling} [options]
 * @returns {Promise<string>} its folder; start servers from copies of it
 */
export async function buildKeycloak({ db = "dev-file", say = () => {} } = {}) {
  const home = folderOf(`built-${db}`)
  await madeOnce(home, async (draft) => {
    const jar = extensionJar()
    say(`Building Keycloak with ${basename(jar)} for ${db}`)
    copyFolder(KEYCLOAK_DIST, draft)
    cpSync(jar, join(draft, "providers", basename(jar)), { preserveTimestamps: true })
    await run(
      join(draft, "bin", "kc.sh"),
      ["build", `--db=${db}`, "--health-enabled=true", "--metrics-enabled=true"],
      { log: join(TARGET, "logs", `kc-build-${db}.log`) },
    )
  })
  return home
}

/**
 * The same after its first start, which makes the tables and the first admin: what is started from copies of it is ready in half the time.
 *
 * @param {Telling} [options]
 * @returns {Promise<string>} its folder
 */
export async function startedBefore({ say = () => {} } = {}) {
  const built = await buildKeycloak({ say })
  const home = folderOf("started-dev-file")
  await madeOnce(home, async (draft) => {
    say("Starting it for the first time")
    const server = await Keycloak.start({ brief: true, built, name: "first-start" })
    await server.stop()
    copyFolder(built, draft)
    copyFolder(join(server.home, "data"), join(draft, "data"))
  })
  return home
}

/**
 * A Keycloak for PostgreSQL, with a database of its own that has the tables and the first admin.
 *
 * @param {string} name of the database's folder
 * @param {Telling} [options]
 * @returns {Promise<{ built: string, database: Awaited<ReturnType<typeof startPostgres>> }>}
 */
export async function onPostgres(name, { say = () => {} } = {}) {
  const built = await buildKeycloak({ db: "postgres", say })
  const tables = folderOf("postgres-tables")
  await madeOnce(tables, async (draft) => {
    say("Starting it on PostgreSQL for the first time")
    const database = await startPostgres("first-start")
    const server = await Keycloak.start({
      brief: true,
      built,
      name: "first-start-postgres",
      options: database.keycloakOptions,
    })
    await server.stop()
    await database.leave(draft)
  })
  return { built, database: await startPostgres(name, tables) }
}
