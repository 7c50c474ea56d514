//! The crate `cel`, with its own parser, library and extensions.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cel::common::types::{
    CelBool, CelBytes, CelDouble, CelDuration, CelInt, CelList, CelMap, CelMapKey, CelNull, CelOptional,
    CelString, CelTimestamp, CelType, CelUInt,
};
use cel::common::value::{CowVal, Val};
use cel::{Context, Env, Value as CelValue, extensions};
use serde_json::{Value, json};

use crate::cases::Outcome;

pub(crate) struct Oracle {
    env: Arc<Env>,
}

impl Oracle {
    pub(crate) fn new() -> Self {
        let mut env = Env::stdlib();
        for extension in [extensions::strings, extensions::math, extensions::lists, extensions::encoders] {
            extension(&mut env).expect("the extensions do not clash");
        }
        Self { env: Arc::new(env) }
    }

    /// What an expression without variables comes to.
    pub(crate) fn outcome(&self, source: &str) -> Outcome {
        self.outcome_of(&json!({"expr": source, "bindings": {}}))
    }

    pub(crate) fn outcome_of(&self, case: &Value) -> Outcome {
        // The crate is not ours to mend: where it panics it has no opinion.
        catch_unwind(AssertUnwindSafe(|| self.evaluate(case)))
            .unwrap_or_else(|_| Err((false, "the crate panicked".to_owned())))
    }

    fn evaluate(&self, case: &Value) -> Outcome {
        let source = case["expr"].as_str().expect("an expression");
        let parser = self.env.parser().enable_ident_escape_syntax(true);
        let expression = parser.parse(source).map_err(|errors| (false, errors.to_string()))?;
        let mut context = Context::with_env(Arc::clone(&self.env));
        for (name, value) in case["bindings"].as_object().into_iter().flatten() {
            context.add_variable_as_val(name.clone(), self.decode(value).expect("a value"));
        }
        let value =
            CelValue::resolve_val(&expression, &context).map_err(|error| (true, error.to_string()))?;
        self.encode(value.as_ref()).ok_or_else(|| (false, format!("no JSON for {value:?}")))
    }

    fn call(&self, function: &str, argument: CowVal<'_, 'static>) -> Option<Box<dyn Val>> {
        let arguments = vec![argument];
        Some(self.env.find_overload(function, &arguments)?(arguments).ok()?.into_owned())
    }

    fn decode(&self, json: &Value) -> Option<Box<dyn Val>> {
        let text = |at: usize| json[at].as_str();
        let number = |at: usize| json[at].as_i64().or_else(|| json[at].as_str()?.parse().ok());
        Some(match text(0)? {
            "null" => Box::new(CelNull),
            "bool" => Box::new(CelBool::from(json[1].as_bool()?)),
            "int" => Box::new(CelInt::from(text(1)?.parse::<i64>().ok()?)),
            "uint" => Box::new(CelUInt::from(text(1)?.parse::<u64>().ok()?)),
            "double" => Box::new(CelDouble::from(text(1)?.parse::<f64>().ok()?)),
            "string" => Box::new(CelString::from(text(1)?.to_owned())),
            "bytes" => self.call("base64.decode", CowVal::owned(CelString::from(text(1)?.to_owned())))?,
            "list" => {
                let items =
                    json[1].as_array()?.iter().map(|item| self.decode(item)).collect::<Option<Vec<_>>>()?;
                Box::new(CelList::from(items))
            }
            "map" => {
                let entry = |entry: &Value| {
                    Some((CelMapKey::try_from(self.decode(&entry[0])?).ok()?, self.decode(&entry[1])?))
                };
                #[expect(clippy::disallowed_types, reason = "the crate's map is built from one")]
                let entries: std::collections::HashMap<_, _> =
                    json[1].as_array()?.iter().map(entry).collect::<Option<_>>()?;
                Box::new(CelMap::from(entries))
            }
            "type" => Box::new(CelType::new(text(1)?)),
            "timestamp" => {
                let instant = chrono::DateTime::from_timestamp(number(1)?, u32::try_from(number(2)?).ok()?)?;
                Box::new(CelTimestamp::from(instant.fixed_offset()))
            }
            "duration" => Box::new(CelDuration::from(
                chrono::Duration::try_seconds(number(1)?)?
                    .checked_add(&chrono::Duration::nanoseconds(number(2)?))?,
            )),
            _ => return None,
        })
    }

    fn encode(&self, value: &(dyn Val + 'static)) -> Option<Value> {
        if let Some(it) = value.downcast_ref::<CelBool>() {
            return Some(json!(["bool", it.inner()]));
        }
        if let Some(it) = value.downcast_ref::<CelInt>() {
            return Some(json!(["int", it.inner().to_string()]));
        }
        if let Some(it) = value.downcast_ref::<CelUInt>() {
            return Some(json!(["uint", it.inner().to_string()]));
        }
        if let Some(it) = value.downcast_ref::<CelDouble>() {
            return Some(json!(["double", it.inner().to_string()]));
        }
        if let Some(it) = value.downcast_ref::<CelString<'_>>() {
            return Some(json!(["string", it.inner()]));
        }
        if let Some(it) = value.downcast_ref::<CelBytes<'_>>() {
            let text = self.call("base64.encode", CowVal::owned(CelBytes::from(it.inner().to_vec())))?;
            return Some(json!(["bytes", text.downcast_ref::<CelString<'_>>()?.inner()]));
        }
        if let Some(it) = value.downcast_ref::<CelType>() {
            return Some(json!(["type", it.name()]));
        }
        if let Some(it) = value.downcast_ref::<CelTimestamp>() {
            let at = it.inner();
            return Some(json!(["timestamp", at.timestamp().to_string(), at.timestamp_subsec_nanos()]));
        }
        if let Some(it) = value.downcast_ref::<CelDuration>() {
            return Some(json!([
                "duration",
                it.inner().num_seconds().to_string(),
                it.inner().subsec_nanos()
            ]));
        }
        if value.downcast_ref::<CelNull>().is_some() {
            return Some(json!(["null"]));
        }
        if let Some(it) = value.downcast_ref::<CelOptional<'_>>() {
            return Some(match it.option() {
                Some(inner) => json!(["optional", self.encode(inner)?]),
                None => json!(["optional"]),
            });
        }
        if let Some(it) = value.downcast_ref::<CelMap<'_>>() {
            let mut entries = Vec::new();
            for (key, value) in it.inner() {
                entries.push(json!([self.encode(key.inner())?, self.encode(value.as_ref())?]));
            }
            return Some(json!(["map", entries]));
        }
        let list = value.downcast_ref::<CelList<'_>>()?;
        let items = list.inner().iter().map(|item| self.encode(item.as_ref()));
        Some(json!(["list", items.collect::<Option<Vec<_>>>()?]))
    }
}
