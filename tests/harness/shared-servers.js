import { Keycloak, buildKeycloak } from "./keycloak.js"
import { MailSink } from "./mail.js"

/** Where the journeys' processes find the servers that {@link start} started. */
const SHARED = "JIT_SHARED_SERVERS"

/** Playwright's global set-up: one Keycloak and one mail server for all journeys. Returns the tear-down. */
export default async function start() {
  const built = await buildKeycloak({ say: console.log })
  const mail = await MailSink.start()
  const server = await Keycloak.start({ built, name: "journeys" })
  process.env[SHARED] = JSON.stringify({ built, mail: mail.address, server: server.description })
  return async () => {
    await server.stop()
    await mail.stop()
  }
}

/** The shared servers, from the process of a journey. */
export function sharedServers() {
  const { built, mail, server } = JSON.parse(process.env[SHARED] ?? "")
  return { built, mail: new MailSink(mail), server: new Keycloak(server) }
}
