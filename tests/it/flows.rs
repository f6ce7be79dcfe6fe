//! What flows do when, asked of `rowlock explain`.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use serde_json::Value;
use tempfile::TempDir;

/// Its name, its type and where it points to.
type Field = (&'static str, &'static str, &'static str);

/// A line with two invoices and a shop, another row with one of each; invoices have parents and logs.
const OBJECTS: &[(&str, &[Field])] = &[
    (
        "Line__c",
        &[
            ("A__c", "Lookup", "Invoice__c"),
            ("B__c", "Lookup", "Invoice__c"),
            ("Shop__c", "Lookup", "Shop__c"),
        ],
    ),
    ("Other__c", &[("A__c", "Lookup", "Invoice__c"), ("Shop__c", "Lookup", "Shop__c")]),
    ("Shop__c", &[]),
    ("Invoice__c", &[("Parent__c", "Lookup", "Invoice__c")]),
    ("Log__c", &[("Invoice__c", "MasterDetail", "Invoice__c")]),
];

const ON_SAVE: &str = "<object>Line__c</object><recordTriggerType>CreateAndUpdate</recordTriggerType>\
    <triggerType>RecordAfterSave</triggerType>";

/// A flow by its name, its `<start>` and everything else.
struct Flow<'a>(&'a str, String, String);

/// A flow that runs after inserts and updates of lines; what it starts with, then its elements.
fn on_save(conditions: &str, elements: &[String]) -> Flow<'static> {
    Flow("Main", format!("{ON_SAVE}{conditions}"), elements.concat())
}

/// A flow that others call; what it starts with, then its elements.
fn subflow<'a>(name: &'a str, first: &str, elements: &[String]) -> Flow<'a> {
    Flow(name, to(first), elements.concat())
}

fn to(name: &str) -> String {
    format!("<connector><targetReference>{name}</targetReference></connector>")
}

fn reference(of: &str) -> String {
    format!("<value><elementReference>{of}</elementReference></value>")
}

fn filter(field: &str, operator: &str, value: &str) -> String {
    format!("<filters><field>{field}</field><operator>{operator}</operator>{value}</filters>")
}

fn condition(left: &str, operator: &str, right: &str) -> String {
    format!(
        "<conditions><leftValueReference>{left}</leftValueReference><operator>{operator}</operator>\
            <rightValue>{right}</rightValue></conditions>"
    )
}

/// An update of the invoices whose id is here, and what comes next.
fn update(name: &str, id: &str, next: &str) -> String {
    let by_id = filter("Id", "EqualTo", &reference(id));
    let next = if next.is_empty() { String::new() } else { to(next) };
    format!(
        "<recordUpdates><name>{name}</name>{next}<filterLogic>and</filterLogic>{by_id}\
            <object>Invoice__c</object></recordUpdates>"
    )
}

fn formula(name: &str, expression: &str) -> String {
    format!(
        "<formulas><name>{name}</name><dataType>Boolean</dataType><expression>{expression}</expression></formulas>"
    )
}

fn assign(name: &str, to_name: &str, value: &str, next: &str) -> String {
    format!(
        "<assignments><name>{name}</name><assignmentItems><assignToReference>{to_name}</assignToReference>\
            <operator>Assign</operator>{}</assignmentItems>{}</assignments>",
        reference(value),
        to(next)
    )
}

fn variable(name: &str, kind: &str) -> String {
    format!(
        "<variables><name>{name}</name><dataType>SObject</dataType><objectType>{kind}</objectType></variables>"
    )
}

fn call(name: &str, flow: &str, input: Option<(&str, &str)>, next: &str) -> String {
    let input = input.map(|(name, value)| {
        format!("<inputAssignments><name>{name}</name>{}</inputAssignments>", reference(value))
    });
    let input = input.unwrap_or_default();
    let next = if next.is_empty() { String::new() } else { to(next) };
    format!("<subflows><name>{name}</name>{next}<flowName>{flow}</flowName>{input}</subflows>")
}

/// A decision with one outcome, which leads to `then`; the default leads to `otherwise`. Empty names lead nowhere.
fn decision(logic: &str, conditions: &str, then: &str, otherwise: &str) -> String {
    let then = if then.is_empty() { String::new() } else { to(then) };
    let otherwise = if otherwise.is_empty() {
        String::new()
    } else {
        to(otherwise).replace("connector", "defaultConnector")
    };
    format!(
        "<decisions><name>D</name>{otherwise}<rules><name>Outcome</name><conditionLogic>{logic}</conditionLogic>\
            {conditions}{then}</rules></decisions>"
    )
}

