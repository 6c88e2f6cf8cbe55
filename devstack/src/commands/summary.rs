//! What `devstack up` says at its end.

use devstack::Addresses;

/// Addresses, the token, and four commands to paste.
pub(super) fn text(addresses: &Addresses, product: Option<&str>) -> String {
    let Addresses { query: [one, two], admin, .. } = addresses;
    let token = addresses.editor_token.display();
    let commands = product.map_or_else(
        || "The catalog is empty: there is no product to read yet.\n".to_owned(),
        |id| commands(addresses, id),
    );
    format!(
        "
Vitrina is up.

  storefront reads   {one} and {two}
  editing            {admin}
  editor's token     {token} (for 8 hours; `make up` writes a new one)
  all addresses      {}

{commands}",
        addresses.stack_file.display(),
    )
}

fn commands(addresses: &Addresses, id: &str) -> String {
    let read = format!("{}/v1/products/{id}", addresses.query[0]);
    let edit = format!("{}/v1/products/{id}", addresses.admin);
    let authorization =
        format!("-H \"Authorization: Bearer $(cat {})\"", addresses.editor_token.display());
    format!(
        "Read a product:
  curl -s {read} -w '\\n'
Edit it:
  curl -s -X PATCH {edit} {authorization} -H 'Content-Type: application/merge-patch+json' \
-H \"If-Match: $(curl -sI {authorization} {edit} | sed -n 's/^etag: //Ip' | tr -d '\\r')\" \
-d '{{\"brand\":\"Edited by hand\"}}' -w '\\n'
Read it again; an edit shows within milliseconds, and never later than the bound:
  curl -s {read} -w '\\n'
See which layer answered:
  curl -s -o /dev/null -D - {read} | grep -i cache-status
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use devstack::DatabaseUrls;

    fn addresses() -> Addresses {
        let urls =
            DatabaseUrls { superuser: String::new(), admin: String::new(), query: String::new() };
        Addresses {
            primary: urls.clone(),
            replica: urls,
            redis: String::new(),
            kafka: String::new(),
            query: ["http://q1".to_owned(), "http://q2".to_owned()],
            query_ops: [String::new(), String::new()],
            admin: "http://a".to_owned(),
            admin_ops: String::new(),
            invalidator_ops: String::new(),
            signing_key: "key".into(),
            jwks: "jwks".into(),
            editor_token: "token".into(),
            stack_file: "stack.json".into(),
        }
    }

    #[test]
    fn there_are_four_commands_when_there_is_a_product() {
        let text = text(&addresses(), Some("some-id"));
        let commands = text.lines().filter(|line| line.starts_with("  curl"));
        assert_eq!(commands.count(), 4, "{text}");
        assert!(text.contains("sed -n 's/^etag: //Ip' | tr -d '\\r'"), "{text}");
    }

    #[test]
    fn an_empty_catalog_is_said_to_be_empty() {
        let text = text(&addresses(), None);
        assert!(!text.contains("curl"), "{text}");
        assert!(text.contains("empty"), "{text}");
    }
}
