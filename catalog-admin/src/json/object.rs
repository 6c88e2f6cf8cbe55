/// Has types be read from JSON objects only: what serde derives would take arrays too, as their
/// fields in order. Each derives `Deserialize` with `#[serde(remote = "Self")]`.
macro_rules! read_from_objects {
    ($($name:ty),+ $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> serde::de::Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        members: A,
                    ) -> Result<$name, A::Error> {
                        // The derived function, which stands before the trait's.
                        <$name>::deserialize(
                            serde::de::value::MapAccessDeserializer::new(members),
                        )
                    }
                }

                given.deserialize_map(Members)
            }
        }
    )+};
}

pub(crate) use read_from_objects;
