//! The intermediate representation as text, for tests and `rowlock dump`.
//!
//! A declaration or statement is a line, and what it holds is indented below. Expressions look like Apex with every
//! chain of operators in parentheses; what the representation does not tell apart looks the same (`~` is any
//! operator of numbers).

use super::ir::{
    BinaryOp, Body, Dml, DmlVerb, ExprId, ExprKind, Field, Filter, FilterOp, FilterValue, Labels,
    Limit, Literal, Method, Modifiers, NewArgs, Query, Selected, Sharing, StmtId, StmtKind,
    TriggerEvent, TypeDecl, TypeKind, TypeRef, Unit, Visibility,
};

pub(crate) fn dump(unit: &Unit) -> String {
    let mut out = Lines::default();
    if let Some(trigger) = &unit.trigger {
        let events: Vec<&str> = trigger.events.iter().map(|event| event_words(*event)).collect();
        out.line(format!(
            "trigger {} on {} ({})",
            trigger.name.name,
            trigger.object.name,
            events.join(", ")
        ));
        out.nested(|out| {
            out.statements(&trigger.body, &trigger.body.root);
            trigger.methods.iter().for_each(|method| out.method(method));
        });
    }
    unit.types.iter().for_each(|decl| out.type_decl(decl));
    out.text
}

/// A query and its binds, on one line.
pub(crate) fn dump_query(body: &Body, query: &Query) -> String {
    Shown(body).query(query)
}

#[derive(Default)]
struct Lines {
    text: String,
    indent: usize,
}

impl Lines {
    fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(&"  ".repeat(self.indent));
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    fn nested(&mut self, inner: impl FnOnce(&mut Lines)) {
        self.indent += 1;
        inner(self);
        self.indent -= 1;
    }

    fn type_decl(&mut self, decl: &TypeDecl) {
        let kind = match decl.kind {
            TypeKind::Class => "class",
            TypeKind::Interface => "interface",
            TypeKind::Enum => "enum",
        };
        let mut head = format!("{}{kind} {}", modifiers(&decl.modifiers), decl.name.name);
        if let Some(superclass) = &decl.superclass {
            head.push_str(&format!(" extends {}", ty(superclass)));
        }
        if !decl.interfaces.is_empty() {
            head.push_str(&format!(" implements {}", joined(&decl.interfaces, ty)));
        }
        self.line(head);
        self.nested(|out| {
            decl.constants.iter().for_each(|constant| out.line(constant.name.as_str()));
            decl.fields.iter().for_each(|field| out.field(field));
            for initialiser in &decl.initialisers {
                out.line(if initialiser.is_static { "static initialiser" } else { "initialiser" });
                out.body(&initialiser.body);
            }
            decl.methods.iter().for_each(|method| out.method(method));
            decl.inner.iter().for_each(|inner| out.type_decl(inner));
        });
    }

    fn field(&mut self, field: &Field) {
        self.line(format!(
            "{}field {} {}",
            modifiers(&field.modifiers),
            ty(&field.ty),
            field.name.name
        ));
        self.nested(|out| {
            for (word, body) in
                [("value", &field.value), ("get", &field.getter), ("set", &field.setter)]
            {
                if let Some(body) = body {
                    out.line(word);
                    out.body(body);
                }
            }
        });
    }

    fn method(&mut self, method: &Method) {
        let kind = if method.is_constructor { "constructor" } else { "method" };
        let params =
            joined(&method.params, |param| format!("{} {}", ty(&param.ty), param.name.name));
        let returns = method
            .returns
            .as_ref()
            .map_or_else(String::new, |returns| format!(": {}", ty(returns)));
        self.line(format!(
            "{}{kind} {}({params}){returns}",
            modifiers(&method.modifiers),
            method.name.name
        ));
        if let Some(body) = &method.body {
            self.body(body);
        }
    }

    fn body(&mut self, body: &Body) {
        self.nested(|out| out.statements(body, &body.root));
    }

    fn block(&mut self, body: &Body, statements: &[StmtId]) {
        self.nested(|out| out.statements(body, statements));
    }

