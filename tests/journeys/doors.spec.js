// docs/doors.md: each door has its place, each row says all there is to say, and each test that is named exists.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "@playwright/test"
import { citations, expectToExist } from "../harness/citations.js"
import { ROOT } from "../harness/paths.js"

const DOCUMENT = readFileSync(join(ROOT, "docs/doors.md"), "utf8")
const EFFECTS = ["allow", "deny", "confirm", "step up", "approval"]

/** What stands under the title of each door. */
const SECTIONS = DOCUMENT.split(/^## /m).slice(1)

/** The cells of the rows of the tables of doors, by the number of the door; a `\|` is no border. */
function rows() {
  return SECTIONS.map((section) =>
    section
      .split("\n\n")
      .filter((block) => block.startsWith("| door |"))
      .flatMap((table) => table.split("\n"))
      .filter((line) => line.startsWith("| ") && !line.startsWith("| door |"))
      .map((line) =>
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      ),
  )
}

test("every test that docs/doors.md names exists", () => {
  const cited = citations(DOCUMENT)
  expect(cited.length).toBeGreaterThan(15)
  expectToExist(cited)
})

test("docs/doors.md has thirteen doors, and each row has an effect, a hook and a test", () => {
  const titles = [...DOCUMENT.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number))
  expect(titles).toEqual(Array.from({ length: 13 }, (_, index) => index + 1))
  for (const row of rows().flat()) {
    expect(row, row.join(" | ")).toHaveLength(5)
    const [, effect, , hook, shown] = row
    expect(hook, row.join(" | ")).not.toBe("")
    expect(citations(shown).length, `${row[0]} is shown by no test`).toBeGreaterThan(0)
    for (const one of effect.split(", ")) expect(EFFECTS, row[0]).toContain(one)
  }
})

test("each door of docs/doors.md has a row for every effect, and two ways around it that lead nowhere", () => {
  for (const [index, door] of rows().entries()) {
    const effects = new Set(door.flatMap(([, effect]) => effect.split(", ")))
    expect([...effects].sort(), `door ${index + 1}`).toEqual([...EFFECTS].sort())
    const [, ways = ""] = SECTIONS[index].split("Ways around:\n\n")
    const shown = ways
      .split(/\n\n/)[0]
      .split(/^- /m)
      .filter((way) => citations(way).length > 0)
    expect(shown.length, `door ${index + 1}`).toBeGreaterThanOrEqual(2)
  }
})