fn project(flows: &[Flow<'_>]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (object, fields) in OBJECTS {
        let fields: String = fields
            .iter()
            .map(|(name, kind, to)| {
                format!(
                    "<fields><fullName>{name}</fullName><type>{kind}</type><referenceTo>{to}</referenceTo>\
                        <relationshipName>{}{object}s</relationshipName></fields>",
                    name.trim_end_matches("__c")
                )
            })
            .collect();
        let text = format!("<CustomObject>{fields}</CustomObject>");
        write(folder.path(), &format!("objects/{object}.object"), &text);
    }
    for Flow(name, start, rest) in flows {
        let text = format!(
            "<Flow><processType>AutoLaunchedFlow</processType><status>Active</status><start>{start}</start>{rest}</Flow>"
        );
        write(folder.path(), &format!("flows/{name}.flow-meta.xml"), &text);
    }
    folder
}

fn explain(folder: &TempDir) -> Value {
    let command = rowlock().current_dir(folder.path()).args(["explain", "Line__c"]);
    let assert = command.args(["--format", "json"]).assert().success();
    serde_json::from_slice(&assert.get_output().stdout).unwrap()
}

/// What a save of lines locks beside them: `insert Line__c.A__c`, in order.
fn locked(flows: &[Flow<'_>]) -> Vec<String> {
    let folder = project(flows);
    let document = explain(&folder);
    let saves = document["saves"].as_array().unwrap();
    let rows = saves.iter().flat_map(|save| {
        let event = save["event"].as_str().unwrap().replace("Line__c:", "");
        let rows = save["rows"].as_array().unwrap();
        let others = rows.iter().filter(|row| !row["via"].is_null() || row["object"] != "Line__c");
        others.map(move |row| {
            let row = if row["via"].is_null() { &row["object"] } else { &row["via"] };
            format!("{event} {}", row.as_str().unwrap())
        })
    });
    rows.collect()
}

/// The saves under which a flow writes an invoice.
fn saves(flow: Flow<'_>) -> String {
    let locked = locked(&[flow]);
    let saves = locked.iter().map(|row| row.strip_suffix(" Line__c.A__c").unwrap());
    saves.collect::<Vec<_>>().join(" ")
}

/// A flow that writes the invoice where a formula says so.
fn entered_by(expression: &str) -> Flow<'static> {
    let formula = format!("<filterFormula>{expression}</filterFormula>");
    on_save(&format!("{formula}{}", to("U")), &[update("U", "$Record.A__c", "")])
}

#[test]
fn a_formula_says_under_which_saves_a_flow_runs() {
    for (expression, expected) in [
        ("ISNEW()", "insert"),
        ("NOT( ISNEW() )", "update"),
        ("!ISNEW()", "update"),
        ("AND(ISNEW(), {!$Record.Amount__c} &gt; 5)", "insert"),
        ("ISNEW() &amp;&amp; {!$Record.Amount__c} &gt; 5", "insert"),
        ("OR (ISNEW(), {!$Record.Amount__c} &gt; 5)", "insert update"),
        ("ISNEW() || {!$Record.Amount__c} &gt; 5", "insert update"),
        ("IF(ISNEW(), TRUE, {!$Record.Amount__c} &gt; 5)", "insert update"),
        ("IF(ISNEW(), FALSE, {!$Record.Amount__c} &gt; 5)", "update"),
        ("AND(NOT(ISNEW()), ISCHANGED({!$Record.Amount__c}))", "update"),
        ("ISCHANGED({!$Record.Amount__c})", "update"),
        ("NOT(ISCHANGED({!$Record.Amount__c}))", "insert update"),
        ("{!$Record.Name} = 'ISNEW()'", "insert update"),
        ("/* a &amp;&amp; ISNEW() &amp;&amp; b */ TRUE", "insert update"),
        ("AND(/* was: x, ISNEW(), y */ TRUE)", "insert update"),
        ("ISNEW() /* || TRUE", "insert"),
        ("NOT(", "insert update"),
    ] {
        assert_eq!(saves(entered_by(expression)), expected, "{expression}");
    }
}

#[test]
fn conditions_say_under_which_saves_an_element_is_reached() {
    const TRUE: &str = "<booleanValue>true</booleanValue>";
    const FIVE: &str = "<numberValue>5</numberValue>";
    let is_new = condition("isNew", "EqualTo", TRUE);
    let is_large = condition("$Record.Amount__c", "GreaterThan", FIVE);
    let is_changed = condition("$Record.Amount__c", "IsChanged", TRUE);
    let is_old_text = condition("isNew", "EqualTo", "<stringValue>old</stringValue>");
    let is_not_new = condition("isNew", "NotEqualTo", TRUE);
    let two = format!("{is_new}{is_large}");
    let four = format!("{is_new}{is_large}{is_changed}{is_large}");
    for (logic, conditions, then, otherwise) in [
        ("and", &is_new, "insert", "update"),
        ("and", &is_not_new, "update", "insert"),
        ("and", &is_old_text, "insert update", "insert update"),
        ("and", &is_changed, "insert update", "insert update"),
        ("and", &two, "insert", "insert update"),
        ("or", &two, "insert update", "update"),
        ("1 AND (2 OR 3)", &four, "insert", "insert update"),
        ("(1 AND 2) OR (3 AND 4)", &four, "insert update", "insert update"),
        ("2 AND NOT 1", &two, "update", "insert update"),
        ("NOT (1 OR 2)", &two, "update", "insert update"),
        ("1 AND", &two, "insert update", "insert update"),
    ] {
        for (way, expected) in [(("U", ""), then), (("", "U"), otherwise)] {
            let elements = [
                formula("isNew", "ISNEW()"),
                decision(logic, conditions, way.0, way.1),
                update("U", "$Record.A__c", ""),
            ];
            let flow = on_save(&to("D"), &elements);
            assert_eq!(saves(flow), expected, "{logic} of {conditions} to {way:?}");
        }
    }
}