    fn statements(&mut self, body: &Body, statements: &[StmtId]) {
        statements.iter().for_each(|statement| self.statement(body, *statement));
    }

    fn statement(&mut self, body: &Body, statement: StmtId) {
        let shown = Shown(body);
        match &body.stmts[statement].kind {
            StmtKind::Local { ty: of, vars } => {
                let vars = joined(vars, |(name, value)| match value {
                    Some(value) => format!("{} = {}", name.name, shown.expr(*value)),
                    None => name.name.to_string(),
                });
                self.line(format!("local {} {vars}", ty(of)));
            }
            StmtKind::Expr(expr) => self.line(shown.expr(*expr)),
            StmtKind::If { cond, then, otherwise } => {
                self.line(format!("if {}", shown.expr(*cond)));
                self.block(body, then);
                if !otherwise.is_empty() {
                    self.line("else");
                    self.block(body, otherwise);
                }
            }
            StmtKind::For { init, cond, update, body: inner } => {
                let cond = cond.map_or_else(String::new, |cond| shown.expr(cond));
                self.line(format!("for ; {cond}; {}", shown.exprs(update)));
                if !init.is_empty() {
                    self.nested(|out| {
                        out.line("init");
                        out.block(body, init);
                    });
                }
                self.block(body, inner);
            }
            StmtKind::ForEach { ty: of, name, over, body: inner } => {
                self.line(format!("for {} {} : {}", ty(of), name.name, shown.expr(*over)));
                self.block(body, inner);
            }
            StmtKind::While { cond, body: inner } => {
                self.line(format!("while {}", shown.expr(*cond)));
                self.block(body, inner);
            }
            StmtKind::Switch { on, cases } => {
                self.line(format!("switch {}", shown.expr(*on)));
                self.nested(|out| {
                    for case in cases {
                        out.line(match &case.labels {
                            Labels::Values(values) => format!("when {}", shown.exprs(values)),
                            Labels::Type { ty: of, name } => {
                                format!("when type {} {}", ty(of), name.name)
                            }
                            Labels::Else => "when else".to_owned(),
                        });
                        out.block(body, &case.body);
                    }
                });
            }
            StmtKind::Try { body: inner, catches, finally } => {
                self.line("try");
                self.block(body, inner);
                for catch in catches {
                    self.line(format!("catch {} {}", ty(&catch.ty), catch.name.name));
                    self.block(body, &catch.body);
                }
                if !finally.is_empty() {
                    self.line("finally");
                    self.block(body, finally);
                }
            }
            StmtKind::Block(inner) => {
                self.line("block");
                self.block(body, inner);
            }
            StmtKind::Return(None) => self.line("return"),
            StmtKind::Return(Some(value)) => self.line(format!("return {}", shown.expr(*value))),
            StmtKind::Throw(value) => self.line(format!("throw {}", shown.expr(*value))),
            StmtKind::Break => self.line("break"),
            StmtKind::Continue => self.line("continue"),
        }
    }
}

/// The expressions of a body.
struct Shown<'b>(&'b Body);

