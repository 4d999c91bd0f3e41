//! The katas: what lies in their folders and how they are found.

mod claims;
mod kata;
mod lookup;
mod meta;
mod workspace;

pub use claims::{ClaimDecl, claim_id};
pub use kata::{Catalogue, CatalogueError, Kata};
pub use meta::{Contract, KataToml, Python, Question, RulesTable};
pub use workspace::Workspace;
