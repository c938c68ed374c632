#!/usr/bin/env python3
"""Writes customer portals that differ in layout, length, IDs and every text, to measure and profile portal-lint with.

    benches/corpus.py --out DIR --n COUNT [--format json|yaml|mix] [--seed SEED] [--clean]
    benches/corpus.py --out DIR --n 0 --big MB [--findings COUNT] [--format json|yaml] [--seed SEED]

--out DIR         the folder to write to
--n COUNT         the number of portals (default 100)
--format FORMAT   json (the default), yaml, or mix: at random
--seed SEED       another seed gives other portals; the same arguments always give the same files (default 1)
--clean           no rule reports anything: permissions, filters and domains are set, and secrets are variables. Six in ten emails
                  have styles, tables and comments, as real emails do. Without --clean, a portal has about nine findings.
--big MB          also write big/big.json (or .yaml), a clean portal with one email of that many megabytes: styles, links, tables
--findings COUNT  make so many links in the email of --big insecure, each of which is a finding
"""

import argparse
import json
import pathlib
import random
import string
import sys

ALPHANUMERIC = string.ascii_letters + string.digits
PERMISSIONS = [
    "contact_modify", "credit_card_add", "credit_card_remove", "credit_card_set_default", "shipping_modify_ship_to",
    "subscription_renew", "subscription_activate", "subscription_suspend", "subscription_cancel", "trial_expire",
    "trial_cancel", "salvage_transaction_process",
]
# In the clean portals, the first ones are always allowed, the others in about every second portal.
ALLOWED = ["contact_modify", "credit_card_add", "credit_card_set_default"]
OFTEN_ALLOWED = ["credit_card_remove", "shipping_modify_ship_to", "subscription_renew", "subscription_activate"]
BRANDS = [
    "Acme", "Northwind", "Bluebird", "Café Lumière", "Evergreen", "Harbor", "Juniper", "Kestrel", "Lakeside", "Müller",
    "Nimbus", "Orchard", "Pinecone", "Quartz", "Redwood", "Sunrise", "Tidewater", "Umbra", "Vertex", "Willow", "Zephyr",
    "Brightside", "Copperline", "Dovetail", "Fernhill", "Granite",
]
SHOPS = [
    "Store", "Outfitters", "Nutrition", "Coffee", "Pets", "Skincare", "Vitamins", "Apparel", "Goods", "Supply", "Tea",
    "Snacks", "Books", "Tools", "Fitness", "Home",
]
PORTALS = [
    "Customer Portal", "Subscription Customer Portal", "Payment Recovery Portal", "VIP Customer Portal",
    "WooCommerce Customer Portal", "Shopify Account Portal", "Trial Management Portal",
]
REGIONS = ["us", "eu", "uk", "ca", "au", "de", "jp", "br"]
STAGES = ["prod", "staging", "review"]
MAILBOXES = ["support", "hello", "care", "billing"]
SUBJECTS = ["account", "password", "access"]
WORDS = (
    "account please confirm your email address to continue we received a request for this code expires in thirty minutes if "
    "you did not ask for it ignore this message our support team is happy to help with billing shipping renewals trials cards "
    "and orders thank you for being a customer of the store manage subscription update payment method at any time secure "
    "portal link privacy policy terms"
).split()


