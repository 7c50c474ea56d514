import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { eventually } from "./processes.js"

/**
 * Copies keep their times: an optimized Keycloak refuses to start when a provider's jar looks changed.
 *
 * @param {string} from @param {string} to
 */
export function copyFolder(from, to) {
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
}

/**
 * A folder that is made once, whoever of several processes wants it first.
 *
 * @param {string} folder @param {(draft: string) => Promise<void>} make fills a draft of it
 */
export async function madeOnce(folder, make) {
  if (existsSync(folder)) return
  const lock = `${folder}.lock`
  await eventually(`${folder}, which another process makes`, () => existsSync(folder) || takes(lock), {
    timeout: 300_000,
    interval: 500,
  })
  try {
    if (existsSync(folder)) return
    const draft = `${folder}.draft`
    rmSync(draft, { recursive: true, force: true })
    await make(draft)
    renameSync(draft, folder)
  } finally {
    if (isOurs(lock)) rmSync(lock)
  }
}

/** @param {string} lock @returns {boolean} whether this process has it now */
function takes(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" })
    return true
  } catch {
    const owner = Number(readFileSync(lock, "utf8"))
    // Who was killed has left it behind.
    if (owner > 0 && !isAlive(owner)) rmSync(lock, { force: true })
    return false
  }
}

/** @param {string} lock */
const isOurs = (lock) => existsSync(lock) && readFileSync(lock, "utf8") === String(process.pid)

/** @param {number} id of a process */
function isAlive(id) {
  try {
    process.kill(id, 0)
    return true
  } catch {
    return false
  }
}
