"""The bodies of the end-to-end test: each is a call of CreateCustomerPortal or EditCustomerPortal."""

import copy
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
CREATE, EDIT = "CreateCustomerPortal", "EditCustomerPortal"
CONFIRM, RESET = "customer_account_confirm_email", "customer_account_password_reset"
REMOVE = object()
PORTAL_ID = "exD0myCXTaMte0mTOOY3"


def clean_body():
    body = json.loads((ROOT / "fixtures/clean/create.json").read_text())
    body["recaptcha"] = {
        "site_key": "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr",
        "secret_key": "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu",
    }
    return body


def changed(path, value, body=None):
    """A body in which the value at a path such as `recaptcha.site_key` is another one, or is removed."""
    body = copy.deepcopy(body or clean_body())
    *parents, last = path.split(".")
    place = body
    for key in parents:
        place = place[key]
    if value is REMOVE:
        del place[last]
    else:
        place[last] = value
    return body


def defective():
    """40 calls, each with a defect."""
    confirm, reset = f"customer_emails.{CONFIRM}", f"customer_emails.{RESET}"
    changes = [
        ("name", REMOVE),
        ("name", " "),
        ("name", "Acme Member Portal"),  # in the account
        ("name", "Portal"),
        ("name", "Acme \u202ePortal"),
        ("name", 7),
        ("enabled", True),
        ("enabled", "yes"),
        ("tracking_domain", REMOVE),
        ("tracking_domain", "TRACKING_DOMAIN_ID"),
        ("tracking_domain", "${TRACKING_DOMAIN_ID}"),
        ("tracking_domain", "Zb4Nf8QwR2sXk6LmT0Vy"),  # not in the account
        ("recaptcha", REMOVE),
        ("recaptcha.site_key", REMOVE),
        ("recaptcha.site_key", "YOUR_SITE_KEY"),
        ("recaptcha.secret_key", "${RECAPTCHA_SECRET_KEY}"),
        ("recaptcha.secret_key", ""),
        ("recaptcha.sekret_key", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu"),
        ("smtp_profile", REMOVE),
        ("smtp_profile", "h3NfY6sJw1GtE5uQaB0"),
        ("smtp_profile", None),
        ("customer_emails", REMOVE),
        (confirm, REMOVE),
        (reset, REMOVE),
        (f"{confirm}.html", "<p>Welcome to Acme.</p>"),
        (f"{confirm}.html", "<p>Your code is {{ email_code }}.</p>"),
        (f"{confirm}.html", "<p hidden>{{email_code}}</p>"),
        (f"{reset}.html", "<script>alert(1)</script><p>{{email_code}}</p>"),
        (f"{reset}.from", "support@example.com"),
        (f"{reset}.from", "no address"),
        (f"{reset}.to_bcc", ["archive@acme-outfitters.com"]),
        ("customer_permissions.subscription_cancel", True),
        ("customer_permissions.trial_cancel", "yes"),
        ("customer_permissions.refund", True),
        ("customer_filters.campaign", ["Zb4Nf8QwR2sXk6LmT0Vy"]),
        ("create_non_existing_customer", True),
        ("footer_html", "<a href='javascript:alert(1)'>Help</a>"),
        ("display_nmae", "Acme"),
    ]
    calls = [(CREATE, changed(path, value)) for path, value in changes]
    calls.append((EDIT, {"customer_portal_id": "PORTAL_ID", "display_name": "Acme"}))
    calls.append((EDIT, {"customer_portal_id": PORTAL_ID, "enabeld": True}))
    assert len(calls) == 40
    return calls


def good():
    """10 calls without a defect."""
    names = ["Acme Card Portal", "Acme Coffee Subscriptions", "Acme Renewal Portal", "Acme Delivery Portal"]
    calls = [(CREATE, changed("name", name)) for name in names]
    calls += [
        (CREATE, clean_body()),
        (CREATE, changed("display_name", "Your Acme Account")),
        (CREATE, changed("customer_permissions.subscription_suspend", True)),
        (CREATE, changed("footer_html", "<p>Acme Outfitters</p>")),
        (EDIT, {"customer_portal_id": PORTAL_ID, "display_name": "Your Acme Account"}),
        (EDIT, {"customer_portal_id": PORTAL_ID, "description": "Acme subscribers change their cards and addresses here."}),
    ]
    assert len(calls) == 10
    return calls


def write_project(folder):
    """A project with a complete snapshot of the account."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "revcent-account.json").write_text((ROOT / "fixtures/account.json").read_text())
    (folder / "portal-lint.toml").write_text('account = "revcent-account.json"\n\n[days]\nsnapshot = 100000\n')
