// A refusal at the token endpoint takes its transaction back, so the request for approval is opened in one of its own: with a second
// connection to the database while the first is in use. What if there is none?
import { DOORS, ruleOn } from "../harness/grants.js"
import { Keycloak } from "../harness/keycloak.js"
import { Realm, withoutCheckpoint } from "../harness/realm.js"
import { expect, test } from "../harness/test.js"

/** Keycloak itself needs two to start. */
const CONNECTIONS = 2

test("without a second connection every attempt is refused, and none waits for ever", async ({ servers }) => {
  test.setTimeout(240_000)
  const server = await Keycloak.start({
    brief: true,
    built: servers.built,
    name: "token-pool",
    options: [
      `--db-pool-max-size=${CONNECTIONS}`,
      "--db-pool-min-size=1",
      "--db-pool-initial-size=1",
      "--db-pool-acquisition-timeout=2s",
    ],
  })
  try {
    const policy = ruleOn("direct-grant", "require_approval", { rule: { when: 'user.username == "alice"' } })
    const realm = await Realm.create({
      server,
      mail: servers.mail,
      name: "narrow",
      policy,
      change: withoutCheckpoint,
    })
    await realm.ready()
    const attempt = await DOORS["direct-grant"](realm)

    const crowd = await Promise.all(Array.from({ length: 6 }, () => attempt().catch(String)))
    const tokens = crowd.filter((answer) => typeof answer === "object" && answer.status === 200)
    expect(tokens).toEqual([])
    expect(
      new Set(crowd.map((answer) => (typeof answer === "object" ? answer.body.error : answer))),
    ).toContain("access_denied")

    const alone = await attempt()
    expect(alone, "the connections are all back").toMatchObject({
      status: 400,
      body: { error: "interaction_required", jit_request: expect.any(String) },
    })
    await realm.close()
  } finally {
    await server.stop()
  }
})
