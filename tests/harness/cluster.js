import { randomInt } from "node:crypto"
import { join } from "node:path"
import { TARGET } from "./paths.js"
import { AdminClient } from "./admin.js"
import { onPostgres } from "./build.js"
import { ADMIN, Keycloak } from "./keycloak.js"
import { LoadBalancer } from "./load-balancer.js"
import { areFree, freePort } from "./ports.js"
import { eventually } from "./processes.js"

/** JGroups watches over its peers on a second port, this far above the first. */
const FAILURE_DETECTION = 50_000

/** @returns {Promise<number>} a port for JGroups, whose second port is free as well */
async function clusterPort() {
  for (let tries = 0; tries < 50; tries++) {
    const port = randomInt(7_000, 15_000)
    if (await areFree(port, port + FAILURE_DETECTION)) return port
  }
  throw new Error("there is no free pair of ports for JGroups")
}

/** @param {number} port @returns {string[]} Keycloak's options for a node that others can find on this port */
const findable = (port) => [
  "--cache=ispn",
  "--cache-embedded-network-bind-address=127.0.0.1",
  `--cache-embedded-network-bind-port=${port}`,
  "--proxy-headers=xforwarded",
]

/** Two Keycloaks on one PostgreSQL, behind one address. To a {@link Realm} it is a server like any other. */
export class Cluster {
  /**
   * @param {{ a: Keycloak, b: Keycloak, balancer: LoadBalancer, database: Awaited<ReturnType<typeof onPostgres>>["database"] }} parts
   */
  constructor({ a, b, balancer, database }) {
    this.a = a
    this.b = b
    this.balancer = balancer
    this.database = database
    this.url = balancer.url
    this.policies = a.policies
    this.admin = new AdminClient(this.url, ADMIN)
  }

  /**
   * @param {{ name: string, policies?: string | null, options?: string[], say?: (text: string) => void }} settings `name`: of
   *   its folders and its database; `policies`: a folder for both nodes unless null, where they are in the database;
   *   `options`: more of Keycloak's start options, for both nodes
   */
  static async start({
    name,
    policies = join(TARGET, "servers", `${name}-policies`),
    options = [],
    say = console.log,
  }) {
    const { built, database } = await onPostgres(name, { say })
    const ports = { a: await freePort(), b: await freePort() }
    const balancer = await LoadBalancer.start(ports)
    /** @param {"a" | "b"} node */
    const start = async (node) =>
      Keycloak.start({
        brief: true,
        built,
        name: `${name}-${node}`,
        port: ports[node],
        policies,
        url: balancer.url,
        cache: findable(await clusterPort()),
        options: [...database.keycloakOptions, ...options],
      })
    // One after the other: the first one makes the tables.
    const cluster = new Cluster({ a: await start("a"), b: await start("b"), balancer, database })
    await cluster.expectSize(2)
    return cluster
  }

  /** Waits until every node knows of this many. @param {number} size */
  async expectSize(size) {
    for (const node of [this.a, this.b].filter(({ alive }) => alive))
      await eventually(
        `a cluster of ${size}`,
        async () => {
          const line = /^vendor_cluster_size\S* (\S+)/m.exec(await node.metrics())
          return Number(line?.[1]) === size
        },
        { timeout: 60_000 },
      )
  }

  async stop() {
    await Promise.all([this.a.stop(), this.b.stop()])
    await this.balancer.stop()
    await this.database.stop()
  }
}
