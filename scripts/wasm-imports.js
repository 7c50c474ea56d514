// Exits 1 when the module named on the command line imports anything.
import { readFileSync } from "node:fs"

const module = new WebAssembly.Module(readFileSync(process.argv[2]))
const imports = WebAssembly.Module.imports(module).map(({ module, name }) => `${module}.${name}`)
if (imports.length > 0) {
  console.error(`error: the engine imports ${imports.join(", ")}; it must import nothing`)
  process.exit(1)
}
