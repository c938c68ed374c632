//! Benchmarks of parsing, of checking one portal, and of a run over many files.

#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use portal_lint::base::file::{Inclusion, InputFile, Origin, WalkMatch};
use portal_lint::base::source::{Format, Source};
use portal_lint::engine::discovery::discover;
use portal_lint::engine::run::check;
use portal_lint::settings::Settings;
use portal_lint::settings::projects::{self, Projects};
use portal_lint::syntax::{Limits, parse};

const JSON: &str = include_str!("../fixtures/clean/create.json");
const YAML: &str = include_str!("../fixtures/clean/create.yaml");
const GUIDE: &str = include_str!("../fixtures/guide/basic.json");

fn input(name: &str, text: &str) -> InputFile {
    InputFile {
        name: name.into(),
        origin: Origin::Memory(text.into()),
        inclusion: Inclusion::Explicit(WalkMatch::Included),
        project: 0,
    }
}

fn bench_parsing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (name, text, format) in [("json", JSON, Format::Json), ("yaml", YAML, Format::Yaml)] {
        let source = Source::new(name, text, format);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| parse(black_box(&source), &Limits::default())));
    }
    group.finish();
}

fn bench_checking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    for (name, file, text) in
        [("clean json", "a.json", JSON), ("clean yaml", "a.yaml", YAML), ("guide", "a.json", GUIDE)]
    {
        let inputs = [input(file, text)];
        group.bench_function(name, |bencher| bencher.iter(|| check(black_box(inputs.to_vec()), &Settings::default())));
    }
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..1000 {
        let text = JSON.replace("Acme Subscription Portal", &format!("Acme Subscription Portal {number}"));
        std::fs::write(folder.path().join(format!("{number}.json")), text).expect("a file");
    }
    let paths = [folder.path().to_owned()];
    group.sample_size(20);
    group.bench_function("whole run, 1000 files", |bencher| {
        bencher.iter(|| {
            let mut projects = Projects::new(&projects::SettingsLookup::Disabled, &[]);
            check(discover(&paths, &mut projects, false), &Settings::default())
        });
    });
    group.finish();
}

criterion_group!(benches, bench_parsing, bench_checking);
criterion_main!(benches);