impl Shown<'_> {
    fn exprs(&self, exprs: &[ExprId]) -> String {
        joined(exprs, |expr| self.expr(*expr))
    }

    fn expr(&self, expr: ExprId) -> String {
        match &self.0.exprs[expr].kind {
            ExprKind::Name(name) => name.to_string(),
            ExprKind::This => "this".to_owned(),
            ExprKind::Super => "super".to_owned(),
            ExprKind::Field { object, name } => format!("{}.{}", self.expr(*object), name.name),
            ExprKind::Index { list, index } => {
                format!("{}[{}]", self.expr(*list), self.expr(*index))
            }
            ExprKind::Call { object: None, name, args } => {
                format!("{}({})", name.name, self.exprs(args))
            }
            ExprKind::Call { object: Some(object), name, args } => {
                format!("{}.{}({})", self.expr(*object), name.name, self.exprs(args))
            }
            ExprKind::New { ty: of, args } => format!("new {}{}", ty(of), self.new_args(args)),
            ExprKind::Cast { ty: to, value } => format!("cast<{}>({})", ty(to), self.expr(*value)),
            ExprKind::InstanceOf { value, ty: of } => {
                format!("({} instanceof {})", self.expr(*value), ty(of))
            }
            ExprKind::Ternary { cond, then, otherwise } => {
                format!("({} ? {} : {})", self.expr(*cond), self.expr(*then), self.expr(*otherwise))
            }
            ExprKind::Binary { op, operands } => {
                let operands: Vec<String> =
                    operands.iter().map(|operand| self.expr(*operand)).collect();
                format!("({})", operands.join(&format!(" {} ", op_sign(*op))))
            }
            ExprKind::Not(value) => format!("!{}", self.expr(*value)),
            ExprKind::Arithmetic(value) => format!("~{}", self.expr(*value)),
            ExprKind::Assign { left, right, compound } => {
                let sign = if *compound { "~=" } else { "=" };
                format!("{} {sign} {}", self.expr(*left), self.expr(*right))
            }
            ExprKind::Literal(Literal::Text(text)) => format!("{text:?}"),
            ExprKind::Literal(Literal::Number(number)) => number.clone(),
            ExprKind::Literal(Literal::Bool(value)) => value.to_string(),
            ExprKind::Literal(Literal::Null) => "null".to_owned(),
            ExprKind::Soql(query) => format!("[{}]", self.query(query)),
            ExprKind::Sosl => "[FIND]".to_owned(),
            ExprKind::Dml(dml) => self.dml(dml),
            ExprKind::Error => "<error>".to_owned(),
        }
    }

    fn new_args(&self, args: &NewArgs) -> String {
        match args {
            NewArgs::Positional(args) => format!("({})", self.exprs(args)),
            NewArgs::Fields(fields) => {
                format!(
                    "({})",
                    joined(fields, |(name, value)| format!(
                        "{} := {}",
                        name.name,
                        self.expr(*value)
                    ))
                )
            }
            NewArgs::Elements(elements) => format!("{{{}}}", self.exprs(elements)),
            NewArgs::Pairs(pairs) => {
                format!(
                    "{{{}}}",
                    joined(pairs, |(key, value)| format!(
                        "{} => {}",
                        self.expr(*key),
                        self.expr(*value)
                    ))
                )
            }
        }
    }

    fn dml(&self, dml: &Dml) -> String {
        let verb = match dml.verb {
            DmlVerb::Insert => "insert",
            DmlVerb::Update => "update",
            DmlVerb::Upsert => "upsert",
            DmlVerb::Delete => "delete",
            DmlVerb::Undelete => "undelete",
            DmlVerb::Merge => "merge",
        };
        let mode = match dml.as_user {
            None => "",
            Some(true) => " as user",
            Some(false) => " as system",
        };
        let key =
            dml.upsert_key.as_ref().map_or_else(String::new, |key| format!(" by {}", key.name));
        let with = dml
            .merge_with
            .map_or_else(String::new, |losers| format!(" with {}", self.expr(losers)));
        format!("{verb}{mode} {}{key}{with}", self.expr(dml.target))
    }

    fn query(&self, query: &Query) -> String {
        let from = joined(&query.from, |from| match &from.alias {
            Some(alias) => format!("{} {}", from.object.name, alias.name),
            None => from.object.name.to_string(),
        });
        let mut text = format!(
            "SELECT {} FROM {from}",
            joined(&query.select, |selected| self.selected(selected))
        );
        if let Some(filter) = &query.filter {
            text.push_str(&format!(" WHERE {}", self.filter(filter)));
        }
        if query.group_by {
            text.push_str(" GROUP BY");
        }
        if !query.order_by.is_empty() {
            text.push_str(&format!(
                " ORDER BY {}",
                joined(&query.order_by, |field| field.name.to_string())
            ));
        }
        match &query.limit {
            Some(Limit::Number(number)) => text.push_str(&format!(" LIMIT {number}")),
            Some(Limit::Bind(bind)) => text.push_str(&format!(" LIMIT :{}", self.expr(*bind))),
            None => {}
        }
        if query.for_update.is_some() {
            text.push_str(" FOR UPDATE");
        }
        if query.all_rows {
            text.push_str(" ALL ROWS");
        }
        text
    }

    fn selected(&self, selected: &Selected) -> String {
        match selected {
            Selected::Field { path } => path.name.to_string(),
            Selected::Function { name, field } => {
                let field = field.as_ref().map_or("", |field| field.name.as_str());
                format!("{}({field})", name.name)
            }
            Selected::Subquery(query) => format!("({})", self.query(query)),
        }
    }

    fn filter(&self, filter: &Filter) -> String {
        match filter {
            Filter::And(all) => format!("({})", self.filters(all, " AND ")),
            Filter::Or(any) => format!("({})", self.filters(any, " OR ")),
            Filter::Not(inner) => format!("NOT {}", self.filter(inner)),
            Filter::Compare { field, op, value } => {
                let sign = match op {
                    FilterOp::Equal => "=",
                    FilterOp::NotEqual => "!=",
                    FilterOp::In => "IN",
                    FilterOp::NotIn => "NOT IN",
                    FilterOp::Other => "~",
                };
                let value = match value {
                    FilterValue::Bind(bind) => format!(":{}", self.expr(*bind)),
                    FilterValue::Constants(_) => "constant".to_owned(),
                    FilterValue::Binds(binds) => format!("(:{})", self.exprs(binds)),
                    FilterValue::Subquery(query) => format!("({})", self.query(query)),
                };
                format!("{} {sign} {value}", field.name)
            }
            Filter::Unknown => "<unknown>".to_owned(),
        }
    }

    fn filters(&self, filters: &[Filter], between: &str) -> String {
        filters.iter().map(|filter| self.filter(filter)).collect::<Vec<_>>().join(between)
    }
}

