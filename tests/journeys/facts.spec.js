// What a token says of the approval behind it, and an API that asks for it.
import { ResourceServer } from "resource-server"
import { requireApproval } from "resource-server/approval.js"
import { Reporting, managerGrants } from "../harness/reporting.js"
import { expect, test } from "../harness/test.js"
import { claims } from "../harness/tokens.js"

test.use({ policy: managerGrants("1h") })

/** @param {ResourceServer} api @param {string} [token] */
async function call(api, token) {
  const headers = /** @type {Record<string, string>} */ (token ? { authorization: `Bearer ${token}` } : {})
  const answer = await fetch(`${api.url}/reports`, { headers })
  return {
    status: answer.status,
    challenge: answer.headers.get("www-authenticate"),
    body: /** @type {any} */ (await answer.json()),
  }
}

test("tokens, userinfo and introspection say the same, and an API lets in by it alone", async ({
  realm,
  alice,
  carol,
}) => {
  await Reporting.addWithFacts(realm, "reports")
  const reports = new Reporting(alice, "reports")
  const { request, tokens } = await reports.approved("openid")
  const approval = claims(tokens.access_token).jit_approval
  expect(approval).toEqual({
    request,
    rule: "reports",
    approved_at: expect.any(Number),
    expires_at: approval.approved_at + 3600,
    acr: expect.any(String),
  })
  expect(claims(tokens.id_token).jit_approval).toEqual(approval)
  expect((await reports.introspect(tokens.access_token)).jit_approval).toEqual(approval)
  const userinfo = await fetch(`${realm.url}/protocol/openid-connect/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  expect(await userinfo.json()).toMatchObject({ jit_approval: approval })
  const refreshed = (await reports.refresh(tokens.refresh_token)).body
  expect(claims(refreshed.access_token).jit_approval).toEqual(approval)

  // Carol is let in without an approval.
  const unasked = new Reporting(carol, "reports")
  await unasked.start("openid")
  await carol.login.signIn("carol")
  const carols = await unasked.finish()
  expect(claims(carols.access_token).jit_approval).toBeUndefined()

  const settings = { issuer: realm.url, audience: "reports", port: 0 }
  const api = await ResourceServer.start({ ...settings, demand: { rules: ["reports"], maxAge: 600 } })
  const strict = await ResourceServer.start({ ...settings, demand: { maxAge: -60, acr: "gold" } })
  const elsewhere = await ResourceServer.start({ ...settings, audience: "another" })
  try {
    const let_in = await call(api, tokens.access_token)
    expect([let_in.status, let_in.body.approved_by_rule]).toEqual([200, "reports"])
    expect(await call(api)).toMatchObject({ status: 401, challenge: "Bearer" })
    const unapproved = await call(api, carols.access_token)
    expect(unapproved).toMatchObject({ status: 401, body: { error: "insufficient_user_authentication" } })
    expect(unapproved.challenge).toBe(
      'Bearer error="insufficient_user_authentication", error_description="nobody has approved this sign-in"',
    )
    expect(await call(strict, tokens.access_token)).toMatchObject({
      status: 401,
      body: { error: "insufficient_user_authentication", max_age: "-60" },
    })
    const said = claims(tokens.access_token)
    expect(requireApproval(said, {}, approval.expires_at - 1)).toEqual(approval)
    expect(() => requireApproval(said, {}, approval.expires_at)).toThrow("the approval has expired")
    for (const wrong of [tokens.id_token, tokens.access_token.slice(0, -4), "nonsense"]) {
      expect(await call(api, wrong)).toMatchObject({ status: 401, body: { error: "invalid_token" } })
    }
    expect(await call(elsewhere, tokens.access_token)).toMatchObject({ status: 401 })
  } finally {
    for (const server of [api, strict, elsewhere]) await server.stop()
  }
})
