import { reviewLink } from "./mail.js"
import { ApplicationPage, LoginPage, ReviewPage, WaitingPage } from "./pages.js"

/** Somebody with a browser of their own. */
export class Person {
  /**
   * @param {string} username @param {import("./realm.js").Realm} realm
   * @param {import("@playwright/test").BrowserContext} context @param {import("@playwright/test").Page} page
   */
  constructor(username, realm, context, page) {
    this.username = username
    this.realm = realm
    this.context = context
    this.page = page
    this.login = new LoginPage(page)
    this.waiting = new WaitingPage(page)
    this.review = new ReviewPage(page)
  }

  /** The same person in another tab of the same browser. */
  async newTab() {
    return new Person(this.username, this.realm, this.context, await this.context.newPage())
  }

  /** @param {string} clientId */
  application(clientId) {
    return new ApplicationPage(this.page, `${this.realm.party.url}/${clientId}`)
  }

  get console() {
    return this.application("prod-console")
  }

  /** Starts at an application and types name and password. @param {string} [clientId] */
  async signInTo(clientId = "prod-console") {
    await this.application(clientId).startSignIn()
    await this.login.signIn(this.username)
  }

  /** Signs in to the Production Console, where the policy holds it. @returns {Promise<string>} the request's id */
  async signInAndWait() {
    await this.signInTo("prod-console")
    await this.waiting.expect("waiting")
    return this.waiting.requestId()
  }

  /** Opens an address of the approvers' pages, signing in where Keycloak asks. @param {string} url */
  async openAsApprover(url) {
    await this.page.goto(url)
    await this.login.signIn(this.username)
  }

  /** Reads the newest mail about a request and follows its link. @param {string} requestId */
  async openReviewFromMail(requestId) {
    const mail = await this.realm.mail.mailTo(this.realm.address(this.username), (mail) =>
      mail.text.includes(requestId),
    )
    await this.openAsApprover(reviewLink(mail))
  }

  /** Opens the review page of a request without a mail. @param {string} requestId */
  async openReview(requestId) {
    await this.openAsApprover(`${this.realm.url}/jit-approval/review/${requestId}`)
  }

  /** From the mail to the decision. @param {string} requestId */
  async approveFromMail(requestId) {
    await this.openReviewFromMail(requestId)
    await this.review.expect("open")
    await this.review.approve()
  }

  /** Has no single sign-on session: Keycloak, asked not to ask, says that a login is required. */
  async expectNoSession() {
    const elsewhere = this.application("payroll")
    await elsewhere.startSignIn({ prompt: "none" })
    await elsewhere.expectRefused("login_required")
  }

  /** What Keycloak may have stored in this browser for the realm. */
  async cookieNames() {
    // The path of Keycloak's cookies ends with a slash: without one, none of them would be meant.
    const cookies = await this.context.cookies(`${this.realm.url}/`)
    return cookies.map(({ name }) => name)
  }
}