#[test]
fn a_change_is_asked_for_by_filters_and_flags() {
    let changed =
        filter("Amount__c", "IsChanged", "<value><booleanValue>true</booleanValue></value>");
    let large = filter("Amount__c", "GreaterThan", "<value><numberValue>5</numberValue></value>");
    let element = [update("U", "$Record.A__c", "")];
    let entered = |conditions: String| on_save(&(conditions + &to("U")), &element);
    for (logic, expected) in [("and", true), ("or", false)] {
        let conditions = format!("<filterLogic>{logic}</filterLogic>{changed}{large}");
        assert_eq!(is_guarded(entered(conditions)), expected, "{logic}");
    }
    let flag =
        "<doesRequireRecordChangedToMeetCriteria>true</doesRequireRecordChangedToMeetCriteria>";
    assert!(is_guarded(entered(flag.to_owned() + &large)));
    let by_outcome = |flag: &str| {
        let decision = decision("and", &condition("$Record.Amount__c", "GreaterThan", ""), "U", "");
        let decision = decision.replace("<rules>", &format!("<rules>{flag}"));
        on_save(&to("D"), &[decision, update("U", "$Record.A__c", "")])
    };
    let in_text = "<filterFormula>{!$Record.Name} = &quot;ISCHANGED&quot;</filterFormula>";
    assert!(!is_guarded(entered(in_text.to_owned())), "a word in a string is no test");
    assert!(is_guarded(by_outcome(flag)));
    assert!(!is_guarded(by_outcome("")));
}

/// Whether the invoice is written only where the line has changed.
fn is_guarded(flow: Flow<'_>) -> bool {
    !found(&[flow]).contains(&"unguarded-parent-update".to_owned())
}

