//! Types and modifiers.

use super::super::ir::{Ident, Modifiers, Sharing, TypeRef, Visibility};
use super::super::syntax::{Field, Kind, Node};
use super::{Lowering, text};
use crate::base::Name;

impl Lowering<'_> {
    /// A type as written; one beyond the depth bound has no arguments.
    pub(super) fn type_ref(&mut self, node: Node) -> TypeRef {
        if !self.enter(node) {
            return TypeRef { name: Name::default(), args: Vec::new(), span: self.span(node) };
        }
        let span = self.span(node);
        let ty = match node.kind() {
            Kind::ArrayType => {
                let element = node.field(Field::Element).map(|element| self.type_ref(element));
                let depth = node
                    .field(Field::Dimensions)
                    .map_or(1, |dimensions| dimensions.count_tokens("["));
                let element = element.unwrap_or_else(|| TypeRef {
                    name: Name::default(),
                    args: Vec::new(),
                    span,
                });
                array_of(element, depth)
            }
            Kind::GenericType => {
                let mut parts = node.children().into_iter();
                let name = parts.next().map_or_else(Name::default, |name| self.ident(name).name);
                let args =
                    parts.filter(|part| part.is(Kind::TypeArguments)).flat_map(Node::children);
                let args = args.map(|arg| self.type_ref(arg)).collect();
                TypeRef { name, args, span }
            }
            Kind::ScopedTypeIdentifier => {
                TypeRef { name: self.scoped_name(node), args: Vec::new(), span }
            }
            Kind::AnnotatedType | Kind::JavaType => match node.children().pop() {
                Some(inner) => self.type_ref(inner),
                None => TypeRef { name: Name::default(), args: Vec::new(), span },
            },
            _ => {
                TypeRef { name: Name::new(&text::compact(self.text(node))), args: Vec::new(), span }
            }
        };
        self.leave();
        ty
    }

    /// `Outer.Inner`, without the arguments that an outer type may have.
    fn scoped_name(&self, node: Node) -> Name {
        let whole = text::compact(self.text(node));
        match (whole.split_once('<'), whole.rsplit_once('>')) {
            (Some((outer, _)), Some((_, inner))) => Name::new(&format!("{outer}{inner}")),
            _ => Name::new(&whole),
        }
    }

    /// The type in the `type:` field.
    pub(super) fn type_of(&mut self, node: Node) -> TypeRef {
        match node.field(Field::Type) {
            Some(ty) => self.type_ref(ty),
            None => TypeRef { name: Name::default(), args: Vec::new(), span: self.span(node) },
        }
    }

    /// The types of `implements` and of an interface's `extends`.
    pub(super) fn type_list(&mut self, node: Option<Node>) -> Vec<TypeRef> {
        let list = node.and_then(|node| node.child(Kind::TypeList));
        list.map_or_else(Vec::new, |list| {
            list.children().into_iter().map(|ty| self.type_ref(ty)).collect()
        })
    }

    /// The modifiers and annotations of a declaration.
    pub(super) fn modifiers(&mut self, declaration: Node) -> Modifiers {
        let mut modifiers = Modifiers::default();
        let written = declaration.child(Kind::Modifiers).map_or_else(Vec::new, Node::children);
        for node in written {
            match node.kind() {
                Kind::Annotation => {
                    let Ident { name, .. } = self.ident_or_empty(node.field(Field::Name), node);
                    modifiers.is_test |= name.is("IsTest");
                    modifiers.is_future |= name.is("future");
                    modifiers.annotations.push(name);
                }
                Kind::Modifier => {
                    if let Some(word) = node.first() {
                        modify(&mut modifiers, word.kind());
                    }
                }
                _ => {}
            }
        }
        modifiers
    }
}

fn modify(modifiers: &mut Modifiers, word: Kind) {
    match word {
        Kind::Static => modifiers.is_static = true,
        Kind::Abstract => modifiers.is_abstract = true,
        Kind::Virtual => modifiers.is_virtual = true,
        Kind::Override => modifiers.is_override = true,
        Kind::Final => modifiers.is_final = true,
        Kind::TestMethod => modifiers.is_test = true,
        Kind::Private => modifiers.visibility = Visibility::Private,
        Kind::Protected => modifiers.visibility = Visibility::Protected,
        Kind::Public => modifiers.visibility = Visibility::Public,
        Kind::Global | Kind::Webservice => modifiers.visibility = Visibility::Global,
        Kind::WithSharing => modifiers.sharing = Some(Sharing::With),
        Kind::WithoutSharing => modifiers.sharing = Some(Sharing::Without),
        Kind::InheritedSharing => modifiers.sharing = Some(Sharing::Inherited),
        _ => {}
    }
}

/// `T[]` is `List<T>`, `T[][]` is `List<List<T>>`.
pub(super) fn array_of(element: TypeRef, depth: usize) -> TypeRef {
    let span = element.span;
    (0..depth).fold(element, |element, _| TypeRef {
        name: Name::new("List"),
        args: vec![element],
        span,
    })
}
