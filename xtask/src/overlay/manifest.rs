//! The manifest of an overlay: the kata's own, with the subject in place of its library.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::OverlayError;
use heddle_terms::catalogue::Kata;
use heddle_terms::files;
use heddle_terms::report::Face;

/// A table of a manifest. TOML says nothing there that JSON could not.
type Table = Map<String, Value>;

/// The name of the package that only has dependencies.
pub(crate) const DEPENDENCIES_PACKAGE: &str = "heddle-dependencies";

/// The root manifest and the kata's, read once for both faces.
pub(super) struct Manifests {
    root: Table,
    root_file: PathBuf,
    kata: Table,
    kata_file: PathBuf,
}

impl Manifests {
    pub(super) fn read(kata: &Kata) -> Result<Manifests, OverlayError> {
        let root_file = kata.workspace.cargo_root.join("Cargo.toml");
        let kata_file = kata.dir.join("Cargo.toml");
        Ok(Manifests {
            root: read_table(&root_file)?,
            kata: read_table(&kata_file)?,
            root_file,
            kata_file,
        })
    }

    /// The crates that the kata depends on, as sources name them.
    pub(super) fn crates(&self) -> Vec<String> {
        let declared = self.kata.get("dependencies").and_then(Value::as_object);
        let mut crates: Vec<String> = declared
            .into_iter()
            .flatten()
            .map(|(name, _)| name.replace('-', "_"))
            .collect();
        crates.push("heddle".to_owned());
        crates.sort();
        crates.dedup();
        crates
    }

    /// The package that depends on what the kata's subjects depend on, and has nothing else.
    pub(super) fn dependencies_package(
        &self,
        kata: &Kata,
        face: Face,
    ) -> Result<String, OverlayError> {
        let library = table([("path", string("nothing.rs"))]);
        let manifest = self.package(DEPENDENCIES_PACKAGE, library, kata, face)?;
        Ok(written(&manifest))
    }

    /// The package of a subject with its claims, as cargo's other tools want it.
    pub(super) fn subject_package(
        &self,
        kata: &Kata,
        subject: &Path,
        face: Face,
        claims: &Path,
    ) -> Result<String, OverlayError> {
        let library = table([
            ("path", path(subject)?),
            ("doctest", Value::Bool(false)),
            ("test", Value::Bool(false)),
        ]);
        let mut manifest = self.package(&kata.id, library, kata, face)?;
        manifest.insert("test".into(), Value::Array(vec![target("claims", claims)?]));
        if face == Face::Trace && !kata.programs.is_empty() {
            let programs: Result<Vec<Value>, OverlayError> =
                kata.programs.iter().map(|file| program(file)).collect();
            manifest.insert("bin".into(), Value::Array(programs?));
        }
        if let Some(lints) = self.workspace_table("lints") {
            manifest.insert("lints".into(), Value::Object(lints.clone()));
        }
        Ok(written(&manifest))
    }