/// The rules that `check` finds broken.
fn found(flows: &[Flow<'_>]) -> Vec<String> {
    let folder = project(flows);
    let output = rowlock().current_dir(folder.path()).args(["check", "--format", "json"]).assert();
    let document: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    let findings = document["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn elements_run_in_the_order_of_the_connectors() {
    let branch = condition("$Record.Name", "EqualTo", "<stringValue>x</stringValue>");
    let elements = [
        decision("and", &branch, "S", "UB"),
        assign("S", "unused", "$Record.Name", "UA"),
        update("UB", "$Record.B__c", ""),
        update("UA", "$Record.A__c", "UB"),
    ];
    let expected = ["insert Line__c.A__c", "insert Line__c.B__c"];
    assert_eq!(locked(&[on_save(&to("D"), &elements)])[..2], expected, "after a longer way");
    let turn = "<loops><name>L</name><collectionReference>Get</collectionReference>\
        <nextValueConnector><targetReference>S</targetReference></nextValueConnector>\
        <noMoreValuesConnector><targetReference>UB</targetReference></noMoreValuesConnector></loops>";
    let elements = [
        turn.to_owned(),
        assign("S", "unused", "$Record.Name", "UA"),
        update("UB", "$Record.B__c", ""),
        update("UA", "$Record.A__c", "L"),
    ];
    assert_eq!(locked(&[on_save(&to("L"), &elements)])[..2], expected, "after a loop");
}

#[test]
fn flows_of_a_save_run_in_the_order_of_their_numbers() {
    let flow = |name: &'static str, id: &str, order: &str| {
        let Flow(_, start, rest) = on_save(&to("U"), &[update("U", id, "")]);
        Flow(name, start, rest + order)
    };
    let order = |number: &str| format!("<triggerOrder>{number}</triggerOrder>");
    let in_order = ["insert Line__c.B__c", "insert Line__c.A__c"];
    for (first, second) in [("20", "10"), ("1001", ""), ("", "10"), ("1500", "1001")] {
        let order = |number: &str| if number.is_empty() { String::new() } else { order(number) };
        let flows = [
            flow("First", "$Record.A__c", &order(first)),
            flow("Second", "$Record.B__c", &order(second)),
        ];
        assert_eq!(locked(&flows)[..2], in_order, "{first} and {second}");
    }
}

#[test]
fn rows_are_found_through_variables_and_formulas() {
    let by_formula = on_save(&to("U"), &[formula("id", "{!$Record.A__c}"), update("U", "id", "")]);
    assert_eq!(saves(by_formula), "insert update");

    let name = condition("$Record.Name", "EqualTo", "<stringValue>x</stringValue>");
    let either = [
        decision("and", &name, "S1", "S2"),
        assign("S1", "id", "$Record.A__c", "U"),
        assign("S2", "id", "$Record.A__r.Parent__c", "U"),
        update("U", "id", ""),
    ];
    let mut rows = locked(&[on_save(&to("D"), &either)]);
    rows.truncate(2);
    rows.sort();
    let expected = ["insert Line__c.A__c", "insert Line__c.A__c -> Invoice__c.Parent__c"];
    assert_eq!(rows, expected, "each row that a variable may hold");
}

#[test]
fn subflows_are_handed_rows() {
    let update =
        "<recordUpdates><name>U</name><inputReference>row</inputReference></recordUpdates>";
    let sub = || subflow("Sub", "U", &[variable("row", "Invoice__c"), update.to_owned()]);
    let main = [
        variable("invoice", "Invoice__c"),
        assign("S", "invoice.Id", "$Record.A__c", "C"),
        call("C", "Sub", Some(("row", "invoice")), ""),
    ];
    let rows = locked(&[sub(), on_save(&to("S"), &main)]);
    assert_eq!(rows, ["insert Line__c.A__c", "update Line__c.A__c"], "with its fields");
    let twice = [
        call("C1", "Sub", Some(("row", "$Record.A__r")), "C2"),
        call("C2", "Sub", Some(("row", "$Record.B__r")), ""),
    ];
    let rows = locked(&[sub(), on_save(&to("C1"), &twice)]);
    assert_eq!(rows[..2], ["insert Line__c.A__c", "insert Line__c.B__c"], "for each call");
}

#[test]
fn subflows_return_rows() {
    let output = |name: &str| {
        variable(name, "Invoice__c")
            .replace("</variables>", "<isOutput>true</isOutput></variables>")
    };
    let sub = || subflow("Sub", "S", &[output("invoice"), assign("S", "invoice", "row.A__r", "")]);
    let update = |input: &str| {
        format!(
            "<recordUpdates><name>U</name><inputReference>{input}</inputReference></recordUpdates>"
        )
    };
    let call = || call("C", "Sub", Some(("row", "$Record")), "U");
    let expected = ["insert Line__c.A__c", "update Line__c.A__c"];
    let by_element = [call(), update("C.invoice")];
    assert_eq!(locked(&[sub(), on_save(&to("C"), &by_element)]), expected, "by the element's name");
    let taken = "<outputAssignments><assignToReference>mine</assignToReference><name>invoice</name></outputAssignments></subflows>";
    let by_variable = [call().replace("</subflows>", taken), update("mine")];
    assert_eq!(locked(&[sub(), on_save(&to("C"), &by_variable)]), expected, "by a variable");
}

#[test]
fn flows_that_call_each_other_do_all_that_they_do() {
    let one = |name: &str, calls: &str, id: &str| {
        [call("C", calls, None, name), update(name, id, "")].concat()
    };
    let flows = [
        subflow("A", "C", &[one("UA", "B", "$Record.A__c")]),
        subflow("B", "C", &[one("UB", "A", "$Record.B__c")]),
        on_save(&to("C"), &[call("C", "A", None, "")]),
    ];
    let mut rows = locked(&flows);
    rows.truncate(2);
    rows.sort();
    assert_eq!(rows, ["insert Line__c.A__c", "insert Line__c.B__c"]);
}

#[test]
fn code_is_handed_what_a_flow_gives() {
    let class = |name: &str, takes: &str, body: &str| {
        format!("public class {name} {{ @InvocableMethod public static void run(List<{takes}> inputs) {{ {body} }}
            public class Request {{ @InvocableVariable public Id invoiceId; @InvocableVariable public String note; }} }}")
    };
    let stamp = "List<Invoice__c> rows = new List<Invoice__c>();
        for (Request one : inputs) { rows.add(new Invoice__c(Id = one.invoiceId)); } update rows;";
    let parameter = |name: &str, value: &str| {
        format!("<inputParameters><name>{name}</name>{}</inputParameters>", reference(value))
    };
    let call = |class: &str, inputs: &[String]| {
        format!(
            "<actionCalls><name>C</name><actionType>apex</actionType><actionName>{class}</actionName>{}</actionCalls>",
            inputs.concat()
        )
    };
    let locked_by = |class: &str, text: &str, inputs: &[String]| {
        let folder = project(&[on_save(&to("C"), &[call(class, inputs)])]);
        write(folder.path(), &format!("classes/{class}.cls"), text);
        explain(&folder)["saves"][0]["rows"][1]["via"].clone()
    };
    let inputs = [parameter("invoiceId", "$Record.A__c"), parameter("note", "$Record.Name")];
    let by_request = locked_by("Stamp", &class("Stamp", "Request", stamp), &inputs);
    assert_eq!(by_request, "Line__c.A__c");
    let body = "update [SELECT Id FROM Invoice__c WHERE Id IN :inputs];";
    let by_id = locked_by("Stamp", &class("Stamp", "Id", body), &inputs[..1]);
    assert_eq!(by_id, "Line__c.A__c");
}

