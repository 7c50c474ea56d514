// What operators see: metrics, the dashboard and alert rules that read them, health.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Caller } from "../harness/caller.js"
import { DOORS } from "../harness/grants.js"
import { documentedMetrics, familyOf, seriesOf } from "../harness/metrics.js"
import { ROOT } from "../harness/paths.js"
import { freePort } from "../harness/ports.js"
import { readPromql } from "../harness/promql.js"
import { Realm } from "../harness/realm.js"
import { expect, test } from "../harness/test.js"
import { parse } from "yaml"

const MONITORING = join(ROOT, "examples/monitoring")
const DASHBOARD = JSON.parse(readFileSync(join(MONITORING, "grafana-dashboard.json"), "utf8"))
const ALERTS = parse(readFileSync(join(MONITORING, "alerts.yaml"), "utf8"))

/** No signal of risk fails on a server that has only those of its own. */
const NEVER_HERE = "jit_risk_signals_silent_total"

/** Labels that Prometheus adds. */
const OF_THE_TARGET = ["instance", "le"]

/** @returns {{ where: string, expression: string }[]} every PromQL expression in examples/monitoring */
function expressions() {
  const panels = DASHBOARD.panels.flatMap((/** @type {any} */ { title, targets = [] }) =>
    // Grafana puts a duration in its place.
    targets.map((/** @type {any} */ { expr }) => ({
      where: `panel ${title}`,
      expression: expr.replaceAll("$__rate_interval", "5m"),
    })),
  )
  const rules = ALERTS.groups.flatMap((/** @type {any} */ { rules }) =>
    rules.map((/** @type {any} */ { alert, expr }) => ({ where: `alert ${alert}`, expression: expr })),
  )
  return [...panels, ...rules]
}

test("every expression of the dashboard and of the alert rules is PromQL about documented metrics", () => {
  const documented = documentedMetrics()
  expect(documented.size).toBeGreaterThan(20)
  expect(() => readPromql("sum by (realm (jit_health)")).toThrow("no PromQL")
  for (const { where, expression } of expressions()) {
    const { metrics, labels } = readPromql(expression)
    expect(metrics, where).not.toEqual([])
    const known = metrics.flatMap((name) => documented.get(familyOf(name, documented)) ?? [])
    for (const name of metrics)
      expect(documented.has(familyOf(name, documented)), `${where}: ${name}`).toBe(true)
    for (const label of labels) expect([...known, ...OF_THE_TARGET], `${where}: ${label}`).toContain(label)
  }
})

