//! This domain as a program of its own: `alone list`, `alone run --suite FILE.toml --out DIR`.

fn main() -> std::process::ExitCode {
    headstart_harness::main(&[headstart_harness::Entry::of::<headstart_varinit::domain::VarinitDomain>()])
}
