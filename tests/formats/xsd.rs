//! As much of XML Schema as the Jenkins `JUnit` schema uses: which elements and attributes there are, where, and which have to
//! be. Order and number of children are free in it, types are all strings.

use roxmltree::{Document, Node};

/// What of the schema does not hold for a document.
pub fn violations(schema: &Document<'_>, document: &Document<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for element in document.descendants().filter(Node::is_element) {
        let name = element.tag_name().name();
        let Some(declared) = declared(schema, name) else {
            wrong.push(format!("<{name}> is not declared"));
            continue;
        };
        let is = |node: &Node<'_, '_>, tag: &str| node.tag_name().name() == tag;
        let attributes: Vec<_> = declared.descendants().filter(|node| is(node, "attribute")).collect();
        for attribute in element.attributes() {
            if !attributes.iter().any(|one| one.attribute("name") == Some(attribute.name())) {
                wrong.push(format!("<{name}> has no attribute {}", attribute.name()));
            }
        }
        for needed in attributes.iter().filter(|one| one.attribute("use") == Some("required")) {
            if element.attribute(needed.attribute("name").expect("a name")).is_none() {
                wrong.push(format!("<{name}> lacks {:?}", needed.attribute("name")));
            }
        }
        let takes = |child: &str| declared.descendants().any(|node| node.attribute("ref") == Some(child));
        for child in element.children().filter(Node::is_element) {
            if !takes(child.tag_name().name()) {
                wrong.push(format!("<{name}> takes no <{}>", child.tag_name().name()));
            }
        }
        let is_mixed = declared.attribute("type").is_some()
            || declared.descendants().any(|node| node.attribute("mixed") == Some("true"));
        let has_text =
            element.children().any(|node| node.text().is_some_and(|text| node.is_text() && !text.trim().is_empty()));
        if has_text && !is_mixed {
            wrong.push(format!("<{name}> holds no text"));
        }
    }
    wrong
}

fn declared<'d, 'i>(schema: &'d Document<'i>, name: &str) -> Option<Node<'d, 'i>> {
    schema
        .root_element()
        .children()
        .find(|node| node.tag_name().name() == "element" && node.attribute("name") == Some(name))
}
