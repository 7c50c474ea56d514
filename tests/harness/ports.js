import { createServer } from "node:net"

/** @param {number} port @returns {Promise<number>} the port that was bound; rejects when it is taken */
function bind(port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : port))
    })
  })
}

/** @returns {Promise<number>} a TCP port that nobody listens on */
export const freePort = () => bind(0)

/** @param {number[]} ports @returns {Promise<boolean>} whether nobody listens on any of them */
export const areFree = (...ports) =>
  Promise.all(ports.map(bind)).then(
    () => true,
    () => false,
  )

/**
 * A port that people can remember, where it is free.
 *
 * @param {number} port
 * @returns {Promise<number>} the port, or another one when it is taken
 */
export const preferPort = (port) => bind(port).catch(freePort)
