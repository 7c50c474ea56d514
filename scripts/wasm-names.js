// Prints what the functions of the module named on the command line are called in Rust: `func_N`, as in the JVM's bytecode, and the name.
import { readFileSync } from "node:fs"

/** The part of a name section that names functions. */
const FUNCTIONS = 1

/** Reads numbers and names as WebAssembly writes them. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes
    this.at = 0
  }

  /** An unsigned LEB128. */
  number() {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++]
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }

  /** @param {number} length */
  take(length) {
    return this.bytes.subarray(this.at, (this.at += length))
  }
}

const file = process.argv[2]
const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(readFileSync(file)), "name")
if (!section) {
  console.error(`error: ${file} has no names: it was stripped`)
  process.exit(1)
}
const reader = new Reader(new Uint8Array(section))
while (reader.at < reader.bytes.length) {
  const kind = reader.number()
  const part = new Reader(reader.take(reader.number()))
  if (kind !== FUNCTIONS) continue
  for (let left = part.number(); left > 0; left--) {
    const index = part.number()
    console.log(`func_${index} ${new TextDecoder().decode(part.take(part.number()))}`)
  }
}
