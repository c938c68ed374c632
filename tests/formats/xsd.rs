//! Checks the part of XML Schema that the `JUnit` schema of Jenkins uses: which elements and attributes are declared, which are
//! required, and which elements have text. That schema does not restrict the order and number of children, and all its types
//! are strings.

use roxmltree::{Document, Node};

/// The ways in which a document breaks a schema.
pub fn violations(schema: &Document<'_>, document: &Document<'_>) -> Vec<String> {
    let mut violations = Vec::new();
    for element in document.descendants().filter(Node::is_element) {
        let name = element.tag_name().name();
        match find_declaration(schema, name) {
            Some(declaration) => {
                check_attributes(element, declaration, &mut violations);
                check_content(element, declaration, &mut violations);
            }
            None => violations.push(format!("<{name}> is not declared")),
        }
    }
    violations
}

fn find_declaration<'d, 'i>(schema: &'d Document<'i>, name: &str) -> Option<Node<'d, 'i>> {
    let mut declarations = schema.root_element().children();
    declarations.find(|node| node.tag_name().name() == "element" && node.attribute("name") == Some(name))
}

fn check_attributes(element: Node<'_, '_>, declaration: Node<'_, '_>, violations: &mut Vec<String>) {
    let name = element.tag_name().name();
    let mut declared = Vec::new();
    for node in declaration.descendants() {
        if node.tag_name().name() != "attribute" {
            continue;
        }
        let attribute = node.attribute("name").expect("a name");
        if node.attribute("use") == Some("required") && element.attribute(attribute).is_none() {
            violations.push(format!("<{name}> lacks {attribute}"));
        }
        declared.push(attribute);
    }
    for attribute in element.attributes() {
        if !declared.contains(&attribute.name()) {
            violations.push(format!("<{name}> has no attribute {}", attribute.name()));
        }
    }
}

fn check_content(element: Node<'_, '_>, declaration: Node<'_, '_>, violations: &mut Vec<String>) {
    let name = element.tag_name().name();
    // A declaration with a simple type has text, one with a complex type only if it is mixed.
    let allows_text = declaration.attribute("type").is_some()
        || declaration.descendants().any(|node| node.attribute("mixed") == Some("true"));
    for child in element.children() {
        if child.is_element() {
            let child_name = child.tag_name().name();
            if !declaration.descendants().any(|node| node.attribute("ref") == Some(child_name)) {
                violations.push(format!("<{name}> takes no <{child_name}>"));
            }
        } else if child.is_text() && !allows_text && !child.text().unwrap_or_default().trim().is_empty() {
            violations.push(format!("<{name}> holds no text"));
        }
    }
}
