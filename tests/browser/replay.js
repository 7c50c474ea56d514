/**
 * The engine that wasm-bindgen makes, as far as the corpus needs it.
 *
 * @typedef {{ call(request: string): string, free(): void }} Engine
 */

/**
 * Plays the exchanges of the corpus again: the same requests must give the same bytes as native Rust gave. Each case meets a fresh engine;
 * the lines of one case follow each other. It runs in Node and in a page alike.
 *
 * @param {string} lines `replay.jsonl`, as the Rust tests write it
 * @param {new () => Engine} Engine
 */
export function replay(lines, Engine) {
  /** @type {string[]} */
  const differences = []
  /** @type {string | undefined} */
  let current
  let engine = new Engine()
  let cases = 0
  let exchanges = 0
  for (const line of lines.split("\n")) {
    if (line === "") continue
    const { case: name, request, answer } = JSON.parse(line)
    if (name !== current) {
      engine.free()
      engine = new Engine()
      current = name
      cases++
    }
    // Both are well-formed Unicode, so that equal strings are equal bytes.
    const actual = engine.call(request)
    if (actual !== answer) differences.push(`${name}\n  native: ${answer}\n  here:   ${actual}`)
    exchanges++
  }
  engine.free()
  return { cases, exchanges, differences }
}
