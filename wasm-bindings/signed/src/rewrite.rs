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
