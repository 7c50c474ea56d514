import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { AdminClient } from "./admin.js"
import { copyFolder } from "./folders.js"
import { TARGET } from "./paths.js"
import { freePort } from "./ports.js"
import { ManagedProcess, eventually } from "./processes.js"

/** The first admin of every server that is started here. */
export const ADMIN = { username: "admin", password: "admin" }

/**
 * @typedef {{ home: string, port: number, managementPort: number, policies: string | null, options: string[], url?: string,
 *   cache?: string[], brief?: boolean }} Description
 */

/** To start with the first compiler alone costs less than half the time of the processor; what the second one makes faster is not called often enough. */
const BRIEF = "-XX:TieredStopAtLevel=1"

/** A server that is alone. */
const NO_CLUSTER = ["--cache=local"]

/** One running Keycloak: a copy of a built one, with ports, data and policies of its own. */
export class Keycloak {
  /** @type {ManagedProcess | undefined} */
  #process

  /**
   * A server as another process may have started it.
   *
   * @param {Description} description
   */
  constructor(description) {
    const { home, port, managementPort, policies, options, url, cache, brief } = description
    this.description = description
    this.home = home
    this.port = port
    this.managementPort = managementPort
    this.options = options
    this.brief = brief ?? false
    /** Where this server itself answers. */
    this.ownUrl = `http://localhost:${port}`
    /** What a browser types: another address where a load balancer stands in front. */
    this.url = url ?? this.ownUrl
    this.cache = cache ?? NO_CLUSTER
    /** The folder with one policy for each realm, named after it; null where they are in the database. */
    this.policies = policies
    this.log = join(home, "server.log")
    this.admin = new AdminClient(this.ownUrl, ADMIN)
  }

  /**
   * Copies a built Keycloak and starts it.
   *
   * @param {{ built: string, name: string, port?: number, policies?: string | null, options?: string[],
   *   url?: string, cache?: string[], brief?: boolean, onSpawn?: (server: Keycloak) => void }} settings `built`: from
   *   `build.js`; `name`: of the folder under target/servers, made anew; `policies`: a folder of its own unless
   *   given; null where they are in the database; `options`: more of Keycloak's start options; `url`: of the load balancer in front; `cache`: how it finds
   *   the other nodes of its cluster; `brief`: it lives for minutes, see {@link BRIEF}; `onSpawn`: called before
   *   the server is ready, so that who is interrupted can stop it
   */
  static async start({ built, name, port, policies, options = [], url, cache, brief, onSpawn = () => {} }) {
    const home = join(TARGET, "servers", name)
    rmSync(home, { recursive: true, force: true })
    mkdirSync(join(TARGET, "servers"), { recursive: true })
    copyFolder(built, home)
    const description = {
      home,
      port: port ?? (await freePort()),
      managementPort: await freePort(),
      policies: policies === undefined ? join(home, "policies") : policies,
      options,
      url,
      cache,
      brief,
    }
    if (description.policies) mkdirSync(description.policies, { recursive: true })
    const server = new Keycloak(description)
    const ready = server.start()
    onSpawn(server)
    await ready
    return server
  }

  /** Starts it, with the data it had; returns once it is ready to answer. */
  async start() {
    this.#process = new ManagedProcess(join(this.home, "bin", "kc.sh"), this.#arguments(), {
      log: this.log,
      env: {
        KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
        ...(this.brief ? { JAVA_OPTS_APPEND: BRIEF } : {}),
      },
    })
    const child = this.#process
    await eventually(
      `Keycloak on port ${this.port}`,
      async () => {
        if (!child.alive) return "ended"
        const health = await fetch(`http://localhost:${this.managementPort}/health/ready`)
        return health.ok && "ready"
      },
      { timeout: 180_000, interval: 500 },
    )
    if (!child.alive) throw new Error(`Keycloak did not start:\n${child.tail(60)}`)
  }

  #arguments() {
    return [
      "start",
      "--optimized",
      ...this.cache,
      "--http-enabled=true",
      "--http-host=127.0.0.1",
      `--http-port=${this.port}`,
      `--http-management-port=${this.managementPort}`,
      `--hostname=${this.url}`,
      ...(this.policies ? [`--spi-jit-approval--default--policies-dir=${this.policies}`] : []),
      // The default of 250 ms counts time in which a machine that builds, or draws two browsers, lets the server wait.
      "--spi-jit-approval--default--engine-timeout=5000",
      ...this.options,
    ]
  }

  get alive() {
    return this.#process?.alive ?? false
  }

  /** The process id of the Java virtual machine, which kc.sh starts as a child. @returns {number} */
  get jvm() {
    const shell = this.#process?.child.pid
    const [java] = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").split(" ")
    if (!java) throw new Error("the server does not run")
    return Number(java)
  }

  async stop() {
    await this.#process?.stop()
  }

  /** Ends it the hard way, as a power cut would. */
  async crash() {
    this.#process?.kill("SIGKILL")
    await this.#process?.ended
  }

  /** Stops and starts it: same data, same ports. */
  async restart() {
    await this.stop()
    await this.start()
  }

  /** @returns {Promise<any>} what a load balancer would ask */
  async health() {
    const answer = await fetch(`http://localhost:${this.managementPort}/health/ready`)
    return answer.json()
  }

  /** @returns {Promise<string>} what Prometheus would read */
  async metrics() {
    const answer = await fetch(`http://localhost:${this.managementPort}/metrics`)
    return answer.text()
  }
}