#[test]
fn code_runs_flows() {
    let stamp = || {
        let row =
            "<recordUpdates><name>U</name><inputReference>row</inputReference></recordUpdates>";
        subflow("Stamp", "U", &[variable("row", "Invoice__c"), row.to_owned()])
    };
    let ways = [
        "Flow.Interview.createInterview('Stamp', inputs).start();",
        "Flow.Interview.createInterview('', 'stamp', inputs).start();",
        "Flow.Interview.Stamp flow = new Flow.Interview.Stamp(inputs); flow.start();",
        "new Flow.Interview.Stamp(new Map<String, Object>{ 'row' => invoice }).start();",
    ];
    for way in ways {
        let folder = project(&[stamp()]);
        let text = format!(
            "trigger Lines on Line__c (after insert) {{
                for (Line__c line : [SELECT A__c FROM Line__c WHERE Id IN :Trigger.new]) {{
                    Invoice__c invoice = new Invoice__c(Id = line.A__c);
                    Map<String, Object> inputs = new Map<String, Object>();
                    inputs.put('row', invoice);
                    {way}
                }}
            }}"
        );
        write(folder.path(), "triggers/Lines.trigger", &text);
        let rows = &explain(&folder)["saves"][0]["rows"];
        assert_eq!(rows[1]["via"], "Line__c.A__c", "{way}");
        let chain = rows[1]["reasons"][0]["chain"].as_array().unwrap();
        let notes: Vec<&str> = chain.iter().map(|step| step["note"].as_str().unwrap()).collect();
        assert!(notes.contains(&"runs the flow `Stamp`"), "{notes:?}");
    }
}

#[test]
fn what_comes_after_waits_runs_later() {
    let wait = |name: &str, next: &str| {
        format!(
            "<waits><name>{name}</name><waitEvents><name>{name}E</name>{}</waitEvents></waits>",
            to(next)
        )
    };
    let elements = [
        wait("W1", "U1"),
        update("U1", "$Record.A__c", "W2"),
        wait("W2", "U2"),
        update("U2", "$Record.B__c", ""),
    ];
    let folder = project(&[on_save(&to("W1"), &elements)]);
    let document = explain(&folder);
    let save = &document["saves"][0];
    assert_eq!(save["rows"].as_array().unwrap().len(), 1, "only the line");
    let started = save["started"].as_array().unwrap();
    assert_eq!(started.len(), 2, "a wait after a wait counts");
    assert!(started.iter().all(|path| path["writes"][0] == "Invoice__c"));
}

/// An update of the shop of the saved row.
fn update_shop(name: &str, next: &str) -> String {
    update(name, "$Record.Shop__c", next).replace("<object>Invoice__c", "<object>Shop__c")
}

/// How saves of lines and of other rows cross, where both are inserts.
fn crossings(lines: Flow<'_>, others: Flow<'_>) -> usize {
    let Flow(_, start, rest) = others;
    let others = Flow("Others", start.replace("Line__c", "Other__c"), rest);
    let folder = project(&[lines, others]);
    let arguments = ["conflicts", "Line__c:insert", "Other__c:insert", "--format", "json"];
    let assert = rowlock().current_dir(folder.path()).args(arguments).assert().success();
    let document: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    document["conflicts"][0]["crossings"].as_array().unwrap().len()
}

#[test]
fn orders_cross_where_a_save_takes_both() {
    let invoice_first =
        || on_save(&to("I"), &[update("I", "$Record.A__c", "S"), update_shop("S", "")]);
    let shop_first =
        || on_save(&to("S"), &[update_shop("S", "I"), update("I", "$Record.A__c", "")]);
    assert_eq!(crossings(invoice_first(), shop_first()), 1);
    assert_eq!(crossings(invoice_first(), invoice_first()), 0);

    let large = condition("$Record.Amount__c", "GreaterThan", "<numberValue>5</numberValue>");
    let either =
        [decision("and", &large, "S", "I"), update_shop("S", ""), update("I", "$Record.A__c", "")];
    assert_eq!(crossings(invoice_first(), on_save(&to("D"), &either)), 0, "either is no order");
}

