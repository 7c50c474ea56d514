// What the pages look like to people who see little, use a phone, or listen.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { guardedCopy } from "../harness/flows.js"
import { TARGET } from "../harness/paths.js"
import { managerApproves } from "../harness/policies.js"
import { expect, test } from "../harness/test.js"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/**
 * Keycloak's own template draws the user name above every page after the first, in a field without a label; that is not
 * this project's to mend.
 *
 * @param {import("@playwright/test").Page} page
 * @returns {Promise<string[]>} serious and critical violations on the page
 */
async function violations(page) {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = /** @type {any} */ (globalThis)
    /** @type {{ violations: { id: string, impact: string, nodes: { html: string }[] }[] }} */
    const { violations } = await axe.run({ exclude: ["#kc-attempted-username"] })
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)
  })
}

/** @param {import("@playwright/test").Page} page @param {string} name */
async function fitsAPhone(page, name) {
  await page.setViewportSize({ width: 320, height: 640 })
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  await page.screenshot({ path: join(TARGET, "journeys", "screens", `${name}-320.png`), fullPage: true })
  expect(overflow, `${name} scrolls sideways at 320 px`).toBeLessThanOrEqual(0)
}

/** @param {import("@playwright/test").Page} page @param {string} root */
async function buttonsAreLargeEnough(page, root) {
  for (const button of await page.locator(`${root} button:visible`).all()) {
    const box = await button.boundingBox()
    expect(box?.height, await button.innerText()).toBeGreaterThanOrEqual(44)
  }
}

test.use({ policy: managerApproves({ stage: { require: { match_code: true, comment: true } } }) })

test("the pages have no serious accessibility violation, and fit a phone", async ({ alice, bob }) => {
  const request = await alice.signInAndWait()
  await expect(alice.page).toHaveTitle(/waiting/i)
  expect(await violations(alice.page)).toEqual([])
  await fitsAPhone(alice.page, "waiting")
  await buttonsAreLargeEnough(alice.page, "#jit-page")

  const code = (await alice.waiting.matchCode.innerText()).trim()
  await bob.openReviewFromMail(request)
  await bob.review.expect("open")
  expect(await violations(bob.page)).toEqual([])
  await fitsAPhone(bob.page, "review")
  await buttonsAreLargeEnough(bob.page, "#jit-review")
  const [approve, deny] = [
    await bob.review.approveButton.boundingBox(),
    await bob.review.denyButton.boundingBox(),
  ]
  expect(approve?.width).toBe(deny?.width)
  expect(approve?.height).toBe(deny?.height)
  const focused = await bob.page.evaluate(() => document.activeElement?.tagName)
  expect(focused).not.toBe("BUTTON")

  await bob.review.comment.fill("No.")
  await bob.review.matchCode.fill(code)
  await bob.review.deny()
  expect(await violations(bob.page)).toEqual([])
  await alice.waiting.expect("denied")
  expect(await violations(alice.page)).toEqual([])
  await fitsAPhone(alice.page, "denied")
})

test.describe("a change", () => {
  test.use({
    policy: managerApproves({
      stage: { approvers: [{ user: "bob" }] },
      rule: { on: ["register"], when: "true", reason: '"New people are let in by bob."' },
    }),
  })

  test("is shown value by value, in words, and fits a phone and the dark", async ({ visit, bob, realm }) => {
    const registrationFlow = await guardedCopy(realm, "registration", 20)
    await realm.admin.put(realm.path, { registrationAllowed: true, registrationFlow })
    const dora = await visit("dora", { colorScheme: "dark" })
    await dora.console.startSignIn({ prompt: "create" })
    const longName = "N".repeat(200)
    const form = { username: "dora", email: realm.address("dora"), firstName: "Dora", lastName: longName }
    for (const [field, value] of Object.entries({ ...form, password: "dora", "password-confirm": "dora" })) {
      await dora.page.locator(`#${field}`).fill(value)
    }
    await dora.page.locator('#kc-register-form [type="submit"]').click()
    await dora.waiting.expect("waiting")
    const request = await dora.waiting.requestId()

    await expect(dora.page.locator("#jit-what")).toHaveText("Register at Production Console")
    const asked = dora.page.getByRole("list", { name: "What changes" })
    await expect(asked.locator('[data-field="email"]')).toHaveText(
      new RegExp(`^\\s*E-mail address\\s+Added:\\s+${realm.address("dora")}\\s*$`),
    )
    await expect(asked.locator('[data-field="lastName"]')).toContainText(longName)
    expect(await violations(dora.page)).toEqual([])
    await fitsAPhone(dora.page, "waiting-change-dark")

    await bob.openAsApprover(`${realm.url}/jit-approval/inbox`)
    await expect(bob.page.locator(`[data-request="${request}"]`)).toContainText(
      "What changes: E-mail address, First name, Last name",
    )
    expect(await violations(bob.page)).toEqual([])
    await bob.openReviewFromMail(request)
    await expect(bob.page.locator("#jit-changes [data-field='email']")).toContainText(realm.address("dora"))
    expect(await violations(bob.page)).toEqual([])
    await fitsAPhone(bob.page, "review-change")
    const mail = await realm.mail.mailTo(realm.address("bob"), ({ text }) => text.includes(request))
    expect(mail.text).toContain(`  E-mail address\n    Added: ${realm.address("dora")}\n`)
  })
})
