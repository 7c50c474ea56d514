// What people get by mail: in their language, harmless whatever others wrote, and leading to a page that decides nothing by itself.
import { join } from "node:path"
import { TARGET } from "../harness/paths.js"
import { managerApproves } from "../harness/policies.js"
import { expect, test } from "../harness/test.js"

/** @typedef {import("../harness/mail.js").Mail} Mail */
/** @typedef {import("../harness/realm.js").Realm} Realm */

/** Bob or carol decides; the other one hears that it is done. */
const EITHER = { stage: { approvers: [{ user: "bob" }, { user: "carol" }] }, chain: { show_approvers: true } }

/** What a mail says in each language: subject, and a sentence of its body. */
const SAID = {
  en: {
    ask: [
      /^Approval needed: alice → Production Console \(until .+ UTC\)$/,
      "Review request",
      "nothing is approved by opening it",
    ],
    outcome: [
      /^Approved: your request for Production Console$/,
      "Approved by bob",
      "The approval is good until",
    ],
    done: [
      /^Done: alice → Production Console was approved$/,
      "Approved by bob",
      "You do not need to do anything.",
    ],
  },
  de: {
    ask: [
      /^Genehmigung nötig: alice → Production Console \(bis .+ UTC\)$/,
      "Anfrage ansehen",
      "durch das Öffnen wird nichts genehmigt",
    ],
    outcome: [
      /^Freigegeben: Ihre Anfrage für Production Console$/,
      "Genehmigt von bob",
      "Die Freigabe gilt bis",
    ],
    done: [
      /^Erledigt: alice → Production Console wurde genehmigt$/,
      "Genehmigt von bob",
      "Sie müssen nichts tun.",
    ],
  },
  fr: {
    ask: [
      /^Approbation nécessaire : alice → Production Console \(jusqu’à .+ UTC\)$/,
      "Examiner la demande",
      "l’ouvrir n’approuve rien",
    ],
    outcome: [
      /^Approuvée : votre demande pour Production Console$/,
      "Approuvée par bob",
      "L’approbation est valable jusqu’au",
    ],
    done: [
      /^Terminé : alice → Production Console a été approuvé$/,
      "Approuvée par bob",
      "Vous n’avez rien à faire.",
    ],
  },
  es: {
    ask: [
      /^Aprobación necesaria: alice → Production Console \(hasta .+ UTC\)$/,
      "Revisar la solicitud",
      "al abrirlo no se aprueba nada",
    ],
    outcome: [
      /^Aprobada: su solicitud para Production Console$/,
      "Aprobada por bob",
      "La aprobación es válida hasta",
    ],
    done: [
      /^Resuelto: alice → Production Console se ha aprobado$/,
      "Aprobada por bob",
      "No tiene que hacer nada.",
    ],
  },
  ja: {
    ask: [
      /^承認のお願い：alice → Production Console（.+ UTC まで）$/,
      "申請を確認する",
      "開くだけでは承認されません",
    ],
    outcome: [/^承認：Production Console への申請$/, "bob さんが承認", "承認の有効期限は"],
    done: [
      /^完了：alice → Production Console は承認されました$/,
      "bob さんが承認",
      "対応の必要はありません。",
    ],
  },
}

/**
 * @param {Mail} mail
 * @param {(RegExp | string)[]} said subject and sentences
 */
