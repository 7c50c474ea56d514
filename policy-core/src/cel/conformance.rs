//! Evaluation as cel-spec's conformance cases need it: bindings and results of any type, as JSON.
//!
//! A value is `[kind, …]`, such as `["int", "3"]`, `["list", […]]`, `["map", [[key, value], …]]`, `["bytes", base64]` or
//! `["timestamp", seconds, nanos]`.

use std::collections::BTreeMap;

use cel::common::types::{
    CelBool, CelBytes, CelDouble, CelDuration, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString,
    CelTimestamp, CelType, CelUInt,
};
use cel::common::value::{CowVal, Val};
use serde_json::{Value as Json, json};

use super::evaluate::{Evaluator, Failure};
use super::expression::Expression;
use super::functions::ENV;
use super::inspect::items;
use super::value::map;

/// Evaluates `source` with bindings in the format of the cases, and returns the value in the same format.
///
/// # Errors
///
/// The message, and whether it is an error of evaluation rather than of the source or the bindings.
pub fn evaluate(source: &str, bindings: &Json) -> Result<Json, (bool, String)> {
    let expression = Expression::parse(source).map_err(|problems| {
        (false, problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "))
    })?;
    let mut root = BTreeMap::new();
    for (name, value) in bindings.as_object().into_iter().flatten() {
        let value = decode(value).ok_or_else(|| (false, format!("no such binding: {value}")))?;
        root.insert(name.clone(), value);
    }
    let variables = BTreeMap::new();
    let evaluator = Evaluator::new(root, &variables, super::limits::DEFAULT_BUDGET);
    match evaluator.eval(expression.root(), None) {
        Ok(value) => encode(value.as_ref()).ok_or_else(|| (false, format!("no JSON for {value:?}"))),
        Err(Failure::Exhausted) => Err((false, "budget exhausted".to_owned())),
        Err(Failure::Error(fault)) => {
            Err((!fault.message.starts_with("there is no function"), fault.message))
        }
    }
}

fn decode(json: &Json) -> Option<Box<dyn Val>> {
    let parts = json.as_array()?;
    let text = |at: usize| parts.get(at).and_then(Json::as_str);
    let number = |at: usize| {
        let part = parts.get(at)?;
        part.as_i64().or_else(|| part.as_str()?.parse().ok())
    };
    Some(match text(0)? {
        "null" => Box::new(CelNull),
        "bool" => Box::new(CelBool::from(parts.get(1)?.as_bool()?)),
        "int" => Box::new(CelInt::from(text(1)?.parse::<i64>().ok()?)),
        "uint" => Box::new(CelUInt::from(text(1)?.parse::<u64>().ok()?)),
        "double" => Box::new(CelDouble::from(text(1)?.parse::<f64>().ok()?)),
        "string" => Box::new(CelString::from(text(1)?.to_owned())),
        "bytes" => base64("base64.decode", CowVal::owned(CelString::from(text(1)?.to_owned())))?,
        "list" => {
            let items = parts.get(1)?.as_array()?.iter().map(decode).collect::<Option<Vec<_>>>()?;
            Box::new(CelList::from(items))
        }
        "map" => {
            let mut entries = Vec::new();
            for entry in parts.get(1)?.as_array()? {
                entries.push((CelMapKey::try_from(decode(entry.get(0)?)?).ok()?, decode(entry.get(1)?)?));
            }
            Box::new(map(entries))
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

fn encode(value: &(dyn Val + 'static)) -> Option<Json> {
    if let Some(b) = value.downcast_ref::<CelBool>() {
        return Some(json!(["bool", b.inner()]));
    }
    if let Some(n) = value.downcast_ref::<CelInt>() {
        return Some(json!(["int", n.inner().to_string()]));
    }
    if let Some(n) = value.downcast_ref::<CelUInt>() {
        return Some(json!(["uint", n.inner().to_string()]));
    }
    if let Some(n) = value.downcast_ref::<CelDouble>() {
        return Some(json!(["double", n.inner().to_string()]));
    }
    if let Some(s) = value.downcast_ref::<CelString<'_>>() {
        return Some(json!(["string", s.inner()]));
    }
    if let Some(bytes) = value.downcast_ref::<CelBytes<'_>>() {
        let text = base64("base64.encode", CowVal::owned(CelBytes::from(bytes.inner().to_vec())))?;
        return Some(json!(["bytes", text.downcast_ref::<CelString<'_>>()?.inner()]));
    }
    if let Some(it) = value.downcast_ref::<CelType>() {
        return Some(json!(["type", it.name()]));
    }
    if let Some(it) = value.downcast_ref::<CelTimestamp>() {
        return Some(json!(["timestamp", it.inner().timestamp(), it.inner().timestamp_subsec_nanos()]));
    }
    if let Some(it) = value.downcast_ref::<CelDuration>() {
        return Some(json!(["duration", it.inner().num_seconds(), it.inner().subsec_nanos()]));
    }
    if value.downcast_ref::<CelNull>().is_some() {
        return Some(json!(["null"]));
    }
    let items = items(value)?;
    if value.downcast_ref::<CelMap<'_>>().is_some() {
        let entries = items.iter().map(|(k, v)| Some(json!([encode(k.as_ref())?, encode(*v)?])));
        return Some(json!(["map", entries.collect::<Option<Vec<_>>>()?]));
    }
    Some(json!(["list", items.iter().map(|(_, item)| encode(*item)).collect::<Option<Vec<_>>>()?]))
}

fn base64(function: &str, value: CowVal<'_, 'static>) -> Option<Box<dyn Val>> {
    let args = vec![value];
    Some(ENV.find_overload(function, &args)?(args).ok()?.into_owned())
}
