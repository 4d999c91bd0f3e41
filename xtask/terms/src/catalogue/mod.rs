//! The katas: what lies in their folders and how they are found.

mod claims;
mod compile_fail;
mod error;
mod kata;
mod lookup;
mod meta;
mod workspace;

pub use claims::{ClaimDecl, claim_id};
pub use error::CatalogueError;
pub use kata::Kata;
pub use lookup::{Catalogue, KataName};
pub use meta::{Contract, KataToml, Python, Question, RulesTable};
pub use workspace::Workspace;
