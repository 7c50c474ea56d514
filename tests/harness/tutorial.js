import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { JIT_POLICY, ROOT } from "./paths.js"

/**
 * @typedef {{ command: string, expected: string[] }} Command
 * @typedef {{ act: string }} Act what a person does in between
 * @typedef {Command | Act} Step
 */

/**
 * The steps of a document: in blocks of `console`, what follows a `$` is a command, and the rest what it writes; blocks of `sh` are commands whose output
 * nobody looks at; comments `<!-- journey: … -->` stand for what a person does.
 *
 * @param {string} name of a file in docs/
 * @returns {Step[]}
 */
export function stepsOf(name) {
  const text = readFileSync(join(ROOT, "docs", name), "utf8")
  /** @type {Step[]} */
  const steps = []
  for (const [, act, language, block] of text.matchAll(
    /<!-- journey: (.*?) -->|^```(\w*)\n([\s\S]*?)^```$/gm,
  )) {
    if (act) steps.push({ act })
    else if (language === "sh") steps.push({ command: block.trimEnd(), expected: ["…"] })
    else if (language === "console") steps.push(...commandsOf(block))
  }
  return steps
}

/** @param {string} block @returns {Command[]} */
function commandsOf(block) {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command, ...expected] = part.trimEnd().split("\n")
      return { command, expected }
    })
}

/** A shell in a folder, as somebody has it open who follows a document. What is exported stays so. */
export class Shell {
  /** @param {string} folder @param {Record<string, string>} env */
  constructor(folder, env) {
    this.folder = folder
    /** @type {Record<string, string>} */
    this.env = { ...env, PATH: `${dirname(JIT_POLICY)}:${process.env.PATH}`, NO_COLOR: "1" }
  }

  /** @param {string} command @returns {Promise<string>} all that it writes, in its order */
  run(command) {
    return new Promise((resolve, reject) => {
      const shell = spawn("bash", ["-c", `exec 2>&1\n${command}\n`], {
        cwd: this.folder,
        env: { ...process.env, ...this.env },
        stdio: ["ignore", "pipe", "inherit"],
      })
      let out = ""
      shell.stdout.on("data", (data) => (out += data))
      shell.on("error", reject)
      shell.on("close", () => resolve(out))
    })
  }
}

/**
 * Compares lines; in those that are expected, `…` stands for anything, and a line of nothing else for any number of lines.
 *
 * @param {string[]} expected @param {string[]} lines
 * @returns {string | undefined} the first line that does not fit, or what is missing
 */
export function difference(expected, lines) {
  const [first, ...rest] = expected
  if (first === undefined) return lines[0]
  if (first.trim() === "…") {
    for (let skipped = 0; skipped <= lines.length; skipped += 1)
      if (difference(rest, lines.slice(skipped)) === undefined) return undefined
    return rest[0] ?? "…"
  }
  const [line] = lines
  if (line === undefined) return `(missing) ${first}`
  const pattern = first.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  if (!new RegExp(`^${pattern.join(".*")}$`).test(line)) return `${line}\n   is not\n${first}`
  return difference(rest, lines.slice(1))
}
