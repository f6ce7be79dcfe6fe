//! Commands with their exact output, as pages that people can read.

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cli/*.md");
}
