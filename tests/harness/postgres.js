import { chmodSync, chownSync, lchownSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { execFileSync } from "node:child_process"
import { tmpdir } from "node:os"
import { copyFolder } from "./folders.js"
import { TARGET } from "./paths.js"
import { freePort } from "./ports.js"
import { ManagedProcess, eventually, run } from "./processes.js"

/** @returns {string} the folder of the newest PostgreSQL's programs */
function programs() {
  const versions = readdirSync("/usr/lib/postgresql").sort((one, other) => Number(other) - Number(one))
  return join("/usr/lib/postgresql", versions[0], "bin")
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function owner() {
  if (process.getuid?.() !== 0) return {}
  const id = (/** @type {string} */ flag) =>
    Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }))
  return { uid: id("-u"), gid: id("-g") }
}

/** @param {string} folder @param {{ uid?: number, gid?: number }} user */
function give(folder, { uid, gid }) {
  if (uid === undefined || gid === undefined) return
  chownSync(folder, uid, gid)
  for (const inside of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    lchownSync(join(folder, inside), uid, gid)
}

/**
 * Starts a PostgreSQL of its own: no other server on the machine is touched.
 *
 * @param {string} name of its folder
 * @param {string} [left] the folder in which another one left its data; it is copied
 */
export async function startPostgres(name, left) {
  const user = owner()
  const bin = programs()
  const log = join(TARGET, "logs", `postgres-${name}.log`)
  // Outside the repository, which the user postgres may have no right to enter.
  const folder = join(tmpdir(), `jit-postgres-${process.pid}-${name}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, "data")
  const options = { log, cwd: folder, ...user }
  if (left) {
    copyFolder(left, data)
    chmodSync(data, 0o700)
    give(data, user)
  } else {
    await run(
      join(bin, "initdb"),
      ["-D", data, "-U", "keycloak", "-A", "trust", "-E", "UTF8", "--no-sync"],
      options,
    )
  }
  const port = await freePort()
  const server = new ManagedProcess(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), "-k", folder, "-h", "127.0.0.1", "-c", "fsync=off"],
    options,
  )
  await eventually("PostgreSQL", async () => {
    await run(
      join(bin, "psql"),
      ["-h", "127.0.0.1", "-p", String(port), "-U", "keycloak", "-c", "select 1", "postgres"],
      options,
    )
    return true
  })
  return {
    /** Where Keycloak finds it. */
    keycloakOptions: [
      `--db-url=jdbc:postgresql://127.0.0.1:${port}/postgres`,
      "--db-username=keycloak",
      "--db-password=keycloak",
    ],
    /** @param {string} statement @returns {string[]} the rows as psql prints them unaligned, without a header */
    sql(statement) {
      const answer = execFileSync(
        join(bin, "psql"),
        ["-h", "127.0.0.1", "-p", String(port), "-U", "keycloak", "-AtqX", "-c", statement, "postgres"],
        { encoding: "utf8" },
      )
      return answer.split("\n").filter((line) => line !== "")
    },
    /** Stops it, and leaves its data in a folder. @param {string} target that there is not yet */
    async leave(target) {
      await server.stop()
      copyFolder(data, target)
      rmSync(folder, { recursive: true, force: true })
    },

    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
