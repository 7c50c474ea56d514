import { createServer } from "node:net"
import { MailDev } from "maildev"
import { freePort } from "./ports.js"
import { eventually } from "./processes.js"

/**
 * @typedef {{ id: string, messageId: string, subject: string, text: string, html: string, to: string[],
 *   headers: Record<string, string> }} Mail `headers`: by name in lower case; of one that comes several times, the last
 */

/** An SMTP server that keeps what it gets, with a web page to read it. */
export class MailSink {
  /** @type {MailDev | undefined} */
  #server

  /** A mail server as another process may have started it. @param {{ smtpPort: number, webPort: number }} address */
  constructor(address) {
    this.address = address
    this.smtpPort = address.smtpPort
    /** The page where a person reads the mails. */
    this.url = `http://localhost:${address.webPort}`
  }

  /** @param {{ smtpPort?: number, webPort?: number }} [ports] free ones where none are given */
  static async start({ smtpPort, webPort } = {}) {
    const address = { smtpPort: smtpPort ?? (await freePort()), webPort: webPort ?? (await freePort()) }
    const sink = new MailSink(address)
    const server = new MailDev({
      smtp: address.smtpPort,
      web: address.webPort,
      ip: "127.0.0.1",
      webIp: "127.0.0.1",
      silent: true,
    })
    sink.#server = server
    await quietly(() => server.start())
    return sink
  }

  async stop() {
    await this.#server?.stop()
  }

  /**
   * @param {string} address
   * @returns {Promise<Mail[]>} the mails to this address, oldest first
   */
  async mailsTo(address) {
    return (await this.mails()).filter((mail) => mail.to.includes(address))
  }

  /** @returns {Promise<Mail[]>} every mail, oldest first */
  async mails() {
    const answer = await fetch(`${this.url}/api/email`)
    const mails = /** @type {any[]} */ (await answer.json())
    return mails.map(({ id, headers, subject, text, html, to }) => ({
      id,
      messageId: headers["message-id"] ?? "",
      subject,
      text: text ?? "",
      html: html ?? "",
      headers,
      to: to.map((/** @type {{ address: string }} */ person) => person.address),
    }))
  }

  /**
   * Waits for a mail.
   *
   * @param {string} address
   * @param {(mail: Mail) => boolean} [wanted]
   */
  mailTo(address, wanted = () => true) {
    return eventually(`a mail to ${address}`, async () => (await this.mailsTo(address)).find(wanted))
  }
}

/** A mail server that takes connections and then says nothing, until it is stopped: its clients hang. */
export class SilentMailServer {
  /** @type {Set<import("node:net").Socket>} */
  #sockets = new Set()
  #server = createServer((socket) => {
    this.#sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => this.#sockets.delete(socket))
  })

  /** @param {number} port */
  static async start(port) {
    const silent = new SilentMailServer()
    await new Promise((resolve, reject) => {
      silent.#server.once("error", reject)
      silent.#server.listen(port, "127.0.0.1", () => resolve(undefined))
    })
    return silent
  }

  /** Whether somebody is connected, and waits. */
  get hasGuest() {
    return this.#sockets.size > 0
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/**
 * maildev announces its own address past its `silent` option, in the middle of what the demo says.
 *
 * @param {() => Promise<unknown>} start
 */
async function quietly(start) {
  const { info } = console
  console.info = () => {}
  try {
    await start()
  } finally {
    console.info = info
  }
}

/** @param {Mail} mail @returns {string} the link to the review page */
export function reviewLink(mail) {
  const links = mail.text.match(/https?:\/\/\S+\/jit-approval\/review\/[^\s>)]+/g)
  if (!links) throw new Error(`the mail '${mail.subject}' holds no link to a review:\n${mail.text}`)
  return links[0]
}