class Generator:
    """Generates portals. Everything in them depends on the seed and on what was generated before."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def characters(self, alphabet, count):
        """Return random characters that do not look like a placeholder."""
        while True:
            text = "".join(self.random.choices(alphabet, k=count))
            if "xxxx" not in text.lower():
                return text

    def identifier(self):
        return self.characters(ALPHANUMERIC, 20)

    def recaptcha_key(self):
        return "6L" + self.characters(ALPHANUMERIC + "-_", 38)

    def word(self, syllables):
        """Return a word that is in no dictionary."""
        pairs = [self.random.choice("bcdfghklmnprstvw") + self.random.choice("aeiou") for _ in range(syllables)]
        return "".join(pairs)

    def sentence(self, shortest=6, longest=18):
        words = self.random.choices(WORDS, k=self.random.randint(shortest, longest))
        return " ".join(words).capitalize() + "."

    def html_length(self):
        """Return the length of an email: usually about a hundred bytes, sometimes up to 20 KB."""
        kind = self.random.random()
        if kind < 0.78:
            return self.random.randint(60, 130)
        if kind < 0.95:
            return self.random.randint(140, 900)
        if kind < 0.985:
            return self.random.randint(900, 5000)
        return self.random.randint(5000, 20000)

    def shuffled(self, fields):
        return dict(self.random.sample(list(fields.items()), len(fields)))

    def filled(self, parts, length, make_part):
        """Add parts until all of them have the length."""
        while length > 0:
            part = make_part()
            parts.append(part)
            length -= len(part)
        return parts

    # Clean portals.

    def link(self, domain):
        number = self.random.randint(100, 99999)
        return f'<a href="https://www.{domain}/help?id={number}&amp;src=mail">{self.sentence(2, 5)}</a>'

    def comment(self):
        return f"<!-- {self.sentence(2, 6)} -->\n"

    def clean_html(self, title, domain, length):
        """Return a well-formed email of about this length: paragraphs (four in ten), a table, or a styled page."""
        label = self.random.choice(["Your code", "Use this code", "Enter this code", "Code"])
        code = f"<p>{label}: <strong>{{{{email_code}}}}</strong></p>"
        kind = self.random.random()
        if kind < 0.4:
            return self.paragraphs(title, domain, length, code)
        font = self.random.choice(["Arial, Helvetica, sans-serif", "Georgia, serif", "'Segoe UI', Roboto, sans-serif"])
        color = f"#{self.random.randint(0, 0x555555):06x}"
        make = self.table if kind < 0.7 else self.page
        return make(title, domain, length, code, font, color)

    def insert(self, parts, code):
        """Insert the code somewhere after the first part."""
        parts.insert(self.random.randint(1, len(parts)), code)
        return parts

    def paragraphs(self, title, domain, length, code):
        def part():
            kinds = [
                lambda: f"<p>{self.sentence()}</p>",
                lambda: f"<p>{self.sentence(3, 8)} {self.link(domain)}</p>",
                lambda: f"<ul><li>{self.sentence()}</li><li>{self.link(domain)}</li></ul>",
            ]
            return self.random.choice(kinds)()

        first = f"<p>{title}: {self.sentence()}</p>"
        return "\n".join(self.insert(self.filled([first], length - len(first), part), code))

    def table(self, title, domain, length, code, font, color):
        def row(content):
            align = self.random.choice(["left", "center"])
            style = f"padding:{self.random.randint(4, 24)}px;font-family:{font};color:{color}"
            return f'<tr><td align="{align}" valign="top" style="{style}">{content}</td></tr>\n'

        def part():
            kinds = [lambda: row(self.sentence()), lambda: row(self.link(domain)), self.comment]
            return self.random.choice(kinds)()

        first = row(f"{title}: {self.sentence()}")
        rows = "".join(self.insert(self.filled([first], length - len(first), part), row(code)))
        attributes = 'width="100%" cellpadding="0" cellspacing="0" border="0" role="presentation"'
        return f"<table {attributes}>\n{rows}</table>"

    def styled_paragraphs(self, title, domain, length, code, _font, color):
        def part():
            margin = self.random.randint(4, 16)
            kinds = [
                lambda: f'<p class="note" style="margin:0 0 {margin}px;line-height:1.5">{self.sentence()}</p>\n',
                lambda: f'<p style="margin:0">{self.link(domain)}</p>\n',
                self.comment,
            ]
            return self.random.choice(kinds)()

        first = f'<h1 style="font-size:{self.random.randint(18, 28)}px;color:{color}">{title}</h1>\n'
        return "".join(self.insert(self.filled([first], length - len(first), part), code + "\n"))

    def page(self, title, domain, length, code, font, color):
        body = self.styled_paragraphs(title, domain, length, code, font, color)
        if self.random.random() < 0.5:
            style = f"font-family:{font};max-width:600px;margin:0 auto;background-color:#ffffff"
            return f'<div style="{style}">\n{body}</div>'
        css = (
            f"body{{margin:0;font-family:{font}}}\n.note{{color:{color}}}\n"
            "@media only screen and (max-width:600px){h1{font-size:18px!important}}"
        )
        head = f'<meta charset="utf-8"><title>{title}</title>\n<style>{css}</style>'
        return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}</body></html>'

    def clean_email(self, purpose, brand, domain, sender):
        subject = f"{purpose} your {brand} {self.random.choice(SUBJECTS)} {self.word(2)}"
        html = self.clean_html(purpose, domain, self.html_length())
        return self.shuffled({"from": sender, "from_name": brand, "subject": subject, "html": html})

    def clean_portal(self):
        """Return a portal without findings. It starts with its name; the other fields have any order."""
        brand = f"{self.word(2).capitalize()}{self.word(2)} {self.random.choice(SHOPS)} {self.word(3).capitalize()}"
        domain = ascii_letters(brand) + self.random.choice([".com", ".co.uk", ".de", ".shop"])
        sender = f"{self.random.choice(MAILBOXES)}@{domain}"
        allowed = {*ALLOWED, *(name for name in OFTEN_ALLOWED if self.random.random() < 0.5)}
        fields = {
            "enabled": False,
            "tracking_domain": self.identifier(),
            "description": f"Self-service portal for customers of {brand}: {self.sentence()}",
            "recaptcha": {"site_key": self.recaptcha_key(), "secret_key": "${RECAPTCHA_SECRET_KEY}"},
            "display_name": f"My {brand} Account",
            "smtp_profile": self.identifier(),
            "customer_emails": {
                "customer_account_confirm_email": self.clean_email("Confirm", brand, domain, sender),
                "customer_account_password_reset": self.clean_email("Reset", brand, domain, sender),
            },
            "customer_filters": {
                "campaign": [self.identifier() for _ in range(self.random.randint(1, 12))],
                "third_party_shop": [self.identifier() for _ in range(self.random.randint(0, 4))],
            },
            "customer_permissions": {name: name in allowed for name in PERMISSIONS},
            "create_non_existing_customer": False,
        }
        if self.random.random() < 0.7:
            fields["footer_html"] = f'<p>{self.sentence()} <a href="mailto:{sender}">{sender}</a></p>'
        if self.random.random() < 0.6:
            fields = self.shuffled(fields)
        return {"name": f"{brand} {self.random.choice(PORTALS)}", **fields}

    # Portals with findings.

    def careless_html(self, length):
        """Return an email of about this length whose parts do not always fit together."""
        label = self.random.choice(["Your confirmation code is", "Your password reset code is", "Use this code", "Code"])
        code = f"<p>{label}: <strong>{{{{email_code}}}}</strong></p>"
        if length < 140:
            return code
        head, tail = self.random.choice([
            ('<div style="font-family:Arial,sans-serif;color:#333">\n', "</div>"),
            ('<table width="100%" cellpadding="0" border="0"><tr><td class="body">\n', "</td></tr></table>"),
            (
                '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><style>p{margin:0 0 8px}</style></head><body>\n',
                "</body></html>",
            ),
        ])

        def part():
            url = f"https://example.com/help?id={self.random.randint(100, 99999)}&amp;src=mail"
            template = self.random.choice([
                "<p>%s</p>\n", '<p class="note" style="margin:0 0 12px">%s</p>\n', f'<li><a href="{url}">%s</a></li>\n',
                '<tr><td align="left" valign="top">%s</td></tr>\n', "<!-- %s -->\n",
            ])
            return template % self.sentence()

        parts = self.filled([], length - len(head) - len(tail) - len(code), part)
        parts.insert(self.random.randint(0, len(parts)), code + "\n")
        return head + "".join(parts) + tail

    def careless_email(self, purpose, brand, domain, sender):
        email = {}
        if self.random.random() < 0.06:
            email["to_cc"] = [f"team{self.random.randint(1, 9)}@{domain}"]
        if self.random.random() < 0.10:
            email["to_bcc"] = [f"archive{number}@{domain}" for number in range(self.random.randint(1, 3))]
        email["from"] = sender
        if self.random.random() < 0.85:
            email["from_name"] = brand
        if self.random.random() < 0.9:
            email["subject"] = f"{purpose} your {brand} portal {self.random.choice(SUBJECTS)}"
        return email | {"html": self.careless_html(self.html_length())}

    def filter_ids(self):
        count = 0 if self.random.random() < 0.55 else min(30, int(self.random.expovariate(1 / 4)) + 1)
        return [self.identifier() for _ in range(count)]

    def careless_portal(self, number):
        """Return a valid portal with secrets, domains for examples, and fields that are left out or questionable."""
        brand = f"{self.random.choice(BRANDS)} {self.random.choice(SHOPS)}"
        name = f"{brand} {self.random.choice(REGIONS).upper()} {self.random.choice(PORTALS)} {number:05d}"
        domain = ascii_letters(brand) + ".example"
        sender = f"{self.random.choice(MAILBOXES)}@{domain}"
        portal = {"name": name}
        if self.random.random() < 0.85:
            rest = self.sentence() if self.random.random() < 0.5 else ""
            portal["description"] = f"Customer self-service portal for {brand} customers. {rest}"
        if self.random.random() < 0.9:
            portal["enabled"] = False
        portal["tracking_domain"] = self.identifier()
        portal["recaptcha"] = {"site_key": self.recaptcha_key(), "secret_key": self.recaptcha_key()}
        if self.random.random() < 0.8:
            portal["display_name"] = f"{brand} Account"
        if self.random.random() < 0.6:
            portal["footer_html"] = f'<p>Need help? Contact <a href="mailto:{sender}">{sender}</a>.</p>'
        portal["smtp_profile"] = self.identifier()
        portal["customer_emails"] = {
            "customer_account_confirm_email": self.careless_email("Confirm", brand, domain, sender),
            "customer_account_password_reset": self.careless_email("Reset", brand, domain, sender),
        }
        if self.random.random() < 0.6:
            portal["customer_filters"] = {"campaign": self.filter_ids(), "third_party_shop": self.filter_ids()}
        if self.random.random() < 0.62:
            allowed = {name: self.random.random() < 0.6 and name != "subscription_cancel" for name in PERMISSIONS}
            portal["customer_permissions"] = allowed
        if self.random.random() < 0.85:
            portal["create_non_existing_customer"] = False
        if self.random.random() < 0.15:
            self.add_questionable_choice(portal)
        return portal

    def add_questionable_choice(self, portal):
        choice = self.random.randrange(3)
        if choice == 0:
            portal["enabled"] = True
        elif choice == 1:
            portal.setdefault("customer_permissions", {})["subscription_cancel"] = True
        else:
            portal["create_non_existing_customer"] = True
            portal["create_non_existing_customer_campaign"] = self.identifier()

    def portal(self, number, is_clean):
        return self.clean_portal() if is_clean else self.careless_portal(number)

    def big_portal(self, length, findings):
        """Return a clean portal with an email of this length: tables, and styled paragraphs with links. Then make so many of its
        links insecure, evenly spread.
        """
        portal = self.clean_portal()
        font, color, code = "Arial, Helvetica, sans-serif", "#333333", "<p>Your code: {{email_code}}</p>"

        def part():
            make = self.random.choice([self.table, self.styled_paragraphs])
            return make("Confirm", "brand.com", 20_000, code, font, color) + "\n"

        pieces = "".join(self.filled([], length, part)).split("https://")
        steps = len(pieces) // findings if findings else len(pieces)
        html = pieces[0]
        for number, piece in enumerate(pieces[1:], start=1):
            is_insecure = number % steps == 0 and number // steps <= findings
            html += ("http://" if is_insecure else "https://") + piece
        portal["customer_emails"]["customer_account_confirm_email"]["html"] = html
        return portal


def ascii_letters(text):
    """Return the ASCII letters of a text in lower case."""
    return "".join(letter for letter in text.lower() if letter in string.ascii_lowercase)


def to_json(portal):
    return json.dumps(portal, indent=2, ensure_ascii=False) + "\n"


def to_yaml(fields, indent=0):
    """Convert an object to YAML. Texts with several lines become block scalars."""
    pad = "  " * indent
    lines = []
    for key, value in fields.items():
        if value in ({}, []):
            lines.append(f"{pad}{key}: {'{}' if value == {} else '[]'}\n")
        elif isinstance(value, dict):
            lines.append(f"{pad}{key}:\n{to_yaml(value, indent + 1)}")
        elif isinstance(value, list):
            items = [f"{pad}  - {to_yaml_scalar(item)}\n" for item in value]
            lines.append(f"{pad}{key}:\n{''.join(items)}")
        elif isinstance(value, str) and "\n" in value:
            text = [f"{pad}  {line}\n" for line in value.split("\n")]
            lines.append(f"{pad}{key}: |-\n{''.join(text)}")
        else:
            lines.append(f"{pad}{key}: {to_yaml_scalar(value)}\n")
    return "".join(lines)


def to_yaml_scalar(value):
    """Convert a value to YAML, without quotes if it is certain that it needs none."""
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = (
        value[:1].isalpha()
        and all(letter.isalnum() or letter in " ._-/@" for letter in value)
        and value == value.strip()
        and value.lower() not in ("true", "false", "yes", "no", "null", "on", "off", "y", "n")
    )
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def write_portal(path, portal):
    """Write a portal in the format of the file name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = to_json(portal) if path.suffix == ".json" else to_yaml(portal)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_corpus(folder, count, file_format="json", seed=1, is_clean=False):
    """Write portals to a tree of folders. Return their paths."""
    generator, layout = Generator(seed), random.Random(f"layout {seed}")
    paths = []
    for number in range(count):
        region, stage = layout.choice(REGIONS), layout.choice(STAGES)
        suffix = file_format if file_format != "mix" else layout.choice(["json", "yaml"])
        path = folder / f"brands/b{number // 40 % 1000:03d}/{region}/{stage}/portal-{number:05d}.{suffix}"
        paths.append(write_portal(path, generator.portal(number, is_clean)))
    return paths


def write_big(folder, megabytes, file_format="json", seed=1, findings=0):
    """Write a clean portal with one long email that has this many insecure links. Return its path."""
    portal = Generator(f"big {seed}").big_portal(int(megabytes * 1e6), findings)
    suffix = "yaml" if file_format == "yaml" else "json"
    return write_portal(folder / f"big/big.{suffix}", portal)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, type=pathlib.Path, metavar="DIR")
    parser.add_argument("--n", type=int, default=100, metavar="COUNT")
    parser.add_argument("--format", choices=["json", "yaml", "mix"], default="json")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--big", type=float, default=0, metavar="MB")
    parser.add_argument("--findings", type=int, default=0, metavar="COUNT")
    options = parser.parse_args()
    paths = write_corpus(options.out, options.n, options.format, options.seed, options.clean)
    if options.big:
        paths.append(write_big(options.out, options.big, options.format, options.seed, options.findings))
    sizes = sorted(path.stat().st_size for path in paths)
    if sizes:
        print(f"{len(sizes)} portals, {sum(sizes)} bytes, median {sizes[len(sizes) // 2]}", file=sys.stderr)


if __name__ == "__main__":
    main()
