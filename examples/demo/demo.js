// `./jit demo`: a Keycloak with the checkpoint, applications to sign in to, and a mail server, until Ctrl-C.
// `./jit demo --check`: the same on free ports, walked through by a headless browser.
// `./jit demo --blank`: with policies in the database, of which there is none yet, for docs/tutorial.md.
import { join } from "node:path"
import { parseArgs } from "node:util"
import { buildKeycloak } from "../../tests/harness/build.js"
import { ADMIN, Keycloak } from "../../tests/harness/keycloak.js"
import { MailSink } from "../../tests/harness/mail.js"
import { KEYCLOAK_VERSION, ROOT, TARGET } from "../../tests/harness/paths.js"
import { freePort, preferPort } from "../../tests/harness/ports.js"
import { makePipeline } from "../../tests/harness/pipeline.js"
import { Realm, withoutCheckpoint } from "../../tests/harness/realm.js"
import { walk } from "./check.js"

const { values: options } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    blank: { type: "boolean", default: false },
    // Where --check saves what it saw; docs/images for the pictures in the README.
    screenshots: { type: "string", default: join(TARGET, "demo", "screenshots") },
  },
})

const begun = Date.now()
/** @param {string} text */
const say = (text) => console.log(`▸ ${text}`)

/** @type {(() => Promise<void>)[]} what to stop, the last started first */
const started = []
/** @type {Promise<void> | undefined} */
let stopping

function stopAll() {
  stopping ??= (async () => {
    for (const stop of started.reverse()) await stop()
  })()
  return stopping
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, async () => {
    if (stopping) return
    say("Stopping")
    await stopAll()
    process.exit(0)
  })
}

async function start() {
  const port = options.check ? freePort : preferPort
  const built = await buildKeycloak({ say })
  say("Starting the mail server and Keycloak (some 20 seconds)")
  const mail = await MailSink.start({ smtpPort: await port(1025), webPort: await port(1080) })
  started.push(() => mail.stop())
  const server = await Keycloak.start({
    built,
    name: options.check ? "demo-check" : "demo",
    port: await port(8080),
    policies: options.blank ? null : join(ROOT, "examples/demo/policies"),
    onSpawn: (server) => started.push(() => server.stop()),
  })
  say("Importing the realm demo")
  const realm = await Realm.create({
    server,
    mail,
    name: "demo",
    partyPort: await port(3000),
    // Without a policy, a checkpoint lets nobody in.
    change: options.blank ? withoutCheckpoint : undefined,
  })
  started.push(() => realm.close())
  if (options.blank) await makePipeline(realm)
  say(`Ready after ${Math.round((Date.now() - begun) / 1000)} s`)
  return realm
}

/** @param {Realm} realm */
function explain({ server, mail, party }) {
  console.log(`
  Applications     ${party.url}
  Mails            ${mail.url}
  Keycloak         ${server.url}/admin   (${ADMIN.username} / ${ADMIN.password}), version ${KEYCLOAK_VERSION}
  Realm's admin    ${server.url}/admin/demo/console   (admin / admin)
  Approvals        ${server.url}/realms/demo/jit-approval/inbox
  Policy           ${options.blank ? "none yet: go on in docs/tutorial.md" : "examples/demo/policies/demo.yaml"}

  People           alice / alice   wants to sign in
                   bob / bob       is her manager
                   carol / carol   is in the group /security

${options.blank ? "" : NEXT(party.url, mail.url)}
  Ctrl-C stops everything.
`)
}

/** @param {string} party @param {string} mail */
const NEXT = (party, mail) => `  Next:
  1. Open ${party}/prod-console and sign in as alice. She is held.
  2. In a private window, open ${mail}, read bob's mail, follow its link,
     sign in as bob and approve. Alice's page goes on by itself.
  3. Change examples/demo/policies/demo.yaml while this runs, and sign in again in a private window.
`

try {
  const realm = await start()
  if (options.check) {
    const passed = await walk(realm, options.screenshots)
    await stopAll()
    process.exit(passed ? 0 : 1)
  }
  explain(realm)
} catch (error) {
  if (!stopping) {
    console.error(`error: ${error instanceof Error ? error.message : error}`)
    await stopAll()
    process.exit(1)
  }
}
