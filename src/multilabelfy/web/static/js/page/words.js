// Translate the scripts' own texts into the language of the page. English stands in the code and needs nothing; for other languages the page carries
// what the gettext files say, by the English text.

const there = document.getElementById("words");
const words = there ? JSON.parse(there.textContent) : {};

// `_("%(n)s of %(all)s", { n, all })`
export function _(text, values = {}) {
  return filled(words[text] ?? text, values);
}

// `ngettext("%(n)s answer kept here", "%(n)s answers kept here", n)`: the form for n things.
export function ngettext(one, many, n, values = {}) {
  const forms = words[one] ?? [one, many];
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const at = rules.resolvedOptions().pluralCategories.toSorted(asGettext).indexOf(rules.select(n));
  return filled(forms[Math.min(at, forms.length - 1)], { n, ...values });
}

// A number as the language of the page writes it.
export function number(n) {
  return n.toLocaleString(document.documentElement.lang);
}

function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

const ORDER = ["zero", "one", "two", "few", "many", "other"];

function asGettext(one, other) {
  return ORDER.indexOf(one) - ORDER.indexOf(other);
}
