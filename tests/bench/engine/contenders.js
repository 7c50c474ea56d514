// Who takes part in `./jit bench engine`.

/**
 * `indexed`: finds rules by action and client, so that there is nothing to try where no rule is guarded.
 *
 * @typedef {{ name: string, title: string, on: "native" | "jvm", indexed?: true, idle?: false }} Contender
 */

/** @type {Contender[]} */
export const CONTENDERS = [
  { name: "native", title: "engine, native Rust", on: "native" },
  { name: "wasm", title: "**engine, wasm under Endive**", on: "jvm" },
  { name: "wasm-stock-memory", title: "… with Endive's own memory", on: "jvm" },
  { name: "extension", title: "… as the extension calls it", on: "jvm", idle: false },
  { name: "cel-crate", title: "crate `cel`, native", on: "native" },
  { name: "cel-crate-indexed", title: "crate `cel`, native, index", on: "native", indexed: true },
  { name: "cel-java-legacy", title: "cel-java, legacy runtime", on: "jvm" },
  { name: "cel-java-legacy-indexed", title: "cel-java, legacy runtime, index", on: "jvm", indexed: true },
  { name: "cel-java-planner", title: "cel-java, planner", on: "jvm" },
  { name: "cel-java-planner-indexed", title: "cel-java, planner, index", on: "jvm", indexed: true },
]
