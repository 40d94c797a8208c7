//! Reads the imports between the modules of a crate from its sources, and finds circular imports.

use std::collections::{BTreeMap, BTreeSet};

use crate::Source;

/// A module by its path in the crate: `["compare", "claims"]`.
type Module = Vec<String>;

/// Imports between sibling modules. Imports of their submodules count as theirs. Imports between a parent and its children
/// are allowed and not recorded.
#[derive(Default)]
pub(crate) struct Imports(BTreeMap<Module, BTreeSet<Module>>);

impl Imports {
    /// Reads the sources of one crate, whose folder is `crates/NAME/src/`.
    pub(crate) fn of(folder: &str, sources: &[Source]) -> Self {
        let files: Vec<(Module, String)> = sources
            .iter()
            .filter_map(|source| Some((module(source.path.strip_prefix(folder)?)?, bare(source.code()))))
            .collect();
        let known: BTreeSet<Module> = files.iter().map(|(module, _)| module.clone()).collect();
        let root = files.iter().find(|(module, _)| module.is_empty()).map_or("", |(_, code)| code);
        // Names that the root re-exports: importing such a name counts as importing its module.
        let handed_on: BTreeMap<String, Module> = paths(root, &|head| known.contains(&vec![head.to_owned()]))
            .into_iter()
            .filter_map(|path| Some((path.last()?.clone(), resolve(&Module::new(), &path, &known)?)))
            .collect();
        let mut imports = Self::default();
        for (module, code) in files.iter().filter(|(module, _)| !module.is_empty()) {
            let is_child = |head: &str| known.contains(&[module.clone(), vec![head.to_owned()]].concat());
            for path in paths(code, &is_child) {
                let of_root =
                    || path.get(1).filter(|_| path[0] == "crate").and_then(|name| handed_on.get(name).cloned());
                let Some(other) = resolve(module, &path, &known).or_else(of_root) else { continue };
                let shared = module.iter().zip(&other).take_while(|(one, two)| one == two).count();
                if shared < module.len().min(other.len()) {
                    let brother = |of: &Module| of[..=shared].to_vec();
                    imports.0.entry(brother(module)).or_default().insert(brother(&other));
                }
            }
        }
        imports
    }

    /// Returns a circle of imports, if there is one: each module imports the next, and the last imports the first.
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
        let mut imported = self.0.get(module).into_iter().flatten();
        let found = imported.find_map(|next| self.visit(next, trail, done));
        trail.pop();
        done.insert(module);
        found
    }
}

/// The module of a file; empty for the root of the crate.
fn module(path: &str) -> Option<Module> {
    let path = path.strip_suffix(".rs")?;
    Some(if ["lib", "main"].contains(&path) { Module::new() } else { path.split('/').map(str::to_owned).collect() })
}

/// Code without comments.
fn bare(code: &str) -> String {
    let line = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    code.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// All paths that begin with `crate`, `super`, `self` or a child module, in `use` items (expanded) and elsewhere in the code.
fn paths(code: &str, is_child: &dyn Fn(&str) -> bool) -> Vec<Vec<String>> {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(colons) = code[from..].find("::").map(|place| from + place) {
        let start = code[..colons].rfind(|letter| !in_word(letter)).map_or(0, |place| place + 1);
        let head = &code[start..colons];
        from = colons + 2;
        if code[..start].ends_with("::") || !(["crate", "super", "self"].contains(&head) || is_child(head)) {
            continue;
        }
        let tail = &code[start..];
        let end = tail.find([';', '(', ')', '<', '>', '!', '=']).unwrap_or(tail.len());
        let tree = if tail[..end].contains('{') { &tail[..tail.find(';').unwrap_or(end)] } else { &tail[..end] };
        expand("", tree, &mut found);
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

/// Resolves a path used in `module` to a module; `None` if the path names an item of the root.
fn resolve(module: &Module, path: &[String], known: &BTreeSet<Module>) -> Option<Module> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let mut full: Module = match path.first()?.as_str() {
        "crate" => path[1..].to_vec(),
        "self" => module.iter().chain(&path[1..]).cloned().collect(),
        _ => module[..module.len().checked_sub(ups)?].iter().chain(&path[ups..]).cloned().collect(),
    };
    while !full.is_empty() && !known.contains(&full) {
        full.pop();
    }
    (!full.is_empty()).then_some(full)
}

#[test]
fn circular_imports_are_found() {
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
    assert_eq!(imports(&circle).unwrap(), "a -> b -> c -> a");
    // Through a child, and through a name that the root re-exports.
    let through = [
        file("lib.rs", "mod a;\nmod b;\npub use b::{B, inner::I};"),
        file("a.rs", "use crate::B;"),
        file("b.rs", "mod inner;\nfn f() {\n    inner::g();\n}"),
        file("b/inner.rs", "use crate::a;"),
    ];
    assert_eq!(imports(&through).unwrap(), "a -> b -> a");
    let brothers =
        [file("p.rs", "use x::X;"), file("p/x.rs", "use super::{P, y::Y};"), file("p/y.rs", "use super::x;")];
    assert_eq!(imports(&brothers).unwrap(), "p::x -> p::y -> p::x");
    let tests = [file("a.rs", "use crate::b;"), file("b.rs", "\n#[cfg(test)]\nmod tests {\n    use crate::a;\n}")];
    assert_eq!(imports(&tests), None);
}
