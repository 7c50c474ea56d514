import { spawnSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { JIT_POLICY, TARGET } from "./paths.js"

/**
 * @typedef {{ result: "intact" | "damaged", requests: number, events: number, checkpoints: number[],
 *   findings: { kind: string, line?: number, request?: string, seq?: number, message: string }[] }} Report
 */

/** A folder with what an auditor holds, and `jit-policy audit verify` for it. */
export class Auditor {
  /** @param {string} name of the folder @param {unknown} jwks the realm's public keys */
  constructor(name, jwks) {
    this.folder = join(TARGET, "journeys", name)
    mkdirSync(this.folder, { recursive: true })
    this.jwks = this.#file("jwks.json", JSON.stringify(jwks))
  }

  /** @param {string} name @param {string} text */
  #file(name, text) {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  /**
   * @param {string} exported NDJSON @param {string} [checkpoints] compact JWS, one a line
   * @returns {Report}
   */
  verify(exported, checkpoints) {
    const options =
      checkpoints === undefined
        ? []
        : ["--checkpoint", this.#file("checkpoints", checkpoints), "--jwks", this.jwks]
    const file = this.#file("export.ndjson", exported)
    const ended = spawnSync(JIT_POLICY, ["audit", "verify", file, "--format", "json", ...options], {
      encoding: "utf8",
    })
    if (ended.error) throw ended.error
    if (ended.status !== 0 && ended.status !== 1)
      throw new Error(`jit-policy ended with ${ended.status}: ${ended.stderr}`)
    const report = JSON.parse(ended.stdout)
    if ((ended.status === 0) !== (report.result === "intact"))
      throw new Error(`jit-policy ended with ${ended.status} and said ${report.result}`)
    return report
  }
}
