//! Objects of few rows that everybody uses.

use super::{ObjectId, Schema};
use crate::known::Known;

/// Words in the names of such objects.
const WORDS: &[&str] = &[
    "category",
    "config",
    "configuration",
    "dictionary",
    "lookup",
    "parameter",
    "preference",
    "queue",
    "setting",
    "settings",
    "status",
    "tag",
    "template",
    "type",
];

impl Schema {
    /// Notes what people know of objects.
    pub(crate) fn tell(&mut self, known: &Known) {
        for name in &known.dictionaries {
            if let Some(object) = self.object(name) {
                self.objects[object].known_dictionary = true;
            }
        }
        for name in &known.parallel_loads {
            if let Some(object) = self.object(name) {
                self.objects[object].loaded_in_parallel = true;
            }
        }
    }

    /// Whether an object is said to be a dictionary, or looks like one: a custom setting, or named or labelled like a type, tag, queue or configuration.
    /// A guess from words: it raises a severity, and is never a reason of its own.
    pub(crate) fn is_dictionary_like(&self, object: ObjectId) -> bool {
        let object = &self.objects[object];
        let is_custom = object.name.has_suffix("__c");
        let texts = [Some(object.name.as_str()), object.label.as_deref()];
        let mut words = texts.into_iter().flatten().flat_map(words);
        object.known_dictionary
            || object.custom_setting
            || is_custom && words.any(|word| WORDS.contains(&word.as_str()))
    }
}

/// The words of an API name, in lower case: `PaymentType__c` and `Payment_Type__c` are `payment`, `type`, `c`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut start = true;
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            start = true;
            continue;
        }
        if start || (c.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
        start = false;
        after_lower = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_of_names() {
        assert_eq!(words("Payment_Type__c"), ["payment", "type", "c"]);
        assert_eq!(words("PaymentType__c"), ["payment", "type", "c"]);
        assert_eq!(words("Prototype__c"), ["prototype", "c"]);
        assert_eq!(words("npe01__OppPayment__c"), ["npe01", "opp", "payment", "c"]);
    }
}
