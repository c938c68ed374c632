//! Starts the servers for other clients, to check them with curl, dig and openssl.

use std::time::Duration;

use serde_json::json;

use super::api::{Api, KEY};
use super::captcha::{CAPTCHA_HOST, Captcha};
use super::dns::{Fault as DnsFault, Record};
use super::environment::{DOMAIN, HOSTS, TestEnv, account};
use super::http::Fault;
use super::proxy::Proxy;
use super::tls::{Authority, CertificateSpec, Tls};

#[test]
#[ignore = "keeps the servers running for curl, dig and openssl"]
fn run_servers_for_ten_minutes() {
    let env = TestEnv::new();
    let authority = &env.authority;
    let secure = Api::secure(account(), CertificateSpec::valid(&["api.revcent.com"]).signed_by(authority));
    let captcha = Captcha::start(CertificateSpec::valid(&[CAPTCHA_HOST]).signed_by(authority), r#"{"success":false}"#);
    let proxy = Proxy::start(&[("api.revcent.com:443", secure.port())]);
    let days = |names, from, to| Tls::start(CertificateSpec { names, from, to }.signed_by(authority));
    let hosts = [
        ("expired", days(&HOSTS, -90, -1)),
        ("not yet valid", days(&HOSTS, 2, 90)),
        ("wrong name", days(&["globex.com"], -1, 90)),
        ("ten days left", days(&HOSTS, -80, 10)),
        ("unknown authority", Tls::start(CertificateSpec::valid(&HOSTS).signed_by(&Authority::new("Somebody else")))),
    ];
    let faults = [
        ("bytes", Fault::Bytes(b"SSH-2.0-OpenSSH\r\n".to_vec())),
        ("reset", Fault::Reset),
        ("silence", Fault::Silence),
        (
            "drip",
            Fault::Drip(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
                "1\r\n \r\n",
            ),
        ),
        (
            "flood",
            Fault::Flood(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n",
                " ",
            ),
        ),
    ];
    for (name, fault) in &faults {
        env.api.fault(&format!("/{name}"), usize::MAX, fault.clone());
    }
    for (name, fault) in [
        ("silence", DnsFault::Silence),
        ("garbage", DnsFault::Garbage),
        ("other", DnsFault::OtherId),
        ("cut", DnsFault::Truncated),
        ("servfail", DnsFault::Code(simple_dns::RCODE::ServerFailure)),
    ] {
        env.dns.add(&format!("{name}.{DOMAIN}"), Record::Txt("here"));
        env.dns.fault(&format!("{name}.{DOMAIN}"), None, fault);
    }
    env.dns.add("cycle.test", Record::Cname("cycle.test"));
    env.api.set("/customer_portals", json!([{ "id": "exD0myCXTaMte0mTOOY3", "name": "Globex" }]));
    println!("key {KEY}\nauthority\n{}", authority.pem());
    println!("api {}\nsecure {}\ncaptcha {}", env.api.url(), secure.port(), captcha.tls.server.port);
    println!("proxy {}\ndns {}\nvalid {}", proxy.server.port, env.dns.address(), env.host.server.port);
    for (name, host) in &hosts {
        println!("{name} {}", host.server.port);
    }
    std::thread::sleep(Duration::from_mins(10));
    println!("{:?}\n{:?}\n{:?}", proxy.requests(), captcha.requests(), env.dns.queries());
}