#[test]
fn statements_of_one_flow_hold_what_those_before_have_locked() {
    let twice = [update("U1", "$Record.A__c", "U2"), update("U2", "$Record.A__c", "")];
    assert!(!split(&to("U1"), &twice), "the same rows");
    let two = [update("U1", "$Record.A__c", "U2"), update("U2", "$Record.B__c", "")];
    assert!(split(&to("U1"), &two), "other rows");
    let large = condition("$Record.Amount__c", "GreaterThan", "<numberValue>5</numberValue>");
    let some = [
        decision("and", &large, "U1", "U2"),
        update("U1", "$Record.A__c", "U2"),
        update("U2", "$Record.A__c", ""),
    ];
    assert!(split(&to("D"), &some), "those of some rows, then of all");
    let either = [
        decision("and", &large, "U1", "U2"),
        update("U1", "$Record.A__c", ""),
        update("U2", "$Record.B__c", ""),
    ];
    assert!(!split(&to("D"), &either), "no row comes to both");
    let is_new = condition("$Record__Prior", "IsNull", "<booleanValue>true</booleanValue>");
    let of_new = [
        decision("and", &is_new, "U1", "U2"),
        update("U1", "$Record.A__c", "U2"),
        update("U2", "$Record.A__c", ""),
    ];
    assert!(!split(&to("D"), &of_new), "those of all rows that a save inserts");
    let sub = || subflow("Sub", "D", &either);
    let once = on_save(&to("C"), &[call("C", "Sub", None, "")]);
    assert!(!finds_split(&[sub(), once]), "nor in a subflow");
    let again = on_save(&to("C"), &[call("C", "Sub", None, "C2"), call("C2", "Sub", None, "")]);
    assert!(finds_split(&[sub(), again]), "but for one that runs twice");
}

fn split(start: &str, elements: &[String]) -> bool {
    finds_split(&[on_save(start, elements)])
}

fn finds_split(flows: &[Flow<'_>]) -> bool {
    found(flows).contains(&"split-parent-update".to_owned())
}

#[test]
fn flows_compete_where_one_save_comes_to_both() {
    let flow = |name: &'static str, condition: &str| {
        let Flow(_, start, rest) =
            on_save(&format!("{condition}{}", to("U")), &[update("U", "$Record.A__c", "")]);
        Flow(name, start, rest)
    };
    let of_kind = |kind: &str| {
        let value = format!("<value><stringValue>{kind}</stringValue></value>");
        filter("Kind__c", "EqualTo", &value)
    };
    let deletes = |name: &'static str| {
        let Flow(name, start, rest) = flow(name, "");
        let start = start.replace("CreateAndUpdate", "Delete");
        Flow(name, start.replace("RecordAfterSave", "RecordBeforeDelete"), rest)
    };
    let compete = |flows: &[Flow<'_>]| found(flows).contains(&"competing-automation".to_owned());
    assert!(compete(&[flow("A", &of_kind("x")), flow("B", "")]));
    assert!(!compete(&[flow("A", &of_kind("x")), flow("B", &of_kind("y"))]), "by their filters");
    assert!(!compete(&[flow("A", ""), deletes("B")]), "by their saves");
    assert!(compete(&[flow("A", ""), flow("B", ""), deletes("Z")]), "whatever the last one does");
}

#[test]
fn what_a_variable_may_hold_is_not_surely_locked() {
    let write = |name: &str, next: &str| {
        let next = if next.is_empty() { String::new() } else { to(next) };
        format!(
            "<recordUpdates><name>{name}</name>{next}<inputReference>v</inputReference></recordUpdates>"
        )
    };
    let again = [
        variable("v", "Invoice__c"),
        assign("S1", "v.Id", "$Record.A__c", "U1"),
        write("U1", "S2"),
        assign("S2", "v.Id", "$Record.B__c", "U2"),
        write("U2", ""),
    ];
    assert!(split(&to("S1"), &again));
}

/// A task points to rows of many objects, and to one of them only.
#[test]
fn what_a_field_of_several_objects_points_to_is_of_one() {
    let create = format!(
        "<recordCreates><name>C</name><inputAssignments><field>WhatId</field>{}</inputAssignments>\
            <object>Task</object></recordCreates>",
        reference("$Record.Id")
    );
    let document = explain(&project(&[on_save(&to("C"), &[create])]));
    let rows = document["saves"][0]["rows"].as_array().unwrap();
    let saved = rows.iter().filter(|row| row["rows"].as_str().unwrap().starts_with("the saved"));
    assert_eq!(saved.count(), 1, "{rows:?}");
}