    /// The workspace's lints as rustc takes them, those of lower priority first.
    pub(super) fn lints(&self) -> Vec<String> {
        let lints = self
            .workspace_table("lints")
            .and_then(|lints| lints.get("rust"));
        let mut flags: Vec<(i64, String)> = lints
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, setting)| {
                let level = setting
                    .as_str()
                    .or_else(|| setting.get("level")?.as_str())?;
                let priority = setting.get("priority").and_then(Value::as_i64);
                Some((priority.unwrap_or(0), format!("--{level}={name}")))
            })
            .collect();
        flags.sort();
        flags.into_iter().map(|(_, flag)| flag).collect()
    }

    /// The edition that the workspace is written in.
    pub(super) fn edition(&self) -> Result<String, OverlayError> {
        let edition = self
            .workspace_table("package")
            .and_then(|package| package.get("edition"))
            .and_then(Value::as_str);
        edition
            .map(str::to_owned)
            .ok_or_else(|| self.root_lacks("workspace.package.edition"))
    }

    fn package(
        &self,
        name: &str,
        library: Value,
        kata: &Kata,
        face: Face,
    ) -> Result<Table, OverlayError> {
        let off = || Value::Bool(false);
        let package = table([
            ("name", string(name)),
            ("version", string("0.0.0")),
            ("edition", string(&self.edition()?)),
            ("publish", off()),
            ("autolib", off()),
            ("autobins", off()),
            ("autotests", off()),
            ("autobenches", off()),
            ("autoexamples", off()),
        ]);
        let mut manifest = Table::new();
        manifest.insert("workspace".into(), table([("resolver", string("3"))]));
        manifest.insert("package".into(), package);
        manifest.insert("lib".into(), library);
        manifest.insert("dependencies".into(), self.dependencies(kata, face)?);
        manifest.insert("profile".into(), Value::Object(self.profiles(face)));
        if let Some(patch) = self.patch()? {
            manifest.insert("patch".into(), Value::Object(patch));
        }
        Ok(manifest)
    }

    /// The kata's dependencies by absolute path, with heddle's face chosen.
    fn dependencies(&self, kata: &Kata, face: Face) -> Result<Value, OverlayError> {
        let declared = self.kata.get("dependencies").and_then(Value::as_object);
        let mut dependencies = Table::new();
        for (name, value) in declared.into_iter().flatten() {
            if name != "heddle" {
                let resolved = self.dependency(name, value, kata)?;
                dependencies.insert(name.clone(), resolved);
            }
        }
        let features = match face {
            Face::Trace => vec![string("trace"), string("property")],
            Face::Model => vec![string("model")],
        };
        let heddle = table([
            ("path", path(&kata.workspace.heddle())?),
            ("default-features", Value::Bool(false)),
            ("features", Value::Array(features)),
        ]);
        dependencies.insert("heddle".into(), heddle);
        Ok(Value::Object(dependencies))
    }

    /// One dependency as it stands, or as the workspace has it, with its path made absolute.
    fn dependency(&self, name: &str, value: &Value, kata: &Kata) -> Result<Value, OverlayError> {
        let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
        let (mut resolved, base) = if inherits {
            let shared = self
                .workspace_table("dependencies")
                .and_then(|shared| shared.get(name))
                .ok_or_else(|| self.root_lacks(&format!("workspace.dependencies.{name}")))?;
            let mut shared = match shared {
                Value::String(version) => table([("version", string(version))]),
                other => other.clone(),
            };
            add_features(&mut shared, value);
            (shared, kata.workspace.cargo_root.as_path())
        } else {
            (value.clone(), kata.dir.as_path())
        };
        make_path_absolute(&mut resolved, base)?;
        Ok(resolved)
    }

    /// The crates that the root replaces with its own, by absolute path.
    fn patch(&self) -> Result<Option<Table>, OverlayError> {
        let Some(mut patch) = self.root.get("patch").and_then(Value::as_object).cloned() else {
            return Ok(None);
        };
        let folder = self.root_file.parent().unwrap_or(Path::new(""));
        let replaced = patch
            .iter_mut()
            .filter_map(|(_, crates)| crates.as_object_mut());
        for (_, replacement) in replaced.flat_map(Table::iter_mut) {
            make_path_absolute(replacement, folder)?;
        }
        Ok(Some(patch))
    }

    /// The root's profiles; but heddle is optimised for the model alone, which runs it a million times.
    fn profiles(&self, face: Face) -> Table {
        let profiles = self.root.get("profile").and_then(Value::as_object);
        let mut profiles = profiles.cloned().unwrap_or_default();
        if face == Face::Trace {
            let packages = profiles
                .get_mut("dev")
                .and_then(|dev| dev.get_mut("package"))
                .and_then(Value::as_object_mut);
            packages.and_then(|packages| packages.remove("heddle"));
        }
        profiles
    }

    fn workspace_table(&self, name: &str) -> Option<&Table> {
        self.root.get("workspace")?.get(name)?.as_object()
    }

    fn root_lacks(&self, key: &str) -> OverlayError {
        OverlayError::Manifest {
            file: self.root_file.clone(),
            problem: format!(
                "`{key}` is missing, though {} uses it",
                self.kata_file.display()
            ),
        }
    }
}

fn read_table(file: &Path) -> Result<Table, OverlayError> {
    let problem = |problem: String| OverlayError::Manifest {
        file: file.to_owned(),
        problem,
    };
    let text = String::from_utf8(files::read(file)?)
        .map_err(|_| problem("this is not UTF-8".to_owned()))?;
    basic_toml::from_str(&text).map_err(|error| problem(error.to_string()))
}

/// The table as a file: a line for each key, with everything below it in that line.
fn written(table: &Table) -> String {
    let lines = table
        .iter()
        .map(|(key, value)| format!("{} = {}\n", quoted(key), inline(value)));
    lines.collect()
}

/// The value as TOML has it within a line: as JSON, but for the keys of a table.
fn inline(value: &Value) -> String {
    match value {
        Value::Object(table) => {
            let entry =
                |(key, value): (&String, &Value)| format!("{} = {}", quoted(key), inline(value));
            let entries: Vec<String> = table.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(inline).collect();
            format!("[{}]", values.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text in quotes, which TOML escapes as JSON does.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn make_path_absolute(dependency: &mut Value, base: &Path) -> Result<(), OverlayError> {
    if let Some(entry) = dependency.get_mut("path")
        && let Some(relative) = entry.as_str()
    {
        *entry = path(&base.join(relative))?;
    }
    Ok(())
}

fn add_features(dependency: &mut Value, own: &Value) {
    let Some(own) = own.get("features").and_then(Value::as_array) else {
        return;
    };
    if let Some(dependency) = dependency.as_object_mut() {
        let features = dependency
            .entry("features")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(features) = features.as_array_mut() {
            features.extend(own.iter().cloned());
        }
    }
}

fn program(file: &Path) -> Result<Value, OverlayError> {
    let name = file
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let mut target = target(name, file)?;
    if let Some(target) = target.as_object_mut() {
        target.insert("test".into(), Value::Bool(false));
        target.insert("doc".into(), Value::Bool(false));
    }
    Ok(target)
}

fn target(name: &str, file: &Path) -> Result<Value, OverlayError> {
    Ok(table([("name", string(name)), ("path", path(file)?)]))
}

fn path(path: &Path) -> Result<Value, OverlayError> {
    path.to_str()
        .map(string)
        .ok_or_else(|| OverlayError::PathNotText {
            path: path.to_owned(),
        })
}

fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Object(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}
