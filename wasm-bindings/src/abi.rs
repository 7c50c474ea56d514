//! The C ABI for the JVM and wasmtime: five exports, no imports.
//!
//! | export | meaning |
//! |-|-|
//! | `memory` | the linear memory |
//! | `jit_abi_version() -> i32` | [`policy_core::wire::ABI_VERSION`] |
//! | `jit_alloc(len) -> ptr` | a buffer for a request; 0 when the length is 0 or absurd, or too many buffers are out |
//! | `jit_call(ptr, len) -> i64` | answers the request in the first `len` bytes of the buffer: `answer ptr << 32 \| answer len` |
//! | `jit_free(ptr, len)` | takes a buffer back, of a request or an answer; anything else is ignored |
//!
//! The host frees what it was given: the answer of each call, and its own buffer when it has no more requests for it. `jit_call` with an
//! address that `jit_alloc` did not give, or more bytes than it gave there, is answered by the error `bad_buffer`. An instance is for one thread at a time. It traps only when memory or
//! stack run out, and is of no further use then.
//!
//! This is the only file of the workspace with `unsafe` in it.

#![allow(unsafe_code, reason = "exported names and a global allocator are unsafe by nature; see each SAFETY")]

use crate::buffers::Buffers;
use policy_core::wire::{ABI_VERSION, Engine, WireError, answer};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;

/// The standard allocator without its `realloc`.
///
/// The JIT compiler C2 of JDK 17 miscompiles that function of such modules once it is warm: an allocation of a few
/// bytes fails, and the module traps. The trait's default (allocate, copy, free) serves instead.
struct WithoutRealloc;

// SAFETY: every method hands its arguments to `System` unchanged, which keeps GlobalAlloc's contract; the methods
// left out are the trait's own, written in terms of these.
unsafe impl GlobalAlloc for WithoutRealloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps `alloc`'s contract, which is the same here and there.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, address: *mut u8, layout: Layout) {
        // SAFETY: `address` came from `System`, since every allocation of ours does, and with this layout.
        unsafe { System.dealloc(address, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }
}

#[global_allocator]
static ALLOCATOR: WithoutRealloc = WithoutRealloc;

struct Instance {
    engine: Engine,
    buffers: Buffers,
}

thread_local! {
    // A WebAssembly instance has one thread, so this is the instance's only state.
    static INSTANCE: RefCell<Instance> = RefCell::new(Instance { engine: Engine::new(), buffers: Buffers::new() });
}

/// Nothing is reentrant, as the module imports nothing that could call back; were it so, `busy` is the answer.
fn with_instance<T>(busy: T, work: impl FnOnce(&mut Instance) -> T) -> T {
    INSTANCE.with(|instance| match instance.try_borrow_mut() {
        Ok(mut instance) => work(&mut instance),
        Err(_) => busy,
    })
}

// SAFETY (all four names): no other item of the module, nor of the C library it does not link, is called `jit_…`.

#[unsafe(no_mangle)]
extern "C" fn jit_abi_version() -> u32 {
    ABI_VERSION
}

#[unsafe(no_mangle)]
extern "C" fn jit_alloc(length: usize) -> usize {
    with_instance(0, |instance| instance.buffers.allocate(length).unwrap_or(0))
}

#[unsafe(no_mangle)]
extern "C" fn jit_free(address: usize, length: usize) {
    with_instance((), |instance| {
        instance.buffers.free(address, length);
    });
}

#[unsafe(no_mangle)]
extern "C" fn jit_call(address: usize, length: usize) -> u64 {
    with_instance(0, |instance| {
        let room = instance.buffers.spare();
        let answer = match instance.buffers.get(address, length) {
            Some(request) => instance.engine.call_into(request, room),
            None => answer(Err(WireError::new(
                "bad_buffer",
                format!(
                    "no live buffer that holds {length} bytes begins at {address}: pass what jit_alloc gave, unfreed"
                ),
            ))),
        };
        let length = answer.len() as u64;
        // Only when memory ran out is there no address; 0 is no answer's address, and the host takes it for a fault.
        instance.buffers.adopt(answer).map_or(0, |address| (address as u64) << 32 | length)
    })
}
