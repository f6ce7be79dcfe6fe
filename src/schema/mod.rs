//! Objects, fields and relationships: those of the project, and the platform's own.

mod catalogue;
