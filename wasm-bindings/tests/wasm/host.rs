//! The engine's module in wasmtime, as a host that does as it should.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use wasmtime::{Config, Engine, Instance, Memory, Module, OptLevel, Store, TypedFunc};

/// An instance of the module, and its exports.
pub(crate) struct Wasm {
    pub(crate) store: Store<()>,
    pub(crate) memory: Memory,
    pub(crate) alloc: TypedFunc<u32, u32>,
    pub(crate) free: TypedFunc<(u32, u32), ()>,
    pub(crate) call: TypedFunc<(u32, u32), u64>,
    pub(crate) abi_version: TypedFunc<(), u32>,
}

/// The module, compiled once for all tests.
pub(crate) fn module() -> &'static Module {
    static MODULE: OnceLock<Module> = OnceLock::new();
    MODULE.get_or_init(|| {
        let mut config = Config::new();
        // Compiling takes longer than all that the tests run.
        config.cranelift_opt_level(OptLevel::None);
        let path = path();
        #[allow(clippy::disallowed_methods, reason = "the test reads the module that it is about")]
        let bytes = std::fs::read(&path).unwrap_or_else(|error| {
            panic!("{}: {error}. Build the module with `./jit wasm` first.", path.display())
        });
        Module::new(&Engine::new(&config).unwrap(), bytes).unwrap()
    })
}

#[allow(clippy::disallowed_methods, reason = "a test may be told where the module is")]
fn path() -> PathBuf {
    std::env::var("JIT_POLICY_WASM").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/jit-policy.wasm"),
        PathBuf::from,
    )
}

impl Wasm {
    pub(crate) fn new() -> Self {
        let mut store = Store::new(module().engine(), ());
        let instance = Instance::new(&mut store, module(), &[]).unwrap();
        Self {
            memory: instance.get_memory(&mut store, "memory").unwrap(),
            alloc: instance.get_typed_func(&mut store, "jit_alloc").unwrap(),
            free: instance.get_typed_func(&mut store, "jit_free").unwrap(),
            call: instance.get_typed_func(&mut store, "jit_call").unwrap(),
            abi_version: instance.get_typed_func(&mut store, "jit_abi_version").unwrap(),
            store,
        }
    }

    pub(crate) fn alloc(&mut self, length: u32) -> u32 {
        self.alloc.call(&mut self.store, length).unwrap()
    }

    pub(crate) fn free(&mut self, address: u32, length: u32) {
        self.free.call(&mut self.store, (address, length)).unwrap();
    }

    /// Calls with any address and length, and takes the answer out.
    pub(crate) fn call_at(&mut self, address: u32, length: u32) -> Vec<u8> {
        let packed = self.call.call(&mut self.store, (address, length)).unwrap();
        let (answer, size) = ((packed >> 32) as u32, packed as u32);
        assert_ne!(answer, 0, "no answer");
        let mut bytes = vec![0; size as usize];
        self.memory.read(&self.store, answer as usize, &mut bytes).unwrap();
        self.free(answer, size);
        bytes
    }

    /// A buffer that holds these bytes.
    pub(crate) fn buffer(&mut self, bytes: &[u8]) -> (u32, u32) {
        let length = u32::try_from(bytes.len()).unwrap();
        let address = self.alloc(length);
        assert_ne!(address, 0, "no buffer of {length} bytes");
        self.memory.write(&mut self.store, address as usize, bytes).unwrap();
        (address, length)
    }
}

impl corpus_runner::Host for Wasm {
    fn call(&mut self, request: &[u8]) -> Vec<u8> {
        let (address, length) = self.buffer(request);
        let answer = self.call_at(address, length);
        self.free(address, length);
        answer
    }
}