fn ty(ty_ref: &TypeRef) -> String {
    match ty_ref.args.is_empty() {
        true => ty_ref.name.to_string(),
        false => format!("{}<{}>", ty_ref.name, joined(&ty_ref.args, ty)),
    }
}

fn modifiers(modifiers: &Modifiers) -> String {
    let mut words: Vec<String> =
        modifiers.annotations.iter().map(|name| format!("@{name}")).collect();
    let visibility = match modifiers.visibility {
        Visibility::Private => None,
        Visibility::Protected => Some("protected"),
        Visibility::Public => Some("public"),
        Visibility::Global => Some("global"),
    };
    let sharing = modifiers.sharing.map(|sharing| match sharing {
        Sharing::With => "with sharing",
        Sharing::Without => "without sharing",
        Sharing::Inherited => "inherited sharing",
    });
    let flags = [
        (modifiers.is_static, "static"),
        (modifiers.is_abstract, "abstract"),
        (modifiers.is_virtual, "virtual"),
        (modifiers.is_override, "override"),
        (modifiers.is_final, "final"),
        (modifiers.is_test, "test"),
        (modifiers.is_future, "future"),
    ];
    let flags = flags.into_iter().filter_map(|(is, word)| is.then_some(word));
    words.extend(visibility.into_iter().chain(sharing).chain(flags).map(str::to_owned));
    words.into_iter().map(|word| word + " ").collect()
}

fn event_words(event: TriggerEvent) -> &'static str {
    match event {
        TriggerEvent::BeforeInsert => "before insert",
        TriggerEvent::BeforeUpdate => "before update",
        TriggerEvent::BeforeDelete => "before delete",
        TriggerEvent::AfterInsert => "after insert",
        TriggerEvent::AfterUpdate => "after update",
        TriggerEvent::AfterDelete => "after delete",
        TriggerEvent::AfterUndelete => "after undelete",
    }
}

fn op_sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::And => "&&",
        BinaryOp::Or => "||",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Compare => "<",
        BinaryOp::Plus => "+",
        BinaryOp::Coalesce => "??",
        BinaryOp::Other => "~",
    }
}

fn joined<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}