function expectSaid(mail, [subject, ...sentences]) {
  expect(mail.subject).toMatch(subject)
  const html = mail.html.replaceAll("&#39;", "'")
  for (const sentence of sentences) {
    expect(html).toContain(sentence)
    expect(mail.text).toContain(sentence)
  }
  // Neither a key that has no text nor a placeholder that was not filled in.
  for (const body of [mail.subject, mail.text, html]) expect(body).not.toMatch(/\bjit[A-Z]\w+|\$\{|\{\d/)
}

/** @param {Mail} mail @returns {string[]} every address in a mail */
function links(mail) {
  const found = `${mail.text}\n${mail.html}`.match(/https?:\/\/[^\s"'<>)]+/g) ?? []
  return [...new Set(found.map((link) => link.replaceAll("&amp;", "&")))]
}

/**
 * What a mail scanner does: asks for the address, and follows it.
 *
 * @param {Mail} mail
 */
async function scan(mail) {
  for (const link of links(mail)) {
    for (const method of ["HEAD", "GET", "HEAD"]) {
      const answer = await fetch(link, { method })
      const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split("=")[0])
      expect(cookies, `${method} ${link}`).not.toContain("KEYCLOAK_IDENTITY")
      expect(cookies, `${method} ${link}`).not.toContain("KEYCLOAK_SESSION")
    }
  }
}

/** @param {Realm} realm @param {string} request @param {string} username @param {RegExp} [subject] */
function mailAbout(realm, request, username, subject = /./) {
  return realm.mail.mailTo(
    realm.address(username),
    (mail) => mail.text.includes(request) && subject.test(mail.subject),
  )
}

/** @param {Realm} realm @param {string} language */
async function everybodyReads(realm, language) {
  for (const username of ["alice", "bob", "carol"]) {
    const user = await realm.admin.user(realm.name, username)
    await realm.admin.changeUser(realm.name, username, {
      attributes: { ...user.attributes, locale: [language] },
    })
  }
}

test.describe("where bob or carol decides", () => {
  test.use({ policy: managerApproves(EITHER) })

  test("all three mails come in the reader's language", async ({ visit, realm }) => {
    test.setTimeout(300_000)
    await realm.admin.put(realm.path, {
      internationalizationEnabled: true,
      supportedLocales: Object.keys(SAID),
      defaultLocale: "en",
    })
    for (const [language, said] of Object.entries(SAID)) {
      await test.step(language, async () => {
        await everybodyReads(realm, language)
        const alice = await visit("alice")
        const request = await alice.signInAndWait()
        await alice.page.close()
        const ask = await mailAbout(realm, request, "bob")
        expectSaid(ask, said.ask)
        expectSaid(await mailAbout(realm, request, "carol"), said.ask)

        const bob = await visit("bob")
        await bob.openReviewFromMail(request)
        await bob.page.locator('button[value="approve"]').click()
        await expect(bob.review.done).toBeVisible()
        const outcome = await mailAbout(realm, request, "alice")
        expectSaid(outcome, said.outcome)
        const done = await mailAbout(
          realm,
          request,
          "carol",
          said.done[0] instanceof RegExp ? said.done[0] : /./,
        )
        expectSaid(done, said.done)

        for (const [name, mail] of Object.entries({ ask, outcome, done })) {
          await bob.page.setViewportSize({ width: 320, height: 640 })
          await bob.page.setContent(mail.html)
          await bob.page.screenshot({
            path: join(TARGET, "journeys", "screens", `mail-${name}-${language}-320.png`),
            fullPage: true,
          })
          const overflow = await bob.page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          )
          expect(overflow, `the mail ${name} (${language}) scrolls sideways at 320 px`).toBeLessThanOrEqual(0)
        }
      })
    }
  })

  test("each mail comes once, names its effect, and belongs to its request's thread", async ({
    alice,
    bob,
    realm,
  }) => {
    const request = await alice.signInAndWait()
    await alice.page.close()
    await bob.approveFromMail(request)
    const outcome = await mailAbout(realm, request, "alice")
    await mailAbout(realm, request, "carol", /^Done/)
    const ids = new Set()
    for (const [username, count] of /** @type {[string, number][]} */ ([
      ["alice", 1],
      ["bob", 1],
      ["carol", 2],
    ])) {
      const mails = await realm.mail.mailsTo(realm.address(username))
      expect(mails, username).toHaveLength(count)
      for (const { headers } of mails) {
        expect(headers["message-id"]).toMatch(
          new RegExp(`^<${request}\\.\\d+\\.notify_(stage|outcome)\\.[\\w.-]+@[\\w-]+(\\.[\\w-]+)*>$`),
        )
        expect(headers["references"]).toBe(`<${request}@${headers["message-id"].split("@")[1]}`)
        expect(headers["in-reply-to"]).toBe(headers["references"])
        expect(headers["auto-submitted"]).toBe("auto-generated")
        ids.add(headers["message-id"])
      }
    }
    expect(ids.size).toBe(4)
    expect(links(outcome).filter((link) => link.includes("/jit-approval/"))).toEqual([])
  })

  test("GET and HEAD of every link in every mail decide nothing", async ({ alice, bob, realm }) => {
    const request = await alice.signInAndWait()
    await alice.page.close()
    for (const username of ["bob", "carol"]) await scan(await mailAbout(realm, request, username))
    expect(await realm.kinds(request)).toEqual(["opened"])

    await bob.approveFromMail(request)
    await scan(await mailAbout(realm, request, "alice"))
    await scan(await mailAbout(realm, request, "carol", /^Done/))
    // A scanner that has bob's cookies, too.
    for (const link of links(await mailAbout(realm, request, "bob"))) {
      await bob.context.request.get(link)
      await bob.context.request.head(link)
    }
    await bob.expectNoSession()
    expect(await realm.kinds(request)).toEqual(["opened", "approved"])
  })
})

test.describe("where alice says why", () => {
  test.use({ policy: managerApproves({ chain: { justification: true } }) })

  test("whatever names and texts hold, a mail shows it as text", async ({ alice, bob, realm }) => {
    const profile = await realm.admin.get(`${realm.path}/users/profile`)
    for (const attribute of profile.attributes)
      if (["firstName", "lastName"].includes(attribute.name)) attribute.validations = { length: { max: 255 } }
    await realm.admin.put(`${realm.path}/users/profile`, profile)
    await realm.admin.changeUser(realm.name, "alice", {
      firstName: "<img src=x onerror=alert(1)>${7*7}<#list 1..9 as i>",
      lastName: "\u202EgnireeniP\u202C\r\nBcc: eve@evil.example",
    })
    const [client] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
    await realm.admin.put(`${realm.path}/clients/${client.id}`, {
      ...client,
      name: `</title><b>Console</b>{0}'{1}\r\nX-Evil: yes ${"long ".repeat(40)}`,
    })
    await alice.signInTo()
    await alice.page.locator("[name='justification']").evaluate((field) => field.removeAttribute("maxlength"))
    const said = `\${.now}</blockquote><script>alert(1)</script>\n.\nSubject: forged\n${"x".repeat(900)}`
    await alice.page.locator("[name='justification']").fill(said)
    await alice.waiting.press("Send request")
    await alice.waiting.expect("waiting")
    const request = await alice.waiting.requestId()
    const mail = await mailAbout(realm, request, "bob")

    expect(mail.to).toEqual([realm.address("bob")])
    expect(mail.headers).not.toHaveProperty("bcc")
    expect(mail.headers).not.toHaveProperty("x-evil")
    expect(mail.subject).toMatch(/^Approval needed: alice → /)
    expect(mail.subject).not.toMatch(/[\r\n]/)
    expect(mail.html).not.toMatch(/<img|<script|<b>Console|<\/blockquote><script/)
    expect(mail.html).toContain("&lt;img src=x onerror=alert(1)&gt;")
    for (const body of [mail.text, mail.html]) {
      expect(body).not.toContain("\u202E")
      expect(body).not.toContain("49<")
      expect(body).toContain("{7*7}")
      expect(body).toContain("<#list 1..9".replace("<", body === mail.html ? "&lt;" : "<"))
    }
    // What she wrote is marked line by line, so that nothing in it can pass for the mail's own words.
    expect(mail.text).toMatch(/^ {2}> Subject: forged$/m)
    expect(links(mail).filter((link) => !link.startsWith(realm.server.url))).toEqual([])

    // The mail as a browser sees it runs nothing.
    let alerted = false
    bob.page.on("dialog", (dialog) => {
      alerted = true
      return dialog.dismiss()
    })
    await bob.page.setContent(mail.html)
    await bob.page.screenshot({
      path: join(TARGET, "journeys", "screens", "mail-hostile.png"),
      fullPage: true,
    })
    expect(alerted).toBe(false)
  })
})

test("a realm without mail settings has its mails skipped, and says so", async ({ alice, realm }) => {
  await realm.admin.put(realm.path, { smtpServer: {} })
  const request = await alice.signInAndWait()
  await expect
    .poll(async () => {
      const { items } = await realm.admin.get(`${realm.path}/jit-approval/outbox?state=skipped`)
      return items.map((/** @type {any} */ item) => [item.request_id, item.kind, item.last_error])
    })
    .toEqual([[request, "notify_stage", "the realm has no mail settings"]])
  expect((await realm.admin.get(`${realm.path}/jit-approval/outbox`)).items).toEqual([])
})
