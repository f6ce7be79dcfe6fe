//! The objects that people name.

use crate::analysis::Analysis;
use crate::base::Name;
use crate::error::Error;
use crate::schema::ObjectId;

/// The object of a name, whatever its case.
///
/// # Errors
///
/// Nothing of that name is in the project; the nearest names are given.
pub(crate) fn object_named(analysis: &Analysis, name: &str) -> Result<ObjectId, Error> {
    let schema = &analysis.schema;
    schema.object(&Name::new(name)).ok_or_else(|| {
        let lower = name.to_ascii_lowercase();
        let mut alike: Vec<(f64, &str)> = schema
            .objects
            .iter()
            .map(|(_, object)| object.name.as_str())
            .map(|known| (likeness(&lower, &known.to_ascii_lowercase()), known))
            .filter(|(likeness, _)| ALIKE < *likeness)
            .collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let nearest = alike.into_iter().take(3).map(|(_, known)| known.to_owned()).collect();
        Error::NoSuchObject { name: name.to_owned(), nearest }
    })
}

const ALIKE: f64 = 0.8;

/// People leave out the namespace and the suffix: `Payment` for `npe01__OppPayment__c`.
fn likeness(asked: &str, known: &str) -> f64 {
    let stem = |name: &str| {
        let name = name.strip_suffix("__c").unwrap_or(name);
        name.rsplit("__").next().unwrap_or(name).to_owned()
    };
    let (short, known_short) = (stem(asked), stem(known));
    let contained = short.len() > 3 && known_short.contains(&short);
    strsim::jaro_winkler(asked, known)
        .max(strsim::jaro_winkler(&short, &known_short))
        .max(if contained { 0.9 } else { 0.0 })
}
