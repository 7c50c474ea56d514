import { startedBefore } from "./build.js"
import { Keycloak } from "./keycloak.js"
import { MailSink } from "./mail.js"
import { freePort } from "./ports.js"

/** Where the journeys' processes find the servers that {@link start} started. */
const SHARED = "JIT_SHARED_SERVERS"

/** Playwright's global set-up: one Keycloak and one mail server for all journeys. Returns the tear-down. */
export default async function start() {
  const built = await startedBefore({ say: console.log })
  const mail = await MailSink.start()
  const authenticationDevice = await freePort()
  const server = await Keycloak.start({
    built,
    name: "journeys",
    // Keycloak has one such address for all realms; the one file of journeys that is about it listens there.
    options: [
      `--spi-ciba-auth-channel--ciba-http-auth-channel--http-authentication-channel-uri=http://127.0.0.1:${authenticationDevice}/`,
    ],
  })
  process.env[SHARED] = JSON.stringify({
    built,
    mail: mail.address,
    server: server.description,
    authenticationDevice,
  })
  return async () => {
    await server.stop()
    await mail.stop()
  }
}

/** The shared servers, from the process of a journey. */
export function sharedServers() {
  const { built, mail, server, authenticationDevice } = JSON.parse(process.env[SHARED] ?? "")
  return { built, mail: new MailSink(mail), server: new Keycloak(server), authenticationDevice }
}
