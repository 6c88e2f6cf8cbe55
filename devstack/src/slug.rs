//! Slugs: names as addresses have them.

/// The longest slug made from a text; what is added to make it unique comes on top.
const LONGEST: usize = 120;

/// `text` in small letters and digits with hyphens between, German and French letters spelled
/// out. Empty when nothing of it can be said so.
pub(crate) fn slug_of(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if slug.len() >= LONGEST {
            break;
        }
        match spelled(character) {
            Some(letters) => slug.push_str(letters),
            None if character.is_ascii_alphanumeric() => slug.push(character),
            // An apostrophe belongs to its word: chefs-knife.
            None if matches!(character, '\'' | '’') => {}
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The slug of `text` made unique by `suffix`, which is a slug itself.
pub(crate) fn slug_with(text: &str, suffix: &str) -> String {
    let slug = slug_of(text);
    if slug.is_empty() { suffix.to_owned() } else { format!("{slug}-{suffix}") }
}

fn spelled(character: char) -> Option<&'static str> {
    Some(match character {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' => "o",
        'ù' | 'ú' | 'û' => "u",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_and_letters_spelled_out() {
        for (text, slug) in [
            ("Wool sock", "wool-sock"),
            ("  Grüße & Küsse!  ", "gruesse-kuesse"),
            ("Chef's knife (20 cm)", "chefs-knife-20-cm"),
            ("3\" Água", "3-agua"),
            ("日本", ""),
        ] {
            assert_eq!(slug_of(text), slug);
        }
        assert_eq!(slug_with("日本", "17"), "17");
        assert_eq!(slug_with("Tea", "17"), "tea-17");
    }

    #[test]
    fn a_long_title_is_cut() {
        let slug = slug_of(&"word ".repeat(100));
        assert!(slug.len() <= LONGEST && !slug.ends_with('-'), "{slug}");
    }
}
