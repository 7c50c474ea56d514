// The fourth host: the corpus in Node and in a page of headless Chromium. `./jit browser --check` builds what it needs and runs it.
import assert from "node:assert/strict"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath, pathToFileURL } from "node:url"
import { launchBrowser } from "../harness/browser.js"
import { TARGET } from "../harness/paths.js"
import { replay } from "./replay.js"

const PACKAGE = join(TARGET, "browser")
const REPLAY = join(TARGET, "corpus", "replay.jsonl")
const PLAYER = fileURLToPath(new URL("replay.js", import.meta.url))

/** Far fewer than there are: should the replay be cut off, this says so. */
const FEWEST_CASES = 450
const FEWEST_EXCHANGES = 900

for (const [file, command] of [
  [join(PACKAGE, "jit_policy.js"), "./jit browser"],
  [REPLAY, "./jit corpus"],
]) {
  if (!existsSync(file)) throw new Error(`${file} is missing: run ${command}`)
}

/** @param {ReturnType<typeof replay>} played */
function assertAlike({ cases, exchanges, differences }) {
  assert.deepEqual(differences, [])
  assert.ok(cases >= FEWEST_CASES, `${cases} cases`)
  assert.ok(exchanges >= FEWEST_EXCHANGES, `${exchanges} exchanges`)
}

/** @returns {Promise<new () => import("./replay.js").Engine>} the engine's class, in this very process */
async function engineInNode() {
  const { initSync, Engine } = await import(pathToFileURL(join(PACKAGE, "jit_policy.js")).href)
  initSync({ module: readFileSync(join(PACKAGE, "jit_policy_bg.wasm")) })
  return Engine
}

test("Node answers the corpus as native Rust does", async () => {
  assertAlike(replay(readFileSync(REPLAY, "utf8"), await engineInNode()))
})

test("a page in Chromium answers the corpus as native Rust does", async (t) => {
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  /** @type {string[]} */
  const mishaps = []
  page.on("pageerror", (error) => mishaps.push(String(error)))
  page.on("console", (message) => mishaps.push(message.text()))
  await serve(page)
  await page.goto("https://engine.test/")
  const played = await page.evaluate(
    async ([bindings, player, corpus]) => {
      const { default: init, Engine } = await import(bindings)
      await init()
      const { replay } = await import(player)
      return replay(await (await fetch(corpus)).text(), Engine)
    },
    ["/jit_policy.js", "/replay.js", "/replay.jsonl"],
  )
  assertAlike(played)
  assert.deepEqual(mishaps, [])
})

test("no string makes the engine throw", async () => {
  const Engine = await engineInNode()
  const engine = new Engine()
  for (const [request, code] of [
    ["", "bad_json"],
    ["\u0000", "bad_json"],
    // Half of a surrogate pair is no Unicode; it arrives as U+FFFD.
    ["\ud800", "bad_json"],
    ["[]", "bad_envelope"],
    ["[".repeat(100_000), "bad_json"],
    [" ".repeat(5 * 1024 * 1024), "too_large"],
  ]) {
    assert.equal(JSON.parse(engine.call(request)).error.code, code)
  }
  const version = JSON.parse(engine.call('{"v":1,"op":"version","body":{}}'))
  assert.equal(version.ok.abi, 1, "it is as good as before")
  engine.free()
})

/**
 * Serves the page and what it loads, with a content security policy as tight as WebAssembly allows.
 *
 * @param {import("@playwright/test").Page} page
 */
async function serve(page) {
  const files = {
    "/jit_policy.js": [join(PACKAGE, "jit_policy.js"), "text/javascript"],
    "/jit_policy_bg.wasm": [join(PACKAGE, "jit_policy_bg.wasm"), "application/wasm"],
    "/replay.js": [PLAYER, "text/javascript"],
    "/replay.jsonl": [REPLAY, "application/jsonl; charset=utf-8"],
  }
  for (const [name, [path, contentType]] of Object.entries(files)) {
    await page.route(`https://engine.test${name}`, (route) => route.fulfill({ path, contentType }))
  }
  await page.route("https://engine.test/", (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": "default-src 'self' 'wasm-unsafe-eval'; img-src data:" },
      body: '<!doctype html><html lang="en"><title>Engine</title><link rel="icon" href="data:,"></html>',
    }),
  )
}
