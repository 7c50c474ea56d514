//! For CI: the XML of JUnit, as Jenkins, GitLab and GitHub's actions read it.

use super::{Report, Tested};
use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};
use std::io::Write;

pub(super) fn write(report: &Report, out: impl Write) -> Result<(), String> {
    let mut document = Document::new("jit-policy");
    document.add_test_suites(report.files.iter().map(suite));
    document.serialize(out).map_err(|error| error.to_string())
}

fn suite(file: &Tested) -> TestSuite {
    let mut suite = TestSuite::new(file.file.as_str());
    suite.add_test_cases(file.cases.iter().map(|ran| {
        let status =
            if ran.faults.is_empty() { TestCaseStatus::success() } else { failure(&ran.faults.join("\n")) };
        let mut case = TestCase::new(ran.name.as_str(), status);
        case.set_classname(file.policy.as_str());
        case.extra.insert("file".into(), file.file.as_str().into());
        case.extra.insert("line".into(), ran.line.to_string().into());
        case
    }));
    // What nothing could be run for fails, or CI would see fewer tests and no failure.
    for why in file.trouble.iter().chain(&file.refused) {
        suite.add_test_case(TestCase::new("the policy and its tests can be read", failure(why)));
    }
    suite
}

fn failure(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(why.lines().next().unwrap_or_default()).set_description(why);
    status
}
