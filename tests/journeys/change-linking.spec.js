// Linking an account of an identity provider: here another realm of the same server.
import {
  begin,
  beginHeld,
  formAddress,
  giveAccountRole,
  held,
  onChanges,
  statusAfter,
} from "../harness/changes.js"
import { expect, test } from "../harness/test.js"

test.use({ policy: onChanges(["link-idp"]) })

/** @typedef {import("../harness/realm.js").Realm} Realm */

/** @param {Realm} realm */
async function addIdentityProvider(realm) {
  const name = `${realm.name}-elsewhere`
  await realm.admin.post("", {
    realm: name,
    enabled: true,
    clients: [
      { clientId: "broker", secret: "broker", redirectUris: [`${realm.url}/broker/elsewhere/endpoint`] },
    ],
    users: [
      {
        username: "liddell",
        enabled: true,
        email: "liddell@elsewhere.example",
        firstName: "Alice",
        lastName: "Liddell",
        credentials: [{ type: "password", value: "liddell" }],
      },
    ],
  })
  const protocol = `${realm.server.url}/realms/${name}/protocol/openid-connect`
  await realm.admin.post(`${realm.path}/identity-provider/instances`, {
    alias: "elsewhere",
    displayName: "Elsewhere",
    providerId: "oidc",
    enabled: true,
    config: {
      issuer: `${realm.server.url}/realms/${name}`,
      authorizationUrl: `${protocol}/auth`,
      tokenUrl: `${protocol}/token`,
      jwksUrl: `${protocol}/certs`,
      useJwksUrl: "true",
      validateSignature: "true",
      clientId: "broker",
      clientSecret: "broker",
      clientAuthMethod: "client_secret_post",
    },
  })
}

/** @param {Realm} realm @returns {Promise<string[]>} whom alice is linked with */
async function links(realm) {
  const { id } = await realm.admin.user(realm.name, "alice")
  const linked = await realm.admin.get(`${realm.path}/users/${id}/federated-identity`)
  return linked.map((/** @type {any} */ { userName }) => userName)
}

test.beforeEach(async ({ realm }) => {
  await addIdentityProvider(realm)
  await giveAccountRole(realm, "alice")
})

test("the account is linked after bob has approved it, who sees where it is", async ({
  alice,
  bob,
  realm,
}) => {
  const request = await beginHeld(alice, "idp_link:elsewhere")
  await bob.openReviewFromMail(request)
  await expect(bob.page.locator("#jit-target")).toContainText("Elsewhere")
  await bob.review.approve()
  await expect(alice.page.locator("#jit-page")).toHaveCount(0, { timeout: 20_000 })
  await alice.page.locator("#kc-continue, [type='submit']").first().click()
  await alice.login.signIn("liddell")
  await expect.poll(() => links(realm)).toEqual(["liddell"])
  await expect(alice.page).toHaveURL(/kc_action_status=success|\/payroll/)
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
})

test("the account is not linked after bob has denied it", async ({ alice, bob, realm }) => {
  await bob.openReviewFromMail(await beginHeld(alice, "idp_link:elsewhere"))
  await bob.review.deny()
  await alice.waiting.expect("denied")
  expect(await statusAfter(alice, () => alice.waiting.press("Back to application"))).toBe("cancelled")
  expect(await links(realm)).toEqual([])
})

test("neither the form, nor a GET, nor the provider of another tab leads past it", async ({
  alice,
  realm,
}) => {
  const request = await beginHeld(alice, "idp_link:elsewhere")
  const address = await formAddress(alice)
  for (const answer of [
    await alice.context.request.post(address, { form: { continue: "yes" }, maxRedirects: 3 }),
    await alice.context.request.get(address),
  ])
    expect(await answer.text()).toContain('data-state="waiting"')
  const tab = await alice.newTab()
  await begin(tab, "idp_link:elsewhere")
  expect(await held(tab)).toBe(request)
  expect(await links(realm)).toEqual([])
})
