use serde_json::{Value, json};

/// Takes what is wrong at `pointer` out of the document: a member is left out; an element, whose
/// neighbours must keep their places, becomes an empty object, then an empty text. Whether that
/// could be done.
pub(super) fn mend(document: &mut Value, pointer: &str) -> bool {
    let Some((above, last)) = pointer.rsplit_once('/') else {
        return false;
    };
    match document.pointer_mut(above) {
        Some(Value::Object(members)) => members.remove(&unescape(last)).is_some(),
        Some(Value::Array(elements)) => {
            let element = last.parse().ok().and_then(|index: usize| elements.get_mut(index));
            element.is_some_and(replace)
        }
        _ => false,
    }
}

fn replace(element: &mut Value) -> bool {
    let empty_object = json!({});
    if *element == json!("") {
        return false;
    }
    *element = if *element == empty_object { json!("") } else { empty_object };
    true
}

fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
