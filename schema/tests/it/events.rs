//! The published forms of events: their examples are what catalog-core writes and reads.

use std::{collections::BTreeSet, fmt::Debug, path::Path};

use catalog_core::contract::change::{ChangeRecord, ResyncRecord};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("events").join(name);
    let text = std::fs::read_to_string(&path).expect("a published form");
    serde_json::from_str(&text).expect("JSON")
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

/// Each example reads as `T`, is written again as it was, and has the fields that the schema names.
fn examples_are<T: DeserializeOwned + Serialize + Debug>(schema: &Value) {
    let properties = names(&schema["properties"]);
    let required = serde_json::from_value::<BTreeSet<String>>(schema["required"].clone());
    assert_eq!(required.expect("names"), properties);
    let examples = schema["examples"].as_array().expect("examples");
    assert!(!examples.is_empty());
    for example in examples {
        let record: T = serde_json::from_value(example.clone()).expect("a record");
        let written = serde_json::to_value(&record).expect("JSON");
        assert_eq!(&written, example);
        assert_eq!(names(&written), properties);
    }
}

#[test]
fn a_change_is_what_the_publisher_writes() {
    examples_are::<ChangeRecord>(&read("catalog.version.changed.v1.schema.json"));
}

#[test]
fn a_resynchronisation_is_what_the_publisher_writes() {
    examples_are::<ResyncRecord>(&read("catalog.resync.started.v1.schema.json"));
}

/// Every value that the code knows is in the schema, and no other.
#[test]
fn kinds_and_reasons_are_those_of_the_code() {
    let change = read("catalog.version.changed.v1.schema.json");
    let resync = read("catalog.resync.started.v1.schema.json");
    for (schema, field) in [(&change, "kind"), (&resync, "reason")] {
        let mut example = schema["examples"][0].clone();
        let listed = schema["properties"][field]["enum"].as_array().expect("an enumeration");
        for value in listed {
            example[field] = value.clone();
            let read = match field {
                "kind" => serde_json::from_value::<ChangeRecord>(example.clone()).is_ok(),
                _ => serde_json::from_value::<ResyncRecord>(example.clone()).is_ok(),
            };
            assert!(read, "{value}");
        }
        example[field] = "another".into();
        assert!(serde_json::from_value::<ChangeRecord>(example).is_err());
    }
}

#[test]
fn the_topic_names_the_headers_that_the_code_writes() {
    use catalog_core::contract::change::{CHANGED, RESYNC_STARTED, TOPIC, header};

    let document = read("catalog.changes.v1.asyncapi.json");
    assert_eq!(document["channels"]["changes"]["address"], TOPIC);
    let headers = &document["components"]["schemas"]["headers"];
    let named = names(&headers["properties"]);
    for header in [
        header::SPEC_VERSION,
        header::ID,
        header::TYPE,
        header::SOURCE,
        header::TIME,
        header::CONTENT_TYPE,
        header::TRACEPARENT,
    ] {
        assert!(named.contains(header), "{header}");
    }
    let messages = &document["components"]["messages"];
    assert_eq!(messages["versionChanged"]["name"], CHANGED);
    assert_eq!(messages["resyncStarted"]["name"], RESYNC_STARTED);
    for message in ["versionChanged", "resyncStarted"] {
        let file = messages[message]["payload"]["schema"]["$ref"].as_str().expect("a file");
        read(file.trim_start_matches("./"));
    }
}
