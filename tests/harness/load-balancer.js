import { createServer, request as send } from "node:http"
import { once } from "node:events"

/** The header by which a client asks for a node; a real balancer would remember it in a cookie. */
export const NODE_HEADER = "x-wanted-node"

/** What can be sent again although it may have arrived. */
const SAFE = new Set(["GET", "HEAD"])

/** @param {import("node:http").IncomingMessage} message @returns {Promise<Buffer>} */
async function bodyOf(message) {
  const chunks = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/**
 * One address in front of several nodes, as production has it. A request goes to the node that its header names, else to the
 * first; to the next one where that is away.
 */
export class LoadBalancer {
  #server = createServer((request, response) => void this.#forward(request, response))

  /** @param {Record<string, number>} nodes the port of each, by name; the first is the usual one */
  static async start(nodes) {
    const balancer = new LoadBalancer()
    balancer.nodes = nodes
    balancer.#server.listen(0, "127.0.0.1")
    await once(balancer.#server, "listening")
    const { port } = /** @type {import("node:net").AddressInfo} */ (balancer.#server.address())
    balancer.url = `http://localhost:${port}`
    return balancer
  }

  constructor() {
    /** @type {Record<string, number>} */
    this.nodes = {}
    this.url = ""
    /** @type {{ node: string, path: string }[]} */
    this.served = []
  }

  /** @param {string} part of a path or query @returns {string[]} the nodes that answered requests with it, sorted */
  nodesFor(part) {
    return [...new Set(this.served.filter(({ path }) => path.includes(part)).map(({ node }) => node))].sort()
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #forward(request, response) {
    const body = await bodyOf(request)
    const wanted = String(request.headers[NODE_HEADER] ?? "")
    const order = Object.keys(this.nodes).sort((one, other) => +(other === wanted) - +(one === wanted))
    let failure = "no node"
    for (const node of order) {
      try {
        await this.#ask(this.nodes[node], request, body, response)
        this.served.push({ node, path: request.url ?? "" })
        return
      } catch (error) {
        const { code } = /** @type {NodeJS.ErrnoException} */ (error)
        failure = `${node}: ${code}`
        if (response.headersSent || (code !== "ECONNREFUSED" && !SAFE.has(request.method ?? ""))) break
      }
    }
    if (!response.headersSent) response.writeHead(502)
    response.end(failure)
  }

  /**
   * @param {number} port @param {import("node:http").IncomingMessage} request @param {Buffer} body
   * @param {import("node:http").ServerResponse} response
   * @returns {Promise<void>} once the whole answer is through
   */
  #ask(port, request, body, response) {
    return new Promise((resolve, reject) => {
      const { [NODE_HEADER]: _, ...headers } = request.headers
      const sent = send(
        { host: "127.0.0.1", port, method: request.method, path: request.url, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
          answer.pipe(response)
          answer.once("error", reject)
          answer.once("end", () => resolve())
        },
      )
      sent.once("error", reject)
      sent.end(body)
    })
  }

  async stop() {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, "close")
  }
}
