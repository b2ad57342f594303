//! The query of a list, which the forms in it carry along, so that they lead back to the same list.

/// The address of the list at `path` with a query that a form carried; what is damaged is left out.
#[must_use]
pub(crate) fn address(path: &str, carried: &str) -> String {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(carried).unwrap_or_default();
    let query = serde_html_form::to_string(pairs).unwrap_or_default();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_query_comes_back_in_its_normal_form() {
        for (carried, address) in [("", "/x"), ("a=1&b=+c", "/x?a=1&b=+c"), ("a=\r\nb://", "/x?a=%0D%0Ab%3A%2F%2F")] {
            assert_eq!(super::address("/x", carried), address);
        }
    }
}
