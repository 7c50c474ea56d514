import { existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { expect } from "@playwright/test"
import { ROOT } from "./paths.js"

/**
 * The tests that a document names, as `` `file` *name* ``.
 *
 * @param {string} text of the document
 * @returns {{ path: string, name: string }[]}
 */
export function citations(text) {
  const cited = text.matchAll(/`((?:tests|keycloak-extension|policy-core)\/[\w./-]+)` \*([^*]+)\*/g)
  return [...cited].map(([, path, name]) => ({ path, name }))
}

/** Each test that is named must stand in its file. @param {{ path: string, name: string }[]} cited */
export function expectToExist(cited) {
  for (const { path, name } of cited) {
    const file = join(ROOT, path)
    expect(existsSync(file) && statSync(file).isFile(), path).toBe(true)
    expect(readFileSync(file, "utf8"), `${path} has no test of this name`).toContain(name)
  }
}
