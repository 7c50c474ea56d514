import { ResourceServer } from "./server.js"

const { ISSUER, AUDIENCE, RULES, MAX_AGE, ACR, PORT = "4000" } = process.env
if (!ISSUER || !AUDIENCE) {
  console.error(
    "Set ISSUER (https://keycloak.example.org/realms/acme) and AUDIENCE (what stands for this API in `aud`).",
  )
  process.exit(2)
}
const demand = {
  ...(RULES ? { rules: RULES.split(",") } : {}),
  ...(MAX_AGE ? { maxAge: Number(MAX_AGE) } : {}),
  ...(ACR ? { acr: ACR } : {}),
}
const server = await ResourceServer.start({ issuer: ISSUER, audience: AUDIENCE, demand, port: Number(PORT) })
console.log(`${server.url}/reports`)
