//! The module, function by function.

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, Instruction, Module, ValType};
use wasmparser::{FunctionBody, Operator, Parser, Payload, Validator};

/// A module that computes the same and compares signed integers only.
///
/// # Errors
///
/// What is no valid WebAssembly, or has what this tool does not know.
pub(crate) fn module(read: &[u8]) -> Result<Vec<u8>> {
    let mut comparisons = Comparisons { parameters: parameters(read)?, next: 0 };
    let mut written = Module::new();
    comparisons
        .parse_core_module(&mut written, Parser::new(0), read)
        .map_err(|error| anyhow!("it can't be rewritten: {error}"))?;
    let written = written.finish();
    Validator::new().validate_all(&written).context("what was written is not valid")?;
    Ok(written)
}

/// How many parameters each function has that the module defines.
fn parameters(read: &[u8]) -> Result<Vec<u32>> {
    let (mut types, mut functions) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(read) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(u32::try_from(ty?.params().len())?);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    functions.push(*types.get(ty? as usize).context("a function has an unknown type")?);
                }
            }
            _ => {}
        }
    }
    Ok(functions)
}

struct Comparisons {
    parameters: Vec<u32>,
    next: usize,
}

/// Where the right side of a comparison waits: a local of each type.
#[derive(Clone, Copy)]
struct Scratch {
    word: u32,
    long: u32,
}