test("every alert says how bad it is and what it means, and every documented metric is on the dashboard", () => {
  const rules = ALERTS.groups.flatMap((/** @type {any} */ group) => group.rules)
  for (const { alert, labels, annotations } of rules) {
    expect(["critical", "warning"], alert).toContain(labels.severity)
    expect(annotations.summary, alert).toBeTruthy()
  }
  expect(new Set(rules.map((/** @type {any} */ { alert }) => alert)).size).toBe(rules.length)
  expect(DASHBOARD).toMatchObject({
    uid: "jit-approval",
    title: expect.any(String),
    schemaVersion: expect.any(Number),
  })
  const ids = DASHBOARD.panels.map((/** @type {any} */ { id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { title, datasource, targets } of DASHBOARD.panels.filter(
    (/** @type {any} */ { type }) => type !== "row",
  )) {
    expect(datasource.uid, title).toBe("${datasource}")
    expect(targets, title).not.toEqual([])
  }
  const documented = documentedMetrics()
  const shown = new Set(
    expressions().flatMap(({ expression }) =>
      readPromql(expression).metrics.map((name) => familyOf(name, documented)),
    ),
  )
  expect([...documented.keys()].filter((name) => !shown.has(name))).toEqual([])
})

test.describe("after something of everything has happened", () => {
  test.use({
    policy: JSON.stringify({
      apiVersion: "jit-approval.dev/v1",
      name: "figures",
      chains: {
        hurried: {
          stages: [
            {
              name: "manager",
              approvers: [{ attribute: "manager" }],
              timeout: "10s",
              on_timeout: { escalate: "security" },
            },
            { name: "security", approvers: [{ group: "/security" }], timeout: "10s", standby: true },
          ],
        },
        manager: { stages: [{ name: "manager", approvers: [{ attribute: "manager" }], timeout: "15m" }] },
      },
      rules: [
        {
          id: "hurried",
          on: ["login"],
          when: 'client.id == "prod-console"',
          effect: "require_approval",
          chain: "hurried",
        },
        {
          id: "calm",
          on: ["login"],
          when: 'client.id == "payroll"',
          effect: "require_approval",
          chain: "manager",
        },
        { id: "watched", on: ["login"], when: 'client.id == "payroll"', effect: "deny", mode: "observe" },
        {
          id: "fragile",
          on: ["login"],
          when: 'client.id == "payroll" && user.attributes["nothing"][0] == "x"',
          effect: "deny",
          on_error: "skip",
        },
        {
          id: "lasting",
          on: ["direct-grant"],
          when: 'client.id == "prod-console"',
          effect: "require_approval",
          chain: "manager",
          grant: "1h",
        },
        {
          id: "greedy",
          on: ["login"],
          when: 'client.id == "archive" && lists.range(2000).all(i, user.roles.all(a, a.size() + i > 0))',
          effect: "confirm",
        },
      ],
    }),
  })

  test("the server shows every documented metric with its labels, and no other", async ({
    realm,
    servers,
  }) => {
    const { id: carol } = await realm.admin.user(realm.name, "carol")
    const many = Array.from({ length: 90 }, (_, index) => `role-${index}`)
    for (const name of many) await realm.admin.post(`${realm.path}/roles`, { name })
    const roles = await realm.admin.get(`${realm.path}/roles?max=200`)
    await realm.admin.post(
      `${realm.path}/users/${carol}/role-mappings/realm`,
      roles.filter((/** @type {any} */ { name }) => many.includes(name)),
    )
    const callers = await Promise.all(
      ["alice", "alice", "alice", "carol", "bob", "bob"].map((name) => Caller.create(name, realm)),
    )
    const [hurried, calm, strange, greedy, bob, bobAgain] = callers

    const forgotten = await hurried.signInAndWait()
    await greedy.signInTo("archive")

    const approved = await calm.signInAndWait("payroll")
    const ballot = await bob.openReview(approved.id)
    await bob.send(
      { ...ballot, fields: { ...ballot.fields, digest: `sha256:${"0".repeat(64)}` } },
      { decision: "approve" },
    )
    await (await Caller.create("bob", realm)).vote(approved.id, "approve")

    const reported = await strange.signInAndWait("payroll")
    await bobAgain.vote(reported.id, "report")

    const attempt = await DOORS["direct-grant"](realm)
    await (await Caller.create("bob", realm)).vote((await attempt()).body.jit_request, "approve")
    expect((await attempt()).status).toBe(200)
    expect((await attempt()).status, "by the grant").toBe(200)

    await expect
      .poll(() => realm.kinds(forgotten.id), { timeout: 100_000 })
      .toEqual(["opened", "escalated", "timed_out"])

    // From here on no mail arrives: the outbox has something to show, and a request waits.
    const { smtpServer } = await realm.admin.get(realm.path)
    await realm.admin.put(realm.path, { smtpServer: { ...smtpServer, port: String(await freePort()) } })
    const last = await Caller.create("alice", realm)
    await last.signInAndWait("payroll")

    const documented = documentedMetrics()
    const mine = async () =>
      seriesOf(await servers.server.metrics()).filter(({ labels }) =>
        [undefined, realm.name].includes(labels.realm),
      )
    const missing = async () => {
      const shown = new Set((await mine()).map(({ name }) => familyOf(name, documented)))
      return [...documented.keys()].filter((name) => !shown.has(name) && name !== NEVER_HERE)
    }
    await expect.poll(missing, { timeout: 60_000 }).toEqual([])

    const series = await mine()
    for (const { name, labels } of series) {
      const known = documented.get(familyOf(name, documented))
      expect(known, `${name} is not in docs/events-and-metrics.md`).toBeDefined()
      expect([...(known ?? []), "le"], name).toEqual(expect.arrayContaining(Object.keys(labels)))
    }
    const value = (/** @type {string} */ name, /** @type {Record<string, string>} */ wanted) =>
      series.find(
        ({ name: other, labels }) =>
          other === name && Object.entries(wanted).every(([label, text]) => labels[label] === text),
      )?.value
    const rule = { realm: realm.name, policy: "figures" }
    expect(
      value("jit_rule_triggers_total", {
        ...rule,
        rule: "hurried",
        effect: "require_approval",
        mode: "enforce",
      }),
    ).toBe(1)
    expect(value("jit_rule_errors_total", { ...rule, rule: "fragile" })).toBe(3)
    expect(value("jit_requests_opened_total", { ...rule, rule: "calm" })).toBe(3)
    expect(value("jit_requests_total", { ...rule, rule: "calm", outcome: "denied" })).toBe(1)
    expect(value("jit_requests_total", { ...rule, rule: "hurried", outcome: "expired" })).toBe(1)
    expect(value("jit_time_to_decision_seconds_count", { ...rule, rule: "calm", outcome: "approved" })).toBe(
      1,
    )
    expect(value("jit_escalations_total", { ...rule, rule: "hurried" })).toBe(1)
    expect(value("jit_timeouts_total", { ...rule, rule: "hurried" })).toBe(1)
    expect(value("jit_commands_rejected_total", { realm: realm.name, code: "conflict" })).toBe(1)
    expect(value("jit_requests_reported_total", { realm: realm.name })).toBe(1)
    expect(value("jit_requests_pending", { ...rule, stage: "manager/manager" })).toBe(1)
    expect(value("jit_requests_overdue", {})).toBe(0)
    expect(value("jit_outbox_messages", { realm: realm.name, state: "pending" })).toBeGreaterThan(0)
    expect(value("jit_policy_missing", { realm: realm.name })).toBe(0)
    for (const caller of [...callers, last]) await caller.dispose()
  })
})

test("a guarded realm without a policy is told by health and metrics, and takes no node out; a removed one leaves no series", async ({
  servers,
}) => {
  const name = `unguided-${process.pid}`
  const realm = await Realm.create({ ...servers, name })
  const missing = async () =>
    seriesOf(await servers.server.metrics()).find(
      ({ name: metric, labels }) => metric === "jit_policy_missing" && labels.realm === name,
    )?.value
  try {
    await expect.poll(missing, { timeout: 60_000 }).toBe(1)
    const health = await servers.server.health()
    const { status, data } = health.checks.find((/** @type {any} */ check) => check.name === "JIT approval")
    expect(status).toBe("UP")
    expect(data).toMatchObject({ engine: "ok", database: "ok" })
    expect(data.policy).toContain(name)
    const series = seriesOf(await servers.server.metrics())
    expect(series.find((each) => each.name === "jit_health" && each.labels.check === "policy")?.value).toBe(0)
  } finally {
    await servers.server.admin.delete(realm.path)
    await realm.close()
  }
  const left = async () =>
    seriesOf(await servers.server.metrics()).filter(({ labels }) => labels.realm === name)
  await expect.poll(left, { timeout: 60_000 }).toEqual([])
})
