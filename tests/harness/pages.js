import { expect as patient } from "@playwright/test"

/** A page that polls every 2 s, on a machine that does something else, needs more than the usual 5 s. */
const expect = patient.configure({ timeout: 20_000 })

/** @typedef {import("@playwright/test").Page} Page */

/** The login form of Keycloak. */
export class LoginPage {
  /** @param {Page} page */
  constructor(page) {
    this.page = page
  }

  /** @param {string} username @param {string} [password] the demo's users have their name as password */
  async signIn(username, password = username) {
    await this.page.locator("#username").fill(username)
    await this.page.locator("#password").fill(password)
    await this.page.locator("#kc-login").click()
  }

  /** Proves again what a session says already; Keycloak knows the name. @param {string} password */
  async enterPassword(password) {
    await this.page.locator("#password").fill(password)
    await this.page.locator("#kc-login").click()
  }
}

/** An application of the relying party. */
export class ApplicationPage {
  /** @param {Page} page @param {string} url of the application */
  constructor(page, url) {
    this.page = page
    this.url = url
    this.state = page.locator("#app")
  }

  /** Goes to Keycloak to sign in. @param {Record<string, string>} [parameters] of the authorization request */
  async startSignIn(parameters = {}) {
    await this.page.goto(`${this.url}/login?${new URLSearchParams(parameters)}`)
  }

  /** @param {string} username */
  async expectSignedIn(username) {
    await expect(this.state).toHaveAttribute("data-state", "signed-in")
    await expect(this.page.locator("#who")).toHaveText(username)
  }

  /** @returns {Promise<string>} the level of authentication that the ID token tells */
  acr() {
    return this.page.locator("#acr").innerText()
  }

  /** @param {string} error of the authorization response */
  async expectRefused(error) {
    await expect(this.state).toHaveAttribute("data-state", "refused")
    await expect(this.page.locator("#error")).toHaveText(error)
  }

  /** Nobody is signed in, whatever the page in front shows. */
  async expectNobodySignedIn() {
    const answer = await this.page.context().request.get(this.url)
    expect(await answer.text()).toContain('data-state="signed-out"')
  }
}

/** What the requester sees while a sign-in is held, and at its end. */
export class WaitingPage {
  /** @param {Page} page */
  constructor(page) {
    this.page = page
    this.root = page.locator("#jit-page")
    this.matchCode = page.locator("#jit-match-code")
    this.stages = page.locator("#jit-stages")
  }

  /** @param {string} state */
  async expect(state) {
    await expect(this.root).toHaveAttribute("data-state", state)
  }

  async requestId() {
    return (await this.page.locator("#jit-request-id").innerText()).trim()
  }

  /** @param {"Cancel request" | "Continue" | "Confirm" | "Back to application" | "Send request"} name */
  async press(name) {
    await this.page.getByRole("button", { name }).or(this.page.getByRole("link", { name })).first().click()
  }
}

/** Where an approver decides. */
export class ReviewPage {
  /** @param {Page} page */
  constructor(page) {
    this.page = page
    this.root = page.locator("#jit-review")
    this.done = page.locator("#jit-done")
    this.comment = page.locator('[name="comment"]')
    this.matchCode = page.locator('[name="match_code"]')
    this.approveButton = page.getByRole("button", { name: "Approve" })
    this.denyButton = page.getByRole("button", { name: "Deny" })
  }

  /** @param {string} state */
  async expect(state) {
    await expect(this.root).toHaveAttribute("data-state", state)
  }

  async approve() {
    await this.approveButton.click()
    await expect(this.done).toBeVisible()
  }

  async deny() {
    await this.denyButton.click()
    await expect(this.done).toBeVisible()
  }
}
