//! A duplicate rule: `duplicateRules/Object.Name.duplicateRule-meta.xml` (DU-01).

use super::xml::{Element, Xml};
use crate::base::{FileId, Issue, IssueKind, Name, SourceFile, Span};

/// One `DuplicateRule`: what runs inside the lock window of its object's saves (DU-01).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DuplicateRuleFacts {
    /// The object in the file's name, before the first `.`; `Account` for rules on person accounts.
    pub(crate) object: Name,
    /// The rule's developer name: the file's name between the first `.` and the suffix.
    pub(crate) name: String,
    /// `masterLabel`, what Setup shows; the developer name where absent.
    pub(crate) label: String,
    /// The place of `<isActive>`, or of the root element.
    pub(crate) span: Span,
    pub(crate) active: bool,
    /// `actionOnInsert`, `actionOnUpdate`: `Allow` or `Block`, as written.
    pub(crate) action_on_insert: Option<String>,
    pub(crate) action_on_update: Option<String>,
    /// `duplicateRuleMatchRules`, in file order.
    pub(crate) match_rules: Vec<MatchRule>,
}

/// One matching rule that a duplicate rule uses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MatchRule {
    /// `matchingRule`: the developer name.
    pub(crate) name: String,
    /// `matchRuleSObjectType`: the object that the rule compares with.
    pub(crate) object: Option<Name>,
    pub(crate) span: Span,
}

/// Reads a duplicate rule of either format.
pub(crate) fn read_duplicate_rule(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<DuplicateRuleFacts> {
    let xml = Xml::parse(file, source, "DuplicateRule", issues)?;
    let root = xml.root();
    let file_name = Name::new(source.file_name());
    let stem = [".duplicateRule-meta.xml", ".duplicateRule"]
        .iter()
        .find_map(|suffix| file_name.without_suffix(suffix));
    let Some((object, name)) = stem.and_then(|stem| stem.split_once('.')) else {
        let message = "a duplicate rule's file is named `Object.Rule.duplicateRule-meta.xml`; this one is left out";
        issues.push(Issue::new(root.span(), IssueKind::Parse, message));
        return None;
    };
    let (active, span) =
        root.value("isActive").map_or((false, root.span()), |(text, span)| (text == "true", span));
    Some(DuplicateRuleFacts {
        object: object_of(object),
        name: name.to_owned(),
        label: root.string("masterLabel").unwrap_or(name).to_owned(),
        span,
        active,
        action_on_insert: root.string("actionOnInsert").map(str::to_owned),
        action_on_update: root.string("actionOnUpdate").map(str::to_owned),
        match_rules: root.children("duplicateRuleMatchRules").filter_map(match_rule).collect(),
    })
}

fn match_rule(element: Element) -> Option<MatchRule> {
    let (name, span) = element.value("matchingRule")?;
    Some(MatchRule {
        name: name.to_owned(),
        object: element.string("matchRuleSObjectType").map(object_of),
        span,
    })
}

/// The object whose rows a rule concerns. A person account is an account: only rules tell them apart.
fn object_of(name: &str) -> Name {
    let object = Name::new(name);
    if object.is("PersonAccount") { Name::new("Account") } else { object }
}

#[cfg(test)]
mod tests {
    use super::{DuplicateRuleFacts, read_duplicate_rule};
    use crate::base::{FileId, FileKind, Issue, SourceFile};
    use crate::metadata::text_at;

    fn read(name: &str, content: &str) -> (SourceFile, Option<DuplicateRuleFacts>, Vec<Issue>) {
        let text = format!("<DuplicateRule>{content}</DuplicateRule>");
        let source =
            SourceFile::new(format!("duplicateRules/{name}"), FileKind::DuplicateRule, text);
        let mut issues = Vec::new();
        let facts = read_duplicate_rule(FileId(0), &source, &mut issues);
        (source, facts, issues)
    }

    #[test]
    fn an_active_rule() {
        let (source, facts, issues) = read(
            "Lead.With_Contacts.duplicateRule-meta.xml",
            "<actionOnInsert>Allow</actionOnInsert><actionOnUpdate>Block</actionOnUpdate>
            <duplicateRuleMatchRules><matchRuleSObjectType>Contact</matchRuleSObjectType>
            <matchingRule>Same_Name</matchingRule><objectMapping/></duplicateRuleMatchRules>
            <isActive>true</isActive><masterLabel>Leads with contacts</masterLabel>",
        );
        let facts = facts.unwrap();
        assert_eq!(issues, []);
        assert_eq!((facts.object.as_str(), facts.name.as_str()), ("Lead", "With_Contacts"));
        assert_eq!((facts.label.as_str(), facts.active), ("Leads with contacts", true));
        assert_eq!(
            (facts.action_on_insert.as_deref(), facts.action_on_update.as_deref()),
            (Some("Allow"), Some("Block"))
        );
        assert_eq!(text_at(&source, facts.span), "true");
        let [rule] = facts.match_rules.as_slice() else { panic!("one match rule") };
        assert_eq!(
            (rule.name.as_str(), rule.object.as_ref().unwrap().as_str()),
            ("Same_Name", "Contact")
        );
    }

    #[test]
    fn a_rule_that_says_little() {
        let (_, facts, _) = read("A__c.R.duplicateRule", "<duplicateRuleFilter nil='true'/>");
        let facts = facts.unwrap();
        assert_eq!((facts.label.as_str(), facts.active, facts.match_rules.len()), ("R", false, 0));
        assert_eq!((facts.action_on_insert, facts.span.end), (None, 14));
    }

    #[test]
    fn a_person_account_is_an_account() {
        let (_, facts, issues) = read(
            "PersonAccount.Same_Email.duplicateRule-meta.xml",
            "<duplicateRuleMatchRules><matchRuleSObjectType>PersonAccount</matchRuleSObjectType>
            <matchingRule>Email</matchingRule></duplicateRuleMatchRules>",
        );
        let facts = facts.unwrap();
        assert_eq!((facts.object.as_str(), facts.name.as_str()), ("Account", "Same_Email"));
        assert_eq!(facts.match_rules[0].object.as_ref().unwrap().as_str(), "Account");
        assert_eq!(issues, []);
    }

    #[test]
    fn the_object_is_in_the_file_name() {
        let (_, facts, issues) = read("Rule.duplicateRule-meta.xml", "");
        assert_eq!((facts, issues.len()), (None, 1));
    }
}
