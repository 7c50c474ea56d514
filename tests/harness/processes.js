import { spawn } from "node:child_process"
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** @type {Set<ManagedProcess>} */
const running = new Set()

// The last resort, when this process ends without having stopped its children: nothing may outlive it.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL")
})

/** A child that leads a process group of its own, so that its children (kc.sh starts java) end with it. */
export class ManagedProcess {
  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{ log: string, cwd?: string, env?: Record<string, string>, uid?: number, gid?: number }} options `log`: the file
   *   that its output is appended to
   */
  constructor(command, args, { log, env = {}, ...options }) {
    mkdirSync(dirname(log), { recursive: true })
    const out = openSync(log, "a")
    this.log = log
    this.child = spawn(command, args, {
      ...options,
      env: { ...process.env, ...env },
      stdio: ["ignore", out, out],
      detached: true,
    })
    closeSync(out)
    running.add(this)
    /** @type {Promise<number | null>} the exit code; null when a signal ended it */
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject)
      this.child.once("exit", (code) => {
        running.delete(this)
        resolve(code)
      })
    })
    this.ended.catch(() => running.delete(this))
  }

  get alive() {
    return running.has(this)
  }

  /** @param {NodeJS.Signals} signal sent to the whole group */
  kill(signal) {
    try {
      if (this.child.pid) process.kill(-this.child.pid, signal)
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error
    }
  }

  /** Asks it to end, and ends it after 20 seconds. */
  async stop() {
    if (!this.alive) return
    this.kill("SIGTERM")
    const patience = new AbortController()
    await Promise.race([this.ended, sleep(20_000, undefined, { signal: patience.signal }).catch(() => {})])
    patience.abort()
    this.kill("SIGKILL")
    await this.ended
  }

  /** The end of its output, for messages. */
  tail(lines = 30) {
    return readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-lines).join("\n")
  }
}

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, cwd?: string, env?: Record<string, string>, uid?: number, gid?: number }} options
 * @throws {Error} with the end of its output, when it fails
 */
export async function run(command, args, options) {
  const child = new ManagedProcess(command, args, options)
  const code = await child.ended
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${child.tail()}`)
}

/**
 * Polls until something is there.
 *
 * @template T
 * @param {string} what for the message when it never comes
 * @param {() => Promise<T | undefined | null | false> | T | undefined | null | false} probe an error counts as "not yet"
 * @param {{ timeout?: number, interval?: number }} [options] in milliseconds
 * @returns {Promise<T>}
 */
export async function eventually(what, probe, { timeout = 15_000, interval = 200 } = {}) {
  const deadline = Date.now() + timeout
  let last
  while (Date.now() < deadline) {
    try {
      const found = await probe()
      if (found) return found
    } catch (error) {
      last = error
    }
    await sleep(interval)
  }
  throw new Error(`${what} did not come within ${timeout / 1000} s${last ? `: ${last}` : ""}`)
}
