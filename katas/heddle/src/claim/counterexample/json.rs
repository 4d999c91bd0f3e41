//! The record as JSON: field by field what `xtask/terms/counterexample.schema.json` says.

use super::record::{
    Access, At, Blocked, Counterexample, Failing, LeftOut, Object as Shared, Race, Thread,
};
use super::search::Search;
use super::step::{Aside, Field, Holder, Step};
use crate::claim::json::{Object, array, quoted};

/// The version of the record.
const SCHEMA: u64 = 1;

impl Counterexample {
    /// The record with how it was found; nobody searches on real threads.
    pub(crate) fn to_json(&self, search: Option<&Search>) -> String {
        let mut object = Object::new();
        object.number("schema", SCHEMA);
        object.raw("files", &array(&self.files, |file| quoted(file)));
        object.raw("threads", &array(&self.threads, Thread::to_json));
        object.raw("objects", &array(&self.objects, Shared::to_json));
        object.raw("steps", &array(&self.steps, Step::to_json));
        object.raw("left_out", &or_null(self.left_out, LeftOut::to_json));
        object.raw("blocked", &array(&self.blocked, Blocked::to_json));
        object.raw("failure", &self.failure.to_json());
        object.raw("search", &or_null(search, Search::to_json));
        object.finish()
    }
}

impl At {
    fn to_json(self) -> String {
        format!("[{},{},{}]", self.file, self.line, self.column)
    }
}

impl Thread {
    fn to_json(&self) -> String {
        let mut object = Object::new();
        object.text("name", &self.name);
        object.raw("spawned", &or_null(self.spawned, At::to_json));
        object.raw("by", &index(self.by));
        object.finish()
    }
}

impl Shared {
    fn to_json(&self) -> String {
        let mut object = Object::new();
        object.text("name", &self.name);
        object.text("kind", self.kind);
        object.raw("made", &self.made.to_json());
        object.raw("by", &index(self.by));
        object.optional_text("initial", self.initial.as_deref());
        object.finish()
    }
}

impl Step {
    fn to_json(&self) -> String {
        let mut object = Object::new();
        object.raw("thread", &self.thread.to_string());
        object.raw("at", &or_null(self.at, At::to_json));
        object.text("op", self.op);
        for (name, field) in &self.fields {
            object.raw(name, &field.to_json());
        }
        self.aside.add_to(&mut object);
        object.finish()
    }
}

impl Aside {
    /// Adds what is known, and nothing of what is not: most steps have none of it.
    fn add_to(&self, object: &mut Object) {
        if let Some(time) = &self.time {
            object.text("time", time);
        }
        if let Some(value) = &self.value {
            object.text("value_left", value);
        }
        if self.only_looked {
            object.raw("only_looked", "true");
        }
        for (name, places) in [
            ("looked_at", &self.looked_at),
            ("changed_at", &self.changed_at),
        ] {
            if !places.is_empty() {
                object.raw(name, &array(places, |at| at.to_json()));
            }
        }
        if !self.within.is_empty() {
            object.raw("within", &array(&self.within, |name| quoted(name)));
        }
    }
}

impl Field {
    fn to_json(&self) -> String {
        match self {
            Field::Object(number) | Field::Step(number) => index(*number),
            Field::Thread(number) => number.to_string(),
            Field::Threads(numbers) => array(numbers, usize::to_string),
            Field::Text(text) => quoted(text),
            Field::OptionalText(text) => or_null(text.as_deref(), quoted),
            Field::Number(number) => number.to_string(),
            Field::Flag(flag) => flag.to_string(),
            Field::Holder(holder) => holder.to_json(),
        }
    }
}

impl Holder {
    fn to_json(self) -> String {
        let mut object = Object::new();
        object.raw("thread", &self.thread.to_string());
        object.raw("step", &index(self.step));
        object.raw("at", &or_null(self.at, At::to_json));
        object.finish()
    }
}

impl LeftOut {
    fn to_json(self) -> String {
        let mut object = Object::new();
        object.raw("count", &self.count.to_string());
        object.raw("before", &self.before.to_string());
        object.finish()
    }
}

impl Blocked {
    fn to_json(&self) -> String {
        let mut object = Object::new();
        object.raw("thread", &self.thread.to_string());
        object.raw("at", &or_null(self.at, At::to_json));
        object.text("in", self.inside);
        object.raw("object", &index(self.object));
        object.raw("target", &index(self.target));
        object.raw("timed", &self.timed.to_string());
        object.raw("holder", &or_null(self.holder, Holder::to_json));
        object.text("doing", &self.doing);
        object.finish()
    }
}

impl Failing {
    fn to_json(&self) -> String {
        let mut object = Object::new();
        object.text("kind", self.kind.as_str());
        object.raw("thread", &index(self.thread));
        object.raw("at", &or_null(self.at, At::to_json));
        object.text("message", &self.message);
        object.raw("race", &or_null(self.race, Race::to_json));
        object.raw("object", &index(self.object));
        object.finish()
    }
}

impl Race {
    fn to_json(self) -> String {
        let mut object = Object::new();
        object.raw("object", &self.object.to_string());
        object.raw("first", &self.first.to_json());
        object.raw("second", &self.second.to_json());
        object.finish()
    }
}

impl Access {
    fn to_json(self) -> String {
        let mut object = Object::new();
        object.raw("thread", &self.thread.to_string());
        object.raw("step", &index(self.step));
        object.text("access", self.access);
        object.finish()
    }
}

fn index(number: Option<usize>) -> String {
    or_null(number, |number| number.to_string())
}

fn or_null<T>(value: Option<T>, to_json: impl FnOnce(T) -> String) -> String {
    value.map_or("null".to_owned(), to_json)
}
