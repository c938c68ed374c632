use super::*;

/// Parses an envelope without redacting anything.
fn parse_envelope(reply: &Reply) -> Result<Envelope, Unanswered> {
    super::parse_envelope(reply, &SecretFinder::new([]))
}

fn reply(status: u16, content_type: &str, body: &str) -> Reply {
    Reply::new(status, content_type, body)
}

#[test]
fn the_code_decides_and_other_responses_are_errors() {
    let good = r#"{"code": 1, "id": "x"}"#;
    assert!(matches!(parse_envelope(&reply(500, "application/json", good)), Ok(Envelope::Success(_))));
    assert!(matches!(parse_envelope(&reply(200, "", good)), Ok(Envelope::Success(_))));
    for (status, content_type, body, text) in [
        (302, "application/json", good, "redirected the request"),
        (200, "text/html", good, "returned text/html instead of JSON"),
        (200, "application/json", "{\"code\": 1", "returned invalid JSON"),
        (200, "application/json", "[]", "not an object"),
        (200, "application/json", "{}", "returned no `code`"),
        (200, "application/json", "{\"code\": 7}", "the unknown code 7"),
        (200, "application/json", "{\"code\": \"1\"}", "the unknown code \"1\""),
        (200, "application/json", "{\"code\": 1.0}", "the unknown code 1.0"),
    ] {
        let Err(unanswered) = parse_envelope(&reply(status, content_type, body)) else { panic!("{body}") };
        assert!(unanswered.0.contains(text), "{unanswered}");
    }
}

#[test]
fn base_urls_use_tls_or_this_machine() {
    for good in [
        "https://api.revcent.com/v2",
        "https://api.revcent.com/v2/",
        "http://127.0.0.1:8080/v2",
        "http://[::1]:1",
        "http://localhost:1/v2",
    ] {
        assert!(BaseUrl::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "http://api.revcent.com/v2",
        "http://127.0.0.1.evil.com",
        "https://user:pass@evil.com",
        "ftp://a.com",
        "api.revcent.com",
        "https://a.com/?x=",
        "https://a.com/#x",
        "http://localhost@evil.com",
        "",
    ] {
        assert!(BaseUrl::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn an_openapi_document_provides_only_paths() {
    let base = BaseUrl::parse("https://api.revcent.com/v2").unwrap();
    let read = |text| OpenApi::parse("openapi.json", text).unwrap();
    let text = r#"{ "servers": [{ "url": "https://evil.com" }], "paths": {
        "/v2/domains/{tracking_domain_id}": { "get": { "operationId": "GetTrackingDomain" } },
        "@evil.com/x": { "get": { "operationId": "GetCampaigns" } },
        "/all/{id}": { "get": { "operationId": "GetUserShops" } },
        "/portals": { "post": { "operationId": "GetCustomerPortals" } }
    } }"#;
    let paths = OperationPaths::from_openapi(&read(text), &base).unwrap();
    assert_eq!(paths.path_for(ApiOperation::TrackingDomain, "a/../b"), "/domains/a%2F%2E%2E%2Fb");
    assert_eq!(paths.path_for(ApiOperation::Campaigns, ""), "/campaigns");
    assert_eq!(paths.path_for(ApiOperation::Shops, ""), "/user_shops");
    assert_eq!(paths.path_for(ApiOperation::Portals, ""), "/customer_portals");
    assert!(
        OperationPaths::from_openapi(&read(r#"{"paths": {"/a": {"get": {"operationId": "GetNothing"}}}}"#), &base)
            .is_err()
    );
}

#[test]
fn the_key_is_not_quoted_in_any_encoding() {
    const KEY: &str = "Canary/api+key-0123456789";
    let escaped: Vec<String> = KEY.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let escaped = escaped.concat();
    let secrets = SecretFinder::new([KEY]);
    let lower = KEY.to_lowercase();
    for written in [KEY, &lower, &KEY.replace('/', "\\/"), &escaped, "canary%2Fapi%2Bkey%2D0123456789"] {
        let decoded: String = serde_json::from_str(&format!("\"{written}\"")).unwrap();
        assert!(secrets.finds_secret(&decoded), "{written}");
        for body in [
            format!(r#"{{"code": 0, "error_code": "{written}", "message": "the value {written} is unknown"}}"#),
            format!(r#"{{"code": 0, "result": "{}{written}"}}"#, "x".repeat(150)),
            format!(r#"{{"code": "{written}"}}"#),
        ] {
            let error = match super::parse_envelope(&reply(401, "", &body), &secrets) {
                Ok(Envelope::Error(ErrorResponse { error, .. })) | Err(error) => error.0,
                Ok(Envelope::Success(_)) => panic!("{body}"),
            };
            assert!(!error.to_lowercase().contains("canary") && !error.contains("0123"), "{error}");
        }
    }
    let html = reply(200, &format!("text/{lower}"), "x");
    let Err(unanswered) = super::parse_envelope(&html, &secrets) else { panic!("no answer") };
    assert!(unanswered.0.contains("returned text/…") && !unanswered.0.contains("canary"), "{unanswered}");
}

#[test]
fn a_response_without_object_fields_is_not_the_object() {
    for (body, is_object) in [
        (r#"{"code": 1}"#, false),
        (r#"{"code": 1, "api_call_id": "x", "result": "ok"}"#, false),
        (r#"{"code": 1, "id": "other"}"#, false),
        (r#"{"code": 1, "results": []}"#, false),
        (r#"{"code": 1, "id": "own"}"#, true),
        (r#"{"code": 1, "name": "Acme"}"#, true),
    ] {
        let Ok(Envelope::Success(object)) = parse_envelope(&reply(200, "", body)) else { panic!("{body}") };
        assert_eq!(!is_other_object(&object, "own"), is_object, "{body}");
    }
}