#[test]
fn the_save_of_a_parent_of_the_same_object_locks_its_parents() {
    let folder = project(&[]);
    let text = "<CustomObject><fields><fullName>Up__c</fullName><type>Lookup</type><referenceTo>Node__c</referenceTo>\
        <relationshipName>Nodes</relationshipName></fields><fields><fullName>Shop__c</fullName><type>MasterDetail</type>\
        <referenceTo>Shop__c</referenceTo><relationshipName>Nodes</relationshipName></fields></CustomObject>";
    write(folder.path(), "objects/Node__c.object", text);
    let start = to("U");
    let rest = update("U", "$Record.Up__c", "").replace("<object>Invoice__c", "<object>Node__c");
    let flow = format!(
        "<Flow><processType>AutoLaunchedFlow</processType><status>Active</status><start>{}{start}</start>{rest}</Flow>",
        ON_SAVE.replace("Line__c", "Node__c")
    );
    write(folder.path(), "flows/Node.flow-meta.xml", &flow);
    let command =
        rowlock().current_dir(folder.path()).args(["explain", "Node__c", "--on", "update"]);
    let assert = command.args(["--format", "json"]).assert().success();
    let document: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    let rows = document["saves"][0]["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["via"] == "Node__c.Up__c -> Node__c.Shop__c"), "{rows:?}");
}

#[test]
fn each_parent_of_what_a_save_creates_is_locked() {
    let create = |name: &str, id: &str, next: &str| {
        let next = if next.is_empty() { String::new() } else { to(next) };
        format!(
            "<recordCreates><name>{name}</name>{next}<inputAssignments><field>Invoice__c</field>{}</inputAssignments>\
                <object>Log__c</object></recordCreates>",
            reference(id)
        )
    };
    let expected = ["insert Line__c.A__c", "insert Line__c.B__c"];
    let two = [create("C1", "$Record.A__c", "C2"), create("C2", "$Record.B__c", "")];
    assert_eq!(locked(&[on_save(&to("C1"), &two)])[..2], expected, "of two elements");
    let large = condition("$Record.Amount__c", "GreaterThan", "<numberValue>5</numberValue>");
    let either = [
        decision("and", &large, "S1", "S2"),
        assign("S1", "id", "$Record.A__c", "C"),
        assign("S2", "id", "$Record.B__c", "C"),
        create("C", "id", ""),
    ];
    assert_eq!(locked(&[on_save(&to("D"), &either)])[..2], expected, "of one variable");
}

#[test]
fn what_comes_after_waits_of_subflows_runs_later() {
    let wait =
        format!("<waits><name>W</name><waitEvents><name>E</name>{}</waitEvents></waits>", to("U"));
    let row = "<recordUpdates><name>U</name><inputReference>row</inputReference></recordUpdates>";
    let sub = subflow("Sub", "W", &[variable("row", "Invoice__c"), wait, row.to_owned()]);
    let main = [call("C", "Sub", Some(("row", "$Record.A__r")), "")];
    let document = explain(&project(&[sub, on_save(&to("C"), &main)]));
    let save = &document["saves"][0];
    assert_eq!(save["rows"].as_array().unwrap().len(), 1, "only the line");
    assert_eq!(save["started"][0]["writes"][0], "Invoice__c");
}

#[test]
fn what_comes_after_waits_of_flows_that_code_or_the_clock_starts_runs_later() {
    let wait = || {
        format!("<waits><name>W</name><waitEvents><name>E</name>{}</waitEvents></waits>", to("U"))
    };
    let row = "<recordUpdates><name>U</name><inputReference>row</inputReference></recordUpdates>";
    let sub = subflow("Sub", "W", &[variable("row", "Invoice__c"), wait(), row.to_owned()]);
    let folder = project(&[sub]);
    let trigger = "trigger Lines on Line__c (after insert) {
        Invoice__c invoice = new Invoice__c(Id = Trigger.new[0].A__c);
        new Flow.Interview.Sub(new Map<String, Object>{ 'row' => invoice }).start();
    }";
    write(folder.path(), "triggers/Lines.trigger", trigger);
    let save = &explain(&folder)["saves"][0];
    assert_eq!(save["rows"].as_array().unwrap().len(), 1, "only the line");
    assert_eq!(save["started"][0]["writes"][0], "Invoice__c");

    let clock = "<triggerType>Scheduled</triggerType>".to_owned() + &to("W");
    let all = "<recordUpdates><name>U</name><object>Invoice__c</object></recordUpdates>";
    let nightly = Flow("Nightly", clock, wait() + all);
    assert!(found(&[nightly]).contains(&"unhandled-lock-failure".to_owned()));
}

#[test]
fn time_triggers_of_workflow_run_later() {
    let folder = project(&[]);
    let workflow = "<Workflow><fieldUpdates><fullName>Stamp</fullName><targetObject>A__c</targetObject></fieldUpdates>\
        <rules><fullName>Rule</fullName><active>true</active><triggerType>onAllChanges</triggerType>\
        <workflowTimeTriggers><actions><name>Stamp</name><type>FieldUpdate</type></actions></workflowTimeTriggers>\
        </rules></Workflow>";
    write(folder.path(), "workflows/Line__c.workflow", workflow);
    let document = explain(&folder);
    let save = &document["saves"][0];
    assert_eq!(save["rows"].as_array().unwrap().len(), 1, "only the line");
    assert_eq!(save["started"][0]["writes"][0], "Invoice__c");
}

