//! How a platform event trigger subscribes: `*.platformEventSubscriberConfig-meta.xml` (PA-06).

use super::xml::{Element, Xml};
use crate::base::{FileId, Issue, IssueKind, Name, SourceFile, Span};

/// One `PlatformEventSubscriberConfig`: whether the events of a trigger are handled in parallel (PA-06).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SubscriberConfigFacts {
    /// The file's name up to its first `.`.
    pub(crate) name: Name,
    /// `platformEventConsumer`: the trigger, with its namespace, if any.
    pub(crate) platform_event_consumer: Name,
    /// `numPartitions`; 1, that is nothing in parallel, where absent.
    pub(crate) partitions: Option<(u64, Span)>,
    /// `partitionKey` as written, with its place: `Event__e.Field__c`, or `EventUuid`.
    pub(crate) partition_key: Option<(String, Span)>,
    /// The place of the root element.
    pub(crate) span: Span,
}

impl SubscriberConfigFacts {
    /// What one would edit: the key, or else the number of partitions, or else the file.
    pub(crate) fn key_place(&self) -> Span {
        let key = self.partition_key.as_ref().map(|(_, span)| *span);
        key.or(self.partitions.map(|(_, span)| span)).unwrap_or(self.span)
    }
}

/// Reads a subscriber configuration of either format.
pub(crate) fn read_subscriber_config(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<SubscriberConfigFacts> {
    let xml = Xml::parse(file, source, "PlatformEventSubscriberConfig", issues)?;
    let root = xml.root();
    let Some(consumer) = root.string("platformEventConsumer") else {
        let message = "a configuration without <platformEventConsumer> is left out";
        issues.push(Issue::new(root.span(), IssueKind::Parse, message));
        return None;
    };
    Some(SubscriberConfigFacts {
        name: Name::new(source.file_name().split('.').next().unwrap_or("")),
        platform_event_consumer: Name::new(consumer),
        partitions: number(root, "numPartitions", issues),
        partition_key: root.value("partitionKey").map(|(key, span)| (key.to_owned(), span)),
        span: root.span(),
    })
}

/// The number in the first child of a name. Anything else there is an issue and read as absent.
fn number(root: Element, name: &str, issues: &mut Vec<Issue>) -> Option<(u64, Span)> {
    let (text, span) = root.value(name)?;
    let number = text.parse().ok().map(|number| (number, span));
    if number.is_none() {
        let message = format!("`{text}` is no number; <{name}> is read as if it were absent");
        issues.push(Issue::new(span, IssueKind::Parse, message));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::{SubscriberConfigFacts, read_subscriber_config};
    use crate::base::{FileId, FileKind, Issue, Name, SourceFile};
    use crate::metadata::text_at;

    fn read(name: &str, text: &str) -> (SourceFile, Option<SubscriberConfigFacts>, Vec<Issue>) {
        let path = format!("platformEventSubscriberConfigs/{name}");
        let source = SourceFile::new(path, FileKind::SubscriberConfig, text.into());
        let mut issues = Vec::new();
        let facts = read_subscriber_config(FileId(0), &source, &mut issues);
        (source, facts, issues)
    }

    fn check_refused(text: &str, message: &str) {
        let (_, facts, issues) = read("A.platformEventSubscriberConfig-meta.xml", text);
        let messages: Vec<_> = issues.iter().map(|issue| issue.message.as_str()).collect();
        assert_eq!((facts, messages), (None, vec![message]), "{text}");
    }

    #[test]
    fn a_parallel_subscription() {
        let (source, facts, issues) = read(
            "Orders.platformEventSubscriberConfig-meta.xml",
            "<PlatformEventSubscriberConfig xmlns=\"http://soap.sforce.com/2006/04/metadata\">
                <batchSize>200</batchSize>
                <isProtected>false</isProtected>
                <masterLabel>All orders</masterLabel>
                <numPartitions>3</numPartitions>
                <partitionKey>Order_Event__e.Order__c</partitionKey>
                <platformEventConsumer>OrderTrigger</platformEventConsumer>
            </PlatformEventSubscriberConfig>",
        );
        let facts = facts.unwrap();
        assert_eq!(issues, []);
        assert_eq!(
            (facts.name, facts.platform_event_consumer),
            (Name::new("Orders"), Name::new("OrderTrigger"))
        );
        assert_eq!(facts.partitions.map(|(count, _)| count), Some(3));
        let (key, span) = facts.partition_key.unwrap();
        assert_eq!(key, "Order_Event__e.Order__c");
        assert_eq!(text_at(&source, span), key);
        assert_eq!(text_at(&source, facts.span), "<PlatformEventSubscriberConfig");
    }

    #[test]
    fn a_configuration_that_says_little() {
        let (_, facts, issues) = read(
            "A.platformEventSubscriberConfig",
            "<PlatformEventSubscriberConfig><platformEventConsumer>ns__T</platformEventConsumer></PlatformEventSubscriberConfig>",
        );
        let facts = facts.unwrap();
        assert_eq!((issues, facts.platform_event_consumer.as_str()), (Vec::new(), "ns__T"));
        assert_eq!((facts.name.as_str(), facts.partitions), ("A", None));
        assert_eq!(facts.partition_key, None);
    }

    #[test]
    fn a_number_that_is_none() {
        let (source, facts, issues) = read(
            "A.platformEventSubscriberConfig-meta.xml",
            "<PlatformEventSubscriberConfig><platformEventConsumer>T</platformEventConsumer>
            <numPartitions>many</numPartitions></PlatformEventSubscriberConfig>",
        );
        let facts = facts.unwrap();
        assert_eq!(facts.partitions, None);
        let places: Vec<_> = issues.iter().map(|issue| text_at(&source, issue.span)).collect();
        assert_eq!(places, ["many"]);
        assert_eq!(
            issues[0].message,
            "`many` is no number; <numPartitions> is read as if it were absent"
        );
    }

    #[test]
    fn broken_configurations() {
        check_refused("", "is empty; nothing in this file counts");
        check_refused(
            "<PlatformEventSubscriberConfig><batchSize>1",
            "ends in the middle of an element; nothing in this file counts",
        );
        check_refused(
            "<PlatformEventChannel/>",
            "holds <PlatformEventChannel> where <PlatformEventSubscriberConfig> belongs; nothing in this file counts",
        );
        check_refused(
            "<PlatformEventSubscriberConfig/>",
            "a configuration without <platformEventConsumer> is left out",
        );
    }
}
