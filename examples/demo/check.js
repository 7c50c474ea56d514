import { mkdirSync } from "node:fs"
import { join, relative } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { launchBrowser } from "../../tests/harness/browser.js"
import { reviewLink } from "../../tests/harness/mail.js"
import { ApplicationPage, LoginPage, ReviewPage, WaitingPage } from "../../tests/harness/pages.js"
import { ROOT } from "../../tests/harness/paths.js"

/**
 * Walks the demo's journey as alice and bob would, each in a browser of their own.
 *
 * @param {import("../../tests/harness/realm.js").Realm} realm
 * @param {string} screenshots the folder for what was seen
 * @returns {Promise<boolean>} whether every step went well
 */
export async function walk(realm, screenshots) {
  mkdirSync(screenshots, { recursive: true })
  const browser = await launchBrowser()
  const settings = { viewport: { width: 900, height: 900 }, reducedMotion: /** @type {const} */ ("reduce") }
  const alicesPage = await (await browser.newContext(settings)).newPage()
  const bobsPage = await (await browser.newContext(settings)).newPage()
  const application = new ApplicationPage(alicesPage, `${realm.party.url}/prod-console`)
  const waiting = new WaitingPage(alicesPage)
  const review = new ReviewPage(bobsPage)
  let link = ""

  /** @type {[string, () => Promise<void>][]} */
  const steps = [
    [
      "alice signs in to Production Console and is held",
      async () => {
        await application.startSignIn()
        await new LoginPage(alicesPage).signIn("alice")
        await waiting.expect("waiting")
        await picture(alicesPage, "waiting")
      },
    ],
    [
      "bob, her manager, gets a mail with a link",
      async () => {
        link = reviewLink(await realm.mail.mailTo(realm.address("bob")))
      },
    ],
    [
      "bob opens the link, signs in, and is asked",
      async () => {
        await bobsPage.goto(link)
        await new LoginPage(bobsPage).signIn("bob")
        await review.expect("open")
        await picture(bobsPage, "review")
      },
    ],
    [
      "bob approves",
      async () => {
        await review.approve()
        await picture(bobsPage, "approved")
      },
    ],
    [
      "alice's page goes on by itself: she is signed in",
      async () => {
        await application.expectSignedIn("alice")
        await picture(alicesPage, "signed-in")
      },
    ],
  ]

  /** @param {import("@playwright/test").Page} page @param {string} name */
  async function picture(page, name) {
    // Fonts and the countdown settle.
    await sleep(200)
    // Not `fullPage`, which draws the theme's background for the window's height only.
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width: 900, height: Math.max(900, height) })
    await page.screenshot({ path: join(screenshots, `${name}.png`) })
  }

  let passed = 0
  console.log()
  for (const [what, walkStep] of steps) {
    const begun = Date.now()
    try {
      await walkStep()
      passed++
      console.log(`  ✓ ${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${what}`)
    } catch (error) {
      console.log(`  ✗ ${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${what}`)
      console.error(
        `\n${error instanceof Error ? error.message : error}\nKeycloak's log: ${relative(ROOT, realm.server.log)}`,
      )
      await picture(alicesPage, "failed-alice")
      await picture(bobsPage, "failed-bob")
      break
    }
  }
  await browser.close()
  console.log(
    `\nScreenshots: ${relative(ROOT, screenshots)}\n${passed} passed, ${steps.length - passed} failed`,
  )
  return passed === steps.length
}