/// Each of these took for ever, or as long as there was memory.
#[test]
fn flows_that_ask_call_and_assign_without_end() {
    const TRUE: &str = "<booleanValue>true</booleanValue>";
    let itself = condition("Outcome", "EqualTo", TRUE).repeat(40);
    let asks_itself = vec![decision("and", &itself, "U", ""), update("U", "$Record.A__c", "")];
    let decisions = (0..2_000).map(|number| {
        let decision =
            decision("and", &condition("f", "EqualTo", TRUE), "", &format!("D{}", number + 1));
        decision.replace("<name>D<", &format!("<name>D{number}<"))
    });
    let long = format!("ISNEW() {}", "x".repeat(400_000));
    let asks_much: Vec<String> = [formula("f", &long)].into_iter().chain(decisions).collect();
    let walks: Vec<String> =
        [variable("row", "Invoice__c"), assign("S", "row", "$Record.A__r", "W0")]
            .into_iter()
            .chain((0..20).map(|number| {
                let parent = if number % 2 == 0 { "row.Parent__r" } else { "row.ALine__cs" };
                assign(&format!("W{number}"), "row", parent, &format!("W{}", (number + 1) % 20))
            }))
            .collect();
    let waits = (0..2_000).flat_map(|number| {
        let event =
            format!("<waitEvents><name>E{number}</name>{}</waitEvents>", to(&format!("U{number}")));
        let next = format!("W{}", number + 1);
        let default = to(&next).replace("connector", "defaultConnector");
        [
            format!("<waits><name>W{number}</name>{default}{event}</waits>"),
            update(&format!("U{number}"), "$Record.A__c", &next),
        ]
    });
    for (start, elements) in
        [("D", asks_itself), ("D0", asks_much), ("S", walks), ("W0", waits.collect())]
    {
        locked(&[on_save(&to(start), &elements)]);
    }
    let again_and_again = |calls: &str, input: &str| {
        let calls = (0..10).map(|number| {
            let input =
                format!("{input}{}", if number % 2 == 0 { "Parent__r" } else { "ALine__cs.B__r" });
            call(&format!("C{number}"), calls, Some(("row", &input)), &format!("C{}", number + 1))
        });
        [calls.collect(), update("C10", &format!("{input}Id"), ""), variable("row", "Invoice__c")]
            .concat()
    };
    let names: Vec<String> = (0..12).map(|number| format!("F{number}")).collect();
    let mut flows: Vec<Flow<'_>> = (0..12)
        .map(|number| {
            let calls = again_and_again(&names[(number + 1) % 12], "row.");
            subflow(&names[number], "C0", &[calls])
        })
        .collect();
    flows.push(on_save(&to("C0"), &[again_and_again("F0", "$Record.A__r.")]));
    let rows = locked(&flows);
    assert!(rows.contains(&"insert Line__c.A__c".to_owned()), "{rows:?}");
}

/// Code that runs a flow that runs the code, in twenty ways: 2.4 KB took 50 s.
#[test]
fn code_and_flows_that_run_each_other() {
    let parameter =
        format!("<inputParameters><name>ids</name>{}</inputParameters>", reference("$Record.A__c"));
    let action = format!(
        "<actionCalls><name>C</name>{}<actionType>apex</actionType><actionName>Act</actionName>{parameter}</actionCalls>",
        to("U")
    );
    let folder = project(&[
        subflow("Sub", "C", &[action.clone(), update("U", "i0", "")]),
        on_save(&to("C"), &[action, update("U", "$Record.A__c", "")]),
    ]);
    let runs = (0..20).map(|number| {
        format!(
            "new Flow.Interview.Sub(new Map<String, Object>{{ 'i{number}' => ids[0] }}).start();"
        )
    });
    let class = format!(
        "public class Act {{ @InvocableMethod public static void run(List<Id> ids) {{ {} }} }}",
        runs.collect::<String>()
    );
    write(folder.path(), "classes/Act.cls", &class);
    let document = explain(&folder);
    assert_eq!(document["saves"][0]["rows"][1]["via"], "Line__c.A__c");
}

/// Lookups to an object with as many lookups: the ways to rows took the fourth power of their number.
#[test]
fn many_lookups_to_many_lookups() {
    let folder = TempDir::new().unwrap();
    let object = |name: &str, to: &str| {
        let fields: String = (0..150)
            .map(|number| {
                format!(
                    "<fields><fullName>F{number}__c</fullName><type>Lookup</type><referenceTo>{to}</referenceTo>\
                        <relationshipName>R{number}</relationshipName></fields>"
                )
            })
            .collect();
        write(
            folder.path(),
            &format!("objects/{name}.object"),
            &format!("<CustomObject>{fields}</CustomObject>"),
        );
    };
    object("Line__c", "Invoice__c");
    object("Invoice__c", "Shop__c");
    let updates = |target: &str| -> String {
        (0..150)
            .map(|number| {
                let update = update(
                    &format!("U{number}"),
                    &format!("$Record.F{number}__c"),
                    &format!("U{}", number + 1),
                );
                update.replace("<object>Invoice__c", &format!("<object>{target}"))
            })
            .collect()
    };
    for (name, target) in [("Line__c", "Invoice__c"), ("Invoice__c", "Shop__c")] {
        let text = format!(
            "<Flow><processType>AutoLaunchedFlow</processType><status>Active</status><start>{}{}</start>{}</Flow>",
            ON_SAVE.replace("Line__c", name),
            to("U0"),
            updates(target)
        );
        write(folder.path(), &format!("flows/{name}.flow-meta.xml"), &text);
    }
    let rows = explain(&folder)["saves"][0]["rows"].as_array().unwrap().len();
    assert!(rows > 150, "{rows}");
}