impl Reencode for Comparisons {
    type Error = anyhow::Error;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let unknown = || Error::UserError(anyhow!("a function has a body and no type"));
        let mut count = *self.parameters.get(self.next).ok_or_else(unknown)?;
        self.next = self.next.saturating_add(1);
        let mut locals = Vec::new();
        for local in body.get_locals_reader()? {
            let (more, ty) = local?;
            count = count.saturating_add(more);
            locals.push((more, self.val_type(ty)?));
        }
        let mut operators = body.get_operators_reader()?;
        let mut all = Vec::new();
        while !operators.eof() {
            all.push(operators.read()?);
        }
        let scratch = Scratch { word: count, long: count.saturating_add(1) };
        if all.iter().any(|operator| signed(operator).is_some()) {
            locals.extend([(1, ValType::I32), (1, ValType::I64)]);
        }
        let mut function = Function::new(locals);
        for operator in all {
            match signed(&operator) {
                Some(instruction) => compare(&mut function, &instruction, scratch),
                None => {
                    function.instruction(&self.instruction(operator)?);
                }
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// The signed comparison that tells the same once the highest bits are turned.
fn signed(operator: &Operator<'_>) -> Option<Instruction<'static>> {
    Some(match operator {
        Operator::I32LtU => Instruction::I32LtS,
        Operator::I32GtU => Instruction::I32GtS,
        Operator::I32LeU => Instruction::I32LeS,
        Operator::I32GeU => Instruction::I32GeS,
        Operator::I64LtU => Instruction::I64LtS,
        Operator::I64GtU => Instruction::I64GtS,
        Operator::I64LeU => Instruction::I64LeS,
        Operator::I64GeU => Instruction::I64GeS,
        _ => return None,
    })
}

/// Turns the highest bits of the two numbers on the stack, and compares them.
///
/// Java 17 may fold *two* comparisons of one number into a wrong one, where one of them is with a constant at the edge of the range
/// (JDK-8346420). What `Integer.compareUnsigned` adds has a range for it to fold by; a number whose bit is turned has all of it.
fn compare(function: &mut Function, comparison: &Instruction<'_>, scratch: Scratch) {
    let mut code = function.instructions();
    match comparison {
        Instruction::I32LtS | Instruction::I32GtS | Instruction::I32LeS | Instruction::I32GeS => code
            .i32_const(i32::MIN)
            .i32_xor()
            .local_set(scratch.word)
            .i32_const(i32::MIN)
            .i32_xor()
            .local_get(scratch.word),
        _ => code
            .i64_const(i64::MIN)
            .i64_xor()
            .local_set(scratch.long)
            .i64_const(i64::MIN)
            .i64_xor()
            .local_get(scratch.long),
    };
    function.instruction(comparison);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wasm_encoder::{ExportKind, ExportSection, FunctionSection, TypeSection};
    use wasmtime::{AsContextMut, Engine, Instance, Store};

    use super::*;

    const WORDS: [Instruction<'static>; 4] =
        [Instruction::I32LtU, Instruction::I32GtU, Instruction::I32LeU, Instruction::I32GeU];
    const LONGS: [Instruction<'static>; 4] =
        [Instruction::I64LtU, Instruction::I64GtU, Instruction::I64LeU, Instruction::I64GeU];

    /// Eight functions, each of which compares its two parameters.
    fn comparing() -> Vec<u8> {
        let (mut types, mut functions, mut exports, mut code) =
            (TypeSection::new(), FunctionSection::new(), ExportSection::new(), CodeSection::new());
        types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
        types.ty().function([ValType::I64, ValType::I64], [ValType::I32]);
        let all = WORDS.iter().map(|one| (0, one)).chain(LONGS.iter().map(|one| (1, one)));
        for (number, (ty, comparison)) in (0_u32..).zip(all) {
            functions.function(ty);
            exports.export(&number.to_string(), ExportKind::Func, number);
            // A local of its own, so that the scratch locals are not the first ones.
            let mut body = Function::new([(1, ValType::F64)]);
            body.instructions().local_get(0).local_get(1);
            body.instruction(comparison);
            body.instructions().end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    fn instance(module: &[u8]) -> (Store<()>, Instance) {
        let engine = Engine::default();
        let module = wasmtime::Module::new(&engine, module).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        (store, instance)
    }

    #[test]
    fn nothing_compares_unsigned_afterwards() {
        let written = module(&comparing()).unwrap();
        for payload in Parser::new(0).parse_all(&written) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                let operators = body.get_operators_reader().unwrap().into_iter();
                assert!(operators.map(Result::unwrap).all(|operator| signed(&operator).is_none()));
            }
        }
        assert_eq!(module(&written).unwrap(), written, "there is nothing left to do");
        assert!(module(b"\0asm").is_err());
    }

    #[test]
    fn comparisons_tell_the_same() {
        let (store, instance) = instance(&module(&comparing()).unwrap());
        let store = std::cell::RefCell::new(store);
        let edges =
            [0, 1, 2, i64::MAX, i64::MIN, i64::MIN + 1, -1, -2, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
        let edge = prop_oneof![prop::sample::select(edges.to_vec()), any::<i64>()];
        let mut runner = proptest::test_runner::TestRunner::default();
        let compared = runner.run(&(edge.clone(), edge, 0..4_usize), |(a, b, which)| {
            #[expect(clippy::cast_possible_truncation, reason = "the lower half is a number as good as any")]
            let (short_a, short_b) = (a as i32, b as i32);
            let (u, v) = (a.cast_unsigned(), b.cast_unsigned());
            let (short_u, short_v) = (short_a.cast_unsigned(), short_b.cast_unsigned());
            let mut store = store.borrow_mut();
            let mut store = store.as_context_mut();
            let word = instance.get_typed_func::<(i32, i32), i32>(&mut store, &which.to_string()).unwrap();
            let long =
                instance.get_typed_func::<(i64, i64), i32>(&mut store, &(which + 4).to_string()).unwrap();
            let told = (
                word.call(&mut store, (short_a, short_b)).unwrap() == 1,
                long.call(&mut store, (a, b)).unwrap() == 1,
            );
            let right = match which {
                0 => (short_u < short_v, u < v),
                1 => (short_u > short_v, u > v),
                2 => (short_u <= short_v, u <= v),
                _ => (short_u >= short_v, u >= v),
            };
            prop_assert_eq!(told, right);
            Ok(())
        });
        compared.unwrap();
    }
}
