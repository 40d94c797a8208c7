//! Which module of a crate imports which, read from its sources, and where imports go in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::Source;

/// A module by its path in the crate: `["compare", "claims"]`.
type Module = Vec<String>;

/// Modules and the modules that they import.
#[derive(Default)]
pub(crate) struct Imports(BTreeMap<Module, BTreeSet<Module>>);

impl Imports {
    /// Reads the sources of one crate, whose folder is `crates/NAME/src/`. The root is left out: it names everything.
    pub(crate) fn of(folder: &str, sources: &[Source]) -> Self {
        let files: Vec<(Module, String)> = sources
            .iter()
            .filter_map(|source| Some((module(source.path.strip_prefix(folder)?)?, bare(source.code()))))
            .collect();
        let known: BTreeSet<Module> = files.iter().map(|(module, _)| module.clone()).collect();
        let mut imports = Self::default();
        for (module, code) in &files {
            let named = paths(code).into_iter().filter_map(|path| resolve(module, &path, &known));
            imports.0.insert(module.clone(), named.filter(|other| other != module).collect());
        }
        imports
    }

    /// A circle of imports, if there is one: each module imports the next, and the last the first.
    pub(crate) fn circle(&self) -> Option<String> {
        let (mut done, mut trail) = (BTreeSet::new(), Vec::new());
        let circle = self.0.keys().find_map(|module| self.visit(module, &mut trail, &mut done))?;
        Some(circle.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(" -> "))
    }

    fn visit<'a>(
        &'a self,
        module: &'a Module,
        trail: &mut Vec<&'a Module>,
        done: &mut BTreeSet<&'a Module>,
    ) -> Option<Vec<&'a Module>> {
        if let Some(place) = trail.iter().position(|known| *known == module) {
            return Some(trail[place..].iter().copied().chain([module]).collect());
        }
        if done.contains(module) {
            return None;
        }
        trail.push(module);
        let found = self.0.get(module)?.iter().find_map(|next| self.visit(next, trail, done));
        trail.pop();
        done.insert(module);
        found
    }
}

/// The module of a file; `None` for the root of the crate.
fn module(path: &str) -> Option<Module> {
    let path = path.strip_suffix(".rs")?;
    (!["lib", "main"].contains(&path)).then(|| path.split('/').map(str::to_owned).collect())
}

/// Code without comments.
fn bare(code: &str) -> String {
    let line = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    code.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// All paths that begin with `crate` or `super`: those that `use` names, one by one, and those in the code.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = ["crate::", "super::"].iter().filter_map(|root| rest.find(root)).min() {
        let tail = &rest[start..];
        let inside_a_word = rest[..start].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let end = tail.find([';', '(', ')', '<', '>', '!', '=']).unwrap_or(tail.len());
        let next = tail.find("::").map_or(tail.len(), |colons| colons + 2);
        if !inside_a_word {
            let tree = if tail[..end].contains('{') { &tail[..tail.find(';').unwrap_or(end)] } else { &tail[..end] };
            expand("", tree, &mut found);
        }
        rest = &tail[next..];
    }
    found
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expand(prefix: &str, tree: &str, found: &mut Vec<Vec<String>>) {
    let Some(open) = tree.find('{') else {
        let name = |letter: &char| letter.is_alphanumeric() || *letter == '_' || *letter == ':';
        let path: String = prefix.chars().chain(tree.trim().chars().take_while(name)).collect();
        found.push(path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect());
        return;
    };
    let prefix = format!("{prefix}{}", tree[..open].trim());
    let (mut depth, mut from) = (0, open + 1);
    for (place, letter) in tree.char_indices().skip_while(|(place, _)| *place <= open) {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                if !tree[from..place].trim().is_empty() {
                    expand(&prefix, &tree[from..place], found);
                }
                from = place + 1;
                if letter == '}' {
                    return;
                }
            }
            _ => {}
        }
    }
}

/// The module of a path as `module` would read it; `None` where it names only what the root holds.
fn resolve(module: &Module, path: &[String], known: &BTreeSet<Module>) -> Option<Module> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let mut full: Module = match path.first()?.as_str() {
        "crate" => path[1..].to_vec(),
        _ => module[..module.len().checked_sub(ups)?].iter().chain(&path[ups..]).cloned().collect(),
    };
    while !full.is_empty() && !known.contains(&full) {
        full.pop();
    }
    (!full.is_empty()).then_some(full)
}

#[test]
fn circles_are_found_and_nothing_else() {
    let file = |path: &str, text: &str| Source { path: format!("crates/x/src/{path}"), text: text.into() };
    let imports = |files: &[Source]| Imports::of("crates/x/src/", files).circle();
    let line = [file("a.rs", "use crate::{b::B, c};"), file("b.rs", "use super::c::{self, C};"), file("c.rs", "")];
    assert_eq!(imports(&line), None);
    let circle = [
        file("a.rs", "// use crate::c::C;\nuse crate::b::inner::{B, D};"),
        file("b.rs", ""),
        file("b/inner.rs", "fn f(c: super::super::c::C) {}"),
        file("c.rs", "use crate::{\n    d::{D, E},\n    a::A,\n};"),
    ];
    assert_eq!(imports(&circle).unwrap(), "a -> b::inner -> c -> a");
    let tests = [file("a.rs", "use crate::b;"), file("b.rs", "\n#[cfg(test)]\nmod tests {\n    use crate::a;\n}")];
    assert_eq!(imports(&tests), None);
}
