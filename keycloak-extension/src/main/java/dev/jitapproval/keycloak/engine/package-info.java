/**
 * The policy engine inside the JVM: the WebAssembly module, the pool that lends its instances, and typed operations.
 *
 * <p>The only package that knows Endive, and the only one that speaks the wire format of {@code docs/wire-format.md}.
 */
package dev.jitapproval.keycloak.engine;
